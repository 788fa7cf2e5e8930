import type { Dice } from '../../dice.ts';
import type { Action } from '../../taxonomy/taxonomy.ts';
import { ActDurations } from './actDurations.ts';
import { countedActions, countedBodyParts, countedFrames, countedSeconds, countedVideos } from './counted.ts';
import { evenlySpread } from './evenlySpread.ts';
import { FairDraw } from './fairDraw.ts';
import type { Act, ClipPlan } from './plan.ts';
import { checkOptions, type PlanOptions } from './planOptions.ts';
import { type Sketch, type SketchedAct, sketchVideo } from './sketch.ts';
import { Steering } from './steering.ts';

/**
 * Plans videos of several acts that overlap in time, as MMA-52 has them: 5 to 15 s long, 2 to 10 instances in each.
 * Instances a video, lengths, shares of actions, durations of each, how many run at once, which meet, and which the
 * ends of the video cut follow what was counted there; the more videos, the closer, and each subset nearly as close.
 * `balance` and `only` change the shares; what runs at once then follows as far as it can, and who meets is left open.
 *
 * No limb is in two acts at once, no action either, and 0.3 s lie between two acts of a limb. Where the actions asked
 * for need the same limbs and last too long to follow one another, or the only ones that get on with others are ahead of
 * a share that must be uniform, a video holds fewer instances, even one, but never none.
 *
 * The same options give the same plan. Time grows linearly with the number of videos.
 *
 * @throws UsageError where an option makes no sense
 * @throws UserError `unknown-action`
 */
export function planVideos(options: PlanOptions): readonly ClipPlan[] {
  const { dice, roles, actions, draw, ways, frameRate } = checkOptions(options, (name) => countedActions[name][0]);
  const durations = actions.map((action) => durationsOf(dice.fork('durations', action.name), action));
  const [fewestFrames, gapFrames] = [countedSeconds.shortest, gapSeconds].map((one) => Math.ceil(one * frameRate));
  const repertoire = { actions: draw, durations, ways, frameRate, fewestFrames, gapFrames };
  const steering = new Steering(actions, options.balance !== 'uniform' && !options.only);
  const sizes = new FairDraw(
    countedVideos.map(([, videos]) => videos),
    sizeHorizon,
  );
  const lengths = evenlySpread(dice.fork('lengths').uniform());
  return roles.map((role, index) => {
    const own = dice.fork('video', index);
    const size = sizes.draw(own);
    sizes.take(size);
    const [instances, , meanFrames] = countedVideos[size];
    const frameCount = framesAt(lengths(), meanFrames, frameRate);
    const best = bestSketch(steering, () => sketchVideo(own, frameCount, instances, repertoire));
    steering.take(best);
    for (const { action, start, end, offer } of best.acts) {
      draw.take(action);
      durations[action].take(offer, (end - start) / frameRate);
    }
    const acts = best.acts.map((act, i) => actOf(own, actions[act.action].name, act, best, frameRate, i));
    return { ...role, frameRate, frameCount, acts: acts.sort((a, b) => a.start - b.start), seed: own.seedFor('clip') };
  });
}

// ---- below: internals ----

/** Sketches of a video that are compared. */
const sketches = 24;

/** Videos over which the shares of their sizes may wander. */
const sizeHorizon = 40;

/** A hand needs time to return. */
const gapSeconds = 0.3;

/** An action that was counted once has no spread; it takes that of its body part, in proportion. */
function durationsOf(dice: Dice, { name, bodyPart }: Action): ActDurations {
  const [, mean, std] = countedActions[name];
  const [partMean, partStd] = countedBodyParts[bodyPart];
  return new ActDurations(dice, mean, std > 0 ? std : (mean * partStd) / partMean);
}

/** A power of an even spread between the shortest and the longest video has the mean that is asked for. */
function framesAt(position: number, meanFrames: number, frameRate: number): number {
  const { fewest, most, frameRate: countedRate } = countedFrames;
  const power = (most - fewest) / (meanFrames - fewest) - 1;
  return Math.round(((fewest + (most - fewest) * position ** power) * frameRate) / countedRate);
}

/** The one with most acts, and of those the one that costs least. */
function bestSketch(steering: Steering, draw: () => Sketch): Sketch {
  let best = draw();
  let least = steering.costOf(best);
  for (let i = 1; i < sketches; i++) {
    const sketch = draw();
    const more = sketch.acts.length - best.acts.length;
    if (more < 0) continue;
    const cost = steering.costOf(sketch);
    if (more > 0 || cost < least) [best, least] = [sketch, cost];
  }
  return best;
}

/** An act that the clip cuts has begun before it, or goes on after it, for a tenth up to six tenths of what is seen. */
function actOf(
  dice: Dice,
  action: string,
  { start, end, limbs }: SketchedAct,
  { frameCount }: Sketch,
  frameRate: number,
  index: number,
): Act {
  const hidden = () => Math.ceil((end - start) * dice.uniform(0.1, 0.6));
  return {
    action,
    start: (start === 0 ? -hidden() : start) / frameRate,
    end: (end === frameCount - 1 ? end + hidden() : end) / frameRate,
    limbs,
    seed: dice.seedFor('act', index),
  };
}
