import { UserError } from '../errors.ts';
import type { EmotionModel } from './emotionModel.ts';
import type { FeatureTable } from './featureTable.ts';
import { probabilitiesOf } from './logistic.ts';
import { matrixOf, rowOf } from './matrix.ts';

export interface EmotionPrediction {
  readonly video: string;
  /** The likeliest. */
  readonly emotion: string;
  /** Of each emotion; they sum to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** What speaks for and against the likeliest emotion, the weightiest first; features that weigh nothing left out. */
  readonly reasons: readonly Reason[];
}

export interface Reason {
  readonly feature: string;
  /** As measured. */
  readonly value: number;
  /** Mean of the training videos. */
  readonly usual: number;
  /**
   * Weight times standardised value: what it adds to the emotion's logit, against the mean of all emotions. Positive
   * speaks for it. The logit is the sum of all contributions and the bias.
   */
  readonly contribution: number;
}

/** @throws UserError `features-differ` where the model was trained on other features */
export function predictEmotion(model: EmotionModel, table: FeatureTable): EmotionPrediction[] {
  checkFeatures(model, table);
  const { emotions, features, mean, deviation, bias } = model;
  const weights = matrixOf(model.weights, features.length);
  return table.videos.map((video, row) => {
    const values = rowOf(table.features, row);
    const scaled = values.map((value, c) => (value - mean[c]) / deviation[c]);
    const probabilities = probabilitiesOf({ weights, bias: Float64Array.from(bias) }, scaled);
    const best = probabilities.indexOf(Math.max(...probabilities));
    const reasons = features
      .map((feature, c): Reason => {
        const contribution = model.weights[best][c] * scaled[c];
        return { feature, value: values[c], usual: mean[c], contribution };
      })
      .filter(({ contribution }) => contribution !== 0)
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
    return {
      video,
      emotion: emotions[best],
      probabilities: Object.fromEntries(emotions.map((emotion, k) => [emotion, probabilities[k]])),
      reasons,
    };
  });
}

// ---- below: internals ----

function checkFeatures({ features }: EmotionModel, { names }: FeatureTable): void {
  const clip = (some: readonly string[]) => some.filter((name) => name.startsWith('clip/')).length;
  if (names.length === features.length && names.every((name, i) => name === features[i])) return;
  throw new UserError(
    'features-differ',
    `found ${names.length} features, ${clip(names)} of them clip features; ` +
      `the model was trained on ${features.length}, ${clip(features)} of them clip features`,
  );
}
