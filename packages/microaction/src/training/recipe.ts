import { z } from 'zod';
import { UserError } from '../errors.ts';
import { dstaReadings } from '../models/adapters/index.ts';
import { videoMaeSizes } from '../models/backbones/index.ts';
import { shown } from '../problems.ts';
import { taxonomySchema } from '../taxonomy/taxonomyFile.ts';
import { knownKeys, nearestName, put } from './recipeKeys.ts';

const count = z.int().min(1);
const atLeast0 = z.number().min(0);
const above0 = z.number().gt(0);
const part = z.number().min(0).lt(1);
const probability = z.number().min(0).max(1);
const odd = z
  .int()
  .min(1)
  .refine((value) => value % 2 === 1, { error: 'expected an odd number' });

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

const backboneSchema = z.strictObject({
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
});

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
      /** The part of the picture that is seen, by its area and its width divided by its height. */
      crop: z
        .strictObject({ area: z.tuple([probability, probability]), aspect: z.tuple([above0, above0]) })
        .nullable()
        .default({ area: [0.08, 1], aspect: [3 / 4, 4 / 3] }),
      flip: probability.default(0.5),
      randAugment: z
        .strictObject({ operations: z.int().min(0), level: probability })
        .nullable()
        .default({ operations: 2, level: 0.9 }),
      colourJitter: z
        .strictObject({
          brightness: atLeast0,
          contrast: atLeast0,
          saturation: atLeast0,
          hue: z.number().min(0).max(0.5),
        })
        .nullable()
        .default({ brightness: 0.5, contrast: 0.5, saturation: 0.5, hue: 0.1 }),
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

const trainingSchema = z.strictObject({
  epochs: count,
  /** Where the cosine reaches its end; epochs, or later to stop on the way down. */
  scheduleEpochs: count.nullable().default(null),
  warmUpEpochs: z.int().min(0).default(5),
  learningRate: z.strictObject({
    head: above0,
    /** Of what is trained of the backbone: adapters, or all of it. */
    backbone: above0,
  }),
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
});

const evaluationSchema = z.strictObject({
  /** Epochs between validations, which follow each epoch of a number divisible by this, and the last. */
  everyEpochs: count.default(2),
  /** The first epoch, from 1, that may be followed by one. */
  fromEpoch: count.default(1),
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

/** Of the form that recipes have now. */
const recipeVersion = 1;

const recipeShape = z.strictObject({
  task: z.literal('detection'),
  /** Of this form of recipes; 1 where it is left out. */
  version: z.literal(recipeVersion).default(recipeVersion),
  /** For people: what it is called. */
  name: z.string().default('custom'),
  /** Which actions there are; the 52 micro-actions unless given. */
  taxonomy: taxonomySchema.optional(),
  /** Null where stored features are trained from. */
  backbone: backboneSchema.nullable(),
  adapter: adapterSchema.nullable().default(null),
  tuned: z.enum(['adapters', 'all', 'nothing']),
  detector: detectorSchema.prefault({}),
  data: dataSchema.prefault({}),
  training: trainingSchema,
  evaluation: evaluationSchema.prefault({}),
});

/** How a model is made, trained and judged, as plain data: stored with its weights, and enough to use them. */
export type Recipe = z.output<typeof recipeShape>;
/** A recipe as it is written down: what has a usual value may be left out, sizes and adapters may be named. */
export type RecipeSource = Omit<z.input<typeof recipeShape>, 'backbone' | 'adapter'> & {
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

/**
 * A recipe, checked and whole, from plain data.
 *
 * @param source - names the data in messages
 * @throws UserError `bad-recipe` naming every key that is wrong, unknown or missing
 */
export function parseRecipe(data: unknown, source: string): Recipe {
  const named = withNames(migrated(data, source), source);
  const parsed = recipeShape.safeParse(named);
  const problems = parsed.success ? contradictions(parsed.data) : issuesOf(parsed.error, named);
  if (problems.length === 1) throw new UserError('bad-recipe', `${source}: ${problems[0]}`);
  if (problems.length > 1) {
    throw new UserError('bad-recipe', `${source} has ${problems.length} problems:\n  ${problems.join('\n  ')}`);
  }
  return parsed.data as Recipe;
}

/**
 * Plain data with some keys set anew, `training.epochs=3`: what follows `=` is JSON, or else taken as text.
 *
 * @throws UserError `bad-recipe` for what is no assignment, and for a key that no recipe has, with the nearest
 */
export function withSettings(data: unknown, settings: readonly string[], source: string): unknown {
  let changed = structuredClone(withNames(migrated(data, source), source));
  for (const setting of settings) {
    const [, key, text] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
    if (key === undefined) {
      throw new UserError('bad-recipe', `--set ${setting}: expected key.path=value, such as training.epochs=30`);
    }
    const path = key.trim();
    if (!recipeKeys.has(path)) throw new UserError('bad-recipe', `--set ${setting}: ${unknownKey(path)}`);
    changed = withNames(put(changed, path.split('.'), parsedValue(text)), `--set ${setting}`);
  }
  return changed;
}

/** The keys that differ between two recipes, with both values. */
export function differences(one: unknown, other: unknown, path = ''): string[] {
  if (isPlain(one) && isPlain(other)) {
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...keys].flatMap((key) => differences(one[key], other[key], path === '' ? key : `${path}.${key}`));
  }
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [`${path}: ${shown(one)} and ${shown(other)}`];
}

// ---- below: internals ----

const recipeKeys: ReadonlySet<string> = new Set(knownKeys(z.toJSONSchema(recipeShape, { io: 'input' })));

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * A recipe of an earlier form as one of this form. There is no earlier one yet: when keys change their meaning, count
 * `recipeVersion` up and rewrite here what was written before.
 */
function migrated(data: unknown, source: string): unknown {
  const version = isPlain(data) ? data.version : undefined;
  if (typeof version !== 'number' || version <= recipeVersion) return data;
  throw new UserError(
    'bad-recipe',
    `${source}: found version ${version}, which this microaction does not know yet, expected at most ${recipeVersion}; update microaction`,
  );
}

/** Sizes and adapters that are named, written out. */
function withNames(data: unknown, source: string): unknown {
  if (!isPlain(data)) return data;
  const { backbone, adapter } = data;
  return {
    ...data,
    ...(typeof backbone === 'string' && { backbone: named('backbone', backbone, videoMaeSizes, source) }),
    ...(typeof adapter === 'string' && { adapter: named('adapter', adapter, adapterNames, source) }),
  };
}

function named<T extends object>(key: string, name: string, known: T, source: string): unknown {
  if (Object.hasOwn(known, name)) return { ...known[name as keyof T] };
  if (key === 'adapter' && name === 'none') return null;
  const names = Object.keys(known).join(', ');
  throw new UserError('bad-recipe', `${source}: ${key}: found ${shown(name)}, expected an object or one of ${names}`);
}

function unknownKey(path: string): string {
  return `there is no key ${path} in a recipe; did you mean ${nearestName(path, recipeKeys)}?`;
}

function issuesOf(error: z.ZodError, data: unknown): string[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key].join('.')));
    const found = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], data);
    const expected = issue.message.replace(/^(Invalid|Too)[^:]*: /, '').replace(/, received .*$/, '');
    return [`${path.join('.') || 'the recipe'}: found ${shown(found)}, ${expected}`];
  });
}

/** What each key by itself allows and all together do not. */
function contradictions({ backbone, adapter, tuned, detector, data, training, taxonomy }: Recipe): string[] {
  const problems: string[] = [];
  const complain = (isWrong: boolean, what: string) => {
    if (isWrong) problems.push(what);
  };
  const { bucketSteps, windowSteps, features } = data;
  const rising = bucketSteps.every((steps, i) => i === 0 || steps > bucketSteps[i - 1]);
  complain(
    !rising || bucketSteps.at(-1) !== windowSteps,
    `data.bucketSteps: found ${shown(bucketSteps)}, expected rising numbers that end with data.windowSteps, ${windowSteps}`,
  );
  complain(backbone === null && features === null, 'backbone: found null, expected one, unless data.features is given');
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
  const { epochs, scheduleEpochs, warmUpEpochs } = training;
  complain(
    (scheduleEpochs ?? epochs) < epochs,
    `training.scheduleEpochs: found ${scheduleEpochs}, expected at least training.epochs, ${epochs}`,
  );
  complain(
    warmUpEpochs >= (scheduleEpochs ?? epochs),
    `training.warmUpEpochs: found ${warmUpEpochs}, expected less than the ${scheduleEpochs ?? epochs} epochs of the schedule`,
  );
  const ids = taxonomy?.actions.map(({ id }) => id).sort((a, b) => a - b) ?? [];
  complain(
    ids.some((id, i) => id !== i),
    `taxonomy.actions: found the ids ${shown(ids)}, expected 0, 1, 2 ... without a gap`,
  );
  return problems;
}
