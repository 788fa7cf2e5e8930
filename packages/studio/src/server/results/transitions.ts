import { type Clip, compareInstances } from 'microaction';

export interface Transitions {
  /** Those that occur, in the order of the taxonomy. */
  readonly labels: string[];
  /** [from][to] */
  readonly counts: number[][];
}

/**
 * How often a label is the next to start after another: instances of a video in order of their start (those that
 * start together in order of their end, then of their name), each with the one after it. Whether the first has ended
 * by then does not matter; a label may follow itself; the last instance of a video is followed by none.
 *
 * @param labels - all, in order
 */
export function transitionsOf(
  clips: readonly Clip[],
  labels: readonly string[],
  labelOf: (action: string) => string,
): Transitions {
  const present = presentLabels(clips, labels, labelOf);
  const place = new Map(present.map((label, index) => [label, index]));
  const counts = present.map(() => present.map(() => 0));
  for (const { instances } of clips) {
    const order = instances.toSorted(compareInstances).map(({ action }) => place.get(labelOf(action))!);
    for (let i = 1; i < order.length; i++) counts[order[i - 1]][order[i]] += 1;
  }
  return { labels: present, counts };
}

/** The labels that occur, in the order of all. */
export function presentLabels(
  clips: readonly Clip[],
  labels: readonly string[],
  labelOf: (action: string) => string,
): string[] {
  const used = new Set(clips.flatMap(({ instances }) => instances.map(({ action }) => labelOf(action))));
  return labels.filter((label) => used.has(label));
}
