import { useEffect, useRef, useState } from 'react';
import type { CodingSummary } from '../../contract/coding.ts';
import type { Project } from '../../contract/project.ts';
import type { Dispute, Review } from '../../contract/review.ts';
import type { Video } from '../../contract/video.ts';
import { ApiProblem, api } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { useFrameGrid } from '../editor/editorData.ts';
import type { FramePlayer } from '../player/framePlayer.ts';
import { notify } from '../shell/notify.tsx';
import { useTexts } from '../texts/texts.tsx';
import type { TimeLine } from '../timeline/timeLine.ts';
import { CoderList } from './CoderList.tsx';
import { DisputeDetail } from './DisputeDetail.tsx';
import { DisputeList } from './DisputeList.tsx';
import { DisputeVideo } from './DisputeVideo.tsx';
import {
  byMajority,
  type DisputeFilter,
  dropping,
  filtered,
  firstDraft,
  keeping,
  nextOpen,
  type Span,
} from './disputeDraft.ts';
import { History } from './History.tsx';
import { ReviewTimeLine } from './ReviewTimeLine.tsx';
import { SettleBar } from './SettleBar.tsx';

interface ReviewDeskProps {
  readonly video: Video;
  readonly project: Project;
  readonly review: Review;
  readonly codings: readonly CodingSummary[];
}

/** Disputes one by one: seen in the video and side by side on the time line, decided by a key or a click. */
export function ReviewDesk({ video, project, review, codings }: ReviewDeskProps) {
  const t = useTexts();
  const grid = useFrameGrid(video);
  const player = useRef<FramePlayer>(null);
  const timeLine = useRef<TimeLine>(null);
  const [filter, setFilter] = useState<DisputeFilter>('all');
  const [key, setKey] = useState<string | null>(null);
  const { disputes } = review;
  const shown = filtered(disputes, filter);
  const dispute =
    disputes.find((each) => each.key === key) ?? shown.find(({ decision }) => !decision) ?? shown[0] ?? disputes[0];
  const mayDecide = review.mayNotDecide === null;
  const [edits, setEdits] = useState<Edits | null>(null);
  const own =
    edits && dispute && edits.key === dispute.key && edits.base === (dispute.decision?.id ?? null) ? edits : null;
  const draft = dispute ? (own?.draft ?? firstDraft(dispute)) : null;
  const note = own?.note ?? dispute?.decision?.note ?? '';
  const edit = (change: Partial<Pick<Edits, 'draft' | 'note'>>) =>
    dispute && draft && setEdits({ key: dispute.key, base: dispute.decision?.id ?? null, draft, note, ...change });

  const { start, end } = dispute ?? {};
  useEffect(() => {
    if (start === undefined || end === undefined) return;
    player.current?.seek(start);
    timeLine.current?.showSpan(start - contextSeconds, end + contextSeconds);
    timeLine.current?.setPlayhead(start);
  }, [start, end]);
  const margin = contextSeconds / 2;
  const loop = dispute
    ? { start: Math.max(0, dispute.start - margin), end: Math.min(grid.end, dispute.end + margin) }
    : null;

  const step = (by: number) => {
    const at = shown.findIndex((each) => each.key === dispute?.key);
    const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
    if (next) setKey(next.key);
  };
  const decide = async (decision: ReturnType<typeof byMajority>) => {
    if (!dispute || !mayDecide) return;
    try {
      await api.post(`/videos/${video.id}/decisions`, decision);
      setEdits(null);
      setKey(nextOpen(shown, dispute.key));
    } catch (error) {
      notify(refusalText(error, t.review), 'problem');
    }
    await refresh(`/videos/${video.id}`);
  };
  const keepOf = (coder: number) => {
    const theirs = dispute?.codings[coder]?.instance;
    if (dispute && theirs) void decide(keeping(dispute, spanOf(theirs), note));
  };
  useKeys({
    arrowdown: () => step(1),
    arrowup: () => step(-1),
    m: () => dispute && void decide(byMajority(dispute)),
    k: () => dispute && draft && void decide(keeping(dispute, draft, note)),
    d: () => dispute && void decide(dropping(dispute, note)),
    ' ': () => player.current?.toggle(),
    digit: (digit) => keepOf(digit - 1),
  });

  return (
    <div className="review">
      <div className="review-side">
        <SettleBar video={video.id} review={review} />
        <DisputeList
          disputes={shown}
          hasAny={disputes.length > 0}
          chosen={dispute?.key ?? null}
          filter={filter}
          onFilter={setFilter}
          onChoose={setKey}
        />
        <details className="review-more">
          <summary>{t.review.history}</summary>
          <CoderList codings={codings} mayReopen={project.role !== 'coder'} video={video.id} />
          <History video={video.id} />
        </details>
      </div>
      <div className="review-main">
        <div className="review-upper">
          <DisputeVideo
            video={video}
            grid={grid}
            player={player}
            loop={loop}
            onTime={(seconds) => timeLine.current?.setPlayhead(seconds)}
          />
          {dispute && draft ? (
            <DisputeDetail
              key={dispute.key}
              dispute={dispute}
              coders={review.coders}
              draft={draft}
              note={note}
              mayDecide={mayDecide}
              onDraft={(next) => edit({ draft: next })}
              onNote={(next) => edit({ note: next })}
              onDecide={(decision) => void decide(decision)}
            />
          ) : (
            <p className="review-empty">{t.review.noDisputes}</p>
          )}
        </div>
        <ReviewTimeLine
          review={review}
          grid={grid}
          timeLine={timeLine}
          draft={mayDecide ? draft : null}
          onSeek={(seconds) => player.current?.seek(seconds)}
          onDraft={(next) => edit({ draft: next })}
        />
      </div>
    </div>
  );
}

// ---- below: internals ----

/** What is shown before and after a disputed span. */
const contextSeconds = 2;

/** What stands in the fields of one dispute, as it was when the person began. */
interface Edits {
  readonly key: string;
  readonly base: string | null;
  readonly draft: Span;
  readonly note: string;
}

const spanOf = ({ action, start, end }: Span): Span => ({ action, start, end });

function refusalText(error: unknown, t: { conflict(by: string): string; changed: string }): string {
  if (!(error instanceof ApiProblem) || error.code !== 'conflict')
    return error instanceof Error ? error.message : String(error);
  const latest = error.details as Dispute['decision'];
  return latest ? t.conflict(latest.by) : t.changed;
}

/** Keys of the page, unless something is being typed or a button is meant. */
function useKeys(keys: Readonly<Record<string, (digit: number) => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { key, target, ctrlKey, metaKey, altKey, isComposing } = event;
      if (ctrlKey || metaKey || altKey || isComposing || document.querySelector('dialog[open]')) return;
      if (target instanceof Element && target.closest('input, textarea, select')) return;
      if (key === ' ' && target instanceof Element && target.closest('button, a, summary')) return;
      const run = /^[1-9]$/.test(key) ? latest.current.digit : latest.current[key.toLowerCase()];
      if (!run) return;
      event.preventDefault();
      run(Number(key));
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}
