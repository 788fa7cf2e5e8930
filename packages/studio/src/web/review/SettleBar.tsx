import { useRef, useState } from 'react';
import type { Review } from '../../contract/review.ts';
import { api } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { Dialog } from '../shell/Dialog.tsx';
import { notify } from '../shell/notify.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';

/** How far the review is, and its end: settling, or taking that back. */
export function SettleBar({ video, review }: { readonly video: string; readonly review: Review }) {
  const t = useTexts();
  const bar = useRef<HTMLElement>(null);
  const [error, setError] = useState<unknown>(null);
  const [asks, setAsks] = useState(false);
  const { agreed, disputes, final, finalOutdated, mayNotDecide, agreedAboveIou } = review;
  const decided = disputes.filter(({ decision }) => decision).length;
  const open = disputes.length - decided;
  const run = async (work: () => Promise<unknown>, told: string) => {
    setError(null);
    setAsks(false);
    try {
      await work();
      notify(told, 'ok');
    } catch (problem) {
      setError(problem);
    }
    await refresh(`/videos/${video}`);
    // The button that was pressed is another one now.
    bar.current?.focus();
  };
  const settle = () => run(() => api.post(`/videos/${video}/final`, { majorityForRest: open > 0 }), t.review.settledBy);
  return (
    <section ref={bar} className="settle-bar" aria-label={t.review.progress} tabIndex={-1}>
      <p>
        <strong>{t.review.counts(agreed.length, disputes.length, decided)}</strong>
      </p>
      <p className="hint">{t.review.rule(t.format.number(agreedAboveIou))}</p>
      {mayNotDecide && <p role="note">{t.review.mayNot[mayNotDecide]}</p>}
      {final && !finalOutdated && <p className="settle-note">{t.review.settledBy}</p>}
      {finalOutdated && <p role="status">{t.review.outdated}</p>}
      <ProblemNote error={error} />
      {!mayNotDecide && (
        <div className="toolbar">
          {(!final || finalOutdated) && (
            <button
              type="button"
              className={open > 0 ? 'button' : 'button primary'}
              onClick={() => (open > 0 ? setAsks(true) : void settle())}
            >
              {open > 0 ? t.review.settleOpen(open) : t.review.settle}
            </button>
          )}
          {final && (
            <button
              type="button"
              className="button"
              onClick={() => void run(() => api.delete(`/videos/${video}/final`), t.review.tookBack)}
            >
              {t.review.takeBack}
            </button>
          )}
        </div>
      )}
      <Dialog title={t.review.settleOpen(open)} open={asks} onClose={() => setAsks(false)}>
        <p>{t.review.settleOpenWhat(open)}</p>
        <div className="toolbar">
          <button type="button" className="button primary" onClick={() => void settle()}>
            {t.review.settle}
          </button>
          <button type="button" className="button" onClick={() => setAsks(false)}>
            {t.common.cancel}
          </button>
        </div>
      </Dialog>
    </section>
  );
}
