import { useEffect, useRef, useState } from 'react';
import type { CodingSummary } from '../../contract/coding.ts';
import type { Project } from '../../contract/project.ts';
import type { Review } from '../../contract/review.ts';
import type { Video } from '../../contract/video.ts';
import { useFrameGrid } from '../editor/editorData.ts';
import type { FramePlayer } from '../player/framePlayer.ts';
import { useTexts } from '../texts/texts.tsx';
import type { TimeLine } from '../timeline/timeLine.ts';
import { CoderList } from './CoderList.tsx';
import { DisputeDetail } from './DisputeDetail.tsx';
import { DisputeList } from './DisputeList.tsx';
import { DisputeVideo } from './DisputeVideo.tsx';
import { byMajority, dropping, isOvertaken, keeping, type Span, spanOf } from './disputeDraft.ts';
import { History } from './History.tsx';
import { ReviewTimeLine } from './ReviewTimeLine.tsx';
import { SettleBar } from './SettleBar.tsx';
import { useDisputes } from './useDisputes.ts';
import { useReviewKeys } from './useReviewKeys.ts';

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
  const heading = useRef<HTMLHeadingElement>(null);
  const [showsMore, setShowsMore] = useState(false);
  const mayDecide = review.mayNotDecide === null;
  const desk = useDisputes(video.id, review);
  const { dispute, draft, decide, edit } = desk;

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

  // What had the focus went with the dispute that was decided: screen readers go on with the next one.
  const before = useRef(dispute?.key);
  useEffect(() => {
    if (before.current !== dispute?.key && document.activeElement === document.body) heading.current?.focus();
    before.current = dispute?.key;
  }, [dispute?.key]);

  const change = (next: Partial<Span>) => draft && edit({ span: { ...draft.span, ...next } });
  const frame = () => grid.frameAt(player.current?.seconds ?? 0);
  useReviewKeys({
    arrowdown: () => desk.step(1),
    arrowup: () => desk.step(-1),
    ' ': () => player.current?.toggle(),
    ',': () => player.current?.step(-1),
    '.': () => player.current?.step(1),
    ...(mayDecide &&
      dispute &&
      draft && {
        m: () => void decide(byMajority(dispute)),
        k: () => draft.span.start < draft.span.end && void decide(keeping(dispute, draft.span, draft.note)),
        d: () => void decide(dropping(dispute, draft.note)),
        i: () => change({ start: grid.at(frame()) }),
        o: () => change({ end: grid.at(frame() + 1) }),
        digit: (digit: number) => {
          const theirs = dispute.codings[digit - 1]?.instance;
          if (theirs) void decide(keeping(dispute, spanOf(theirs), draft.note));
        },
      }),
  });

  return (
    <div className="review">
      <div className="review-side">
        <SettleBar video={video.id} review={review} />
        <DisputeList
          {...{ disputes: desk.shown, hasAny: review.disputes.length > 0, drafts: desk.drafts }}
          {...{ chosen: dispute?.key ?? null, filter: desk.filter, onFilter: desk.setFilter, onChoose: desk.choose }}
        />
        <details className="review-more" onToggle={({ currentTarget }) => setShowsMore(currentTarget.open)}>
          <summary>{t.review.codersAndHistory}</summary>
          {showsMore && <CoderList codings={codings} mayReopen={project.role !== 'coder'} video={video.id} />}
          {showsMore && <History video={video.id} />}
        </details>
      </div>
      <div className="review-main">
        <div className="review-upper">
          <DisputeVideo
            {...{ video, grid, player, loop }}
            onTime={(seconds) => timeLine.current?.setPlayhead(seconds)}
          />
          {dispute && draft ? (
            <DisputeDetail
              key={dispute.key}
              {...{ dispute, heading, draft, mayDecide }}
              disputes={review.disputes}
              coders={review.coders}
              isOvertaken={isOvertaken(draft, dispute)}
              onChange={edit}
              onForget={() => desk.forget(dispute.key)}
              onChoose={desk.choose}
              onDecide={(decision) => void decide(decision)}
            />
          ) : (
            <p className="review-empty">{t.review.noDisputes}</p>
          )}
        </div>
        <ReviewTimeLine
          {...{ review, dispute, grid, timeLine }}
          draft={mayDecide && draft ? draft.span : null}
          onSeek={(seconds) => player.current?.seek(seconds)}
          onDraft={change}
        />
      </div>
      <p className="visually-hidden" role="status">
        {desk.said}
      </p>
    </div>
  );
}

// ---- below: internals ----

/** What is shown before and after a disputed span. */
const contextSeconds = 2;
