import type { Dice } from '../dice.ts';

export interface BeatsOptions {
  readonly durationSeconds: number;
  /** Middle frequency; each stroke has its own, 15 % about it. */
  readonly hertz: number;
  /** Strokes one after the other before a pause. Without it there is no pause. */
  readonly bout?: readonly [fewest: number, most: number];
  /** Of a pause, seconds. */
  readonly pause?: readonly [shortest: number, longest: number];
}

/** Repeated strokes that fill an act, no two alike. */
export interface Beats {
  /** 0 to 1 and back at each stroke; 0 between strokes and outside the act. */
  oneWay(seconds: number): number;
  /** 0, 1, 0, -1, 0 at each stroke. */
  toAndFro(seconds: number): number;
}

/** At least one stroke, the last one ending with the act, so that the act is as long as it is said to be. */
export function drawBeats(dice: Dice, options: BeatsOptions): Beats {
  const { durationSeconds, hertz, bout, pause = [0.3, 1] } = options;
  const strokes: { from: number; seconds: number; size: number }[] = [];
  let at = 0;
  let left = bout ? dice.integer(...bout) : Number.POSITIVE_INFINITY;
  while (at < durationSeconds) {
    const seconds = 1 / (hertz * dice.normal(1, 0.05));
    strokes.push({ from: at, seconds, size: dice.uniform(0.7, 1) });
    at += seconds;
    if (--left > 0) continue;
    left = bout ? dice.integer(...bout) : left;
    const rest = dice.uniform(...pause);
    if (at + rest + 1 / hertz < durationSeconds) at += rest;
  }
  // Drawn together or apart, so that whole strokes fill it.
  if (strokes.length > 1 && at - durationSeconds > 0.5 / hertz) strokes.pop();
  const final = strokes[strokes.length - 1];
  const stretch = durationSeconds / (final.from + final.seconds);
  for (const stroke of strokes) {
    stroke.from *= stretch;
    stroke.seconds *= stretch;
  }
  const strokeAt = (seconds: number) => {
    if (seconds < 0 || seconds >= durationSeconds) return undefined;
    return strokes.findLast(({ from }) => from <= seconds);
  };
  const value = (seconds: number, shape: (share: number) => number) => {
    const stroke = strokeAt(seconds);
    if (!stroke) return 0;
    const share = (seconds - stroke.from) / stroke.seconds;
    return share < 1 ? stroke.size * shape(share) : 0;
  };
  return {
    oneWay: (seconds) => value(seconds, (share) => (1 - Math.cos(2 * Math.PI * share)) / 2),
    toAndFro: (seconds) => value(seconds, (share) => Math.sin(2 * Math.PI * share)),
  };
}
