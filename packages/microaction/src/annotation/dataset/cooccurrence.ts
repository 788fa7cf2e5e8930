import type { Clip } from '../dataset.ts';

/** Which labels meet, both ways of counting; most frequent first, pairs that never meet left out. */
export interface Cooccurrence {
  /** Pairs of instances that share some time. A label may meet itself. */
  readonly overlapping: readonly LabelPair[];
  /** Videos that hold both labels, at whatever times. */
  readonly sameVideo: readonly LabelPair[];
}

export interface LabelPair {
  /** In the order of the taxonomy. */
  readonly labels: readonly [string, string];
  readonly count: number;
}

/** `labelOf` gives one of `labels` for the action of an instance. */
export function cooccurrenceOf(
  clips: readonly Clip[],
  labels: readonly string[],
  labelOf: (action: string) => string,
): Cooccurrence {
  const size = labels.length;
  const indexOf = new Map(labels.map((label, index) => [label, index]));
  const overlapping = new Map<number, number>();
  const sameVideo = new Map<number, number>();
  const meet = (counts: Map<number, number>, a: number, b: number) => {
    const key = Math.min(a, b) * size + Math.max(a, b);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  for (const { instances } of clips) {
    const sorted = [...instances]
      .sort((a, b) => a.start - b.start)
      .map(({ action, start, end }) => ({ label: indexOf.get(labelOf(action))!, start, end }));
    let running: typeof sorted = [];
    for (const one of sorted) {
      running = running.filter(({ end }) => end > one.start);
      for (const other of running) meet(overlapping, one.label, other.label);
      running.push(one);
    }
    const present = [...new Set(sorted.map(({ label }) => label))];
    for (let i = 0; i < present.length; i++) for (let j = 0; j < i; j++) meet(sameVideo, present[i], present[j]);
  }
  const pairs = (counts: Map<number, number>): LabelPair[] =>
    [...counts]
      .sort(([a, m], [b, n]) => n - m || a - b)
      .map(([key, count]) => ({ labels: [labels[Math.floor(key / size)], labels[key % size]], count }));
  return { overlapping: pairs(overlapping), sameVideo: pairs(sameVideo) };
}
