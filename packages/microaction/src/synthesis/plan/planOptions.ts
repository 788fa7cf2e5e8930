import { Dice } from '../../dice.ts';
import { UsageError } from '../../errors.ts';
import { shown } from '../../problems.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import type { Action } from '../../taxonomy/taxonomy.ts';
import { castVideos, type Role } from './casting.ts';
import { FairDraw } from './fairDraw.ts';
import { waysOf } from './limbsOfActions.ts';
import type { Way } from './sketch.ts';

/** What both kinds of plan are asked for. */
export interface PlanOptions {
  /** How many, from 1. */
  readonly videos: number;
  /** From 1, at most as many as videos. With one or two all videos are for training. */
  readonly subjects: number;
  /** A whole number. */
  readonly seed: number;
  /** Frames a second, 5 to 240. Default 30. */
  readonly frameRate?: number;
  /** `counted` (default): each action's share is that of the real data set. `uniform`: all the same, to within one. */
  readonly balance?: Balance;
  /** The actions to show, by any name the taxonomy knows. Default all 52. */
  readonly only?: readonly string[];
}

export type Balance = 'counted' | 'uniform';

export interface CheckedOptions {
  readonly dice: Dice;
  readonly roles: readonly Role[];
  readonly actions: readonly Action[];
  /** By position in `actions`. */
  readonly draw: FairDraw;
  readonly ways: readonly (readonly Way[])[];
  readonly frameRate: number;
}

/**
 * `countOf` gives an action's number of instances in the real data set.
 *
 * @throws UsageError where an option makes no sense
 * @throws UserError `unknown-action`
 */
export function checkOptions(options: PlanOptions, countOf: (action: string) => number): CheckedOptions {
  const { videos, subjects, seed, frameRate = 30, balance = 'counted', only } = options;
  if (!Number.isSafeInteger(seed)) throw new UsageError(`seed: found ${shown(seed)}, expected a whole number.`);
  if (!(frameRate >= 5 && frameRate <= 240)) {
    throw new UsageError(`frameRate: found ${shown(frameRate)}, expected 5 to 240 frames a second.`);
  }
  if (only?.length === 0) throw new UsageError('only: found no action, expected at least one.');
  const actions = only ? [...new Set(only.map((name) => microActions52.get(name)))] : microActions52.actions;
  const dice = new Dice(seed);
  return {
    dice,
    roles: castVideos(dice.fork('roles'), videos, subjects),
    actions,
    draw:
      balance === 'uniform'
        ? new FairDraw(
            actions.map(() => 1),
            1,
          )
        : new FairDraw(
            actions.map(({ name }) => countOf(name)),
            horizon,
          ),
    ways: actions.map(({ name }) => weighedWays(name)),
    frameRate,
  };
}

// ---- below: internals ----

/** Draws over which counted shares may wander. */
const horizon = 100;

/** One side is usual; where an action may use both it does so once in five times. */
function weighedWays(action: string): Way[] {
  const ways = waysOf(action);
  const fewest = Math.min(...ways.map((limbs) => limbs.length));
  return ways.map((limbs) => ({ limbs, weight: limbs.length === fewest ? 1 : 0.5 }));
}
