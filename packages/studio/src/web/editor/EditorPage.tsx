import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { Link, useParams, useSearchParams } from 'wouter';
import type { CodingSummary } from '../../contract/coding.ts';
import type { StudioEvent } from '../../contract/event.ts';
import type { Project } from '../../contract/project.ts';
import type { Video } from '../../contract/video.ts';
import { useStudioEvents } from '../api/events.ts';
import { useApi } from '../api/queries.ts';
import { Busy } from '../shell/Busy.tsx';
import { Page } from '../shell/Page.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { Editor } from './Editor.tsx';
import { clientId, codingKey, useCoding } from './editorData.ts';

/** `/videos/:video`, one's own coding; with `?coding=ID` somebody else's to look at. */
export default function EditorPage() {
  const t = useTexts();
  const { video: id = '' } = useParams<{ video: string }>();
  const [search] = useSearchParams();
  const chosen = search.get('coding');
  const video = useApi<Video>(`/videos/${id}`);
  const project = useApi<Project>(video.data ? `/projects/${video.data.project}` : null);
  const codings = useApi<CodingSummary[]>(`/videos/${id}/codings`);
  const coding = useCoding(id, chosen);
  const playheads = useRef(new Map<string, number>()).current;
  const queries = useQueryClient();
  useStudioEvents(video.data?.project ?? null, (event: StudioEvent) => {
    if (event.type !== 'coding' || event.video !== id || event.client === clientId) return;
    void queries.invalidateQueries({ queryKey: codingKey(id, chosen) });
    void queries.invalidateQueries({ queryKey: ['editor layer', event.coding] });
  });

  if (video.data && project.data && coding.data) {
    return (
      <Editor
        key={`${coding.data.id} ${coding.data.mayWrite}`}
        video={video.data}
        project={project.data}
        coding={coding.data}
        codings={codings.data ?? []}
        isOther={chosen !== null}
        playheads={playheads}
      />
    );
  }
  const error = video.error ?? project.error ?? coding.error;
  const back = { to: video.data ? `/projects/${video.data.project}` : '/', label: t.shell.library };
  return (
    <Page title={video.data?.name ?? t.editor.loading} back={back}>
      {error ? (
        <div className="starting">
          <h2>{t.editor.noVideo}</h2>
          <ProblemNote error={error} onRetry={() => void queries.refetchQueries({ type: 'active' })} />
          <Others video={id} codings={codings.data ?? []} />
        </div>
      ) : (
        <Busy label={t.editor.loading} />
      )}
    </Page>
  );
}

// ---- below: internals ----

/** For those who may not code a video, as one who has looked at others' work in a blind project: what they may see. */
function Others({ video, codings }: { video: string; codings: readonly CodingSummary[] }) {
  const t = useTexts();
  const readable = codings.filter(({ hidden }) => !hidden);
  if (readable.length === 0) return null;
  return (
    <>
      <p>{t.editor.lookInstead}</p>
      <ul>
        {readable.map(({ id, title, kind }) => (
          <li key={id}>
            <Link href={`/videos/${video}?coding=${id}`}>{kind === 'final' ? t.common.final : title}</Link>
          </li>
        ))}
      </ul>
    </>
  );
}
