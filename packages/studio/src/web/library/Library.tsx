import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Project } from '../../contract/project.ts';
import type { FormatChoice } from '../../contract/results.ts';
import type { Video } from '../../contract/video.ts';
import { api } from '../api/client.ts';
import { useStudioEvents } from '../api/events.ts';
import { refresh, useApi } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { Busy } from '../shell/Busy.tsx';
import { notify } from '../shell/notify.tsx';
import { Page } from '../shell/Page.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { problemText } from '../shell/problemText.ts';
import { useTexts } from '../texts/texts.tsx';
import { DetectDialog } from './DetectDialog.tsx';
import { DropZone } from './DropZone.tsx';
import { EmptyLibrary } from './EmptyLibrary.tsx';
import { FilterBar } from './FilterBar.tsx';
import { FolderDialog } from './FolderDialog.tsx';
import { isAnnotationFile } from './fileKinds.ts';
import { ImportDialog } from './ImportDialog.tsx';
import { NewProjectDialog } from './NewProjectDialog.tsx';
import { RelinkDialog } from './RelinkDialog.tsx';
import { UploadList } from './UploadList.tsx';
import { useFilter } from './useFilter.ts';
import { useUploads } from './useUploads.ts';
import { VideoDialog } from './VideoDialog.tsx';
import { VideoTable } from './VideoTable.tsx';
import { shownVideos } from './videoList.ts';
import './library.css';

/** The videos of a project, and all that is done with whole videos. */
export function Library({ project }: { project: Project }) {
  const t = useTexts();
  const [, navigate] = useLocation();
  const { account } = useSession();
  const { data: videos, error, refetch } = useApi<Video[]>(`/projects/${project.id}/videos`);
  const { data: formats = [] } = useApi<FormatChoice[]>('/formats');
  const { uploads, transfers } = useUploads(project.id);
  const [filter, setFilter] = useFilter(project.id);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<'folder' | 'detect' | 'newProject' | null>(null);
  const [detailsOf, setDetailsOf] = useState<string | null>(null);
  const [relinking, setRelinking] = useState<string | null>(null);
  const [imports, setImports] = useState<readonly File[]>([]);
  const videoField = useRef<HTMLInputElement>(null);
  const annotationField = useRef<HTMLInputElement>(null);
  const isOwner = project.role === 'owner';
  const close = () => setDialog(null);
  useStudioEvents(project.id);

  useEffect(() => {
    uploads.onVideo = (video, { name }) => {
      void refresh(`/projects/${project.id}/videos`);
      // One file is opened at once; of several, the person chooses.
      if (uploads.transfers().length === 1) navigate(`/videos/${video}`);
      else notify(t.library.uploads.arrived(name), 'ok');
    };
    return () => {
      uploads.onVideo = (_, { name }) => notify(t.library.uploads.arrived(name), 'ok');
    };
  }, [uploads, project.id, navigate, t]);

  const take = useCallback(
    (files: readonly File[]) => {
      const annotations = files.filter((file) => isAnnotationFile(file, formats));
      const others = files.filter((file) => !annotations.includes(file));
      setImports((waiting) => [...waiting, ...annotations]);
      if (others.length > 0 && !isOwner) notify(t.library.uploads.notOwner, 'problem');
      else for (const file of others) uploads.add(file);
    },
    [formats, isOwner, uploads, t],
  );
  const tryDemonstration = async () => {
    try {
      const video = await api.post<Video>(`/projects/${project.id}/demonstration`);
      await refresh(`/projects/${project.id}/videos`);
      navigate(`/videos/${video.id}`);
    } catch (failure) {
      notify(problemText(t, failure).text, 'problem');
    }
  };

  const shown = videos ? shownVideos(videos, filter, t.language) : [];
  const chosen = videos?.filter(({ id }) => selected.has(id)) ?? [];
  const find = (id: string | null) => videos?.find((video) => video.id === id) ?? null;
  const openButton = (
    <button type="button" className="button primary" onClick={() => videoField.current?.click()}>
      {t.library.openVideo}
    </button>
  );
  return (
    <Page
      title={t.library.title}
      project={project.id}
      actions={
        <>
          {account?.administrator && (
            <button type="button" className="button quiet" onClick={() => setDialog('newProject')}>
              {t.library.newProject}
            </button>
          )}
          {isOwner && (
            <button type="button" className="button quiet" onClick={() => setDialog('folder')}>
              {t.library.addFromFolder}
            </button>
          )}
        </>
      }
    >
      <div className="library">
        {videos && videos.length > 0 && (
          <>
            <div className="toolbar">
              {isOwner && openButton}
              <button type="button" className="button" onClick={() => annotationField.current?.click()}>
                {t.library.importAnnotations}
              </button>
              {project.role !== 'coder' && (
                <button type="button" className="button" onClick={() => setDialog('detect')}>
                  {t.library.detect.button}
                </button>
              )}
              {chosen.length > 0 && (
                <>
                  <span role="status">{t.library.selected(chosen.length)}</span>
                  <button type="button" className="button link" onClick={() => setSelected(new Set())}>
                    {t.library.clearSelection}
                  </button>
                </>
              )}
            </div>
            <FilterBar filter={filter} onFilter={setFilter} videos={videos} shownCount={shown.length} />
          </>
        )}
        <UploadList uploads={uploads} transfers={transfers} />
        {error && <ProblemNote error={error} onRetry={refetch} />}
        {!videos && !error && <Busy />}
        {videos?.length === 0 && (
          <EmptyLibrary
            isOwner={isOwner}
            onOpen={() => videoField.current?.click()}
            onDemonstration={() => void tryDemonstration()}
          />
        )}
        {videos && videos.length > 0 && shown.length === 0 && <p>{t.library.noneFits}</p>}
        {shown.length > 0 && (
          <VideoTable
            videos={shown}
            filter={filter}
            onFilter={setFilter}
            selected={selected}
            onSelect={setSelected}
            onDetails={({ id }) => setDetailsOf(id)}
            onRelink={({ id }) => setRelinking(id)}
            isOwner={isOwner}
            mayReview={project.role !== 'coder'}
          />
        )}
      </div>

      <FileField
        field={videoField}
        accept="video/*,.mkv,.avi,.mts,.m2ts,.flv,.wmv"
        label={t.library.openVideo}
        onFiles={take}
      />
      <FileField field={annotationField} label={t.library.importAnnotations} onFiles={(files) => setImports(files)} />
      <DropZone onFiles={take} />
      <FolderDialog project={project.id} open={dialog === 'folder'} onClose={close} />
      <DetectDialog
        project={project}
        videos={chosen.length > 0 ? chosen : shown}
        open={dialog === 'detect'}
        onClose={close}
      />
      <NewProjectDialog open={dialog === 'newProject'} onClose={close} />
      <ImportDialog
        project={project}
        videos={videos ?? []}
        file={imports[0] ?? null}
        onClose={() => setImports(imports.slice(1))}
      />
      <VideoDialog
        project={project}
        video={find(detailsOf)}
        onClose={() => setDetailsOf(null)}
        onRelink={({ id }) => {
          setDetailsOf(null);
          setRelinking(id);
        }}
      />
      <RelinkDialog video={find(relinking)} onClose={() => setRelinking(null)} />
    </Page>
  );
}

// ---- below: internals ----

interface FileFieldProps {
  readonly field: React.Ref<HTMLInputElement>;
  readonly label: string;
  readonly accept?: string;
  readonly onFiles: (files: File[]) => void;
}

/** The browser's own way to choose files; buttons open it. */
function FileField({ field, label, accept, onFiles }: FileFieldProps) {
  return (
    <input
      ref={field}
      type="file"
      hidden
      multiple
      accept={accept}
      aria-label={label}
      onChange={({ target }) => {
        onFiles([...(target.files ?? [])]);
        // So that the same file can be chosen again.
        target.value = '';
      }}
    />
  );
}
