import type { Job } from '../../contract/job.ts';
import { api } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { notify } from '../shell/notify.tsx';
import { problemText } from '../shell/problemText.ts';
import { useTexts } from '../texts/texts.tsx';

/** A job under way, with what remains and a way to stop it; or one that failed, with a way to try again. */
export function JobLine({ job, mayChange = true }: { job: Job; mayChange?: boolean }) {
  const t = useTexts();
  const { jobs } = t.library;
  const act = async (what: 'cancel' | 'retry') => {
    try {
      await api.post(`/jobs/${job.id}/${what}`);
      if (what === 'cancel') notify(jobs.cancelled);
      await refresh(`/projects/${job.project}/videos`, `/videos/${job.video}`);
    } catch (error) {
      notify(problemText(t, error).text, 'problem');
    }
  };
  if (job.status === 'failed') {
    return (
      <div className="job-line failed">
        <span title={job.error ?? undefined}>{jobs.failed[job.kind]}</span>
        {mayChange && (
          <button type="button" className="button quiet" onClick={() => void act('retry')}>
            {jobs.retry}
          </button>
        )}
        {job.error && <p className="hint">{job.error}</p>}
      </div>
    );
  }
  const label = jobs[job.kind];
  const rest = job.remainingSeconds === null ? null : jobs.remaining(t.format.span(job.remainingSeconds));
  return (
    <div className="job-line">
      <span>{label}</span>
      {mayChange && (
        <button
          type="button"
          className="button quiet"
          aria-label={`${jobs.cancel}: ${label}`}
          title={jobs.cancel}
          onClick={() => void act('cancel')}
        >
          ×
        </button>
      )}
      {job.status === 'queued' ? (
        <p className="hint">{jobs.queued}</p>
      ) : (
        <p className="hint">
          <progress max={1} value={job.progress} aria-label={label} />
          {t.format.percent(job.progress)}
          {rest && ` · ${rest}`}
        </p>
      )}
    </div>
  );
}
