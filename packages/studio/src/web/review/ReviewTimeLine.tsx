import { useQueries } from '@tanstack/react-query';
import { type RefObject, useContext, useEffect, useMemo, useRef } from 'react';
import type { Coding } from '../../contract/coding.ts';
import type { Dispute, Review } from '../../contract/review.ts';
import { api } from '../api/client.ts';
import { TaxonomyContext } from '../editor/PartMark.tsx';
import { type Texts, useTexts } from '../texts/texts.tsx';
import type { FrameGrid } from '../timeline/frameGrid.ts';
import { TimeLine, type TimeLineInstance, type TimeLineTexts } from '../timeline/timeLine.ts';
import { type Span, settledSoFar } from './disputeDraft.ts';

interface ReviewTimeLineProps {
  readonly review: Review;
  readonly dispute: Dispute | undefined;
  readonly grid: FrameGrid;
  readonly timeLine: RefObject<TimeLine | null>;
  /** What the fields hold, to be dragged; null: only to be looked at. */
  readonly draft: Span | null;
  readonly onSeek: (seconds: number) => void;
  readonly onDraft: (change: Pick<Span, 'start' | 'end'>) => void;
}

/** What is settled so far, the draft among it, and below each part a tier a coder. */
export function ReviewTimeLine({ review, dispute, grid, timeLine, draft, onSeek, onDraft }: ReviewTimeLineProps) {
  const t = useTexts();
  const taxonomy = useContext(TaxonomyContext)!;
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef({ onSeek, onDraft });
  latest.current = { onSeek, onDraft };
  const texts = useMemo(() => timeLineTexts(t), [t]);
  const first = useRef({ grid, texts });
  useEffect(() => {
    const { boundaries, frameCount, end } = first.current.grid;
    const frameTimes = boundaries.subarray(0, frameCount);
    const options = { taxonomy, durationSeconds: end, frameTimes, texts: first.current.texts };
    const made = new TimeLine(host.current!, options, {
      seek: (seconds) => latest.current.onSeek(seconds),
      change(edits) {
        const edit = edits.find(({ id }) => id === draftId);
        if (edit) latest.current.onDraft({ start: edit.start, end: edit.end });
      },
    });
    timeLine.current = made;
    return () => {
      timeLine.current = null;
      made.destroy();
    };
  }, [taxonomy, timeLine]);
  useEffect(
    () => timeLine.current?.setFrameTimes(grid.boundaries.subarray(0, grid.frameCount), grid.end),
    [grid, timeLine],
  );
  useEffect(() => timeLine.current?.setTexts(texts), [texts, timeLine]);
  const layers = useLayers(review);
  useEffect(() => timeLine.current?.setLayers(layers), [layers, timeLine]);
  useEffect(() => timeLine.current?.setReadOnly(draft === null), [draft, timeLine]);
  const settled = useMemo(
    () => settledSoFar(review).map((span, i): TimeLineInstance => ({ ...span, id: `settled ${i}`, state: 'coded' })),
    [review],
  );
  useEffect(() => {
    // Only the draft moves: what is settled changes by decisions.
    timeLine.current?.setInstances(
      draft && draft.start < draft.end
        ? [...settled.filter((each) => !isSame(each, draft)), { ...draft, id: draftId, state: 'proposed' }]
        : settled,
    );
    if (draft) timeLine.current?.setSelection([draftId]);
  }, [settled, draft, timeLine]);
  // Tiers of coders come later and move the others down. The draft last: it is to be seen for certain.
  const { action, start, end } = draft ?? {};
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever one of these changes.
  useEffect(() => {
    const theirs = dispute?.codings.flatMap(({ instance }) => instance?.id ?? []) ?? [];
    for (const id of [...theirs.toReversed(), draftId]) timeLine.current?.scrollIntoView(id);
  }, [layers, dispute?.key, action, start, end, timeLine]);
  return <div ref={host} className="review-time-line" data-region="timeline" />;
}

// ---- below: internals ----

const draftId = 'draft';
const isSame = (a: Span, b: Span) => a.action === b.action && a.start === b.start && a.end === b.end;

function useLayers({ coders }: Review) {
  return useQueries({
    queries: coders.map(({ id, revision }) => ({
      queryKey: ['review coding', id, revision],
      queryFn: () => api.get<Coding>(`/codings/${id}`),
      staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: asLayers,
  });
}

const asLayers = (results: readonly { readonly data?: Coding }[]) =>
  results.flatMap(({ data }) => {
    if (!data) return [];
    const instances = data.instances
      .filter(({ state }) => state === 'coded')
      .map(({ id, action, start, end }): TimeLineInstance => ({ id, action, start, end, state: 'coded' }));
    return [{ id: data.id, title: data.title, instances }];
  });

function timeLineTexts(t: Texts): TimeLineTexts {
  return {
    label: t.review.timeLine,
    partTitle: (code) => t.part(code),
    actionTitle: (action) => t.action(action),
    describe: ({ action, start, end, state }) =>
      t.editor.describe(t.action(action), t.format.time(start), t.format.time(end), t.editor.states[state]),
    foldTitle: (code, unfolded) => (unfolded ? t.editor.foldPart(t.part(code)) : t.editor.unfoldPart(t.part(code))),
  };
}
