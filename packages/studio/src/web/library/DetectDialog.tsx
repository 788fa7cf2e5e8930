import { type FormEvent, useState } from 'react';
import type { DetectorChoice } from '../../contract/job.ts';
import type { Project } from '../../contract/project.ts';
import type { Video } from '../../contract/video.ts';
import { api } from '../api/client.ts';
import { refresh, useApi } from '../api/queries.ts';
import { Busy } from '../shell/Busy.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { notify } from '../shell/notify.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';

interface DetectDialogProps {
  readonly project: Project;
  /** Those to be searched; of these only the ones whose file is there are. */
  readonly videos: readonly Video[];
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Starts a detector on one or many videos. */
export function DetectDialog({ open, ...props }: DetectDialogProps) {
  const t = useTexts();
  return (
    <Dialog title={t.library.detect.title} open={open} onClose={props.onClose}>
      <DetectForm {...props} />
    </Dialog>
  );
}

// ---- below: internals ----

function DetectForm({ project, videos, onClose }: Omit<DetectDialogProps, 'open'>) {
  const t = useTexts();
  const { data: detectors, error } = useApi<DetectorChoice[]>('/detectors', undefined, { staleTime: 0 });
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const able = videos.filter(({ status }) => status === 'ready' || status === 'preparing');
  if (able.length === 0) return <p>{t.library.detect.none}</p>;
  if (!detectors) return error ? <ProblemNote error={error} /> : <Busy />;

  const start = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const model = new FormData(event.currentTarget).get('model');
    setIsBusy(true);
    try {
      const body = { kind: 'detect', videos: able.map(({ id }) => id), model };
      await api.post(`/projects/${project.id}/jobs`, body);
      await refresh(`/projects/${project.id}/videos`);
      notify(t.library.detect.started(able.length), 'ok');
      onClose();
    } catch (failure) {
      setProblem(failure);
      setIsBusy(false);
    }
  };
  return (
    <form className="form" onSubmit={start}>
      <label className="labelled">
        {t.library.detect.model}
        <select className="field" name="model">
          {detectors.map(({ model, title, kind }) => (
            <option key={model} value={model}>
              {title} ({kind === 'file' ? t.library.detect.file : t.library.detect.builtIn})
            </option>
          ))}
        </select>
      </label>
      <p>{t.library.detect.forVideos(able.length)}</p>
      <p className="hint">{t.library.detect.hint}</p>
      {project.blind && <p className="hint">{t.library.detect.blind}</p>}
      <ProblemNote error={problem} />
      <div className="form-actions">
        <button type="button" className="button" onClick={onClose}>
          {t.common.cancel}
        </button>
        <button type="submit" className="button primary" disabled={isBusy}>
          {t.library.detect.start}
        </button>
      </div>
    </form>
  );
}
