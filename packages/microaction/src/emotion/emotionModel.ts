import { z } from 'zod';
import { Dice } from '../dice.ts';
import { UserError } from '../errors.ts';
import { Problems } from '../problems.ts';
import { Taxonomy } from '../taxonomy/taxonomy.ts';
import { taxonomySchema } from '../taxonomy/taxonomyFile.ts';
import { chooseStrength } from './chooseStrength.ts';
import { type ClassWeights, fitClassifiers } from './classifier.ts';
import type { EmotionSamples } from './emotionSamples.ts';
import { rowOf } from './matrix.ts';
import { type FeatureGroup, featureGroups } from './videoFeatures.ts';

/** What every output of the emotion commands says of itself. */
export const noDiagnosis =
  'Statistics of how often and how long people move; no diagnosis, and no proof of what a person feels.';

const numbers = z.array(z.number());

const modelSchema = z.object({
  format: z.literal('microaction-emotion'),
  version: z.literal(1),
  notice: z.string(),
  taxonomy: taxonomySchema,
  emotions: z.array(z.string()).min(2),
  groups: z.array(z.enum(featureGroups)),
  minScore: z.number(),
  /** Names of the columns of everything below. */
  features: z.array(z.string()),
  mean: numbers,
  deviation: z.array(z.number().positive()),
  /** A row an emotion, of standardised features. */
  weights: z.array(numbers),
  bias: numbers,
  training: z.object({
    videos: z.int(),
    subjects: z.int(),
    videosByEmotion: z.record(z.string(), z.int()),
    l2: z.number(),
    classWeights: z.enum(['balanced', 'none']),
    seed: z.int(),
  }),
});

/** A trained classifier as plain data: what its JSON file holds. Probabilities are softmax(weights x + bias). */
export type EmotionModel = z.infer<typeof modelSchema>;

export interface TrainOptions {
  /** Strength of the regularisation; chosen by cross-validation over subjects when absent. */
  readonly l2?: number;
  /** Default `balanced`. */
  readonly classWeights?: ClassWeights;
  /** Of the folds. Default 0. */
  readonly seed?: number;
}

/** How the features of a model are made, so that those of another video are made alike. */
export interface ModelFeatures {
  readonly taxonomy: Taxonomy;
  readonly groups: readonly FeatureGroup[];
  readonly minScore: number;
}

/**
 * Learns from all samples.
 *
 * @throws UserError `too-few-emotions`; `too-few-subjects` where one subject is all and `l2` is not given
 */
export function trainEmotion(samples: EmotionSamples, made: ModelFeatures, options: TrainOptions = {}): EmotionModel {
  const { classWeights = 'balanced', seed = 0 } = options;
  const { emotions, labels, subjects, names } = samples;
  if (emotions.length < 2) {
    throw new UserError(
      'too-few-emotions',
      `found the emotion ${emotions.join()} only; expected two or more to tell apart`,
    );
  }
  const dice = new Dice(seed).fork('strength');
  const l2 = options.l2 ?? chooseStrength(samples, { classes: emotions.length, classWeights, dice });
  const [{ standardisation, logistic }] = fitClassifiers(samples, [l2], classWeights);
  return {
    format: 'microaction-emotion',
    version: 1,
    notice: noDiagnosis,
    taxonomy: made.taxonomy.toJSON() as EmotionModel['taxonomy'],
    emotions: [...emotions],
    groups: [...made.groups],
    minScore: made.minScore,
    features: [...names],
    mean: [...standardisation.mean],
    deviation: [...standardisation.deviation],
    weights: emotions.map((_, k) => [...rowOf(logistic.weights, k)]),
    bias: [...logistic.bias],
    training: {
      videos: labels.length,
      subjects: new Set(subjects).size,
      videosByEmotion: Object.fromEntries(
        emotions.map((emotion, k) => [emotion, labels.filter((label) => label === k).length]),
      ),
      l2,
      classWeights,
      seed,
    },
  };
}

/** @throws UserError `bad-annotations` where the document is no such model */
export function parseEmotionModel(document: unknown, source: string): EmotionModel {
  const problems = new Problems(source);
  const parsed = modelSchema.safeParse(document);
  if (!parsed.success) {
    problems.addIssues(parsed.error, document);
    problems.throwIfAny();
  }
  const model = parsed.data as EmotionModel;
  const { features, emotions, weights, mean, deviation, bias } = model;
  const lengths: [string, number, number][] = [
    ['mean', mean.length, features.length],
    ['deviation', deviation.length, features.length],
    ['bias', bias.length, emotions.length],
    ['weights', weights.length, emotions.length],
    ...weights.map((row, k): [string, number, number] => [`weights[${k}]`, row.length, features.length]),
  ];
  for (const [where, found, expected] of lengths) {
    if (found !== expected) problems.add(where, `found ${found} values, expected ${expected}`);
  }
  problems.throwIfAny();
  return model;
}

/** The taxonomy that a model's features are named by. */
export const taxonomyOfModel = ({ taxonomy }: EmotionModel): Taxonomy => new Taxonomy(taxonomy);
