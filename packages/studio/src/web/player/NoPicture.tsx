import { useState } from 'react';
import type { Job } from '../../contract/job.ts';
import type { Video } from '../../contract/video.ts';
import { api } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';

/** Instead of a picture: why there is none, and what to do. */
export function NoPicture({ video }: { video: Video }) {
  const t = useTexts();
  const [error, setError] = useState<unknown>(null);
  const job = video.jobs.findLast(({ kind }) => kind === 'proxy');
  const isWorking = job?.status === 'queued' || job?.status === 'running';
  const makeProxy = async () => {
    setError(null);
    try {
      await api.post<Job[]>(`/projects/${video.project}/jobs`, { kind: 'proxy', videos: [video.id] });
      await refresh(`/videos/${video.id}`);
    } catch (problem) {
      setError(problem);
    }
  };
  if (video.status === 'missing' || video.status === 'changed' || video.status === 'unusable') {
    return (
      <div className="stage-note" role="status">
        <p>{video.status === 'missing' ? t.editor.missing : t.editor.goOn}</p>
        {video.problem && <p className="hint">{video.problem}</p>}
      </div>
    );
  }
  return (
    <div className="stage-note" role="status">
      {video.status === 'preparing' ? <p>{t.editor.preparing}</p> : <p>{t.editor.notPlayable}</p>}
      {video.facts?.browserPlaysNot && <p className="hint">{video.facts.browserPlaysNot}</p>}
      {isWorking && (
        <>
          <p>{t.editor.makingProxy(t.format.percent(job.progress))}</p>
          <progress value={job.progress} aria-label={t.editor.makeProxy} />
          {job.remainingSeconds !== null && (
            <p className="hint">{t.editor.remaining(t.format.span(job.remainingSeconds))}</p>
          )}
        </>
      )}
      {job?.status === 'failed' && (
        <p>
          {t.editor.proxyFailed} {job.error}
        </p>
      )}
      {!isWorking && video.status === 'ready' && (
        <button type="button" className="button primary" onClick={() => void makeProxy()}>
          {t.editor.makeProxy}
        </button>
      )}
      <ProblemNote error={error} />
    </div>
  );
}
