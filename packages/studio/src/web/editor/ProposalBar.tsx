import { useState } from 'react';
import type { Job } from '../../contract/job.ts';
import type { Video } from '../../contract/video.ts';
import { api } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { Dialog } from '../shell/Dialog.tsx';
import { notify } from '../shell/notify.tsx';
import { useTexts } from '../texts/texts.tsx';
import { useObserved } from './benchState.ts';
import { useInstances } from './useWorkbench.ts';
import type { Workbench } from './workbench.ts';

interface ProposalBarProps {
  readonly bench: Workbench;
  readonly video: Video;
  readonly isBlind: boolean;
}

/** How many proposals wait, which of them are shown, and how far finding them has come. */
export function ProposalBar({ bench, video, isBlind }: ProposalBarProps) {
  const t = useTexts();
  const instances = useInstances(bench);
  const leastScore = useObserved(bench.state, (state) => state.leastScore);
  const dialog = useObserved(bench.state, (state) => state.dialog);
  const proposals = instances.filter(({ state }) => state === 'proposed');
  const shown = bench.proposalsFrom(leastScore);
  const coded = instances.filter(({ state }) => state === 'coded').length;
  const close = () => bench.state.set({ dialog: null });
  return (
    <section
      className="proposal-bar toolbar"
      data-region="proposals"
      data-tour="proposal"
      tabIndex={-1}
      aria-label={t.editor.proposals}
    >
      <span>{t.editor.coded(coded)}</span>
      <span aria-hidden="true">·</span>
      <span>{t.editor.undecided(proposals.length)}</span>
      {proposals.length > 0 && (
        <>
          <label className="least-score">
            <span className="hint">{t.editor.leastScore}</span>
            <input
              type="range"
              min={0}
              max={1}
              step={0.05}
              value={leastScore}
              onChange={(event) => bench.state.set({ leastScore: Number(event.target.value) })}
            />
            <output>{leastScore.toFixed(2)}</output>
          </label>
          {!bench.isReadOnly && (
            <button
              type="button"
              className="button"
              disabled={shown.length === 0}
              onClick={() => bench.state.set({ dialog: 'accept' })}
            >
              {t.editor.acceptAll}
            </button>
          )}
        </>
      )}
      <span className="spring" />
      <Detection video={video} isBlind={isBlind} hasProposals={proposals.length > 0} mayStart={!bench.isReadOnly} />
      <Dialog title={t.editor.acceptAll} open={dialog === 'accept'} onClose={close}>
        <p>{t.editor.acceptQuestion(shown.length, leastScore.toFixed(2))}</p>
        <div className="form-actions">
          <button type="button" className="button" onClick={close}>
            {t.common.cancel}
          </button>
          <button
            type="button"
            className="button primary"
            onClick={() => {
              bench.accept(shown);
              close();
            }}
          >
            {t.editor.acceptCount(shown.length)}
          </button>
        </div>
      </Dialog>
    </section>
  );
}

// ---- below: internals ----

interface DetectionProps {
  readonly video: Video;
  readonly isBlind: boolean;
  readonly hasProposals: boolean;
  readonly mayStart: boolean;
}

/** How far the detection of this video is; a button where none was started. */
function Detection({ video, isBlind, hasProposals, mayStart }: DetectionProps) {
  const t = useTexts();
  const [isAsking, setIsAsking] = useState(false);
  const job = video.jobs.findLast(({ kind }) => kind === 'detect');
  const start = async () => {
    setIsAsking(true);
    try {
      if (job?.status === 'failed') await api.post<Job>(`/jobs/${job.id}/retry`);
      else await api.post<Job[]>(`/projects/${video.project}/jobs`, { kind: 'detect', videos: [video.id] });
      await refresh(`/videos/${video.id}`);
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error), 'problem');
    } finally {
      setIsAsking(false);
    }
  };
  if (job?.status === 'running') {
    return (
      <span className="detection" role="status">
        <progress value={job.progress} aria-label={t.editor.detecting(t.format.percent(job.progress))} />
        {t.editor.detecting(t.format.percent(job.progress))}
        {job.remainingSeconds !== null && `, ${t.editor.remaining(t.format.span(job.remainingSeconds))}`}
      </span>
    );
  }
  if (job?.status === 'queued') return <span className="hint">{t.editor.queued}</span>;
  if (job?.status === 'failed') {
    return (
      <span className="detection">
        {t.editor.detectFailed} {job.error}{' '}
        <button type="button" className="button" disabled={isAsking} onClick={() => void start()}>
          {t.common.retry}
        </button>
      </span>
    );
  }
  if (isBlind && hasProposals) return null;
  if (isBlind) return <span className="hint">{t.editor.blindNote}</span>;
  const hasModel = video.codings.some(({ kind }) => kind === 'model');
  if (hasModel || hasProposals || !mayStart || video.status !== 'ready') return null;
  return (
    <button type="button" className="button" disabled={isAsking} onClick={() => void start()}>
      {t.editor.detect}
    </button>
  );
}
