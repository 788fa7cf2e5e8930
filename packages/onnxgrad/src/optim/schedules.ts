import { GraphError } from '../errors.ts';

/**
 * The learning rate in force at a step, for a group whose own rate is `base`. Steps count from 0; a training step
 * calls `optimizer.step(gradients, { learningRate: (base) => schedule(step, base) })`.
 */
export type Schedule = (step: number, base: number) => number;

/** A schedule as plain JSON, to be stored in a recipe. All lengths are in training steps. */
export type ScheduleOptions =
  | ({ readonly kind: 'constant' } & MaybeWarmup)
  | ({ readonly kind: 'multiStep' } & MultiStepOptions & MaybeWarmup)
  | ({ readonly kind: 'cosine' } & CosineOptions & MaybeWarmup)
  | ({ readonly kind: 'warmupCosine' } & WarmupCosineOptions);

export interface MultiStepOptions {
  /** The steps from which the rate is multiplied by gamma once more; rising. */
  readonly milestones: readonly number[];
  /** 0.1 */
  readonly gamma?: number;
}

export interface CosineOptions {
  /** Where the cosine reaches its minimum. */
  readonly totalSteps: number;
  /** 0 */
  readonly minLearningRate?: number;
  /** From here on the rate stays; `totalSteps`. Less ends a run on the way down, as some published recipes do. */
  readonly holdFromStep?: number;
}

export interface WarmupCosineOptions {
  readonly warmupSteps: number;
  /** Where the cosine reaches its minimum, warm-up included; the rate stays there afterwards. */
  readonly totalSteps: number;
  /** The rate of step 0, whatever the group's; 0. */
  readonly startLearningRate?: number;
  /** 1e-8, whatever the group's. */
  readonly minLearningRate?: number;
}

export interface LinearWarmup {
  /** The first step at the full rate. */
  readonly steps: number;
  /** The part of the rate at step 0; 0. */
  readonly startFactor?: number;
}

interface MaybeWarmup {
  readonly warmup?: LinearWarmup;
}

/**
 * The schedule that the options describe.
 *
 * @throws GraphError for lengths and factors that make no sense
 */
export function schedule(options: ScheduleOptions): Schedule {
  switch (options.kind) {
    case 'constant':
      return warmedUp(constant(), options.warmup);
    case 'multiStep':
      return warmedUp(multiStep(options), options.warmup);
    case 'cosine':
      return warmedUp(cosine(options), options.warmup);
    case 'warmupCosine':
      return warmupCosine(options);
    default:
      throw new GraphError(
        `schedule: kind is '${(options as ScheduleOptions).kind}'; ` +
          'expected constant, multiStep, cosine or warmupCosine.',
      );
  }
}

/** The group's own rate at every step. */
export const constant = (): Schedule => (_, base) => base;

/** The rate times gamma to the number of milestones reached. */
export function multiStep({ milestones, gamma = 0.1 }: MultiStepOptions): Schedule {
  if (milestones.some((step, i) => !(step > (milestones[i - 1] ?? -1)))) {
    throw new GraphError(`multiStep: milestones are [${milestones.join(', ')}]; expected rising steps, none negative.`);
  }
  requireAtLeast(0, { gamma }, 'multiStep');
  return (step, base) => base * gamma ** milestones.filter((milestone) => step >= milestone).length;
}

/** Half a cosine from the group's rate down to the minimum (Loshchilov and Hutter 2017, without restarts). */
export function cosine({ totalSteps, minLearningRate = 0, holdFromStep = totalSteps }: CosineOptions): Schedule {
  requireAtLeast(1, { totalSteps }, 'cosine');
  requireAtLeast(0, { minLearningRate, holdFromStep }, 'cosine');
  return (step, base) => fall(base, minLearningRate, Math.min(step, holdFromStep, totalSteps) / totalSteps);
}

/**
 * A straight line up to the group's rate, then half a cosine down, both between absolute rates. As OpenTAD trains its
 * detectors: the line reaches the full rate at the last step of the warm-up already (it divides by `warmupSteps - 1`),
 * hence the step after, where the cosine begins, has the full rate once more.
 */
export function warmupCosine(options: WarmupCosineOptions): Schedule {
  const { warmupSteps, totalSteps, startLearningRate = 0, minLearningRate = 1e-8 } = options;
  requireAtLeast(0, { warmupSteps, startLearningRate, minLearningRate }, 'warmupCosine');
  if (!(totalSteps > warmupSteps)) {
    throw new GraphError(`warmupCosine: totalSteps is ${totalSteps}; expected more than warmupSteps, ${warmupSteps}.`);
  }
  return (step, base) => {
    if (step < warmupSteps)
      return startLearningRate + ((base - startLearningRate) * step) / Math.max(1, warmupSteps - 1);
    return fall(base, minLearningRate, Math.min(1, (step - warmupSteps) / (totalSteps - warmupSteps)));
  };
}

/** Multiplies a schedule by a factor that rises in a straight line to 1, as mmcv's `warmup='linear'` does. */
export function warmedUp(inner: Schedule, warmup: LinearWarmup | undefined): Schedule {
  if (!warmup) return inner;
  const { steps, startFactor = 0 } = warmup;
  requireAtLeast(0, { steps, startFactor }, 'warmup');
  return (step, base) => inner(step, base) * (step < steps ? startFactor + ((1 - startFactor) * step) / steps : 1);
}

// Below: not for the outside.

/** From `high` at progress 0 to `low` at 1. */
const fall = (high: number, low: number, progress: number): number =>
  low + ((high - low) * (1 + Math.cos(Math.PI * progress))) / 2;

function requireAtLeast(least: number, values: Record<string, number>, where: string): void {
  for (const [name, value] of Object.entries(values)) {
    if (value >= least && value < Number.POSITIVE_INFINITY) continue;
    throw new GraphError(`${where}: ${name} is ${value}; expected a finite number >= ${least}.`);
  }
}
