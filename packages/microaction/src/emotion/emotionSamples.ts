import type { EmotionLabel } from './emotionTable.ts';
import type { FeatureTable } from './featureTable.ts';
import type { Matrix } from './matrix.ts';

/** Videos with their features and what they are known to show. */
export interface EmotionSamples {
  readonly videos: readonly string[];
  readonly subjects: readonly string[];
  /** The classes, by alphabet. */
  readonly emotions: readonly string[];
  /** Of each video, as position in `emotions`. */
  readonly labels: readonly number[];
  /** Of the features. */
  readonly names: readonly string[];
  /** `[videos, names]`. */
  readonly features: Matrix;
}

/** @param table - of the same videos as `labels`, in their order */
export function emotionSamples(labels: readonly EmotionLabel[], table: FeatureTable): EmotionSamples {
  const emotions = [...new Set(labels.map(({ emotion }) => emotion))].sort();
  return {
    videos: table.videos,
    subjects: labels.map(({ subject }) => subject),
    emotions,
    labels: labels.map(({ emotion }) => emotions.indexOf(emotion)),
    names: table.names,
    features: table.features,
  };
}
