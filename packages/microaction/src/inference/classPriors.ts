import type { Dataset } from '../annotation/dataset.ts';
import { Dice } from '../dice.ts';
import { UserError } from '../errors.ts';
import type { PredictedSegment } from './model/predictionStore.ts';

/** How often an action is seen, and for how long at a time. */
export interface ClassPrior {
  readonly action: string;
  /** Of all instances. */
  readonly share: number;
  /** Of video. */
  readonly instancesPerSecond: number;
  readonly meanSeconds: number;
}

/**
 * The priors of all actions that a data set has, in the order of its taxonomy.
 *
 * @throws UserError `no-duration` naming a clip without, `no-annotations` where nothing is coded
 */
export function classPriors({ clips, taxonomy }: Dataset): ClassPrior[] {
  let videoSeconds = 0;
  const lengths = new Map<string, number[]>();
  for (const { id, durationSeconds, instances } of clips) {
    if (durationSeconds === undefined) {
      throw new UserError('no-duration', `${id}: its annotations name no duration; rates are per second of video`);
    }
    videoSeconds += durationSeconds;
    for (const { action, start, end } of instances) {
      lengths.set(action, [...(lengths.get(action) ?? []), end - start]);
    }
  }
  const sum = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0);
  const instances = sum([...lengths.values()].map(({ length }) => length));
  if (instances === 0) throw new UserError('no-annotations', 'nothing is coded in the videos to learn priors from');
  return taxonomy.actions.flatMap(({ name: action }): ClassPrior[] => {
    const own = lengths.get(action);
    if (!own) return [];
    return [
      {
        action,
        share: own.length / instances,
        instancesPerSecond: own.length / videoSeconds,
        meanSeconds: sum(own) / own.length,
      },
    ];
  });
}

/**
 * What is to be expected of a video that nobody looks at, the floor for detectors: segments of each action's mean
 * duration over the whole video, at even steps of at most half of it, all with the chance that the action begins within
 * a second. Equal scores would leave ranks to the order in files; so scores of an action differ by up to a thousandth,
 * evenly spread over the times of a video and drawn anew for each id.
 */
export function segmentsByPriors(
  priors: readonly ClassPrior[],
  { id, durationSeconds }: { readonly id: string; readonly durationSeconds: number },
): PredictedSegment[] {
  return priors.flatMap(({ action, instancesPerSecond, meanSeconds }) => {
    const length = Math.min(meanSeconds, durationSeconds);
    const room = durationSeconds - length;
    const steps = length > 0 ? Math.ceil(room / (length / 2)) : 0;
    const score = 1 - Math.exp(-instancesPerSecond);
    const offset = new Dice(0).fork(id, action).uniform();
    return Array.from({ length: steps + 1 }, (_, step): PredictedSegment => {
      const start = steps === 0 ? 0 : (room * step) / steps;
      const place = (offset + step * goldenRatio) % 1; // neighbours lie far apart, and no stretch is preferred
      return { segment: [start, start + length], label: action, score: score * (1 - place / 1000) };
    });
  });
}

// ---- below: internals ----

const goldenRatio = (Math.sqrt(5) - 1) / 2;
