import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { dstaReadings } from '../../models/adapters/index.ts';
import { videoMaeSizes } from '../../models/backbones/index.ts';
import { shown } from '../../problems.ts';
import {
  above0,
  anyPart,
  colourJitter,
  commonKeys,
  complaints,
  count,
  normalisation,
  odd,
  part,
  probability,
  randAugment,
  trainingKeys,
  validationKeys,
  videoMaeKeys,
} from '../commonRecipe.ts';

const hiddenRatio = z.number().gt(0).max(1).optional();
const adapterSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('standard'), hiddenRatio }),
  z.strictObject({ kind: z.literal('tia'), hiddenRatio, kernelSteps: odd.optional() }),
  z.strictObject({
    kind: z.literal('dsta'),
    hiddenRatio,
    sharedDown: z.boolean(),
    spatial: z.strictObject({ kernel: odd, depthwise: z.boolean(), pointwise: z.boolean() }),
    temporal: z.strictObject({ kernel: odd, pointwise: z.boolean() }),
  }),
]);

const backboneSchema = z.strictObject(videoMaeKeys);

/** ActionFormer's own options, without what the rest of a recipe says: how many features come in, and classes. */
const detectorSchema = z.strictObject({
  features: count.default(512),
  convolutions: z.int().min(0).default(3),
  kernel: odd.default(3),
  stemBlocks: z.int().min(0).default(0),
  levels: count.default(6),
  heads: count.default(4),
  /** Steps that each attends to; null for all. */
  window: z.union([odd.nullable(), z.array(odd.nullable())]).default(null),
  positions: z.boolean().default(false),
  /** What shorter windows are filled up to; null: only to what the levels need. */
  maxSteps: count.nullable().default(null),
  dropPath: part.default(0.1),
  inputDropout: part.default(0),
  headConvolutions: z.int().min(0).default(2),
  prior: z.number().gt(0).lt(1).default(0.01),
  centreRadius: above0.default(1.5),
  labelSmoothing: part.default(0),
  distanceWeight: z.number().default(1),
  initialNormaliser: above0.default(100),
  normaliserMomentum: part.default(0.9),
});

const dataSchema = z.strictObject({
  /** Side of the square pictures that the network sees. */
  sizePixels: count.default(160),
  /** Frames from one that is read to the next. */
  frameStride: count.default(4),
  /** Steps of the longest window, in training and validation. */
  windowSteps: count.default(768),
  /** Lengths that windows are filled up to, rising, the last being windowSteps: a program is compiled for each. */
  bucketSteps: z.array(count).min(1).default([64, 96, 128, 192, 256, 384, 512, 768]),
  batchSize: count.default(2),
  /** The part of an action that a random window must hold for the action to count. */
  leastPart: probability.default(0.75),
  /** Between which parts of a video shorter than a window the length of a window is drawn; null takes it whole. */
  cropRatio: z.tuple([probability, probability]).nullable().default([0.9, 1]),
  /** How often rare classes are drawn: 0 as often as they come, 1 all alike. */
  balance: probability.default(0),
  /** What becomes of windows that do not fill a batch at the end of an epoch. OpenTAD drops them; buckets have many. */
  incomplete: z.enum(['drop', 'keep']).default('keep'),
  /** As `AugmentOptions` of augment/; null leaves one out. As AdaTAD trains unless given. */
  augment: z
    .strictObject({
      crop: anyPart.nullable().default({ area: [0.08, 1], aspect: [3 / 4, 4 / 3] }),
      flip: probability.default(0.5),
      randAugment: randAugment.nullable().default({ operations: 2, level: 0.9 }),
      colourJitter: colourJitter.nullable().default({ brightness: 0.5, contrast: 0.5, saturation: 0.5, hue: 0.1 }),
    })
    .prefault({}),
  /** Bytes of decoded frames that are kept in memory, in MiB. */
  cacheMebibytes: z.int().min(0).default(1024),
  /** Stored features instead of frames: how wide they are, and where step x lies: x · strideFrames + offsetFrames. */
  features: z
    .strictObject({ channels: count, strideFrames: count, offsetFrames: z.int().min(0) })
    .nullable()
    .default(null),
});

const evaluationSchema = z.strictObject({
  ...validationKeys,
  /** The part of a window that the next one sees again. */
  overlap: part.default(0.5),
  /** Scores must be above this to be considered. */
  minScore: probability.default(0.001),
  /** How many of the best pairs of a point and a class are considered in each window. */
  maxCandidates: count.default(8000),
  /** Of the Gaussian of soft suppression. */
  sigma: above0.default(0.5),
  /** Lowest score that is kept after suppression. */
  keptScore: probability.default(0.001),
  /** Most instances of a video. */
  maxInstances: count.default(8000),
});

export const detectionShape = z.strictObject({
  task: z.literal('detection'),
  ...commonKeys,
  /** Null where stored features are trained from. */
  backbone: backboneSchema.nullable(),
  adapter: adapterSchema.nullable().default(null),
  /** By which pictures become numbers; the mean and deviation of ImageNet unless given. */
  normalisation: normalisation.optional(),
  tuned: z.enum(['adapters', 'all', 'nothing']),
  detector: detectorSchema.prefault({}),
  data: dataSchema.prefault({}),
  training: z.strictObject(trainingKeys),
  evaluation: evaluationSchema.prefault({}),
});

/** How a detector is made, trained and judged. */
export interface DetectionRecipe extends z.output<typeof detectionShape> {}
/** A recipe as it is written down: what has a usual value may be left out, sizes and adapters may be named. */
export type DetectionRecipeSource = Omit<z.input<typeof detectionShape>, 'backbone' | 'adapter'> & {
  readonly backbone: BackboneName | z.input<typeof backboneSchema> | null;
  readonly adapter?: AdapterName | z.input<typeof adapterSchema> | null;
};

export type BackboneName = keyof typeof videoMaeSizes;
export type AdapterName = keyof typeof adapterNames;

/** Adapters that a recipe may name. `dsta` is the reading that sees neighbours in space. */
export const adapterNames = {
  standard: { kind: 'standard' },
  tia: { kind: 'tia' },
  dsta: { kind: 'dsta', ...dstaReadings.wide },
  'dsta-equation3': { kind: 'dsta', ...dstaReadings.equation3 },
  'dsta-table4': { kind: 'dsta', ...dstaReadings.table4 },
} as const;

/** Sizes and adapters that are named, written out. */
export function withDetectionNames(data: Record<string, unknown>, source: string): Record<string, unknown> {
  const { backbone, adapter } = data;
  return {
    ...data,
    ...(typeof backbone === 'string' && { backbone: named('backbone', backbone, videoMaeSizes, source) }),
    ...(typeof adapter === 'string' && { adapter: named('adapter', adapter, adapterNames, source) }),
  };
}

/** What each key by itself allows and all together do not. */
export const detectionContradictions = ({ backbone, adapter, tuned, detector, data }: DetectionRecipe): string[] =>
  complaints((complain) => {
    const { bucketSteps, windowSteps, features } = data;
    const rising = bucketSteps.every((steps, i) => i === 0 || steps > bucketSteps[i - 1]);
    complain(
      !rising || bucketSteps.at(-1) !== windowSteps,
      `data.bucketSteps: found ${shown(bucketSteps)}, expected rising numbers that end with data.windowSteps, ${windowSteps}`,
    );
    complain(
      backbone === null && features === null,
      'backbone: found null, expected one, unless data.features is given',
    );
    complain(backbone !== null && features !== null, 'data.features: there is a backbone too; set one of both to null');
    complain(
      tuned === 'adapters' && adapter === null,
      'tuned: found "adapters", and there is no adapter; expected "all" or "nothing"',
    );
    complain(
      backbone === null && tuned !== 'nothing',
      `tuned: found ${shown(tuned)}, expected "nothing" without a backbone`,
    );
    if (backbone) {
      const { clipFrames = 16, patchPixels = 16, width, heads } = backbone;
      const uneven = bucketSteps.filter((steps) => steps % clipFrames !== 0);
      complain(
        uneven.length > 0,
        `data.bucketSteps: found ${uneven.join(', ')}, expected multiples of ${clipFrames}, of whole clips`,
      );
      complain(
        data.sizePixels % patchPixels !== 0,
        `data.sizePixels: found ${data.sizePixels}, expected a multiple of ${patchPixels}, of whole patches`,
      );
      complain(width % heads !== 0, `backbone.heads: found ${heads}, expected a divisor of backbone.width, ${width}`);
    }
    complain(
      detector.features % detector.heads !== 0,
      `detector.heads: found ${detector.heads}, expected a divisor of detector.features, ${detector.features}`,
    );
    complain(
      Array.isArray(detector.window) && detector.window.length !== detector.levels,
      `detector.window: found ${shown(detector.window)}, expected one number for each of ${detector.levels} levels`,
    );
  });

// ---- below: internals ----

function named<T extends object>(key: string, name: string, known: T, source: string): unknown {
  if (Object.hasOwn(known, name)) return { ...known[name as keyof T] };
  if (key === 'adapter' && name === 'none') return null;
  const names = Object.keys(known).join(', ');
  throw new UserError('bad-recipe', `${source}: ${key}: found ${shown(name)}, expected an object or one of ${names}`);
}
