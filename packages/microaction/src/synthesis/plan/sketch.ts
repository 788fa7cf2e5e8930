import type { Dice } from '../../dice.ts';
import type { Limb } from '../body/limbs.ts';
import type { ActDurations, Offer } from './actDurations.ts';
import type { FairDraw } from './fairDraw.ts';

/** One way to fill a video, in whole frames; nothing is taken from any draw yet. */
export interface Sketch {
  readonly frameCount: number;
  readonly acts: readonly SketchedAct[];
}

/** What of an act is seen: from its first frame up to, not with, its last one. */
export interface SketchedAct {
  /** Position in the repertoire. */
  readonly action: number;
  readonly limbs: readonly Limb[];
  readonly start: number;
  /** At most the last frame of the video, `frameCount - 1`. */
  readonly end: number;
  readonly offer: Offer;
}

/** What there is to draw from, action by action. */
export interface Repertoire {
  readonly actions: FairDraw;
  readonly durations: readonly ActDurations[];
  readonly ways: readonly (readonly Way[])[];
  readonly frameRate: number;
  /** Labels are never shorter. */
  readonly fewestFrames: number;
  /** Between two acts of one limb. */
  readonly gapFrames: number;
}

export interface Way {
  readonly limbs: readonly Limb[];
  readonly weight: number;
}

/**
 * Draws acts one after another, each into a free stretch of its limbs. Holds fewer than `instances` where no action
 * that is due finds one; to have two, an act may shrink to half of what it should last.
 */
export function sketchVideo(dice: Dice, frameCount: number, instances: number, repertoire: Repertoire): Sketch {
  const acts: SketchedAct[] = [];
  const refused = new Set<number>();
  let squeezing = false;
  while (acts.length < instances) {
    const action = repertoire.actions.draw(dice, refused);
    if (action < 0) {
      if (squeezing || acts.length >= fewestActs) break;
      squeezing = true;
      refused.clear();
      continue;
    }
    const act = sketchAct(dice, action, frameCount, acts, repertoire, squeezing);
    if (!act) {
      refused.add(action);
      continue;
    }
    acts.push(act);
    repertoire.actions.take(action);
  }
  for (const { action } of acts) repertoire.actions.putBack(action);
  return { frameCount, acts };
}

// ---- below: internals ----

const fewestActs = 2;

function sketchAct(
  dice: Dice,
  action: number,
  frameCount: number,
  others: readonly SketchedAct[],
  { durations, ways, frameRate, fewestFrames, gapFrames }: Repertoire,
  squeezing: boolean,
): SketchedAct | undefined {
  const last = frameCount - 1;
  const open = ways[action].map((way) => {
    const stretches = freeStretches(action, way.limbs, last, others, gapFrames);
    return { way, stretches, longest: stretches.reduce((most, [from, to]) => Math.max(most, to - from), 0) };
  });
  const longest = open.reduce((most, one) => Math.max(most, one.longest), 0);
  const offer = durations[action].offer(dice, longest / frameRate);
  const wanted = Math.max(fewestFrames, Math.round(offer.seconds * frameRate));
  // What is longer than the video is seen in part; what does not fit beside others waits for another video.
  const length = Math.min(wanted, squeezing && 2 * longest >= wanted ? longest : last);
  if (length > longest || length < fewestFrames) return undefined;
  const fitting = open.filter((one) => one.longest >= length);
  const { way, stretches } = dice.weighted(fitting.map((one) => [one, one.way.weight]));
  return { action, limbs: way.limbs, ...position(dice, length, last, stretches), offer };
}

type Stretch = readonly [from: number, to: number];

/** Acts of one action keep apart as well, whatever their limbs: side by side they would look like one. */
function freeStretches(
  action: number,
  limbs: readonly Limb[],
  last: number,
  others: readonly SketchedAct[],
  gap: number,
): Stretch[] {
  const busy = others
    .filter((one) => one.action === action || one.limbs.some((limb) => limbs.includes(limb)))
    .sort((a, b) => a.start - b.start);
  const free: Stretch[] = [];
  let from = 0;
  for (const { start, end } of busy) {
    if (start - gap > from) free.push([from, start - gap]);
    from = Math.max(from, end + gap);
  }
  if (last > from) free.push([from, last]);
  return free;
}

/**
 * Where in the stretches. Real clips are cut out of long recordings, so that the longer an act the likelier the cut
 * goes through it.
 */
function position(dice: Dice, length: number, last: number, stretches: readonly Stretch[]) {
  const coverage = length / last;
  const atStart = stretches[0][0] === 0 && stretches[0][1] >= length;
  const [from, to] = stretches[stretches.length - 1];
  const atEnd = to === last && last - from >= length;
  if (coverage > 0.9 && atStart && atEnd && dice.chance(0.4)) return { start: 0, end: last };
  if (atStart && dice.chance(coverage > 0.9 ? 0.8 : 0.16 + 0.17 * coverage)) return { start: 0, end: length };
  if (atEnd && dice.chance(0.05 + 0.2 * coverage)) return { start: last - length, end: last };
  const starts = stretches.map(([a, b]) => Math.max(0, b - a - length + 1));
  let index = dice.integer(0, starts.reduce((sum, count) => sum + count, 0) - 1);
  let at = 0;
  while (index >= starts[at]) index -= starts[at++];
  const start = stretches[at][0] + index;
  return { start, end: start + length };
}
