import type { Dice } from '../../dice.ts';
import { smooth } from './moment.ts';

/** A change of posture that fills an act. */
export interface Stages {
  /** 0 before the act, 1 after it. */
  done(seconds: number): number;
  /** 0 while nothing moves, 1 half way through a movement. */
  moving(seconds: number): number;
}

/**
 * A short act is one movement. A long one has a pause or several: half of the change or more comes first, it is
 * corrected to and fro, and what is left of it comes last, so that the act is seen for as long as it is said to be.
 *
 * @param overSeconds - what one movement takes
 */
export function drawStages(dice: Dice, durationSeconds: number, overSeconds: number): Stages {
  const longest = 1.6 * overSeconds;
  if (durationSeconds < longest) return stagesOf([{ from: 0, seconds: durationSeconds, by: 1 }]);
  const count = Math.max(2, Math.round(durationSeconds / (overSeconds * dice.uniform(2, 3.2))));
  const gap = durationSeconds / count;
  let level = 0;
  const stages = Array.from({ length: count }, (_, i) => {
    const seconds = Math.min(overSeconds * (i === 0 ? 1 : dice.uniform(0.6, 1)), 0.95 * gap);
    const first = i === 0;
    const last = i === count - 1;
    const from = first ? 0 : last ? durationSeconds - seconds : i * gap + dice.uniform(-0.3, 0.3) * (gap - seconds);
    const to = last ? 1 : first ? dice.uniform(0.5, 0.68) : dice.uniform(0.4, 0.65);
    const by = to - level;
    level = to;
    return { from, seconds, by };
  });
  return stagesOf(stages);
}

// ---- below: internals ----

function stagesOf(stages: readonly { from: number; seconds: number; by: number }[]): Stages {
  return {
    done: (at) => stages.reduce((sum, { from, seconds, by }) => sum + by * smooth((at - from) / seconds), 0),
    moving: (at) =>
      Math.max(
        ...stages.map(({ from, seconds }) => {
          const share = smooth((at - from) / seconds);
          return 4 * share * (1 - share);
        }),
      ),
  };
}
