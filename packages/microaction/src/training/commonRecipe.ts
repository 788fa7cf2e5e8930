import { z } from 'zod';
import { shown } from '../problems.ts';
import { taxonomySchema } from '../taxonomy/taxonomyFile.ts';

// What recipes of all tasks have, and the numbers that they are made of.

export const count = z.int().min(1);
export const atLeast0 = z.number().min(0);
export const above0 = z.number().gt(0);
export const part = z.number().min(0).lt(1);
export const probability = z.number().min(0).max(1);
export const odd = z
  .int()
  .min(1)
  .refine((value) => value % 2 === 1, { error: 'expected an odd number' });

/** Of the form that recipes have now. */
export const recipeVersion = 1;

export const commonKeys = {
  /** Of this form of recipes; 1 where it is left out. */
  version: z.literal(recipeVersion).default(recipeVersion),
  /** For people: what it is called. */
  name: z.string().default('custom'),
  /** Which actions there are; the 52 micro-actions unless given. */
  taxonomy: taxonomySchema.optional(),
} as const;

export const trainingKeys = {
  epochs: count,
  /** Where the cosine reaches its end; epochs, or later to stop on the way down. */
  scheduleEpochs: count.nullable().default(null),
  warmUpEpochs: z.int().min(0).default(5),
  learningRate: z.strictObject({
    head: above0,
    /** Of what is trained of the backbone: adapters, or all of it. */
    backbone: above0,
  }),
  optimizer: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('adamw') }),
      z.strictObject({ kind: z.literal('sgd'), momentum: part.default(0.9), nesterov: z.boolean().default(false) }),
    ])
    .default({ kind: 'adamw' }),
  /** How rates go on after the warm-up: down a cosine, or times a factor after each of some epochs. */
  schedule: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('cosine') }),
      z.strictObject({ kind: z.literal('step'), epochs: z.array(count).min(1), factor: above0.lt(1).default(0.1) }),
    ])
    .default({ kind: 'cosine' }),
  weightDecay: atLeast0.default(0.05),
  /** Largest norm of all gradients together; null leaves them. */
  clipNorm: above0.nullable().default(1),
  /** What remains of the average of the weights at each step; null validates and keeps the weights themselves. */
  emaDecay: part.nullable().default(0.999),
  /** Batches whose gradients make one step. */
  accumulate: count.default(1),
  seed: z.int().min(0).default(0),
  /** mixed: products in float16; auto: so on devices that have units for it, single on processors. */
  precision: z.enum(['auto', 'single', 'mixed']).default('auto'),
  /** Computes blocks once more in the reverse pass instead of keeping what is in them: less memory, more time. */
  rematerialise: z.boolean().default(false),
  /** A checkpoint is written at the end of each epoch, and within one when so much time has passed. */
  checkpointMinutes: above0.default(10),
  /** Steps from one line of the log to the next. */
  logSteps: count.default(10),
} as const;

// How clips differ from time to time, as `AugmentOptions` of augment/.

/** The part of the picture that is seen, by its area and its width divided by its height. */
export const anyPart = z.strictObject({
  area: z.tuple([probability, probability]),
  aspect: z.tuple([above0, above0]),
});

export const randAugment = z.strictObject({ operations: z.int().min(0), level: probability });

export const colourJitter = z.strictObject({
  brightness: atLeast0,
  contrast: atLeast0,
  saturation: atLeast0,
  hue: z.number().min(0).max(0.5),
});

/** As `Normalisation` of models/backbones. */
export const normalisation = z.strictObject({
  mean: z.array(z.number()).length(3),
  deviation: z.array(above0).length(3),
  still: z.enum(['kept', 'removed']).optional(),
});

/** VideoMAE, as `VideoMaeOptions`. */
export const videoMaeKeys = {
  width: count,
  depth: count,
  heads: count,
  mlpRatio: above0.optional(),
  patchPixels: count.optional(),
  tubeletFrames: count.optional(),
  /** Side of the pictures that the position table is of. */
  picturePixels: count.optional(),
  clipFrames: count.optional(),
  dropPath: part.default(0),
};

/** When a model is judged. */
export const validationKeys = {
  /** Epochs between validations, which follow each epoch of a number divisible by this, and the last. */
  everyEpochs: count.default(2),
  /** The first epoch, from 1, that may be followed by one. */
  fromEpoch: count.default(1),
} as const;

const commonShape = z.object({ ...commonKeys, training: z.object(trainingKeys), evaluation: z.object(validationKeys) });

/** What all recipes say, whatever is learnt: all that a trainer goes by. */
export interface CommonRecipe extends z.output<typeof commonShape> {}

/** What `complain(isWrong, what)` was told of. */
export function complaints(tell: (complain: (isWrong: boolean, what: string) => void) => void): string[] {
  const problems: string[] = [];
  tell((isWrong, what) => {
    if (isWrong) problems.push(what);
  });
  return problems;
}

/** What each of the common keys by itself allows and all together do not. */
export const commonContradictions = ({ training, taxonomy }: CommonRecipe): string[] =>
  complaints((complain) => {
    const { epochs, scheduleEpochs, warmUpEpochs, schedule } = training;
    complain(
      (scheduleEpochs ?? epochs) < epochs,
      `training.scheduleEpochs: found ${scheduleEpochs}, expected at least training.epochs, ${epochs}`,
    );
    complain(
      warmUpEpochs >= (scheduleEpochs ?? epochs),
      `training.warmUpEpochs: found ${warmUpEpochs}, expected less than the ${scheduleEpochs ?? epochs} epochs of the schedule`,
    );
    if (schedule.kind === 'step') {
      complain(
        schedule.epochs.some((epoch, i) => epoch <= (schedule.epochs[i - 1] ?? 0)),
        `training.schedule.epochs: found ${shown(schedule.epochs)}, expected rising numbers`,
      );
      complain(scheduleEpochs !== null, 'training.scheduleEpochs: steps of training.schedule have epochs of their own');
    }
    const ids = taxonomy?.actions.map(({ id }) => id).sort((a, b) => a - b) ?? [];
    complain(
      ids.some((id, i) => id !== i),
      `taxonomy.actions: found the ids ${shown(ids)}, expected 0, 1, 2 ... without a gap`,
    );
  });
