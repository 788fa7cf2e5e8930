import type { Instance } from '../annotation/dataset.ts';

/**
 * How strongly each label is present over the time of one video: piecewise constant, the highest score of its
 * instances that hold there, 0 elsewhere. What people coded has the score 1.
 */
export interface Levels {
  /** Of the pieces, in order; together the time from the first start to the last end. */
  readonly seconds: Float64Array;
  /** Label to its level in each piece; labels without instance are absent. */
  readonly byLabel: ReadonlyMap<string, Float64Array>;
}

/** Instances are cut to the video. `labelsOf` gives the labels an action counts for. */
export function levelsOf(
  instances: readonly Instance[],
  durationSeconds: number,
  labelsOf: (action: string) => readonly string[],
): Levels {
  const cut = (time: number) => Math.max(0, Math.min(durationSeconds, time));
  const edges = [...new Set(instances.flatMap(({ start, end }) => [cut(start), cut(end)]))].sort((a, b) => a - b);
  const place = new Map(edges.map((edge, i) => [edge, i]));
  const pieces = Math.max(0, edges.length - 1);
  const byLabel = new Map<string, Float64Array>();
  for (const { action, start, end, score = 1 } of instances) {
    for (const label of labelsOf(action)) {
      let levels = byLabel.get(label);
      if (!levels) byLabel.set(label, (levels = new Float64Array(pieces)));
      const last = place.get(cut(end))!;
      for (let i = place.get(cut(start))!; i < last; i++) levels[i] = Math.max(levels[i], score);
    }
  }
  return { seconds: Float64Array.from({ length: pieces }, (_, i) => edges[i + 1] - edges[i]), byLabel };
}

/** Seconds, weighted by the level, in which all of these labels are present; the lowest level counts. */
export function secondsTogether({ seconds, byLabel }: Levels, labels: readonly string[]): number {
  const all = labels.map((label) => byLabel.get(label));
  let sum = 0;
  for (let i = 0; i < seconds.length; i++) {
    sum += seconds[i] * Math.min(...all.map((levels) => levels?.[i] ?? 0));
  }
  return sum;
}
