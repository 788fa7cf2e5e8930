import { type RefObject, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { type Texts, useTexts } from '../texts/texts.tsx';
import type { FrameGrid } from '../timeline/frameGrid.ts';
import {
  TimeLine,
  type TimeLineInstance,
  type TimeLineLayer,
  type TimeLineRow,
  type TimeLineTexts,
} from '../timeline/timeLine.ts';
import { useObserved } from './benchState.ts';
import type { ShownInstance } from './codingStore.ts';
import { useInstances } from './useWorkbench.ts';
import type { Workbench } from './workbench.ts';

interface TimeLineViewProps {
  readonly bench: Workbench;
  readonly grid: FrameGrid;
  readonly rows: readonly TimeLineRow[];
  readonly layers: readonly TimeLineLayer[];
  /** For whoever moves the playhead. */
  readonly timeLine: RefObject<TimeLine | null>;
}

/** The canvas time line on the workbench: what is edited goes in, what the hand does comes out. */
export function TimeLineView({ bench, grid, rows, layers, timeLine }: TimeLineViewProps) {
  const t = useTexts();
  const host = useRef<HTMLDivElement>(null);
  const instances = useInstances(bench);
  const comments = useSyncExternalStore(bench.store.subscribe, () => bench.store.comments);
  const leastScore = useObserved(bench.state, (state) => state.leastScore);
  const texts = useMemo(() => timeLineTexts(bench, t), [bench, t]);
  const first = useRef({ grid, texts });

  useEffect(() => {
    const { boundaries, frameCount, end } = first.current.grid;
    const made = new TimeLine(
      host.current!,
      {
        taxonomy: bench.taxonomy,
        durationSeconds: end,
        frameTimes: boundaries.subarray(0, frameCount),
        texts: first.current.texts,
        readOnly: bench.isReadOnly,
      },
      {
        seek: (seconds) => bench.seek(seconds),
        select: (ids) => bench.select(ids),
        change: (edits) => bench.change(edits),
        create: (draft) => bench.create(draft),
        preview: (preview) => {
          if (!preview || bench.player?.isPlaying) return;
          // Of an end, the last frame that belongs to it.
          const isEnd = preview.seconds === preview.end;
          bench.player?.seek(isEnd ? preview.seconds - 1e-4 : preview.seconds);
        },
        open: (id) => {
          bench.goTo(id);
          bench.command('zoomSelection');
        },
      },
    );
    timeLine.current = made;
    bench.attachTimeLine(made);
    made.focus();
    return () => {
      bench.attachTimeLine(undefined);
      timeLine.current = null;
      made.destroy();
    };
  }, [bench, timeLine]);

  useEffect(() => {
    if (first.current.grid === grid) return;
    first.current = { ...first.current, grid };
    timeLine.current?.setFrameTimes(grid.boundaries.subarray(0, grid.frameCount), grid.end);
  }, [grid, timeLine]);
  useEffect(() => timeLine.current?.setTexts(texts), [texts, timeLine]);
  useEffect(() => {
    const counts = new Map<string, number>();
    for (const { instance } of comments) counts.set(instance, (counts.get(instance) ?? 0) + 1);
    const shown = instances.filter(({ state, score }) => state !== 'proposed' || (score ?? 1) >= leastScore);
    timeLine.current?.setInstances(shown.map((instance) => asShown(instance, counts.get(instance.id))));
    timeLine.current?.setSelection(bench.state.value.selection);
  }, [bench, instances, comments, leastScore, timeLine]);
  useEffect(() => timeLine.current?.setRows(rows), [rows, timeLine]);
  useEffect(() => timeLine.current?.setLayers(layers), [layers, timeLine]);

  return <div ref={host} className="time-line" data-region="timeline" data-tour="timeline" />;
}

export const asShown = ({ score, ...instance }: ShownInstance, comments?: number): TimeLineInstance => ({
  ...instance,
  score: score ?? undefined,
  comments,
});

// ---- below: internals ----

function timeLineTexts({ taxonomy }: Workbench, t: Texts): TimeLineTexts {
  const part = (code: string) => t.part(code, taxonomy.bodyParts.find((each) => each.code === code)?.name);
  return {
    label: t.editor.timeLine,
    partTitle: part,
    actionTitle: (action) => t.action(action),
    describe: ({ action, start, end, state, score }) =>
      t.editor.describe(t.action(action), t.format.time(start), t.format.time(end), t.editor.states[state]) +
      (score === undefined ? '' : ` ${score.toFixed(2)}`),
    foldTitle: (code, unfolded) => (unfolded ? t.editor.foldPart(part(code)) : t.editor.unfoldPart(part(code))),
  };
}
