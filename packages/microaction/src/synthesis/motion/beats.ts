import type { Dice } from '../../dice.ts';

export interface BeatsOptions {
  readonly durationSeconds: number;
  /** Middle frequency; each stroke has its own, up to 15 % off it. */
  readonly hertz: number;
  /** Strokes one after the other before a pause. Without it there is no pause. */
  readonly bout?: readonly [fewest: number, most: number];
  /** Of a pause, seconds. */
  readonly pause?: readonly [shortest: number, longest: number];
}

/** Repeated strokes that fill an act, no two alike. They begin, turn and end without a jerk. */
export interface Beats {
  /** 0 to 1 and back at each stroke; 0 between strokes and outside the act. */
  oneWay(seconds: number): number;
  /** To 1, then to -1 at each stroke; 0 in pauses and outside the act. */
  toAndFro(seconds: number): number;
}

/**
 * At least one stroke, the last one ending with the act, so that the act is as long as it is said to be. Where an act
 * is too short for a stroke of that frequency, the stroke is hastened, and smaller for it.
 */
export function drawBeats(dice: Dice, options: BeatsOptions): Beats {
  const strokes = drawStrokes(dice, options);
  const oneWay: Knot[] = [];
  const toAndFro: Knot[] = [];
  let resting = true;
  for (const { from, seconds, size, last } of strokes) {
    const at = (share: number, value: number): Knot => [from + share * seconds, value];
    oneWay.push(at(0, 0), at(0.5, size), at(1, 0));
    if (resting) toAndFro.push(at(0, 0));
    toAndFro.push(at(0.25, size), at(0.75, -size));
    if (last) toAndFro.push(at(1, 0));
    resting = last;
  }
  return { oneWay: curveThrough(oneWay), toAndFro: curveThrough(toAndFro) };
}

// ---- below: internals ----

interface Stroke {
  from: number;
  seconds: number;
  size: number;
  /** A pause or the act's end follows. */
  last: boolean;
}

function drawStrokes(dice: Dice, { durationSeconds, hertz, bout, pause = [0.3, 1] }: BeatsOptions): Stroke[] {
  const strokes: Stroke[] = [];
  let at = 0;
  let left = bout ? dice.integer(...bout) : Number.POSITIVE_INFINITY;
  while (at < durationSeconds) {
    const seconds = 1 / (hertz * dice.normal(1, 0.05));
    strokes.push({ from: at, seconds, size: dice.uniform(0.7, 1), last: false });
    at += seconds;
    if (--left > 0) continue;
    left = bout ? dice.integer(...bout) : left;
    const rest = dice.uniform(...pause);
    if (at + rest + 1 / hertz >= durationSeconds) continue;
    strokes[strokes.length - 1].last = true;
    at += rest;
  }
  // Drawn together or apart, so that whole strokes fill it.
  if (strokes.length > 1 && at - durationSeconds > 0.5 / hertz) strokes.pop();
  const final = strokes[strokes.length - 1];
  final.last = true;
  const stretch = durationSeconds / (final.from + final.seconds);
  for (const stroke of strokes) {
    stroke.from *= stretch;
    stroke.seconds *= stretch;
    stroke.size *= Math.min(1, Math.sqrt(stretch));
  }
  return strokes;
}

type Knot = readonly [seconds: number, value: number];

/** Half a wave of a cosine from each knot to the next; 0 before the first and after the last. */
function curveThrough(knots: readonly Knot[]): (seconds: number) => number {
  return (seconds) => {
    const i = knots.findLastIndex(([at]) => at <= seconds);
    if (i < 0 || i === knots.length - 1) return 0;
    const [[from, a], [to, b]] = [knots[i], knots[i + 1]];
    return a + ((b - a) * (1 - Math.cos((Math.PI * (seconds - from)) / (to - from)))) / 2;
  };
}
