import type { Job } from '../../contract/job.ts';
import type { Video } from '../../contract/video.ts';
import { api } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { notify } from '../shell/notify.tsx';
import { problemText } from '../shell/problemText.ts';
import { useTexts } from '../texts/texts.tsx';
import { JobLine } from './JobLine.tsx';

interface VideoStateProps {
  readonly video: Video;
  readonly isOwner: boolean;
  readonly onRelink: () => void;
}

/** How far a video is: its stage, what is being done with it, and what stands in the way with what helps. */
export function VideoState({ video, isOwner, onRelink }: VideoStateProps) {
  const t = useTexts();
  const { status, plays, stage, problem } = video;
  const isTroubled = status !== 'ready' && status !== 'preparing';
  const hasProxyJob = video.jobs.some(({ kind }) => kind === 'proxy');
  const jobs = isTroubled ? [] : shownJobs(video.jobs);
  const isUnderWay = jobs.some((job) => job.status !== 'failed');
  const makeProxy = async () => {
    try {
      await api.post(`/projects/${video.project}/jobs`, { kind: 'proxy', videos: [video.id] });
      await refresh(`/projects/${video.project}/videos`);
    } catch (error) {
      notify(problemText(t, error).text, 'problem');
    }
  };
  return (
    <div className="video-state">
      {!isTroubled && !(isUnderWay && stage === 'uncoded') && (
        <span className={`badge stage-${stage}`}>{t.library.stages[stage]}</span>
      )}
      {isTroubled && (
        <>
          <span className="badge warn">{t.library.statuses[status]}</span>
          {isOwner && status !== 'unusable' && (
            <button type="button" className="button" onClick={onRelink}>
              {t.library.relink}
            </button>
          )}
          {/* The server's words name the file; they are English. */}
          <p className="hint" title={problem ?? undefined}>
            {(t.language === 'en' && problem) || t.library.statusAdvice[status]}
          </p>
        </>
      )}
      {status === 'ready' && plays === 'none' && !hasProxyJob && (
        <>
          <span className="badge warn" title={video.facts?.browserPlaysNot}>
            {t.library.notPlayable}
          </span>
          <button type="button" className="button" title={t.library.proxyHint} onClick={() => void makeProxy()}>
            {t.library.makeProxy}
          </button>
        </>
      )}
      {jobs.map((job) => (
        <JobLine key={job.id} job={job} />
      ))}
    </div>
  );
}

// ---- below: internals ----

/** What failed, and of what is to be done the first: the others wait for it. */
function shownJobs(jobs: readonly Job[]): Job[] {
  const failed = jobs.filter(({ status }) => status === 'failed');
  const next = jobs.find(({ status }) => status === 'running') ?? jobs.find(({ status }) => status === 'queued');
  return next ? [...failed, next] : failed;
}
