import type { Clip } from 'microaction';
import { lengthOf } from './timeBudget.ts';
import { presentLabels } from './transitions.ts';

export interface SharedTime {
  /** Those that occur, in the order of the taxonomy. */
  readonly labels: string[];
  /** [a][b]: seconds in which both happen; on the diagonal the seconds of the one. Symmetric. */
  readonly seconds: number[][];
}

/**
 * How long labels happen at the same time, by a sweep over the edges of each video's instances. Two instances of one
 * label at once count once; time past the end of a video does not count.
 *
 * @param labels - all, in order
 */
export function sharedTime(
  clips: readonly Clip[],
  labels: readonly string[],
  labelOf: (action: string) => string,
): SharedTime {
  const present = presentLabels(clips, labels, labelOf);
  const place = new Map(present.map((label, index) => [label, index]));
  const seconds = present.map(() => present.map(() => 0));
  for (const clip of clips) {
    const last = lengthOf(clip);
    const edges = clip.instances
      .filter(({ start }) => start < last)
      .flatMap(({ action, start, end }) => {
        const label = place.get(labelOf(action))!;
        return [
          { label, time: start, step: 1 },
          { label, time: Math.min(end, last), step: -1 },
        ];
      })
      .sort((a, b) => a.time - b.time);
    const running = present.map(() => 0);
    let active: number[] = [];
    let before = 0;
    for (const { label, time, step } of edges) {
      if (time > before) for (const a of active) for (const b of active) seconds[a][b] += time - before;
      before = time;
      running[label] += step;
      if (running[label] === 0) active = active.filter((one) => one !== label);
      else if (running[label] === 1 && step === 1) active.push(label);
    }
  }
  return { labels: present, seconds };
}
