import { type FormEvent, useState } from 'react';
import type { FoundFile, Video } from '../../contract/video.ts';
import { api } from '../api/client.ts';
import { refresh, useApi } from '../api/queries.ts';
import { Busy } from '../shell/Busy.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { notify } from '../shell/notify.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';

interface RelinkDialogProps {
  /** Null shows nothing. */
  readonly video: Video | null;
  readonly onClose: () => void;
}

/** Says where the file of a video is now: those with its name or size stand first. */
export function RelinkDialog({ video, onClose }: RelinkDialogProps) {
  const t = useTexts();
  return (
    <Dialog title={t.library.relinkTitle} open={video !== null} onClose={onClose}>
      {video && <RelinkForm video={video} onClose={onClose} />}
    </Dialog>
  );
}

// ---- below: internals ----

function RelinkForm({ video, onClose }: { video: Video; onClose: () => void }) {
  const t = useTexts();
  const found = useApi<FoundFile[]>(`/projects/${video.project}/folder`, undefined, { staleTime: 0 });
  const [problem, setProblem] = useState<unknown>(null);
  const relink = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const path = new FormData(event.currentTarget).get('path');
    setProblem(null);
    try {
      await api.post(`/videos/${video.id}/relink`, { path });
      await refresh(`/projects/${video.project}/videos`, `/videos/${video.id}`);
      notify(t.common.saved, 'ok');
      onClose();
    } catch (failure) {
      setProblem(failure);
    }
  };
  if (!found.data) return found.error ? <ProblemNote error={found.error} /> : <Busy />;
  const files = [...found.data].sort((a, b) => likeness(b, video) - likeness(a, video));
  return (
    <form className="form" onSubmit={relink}>
      {video.problem && <p>{video.problem}</p>}
      {files.length === 0 ? (
        <p>{t.library.relinkNone}</p>
      ) : (
        <fieldset className="file-list">
          <legend className="hint">{t.library.relinkHint}</legend>
          {files.map(({ path, sizeBytes }, index) => (
            <label key={path} className="check">
              <input type="radio" name="path" value={path} defaultChecked={index === 0} required />
              <span className="file-path">{path}</span>
              <span className="hint">{t.format.bytes(sizeBytes)}</span>
            </label>
          ))}
        </fieldset>
      )}
      <ProblemNote error={problem} />
      <div className="form-actions">
        <button type="button" className="button" onClick={() => void found.refetch()}>
          {t.library.lookAgain}
        </button>
        <button type="submit" className="button primary" disabled={files.length === 0}>
          {t.common.save}
        </button>
      </div>
    </form>
  );
}

const nameOf = (path: string) => path.split('/').at(-1);

/** How much a file looks like the one that is missing: by its name, by its size. */
const likeness = (file: FoundFile, video: Video) =>
  (nameOf(file.path) === nameOf(video.path) ? 2 : 0) + (file.sizeBytes === video.sizeBytes ? 1 : 0);
