import { countedActions, countedTrimmedSeconds } from './counted.ts';
import { durationQuantiles } from './durationQuantiles.ts';
import { evenlySpread } from './evenlySpread.ts';
import type { ClipPlan } from './plan.ts';
import { checkOptions, type PlanOptions } from './planOptions.ts';

/**
 * Plans clips trimmed to one act each, as MA-52 has them: it starts with the first frame and ends with the last one.
 * Shares of actions follow the list of MA-52, lengths its mean of 1.97 s, from 0.5 to 8 s. Subjects stay in one subset,
 * which MA-52 itself does not hold to.
 *
 * The same options give the same plan. Time grows linearly with the number of clips.
 *
 * @throws UsageError where an option makes no sense
 * @throws UserError `unknown-action`
 */
export function planClips(options: PlanOptions): readonly ClipPlan[] {
  const { dice, roles, actions, draw, ways, frameRate } = checkOptions(options, (name) => countedActions[name][3]);
  const lengths = durationQuantiles(countedTrimmedSeconds, 512);
  const positions = evenlySpread(dice.fork('lengths').uniform());
  return roles.map((role, index) => {
    const own = dice.fork('clip', index);
    const action = draw.draw(own);
    draw.take(action);
    const { limbs } = own.weighted(ways[action].map((way) => [way, way.weight]));
    const frameCount = Math.round(lengths[Math.floor(positions() * lengths.length)] * frameRate);
    const end = (frameCount - 1) / frameRate;
    const act = { action: actions[action].name, start: 0, end, limbs, seed: own.seedFor('act') };
    return { ...role, frameRate, frameCount, acts: [act], seed: own.seedFor('clip') };
  });
}
