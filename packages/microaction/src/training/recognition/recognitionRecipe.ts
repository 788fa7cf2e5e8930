import { z } from 'zod';
import { shown } from '../../problems.ts';
import {
  above0,
  anyPart,
  atLeast0,
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

const commonModel = {
  /** The part of the features that training drops in front of the classifier; as the model was published unless given. */
  dropout: part.optional(),
  /** By which pictures become numbers; the mean and deviation of ImageNet unless given. */
  normalisation: normalisation.optional(),
};
const residual = {
  ...commonModel,
  /** Channels of the stem; 64, those of ResNet-50, unless given. */
  width: count.optional(),
  /** Blocks of the four stages; 3, 4, 6, 3 unless given. */
  depths: z.array(count).length(4).optional(),
};

const { clipFrames: _, ...videoMae } = videoMaeKeys; // frames are those that are sampled

/** Options of a recogniser, without what the rest of a recipe says: classes, frames and pixels. */
const modelSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tsn'), ...residual }),
  z.strictObject({ kind: z.literal('tsm'), ...residual }),
  z.strictObject({
    kind: z.literal('manet'),
    ...residual,
    /** How long the vectors are that stand for the meanings of labels; 300 unless given. */
    vectorLength: count.optional(),
  }),
  z.strictObject({
    kind: z.literal('i3d'),
    ...residual,
    /** By how much the stem thins out frames, and the pooling after it: 2 unless given, 1 in PySlowFast. */
    thinning: count.optional(),
  }),
  z.strictObject({
    kind: z.literal('slowfast'),
    ...residual,
    /** Channels of the fast pathway's stem; 8 unless given. */
    fastWidth: count.optional(),
    /** Frames of the fast pathway for one of the slow one; 8 unless given. */
    ratio: count.optional(),
    /** The connections between them: of 5 frames and without norms unless given. PySlowFast's are normalised. */
    lateral: z.strictObject({ frames: odd.optional(), normalised: z.boolean().optional() }).optional(),
  }),
  z.strictObject({ kind: z.literal('videomae'), ...commonModel, ...videoMae }),
  z.strictObject({
    kind: z.literal('c3d'),
    ...commonModel,
    /** Channels of the five stages. */
    widths: z.array(count).length(5).optional(),
    /** Numbers out of each of the two fully connected layers; 4096 unless given. */
    hidden: count.optional(),
  }),
]);

const lossSchema = z.strictObject({
  /** How much of each target is spread evenly over all classes. */
  labelSmoothing: part.default(0),
  /** How much less counts what is already right. */
  focalGamma: atLeast0.default(0),
  /** Weights of classes by the effective number of their clips, with this beta; null counts all alike. */
  balanceBeta: part.nullable().default(null),
  /** What the distance to the meaning of the label counts, in models that learn one; null leaves it out. */
  embeddingWeight: above0.nullable().default(null),
});

const dataSchema = z.strictObject({
  /** Side of the square pictures that the network sees. */
  sizePixels: count.default(224),
  /** To what the short side of a picture is shrunk before a part is cut out. */
  shortSidePixels: count.default(256),
  /** Frames of a clip: one of each of so many equal parts, or so many with a distance. */
  sampling: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('segments'), segments: count }),
      z.strictObject({ kind: z.literal('dense'), frames: count, strideFrames: count }),
    ])
    .default({ kind: 'segments', segments: 8 }),
  /** Which part of the picture is seen, as `CropOptions` of augment/: of some sizes at some places, or any. */
  crop: z
    .union([
      z.strictObject({
        scales: z.array(z.number().gt(0).max(1)).min(1),
        maxScaleGap: z.int().min(0).optional(),
        positions: z.union([z.literal(5), z.literal(13)]).optional(),
      }),
      anyPart,
    ])
    .nullable()
    .default({ scales: [1, 0.875, 0.75, 0.66] }),
  /** How often clips are mirrored. */
  flip: probability.default(0.5),
  /** Pictures of a clip are changed alike; null, as official recipes of recognition have it, leaves them. */
  randAugment: randAugment.nullable().default(null),
  colourJitter: colourJitter.nullable().default(null),
  batchSize: count.default(8),
  /** How often rare classes are drawn: 0 as often as they come, 1 all alike. */
  balance: probability.default(0),
  /** Clips of a batch are mixed in pairs, by shares drawn from Beta(alpha, alpha), perhaps only those of one body part. */
  mixup: z
    .strictObject({ alpha: above0, withinParts: z.boolean().default(false) })
    .nullable()
    .default(null),
  /** Pairs of actions, by name, that become each other where left and right change places. */
  mirrored: z.array(z.tuple([z.string(), z.string()])).default([]),
  /** What becomes of clips that do not fill a batch at the end of an epoch. */
  incomplete: z.enum(['drop', 'keep']).default('drop'),
  /** Bytes of decoded frames that are kept in memory, in MiB. */
  cacheMebibytes: z.int().min(0).default(1024),
});

const trainingSchema = z.strictObject({
  ...trainingKeys,
  /**
   * How rates and decay are shared out. `vectors`: biases, norms and scales do not decay; `all`: everything decays; `tsm`: as
   * TSM's official code has it (biases at twice the rate, without decay; the last linear layer at five times).
   */
  grouping: z.enum(['vectors', 'all', 'tsm']).default('vectors'),
});

export const recognitionShape = z.strictObject({
  task: z.literal('recognition'),
  ...commonKeys,
  model: modelSchema,
  /** Whether body parts are told apart first, then actions within each: P(part) · P(action | part). */
  hierarchical: z.boolean().default(false),
  loss: lossSchema.prefault({}),
  data: dataSchema.prefault({}),
  training: trainingSchema,
  evaluation: z.strictObject(validationKeys).prefault({}),
});

/** How a recogniser is made, trained and judged. */
export interface RecognitionRecipe extends z.output<typeof recognitionShape> {}
/** A recipe as it is written down: what has a usual value may be left out. */
export type RecognitionRecipeSource = z.input<typeof recognitionShape>;

/** What each key by itself allows and all together do not. */
export const recognitionContradictions = ({ model, loss, data, training }: RecognitionRecipe): string[] =>
  complaints((complain) => {
    const { sizePixels, shortSidePixels, sampling } = data;
    complain(
      sizePixels > shortSidePixels,
      `data.sizePixels: found ${sizePixels}, expected at most data.shortSidePixels, ${shortSidePixels}`,
    );
    complain(
      loss.embeddingWeight !== null && model.kind !== 'manet',
      `loss.embeddingWeight: ${model.kind} learns no meaning of labels; expected null, or the model manet`,
    );
    if (model.kind === 'slowfast') {
      const frames = sampling.kind === 'dense' ? sampling.frames : sampling.segments;
      const { ratio = 8 } = model;
      complain(
        frames % ratio !== 0,
        `data.sampling: found ${frames} frames, expected a multiple of model.ratio, ${ratio}`,
      );
    }
    const { backbone, head } = training.learningRate;
    complain(
      training.grouping === 'tsm' && backbone !== head,
      `training.learningRate: found ${shown(training.learningRate)}, expected one rate for both where training.grouping is "tsm", which shares it out`,
    );
  });
