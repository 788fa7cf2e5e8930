import { Dice } from '../dice.ts';
import { UsageError, UserError } from '../errors.ts';
import { type ClassMeasures, confusionOf, measureClasses } from '../evaluation/recognition/confusion.ts';
import { quantileOf } from '../kinematics/signals.ts';
import { chooseStrength } from './chooseStrength.ts';
import { type ClassWeights, classify, fitClassifiers } from './classifier.ts';
import { noDiagnosis } from './emotionModel.ts';
import type { EmotionSamples } from './emotionSamples.ts';
import { subjectFolds } from './folds.ts';
import { chosenRows } from './matrix.ts';
import { type MeasureName, type Measures, measureNames, measuresOf } from './measures.ts';
import { permuteLabels } from './permuteLabels.ts';

export interface EvaluateEmotionOptions {
  /** `subjects` leaves out one subject at a time. Default 5 folds, or as many as subjects if they are fewer. */
  readonly folds?: number | 'subjects';
  /** Strength of the regularisation; absent, each fold chooses it among its training subjects alone. */
  readonly l2?: number;
  /** Default `balanced`. */
  readonly classWeights?: ClassWeights;
  /** Times the labels are permuted and everything is done again; 0 for none. Default 100. */
  readonly permutations?: number;
  /** Times the subjects are drawn for the intervals; 0 for none. Default 1000. */
  readonly resamples?: number;
  /** Of the intervals. Default 0.95. */
  readonly confidence?: number;
  /** Of folds, permutations and draws. Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called after each permutation with how many are done. */
  readonly onPermutation?: (done: number) => void;
}

/** Fractions. */
export interface EmotionMeasure {
  readonly value: number;
  /** Percentile bootstrap over subjects, of the predictions as they are. Null without resamples. */
  readonly low: number | null;
  readonly high: number | null;
  /** What always saying the commonest emotion of the training subjects gives. */
  readonly majority: number;
  /** Mean under permuted labels. Null without permutations. */
  readonly chance: number | null;
  /** Share of permutations that reach the value, the labels as they are counted in. */
  readonly pValue: number | null;
}

export interface HeldOutPrediction {
  readonly video: string;
  readonly subject: string;
  /** From 0. */
  readonly fold: number;
  readonly emotion: string;
  readonly predicted: string;
  readonly probabilities: Readonly<Record<string, number>>;
}

/** Plain data. */
export interface EmotionEvaluation {
  readonly notice: string;
  readonly videos: number;
  readonly subjects: number;
  readonly emotions: readonly string[];
  readonly measures: Readonly<Record<MeasureName, EmotionMeasure>>;
  readonly perEmotion: Readonly<Record<string, ClassMeasures>>;
  /** `confusion[truth][predicted]`: videos, by position in `emotions`. */
  readonly confusion: readonly (readonly number[])[];
  /** Each video once, by a classifier that saw nothing of its subject. */
  readonly predictions: readonly HeldOutPrediction[];
  readonly settings: {
    readonly folds: number;
    /** Of each fold. */
    readonly l2: readonly number[];
    readonly classWeights: ClassWeights;
    readonly permutations: number;
    readonly resamples: number;
    readonly confidence: number;
    readonly seed: number;
  };
}

/**
 * How well emotions are told in people never seen: cross-validation in folds of subjects. Standardisation,
 * regularisation and weights are made anew from each fold's training subjects.
 *
 * @throws UserError `too-few-subjects`, `too-few-emotions`; UsageError for options that make no sense
 */
export async function evaluateEmotion(
  samples: EmotionSamples,
  options: EvaluateEmotionOptions = {},
): Promise<EmotionEvaluation> {
  const { classWeights = 'balanced', permutations = 100, resamples = 1000, confidence = 0.95, seed = 0 } = options;
  const { emotions, labels, subjects, videos } = samples;
  checkSamples(samples);
  const people = new Set(subjects).size;
  const folds = countFolds(options.folds, people);
  const dice = new Dice(seed);
  const foldOf = subjectFolds(subjects, labels, folds, dice.fork('folds'));
  const settings = { classes: emotions.length, foldOf, folds, classWeights, l2: options.l2 };
  const { predicted, probabilities, l2 } = crossValidate(samples, settings, dice.fork('strength'));
  const values = measuresOf(labels, predicted, emotions.length);
  const majority = measuresOf(labels, majorities(labels, foldOf, emotions.length), emotions.length);
  const drawn = resampled(samples, predicted, resamples, dice.fork('resamples'));
  const permuted: Measures[] = [];
  for (let p = 0; p < permutations; p++) {
    await breath();
    options.signal?.throwIfAborted();
    const shuffled = permuteLabels(subjects, labels, dice.fork('permutation', p));
    const again = crossValidate({ ...samples, labels: shuffled }, settings, dice.fork('strength', p));
    permuted.push(measuresOf(shuffled, again.predicted, emotions.length));
    options.onPermutation?.(p + 1);
  }
  const measure = (name: MeasureName): EmotionMeasure => {
    const bound = (share: number) =>
      drawn.length > 0
        ? quantileOf(
            drawn.map((one) => one[name]),
            share,
          )
        : null;
    const under = permuted.map((one) => one[name]);
    // A hair's breadth for rounding, lest equal values seem to differ.
    const reach = under.filter((value) => value >= values[name] - 1e-12).length;
    return {
      value: values[name],
      low: bound((1 - confidence) / 2),
      high: bound((1 + confidence) / 2),
      majority: majority[name],
      chance: under.length > 0 ? under.reduce((sum, value) => sum + value, 0) / under.length : null,
      pValue: under.length > 0 ? (reach + 1) / (under.length + 1) : null,
    };
  };
  const confusion = confusionOf(labels, predicted, emotions.length);
  const perClass = measureClasses(confusion);
  return {
    notice: noDiagnosis,
    videos: videos.length,
    subjects: people,
    emotions,
    measures: Object.fromEntries(measureNames.map((name) => [name, measure(name)])) as EmotionEvaluation['measures'],
    perEmotion: Object.fromEntries(emotions.map((emotion, k) => [emotion, perClass[k]!])),
    confusion: emotions.map((_, k) => [...confusion.counts.subarray(k * emotions.length, (k + 1) * emotions.length)]),
    predictions: videos.map((video, row) => ({
      video,
      subject: subjects[row],
      fold: foldOf[row],
      emotion: emotions[labels[row]],
      predicted: emotions[predicted[row]],
      probabilities: Object.fromEntries(emotions.map((emotion, k) => [emotion, probabilities[row][k]])),
    })),
    settings: { folds, l2, classWeights, permutations, resamples, confidence, seed },
  };
}

// ---- below: internals ----

/** Lets the rest of the program run for a moment. */
const breath = () => new Promise<void>((resolve) => setTimeout(resolve));

function checkSamples({ emotions, labels, subjects }: EmotionSamples): void {
  if (emotions.length < 2) {
    throw new UserError(
      'too-few-emotions',
      `found the emotion ${emotions.join()} only; expected two or more to tell apart`,
    );
  }
  emotions.forEach((emotion, k) => {
    const people = new Set(subjects.filter((_, row) => labels[row] === k));
    if (people.size > 1) return;
    throw new UserError(
      'too-few-subjects',
      `the emotion ${emotion} is shown by one subject only, ${[...people][0]}; while that one is tested nobody is left to learn it from. Take the emotion out of the table, or add another subject`,
    );
  });
}

function countFolds(folds: EvaluateEmotionOptions['folds'], people: number): number {
  if (folds === 'subjects') return people;
  if (folds === undefined) return Math.min(5, people);
  if (Number.isInteger(folds) && folds >= 2 && folds <= people) return folds;
  throw new UsageError(`folds: found ${folds}, expected a whole number from 2 to ${people}, the number of subjects`);
}

interface Folds {
  readonly classes: number;
  readonly folds: number;
  readonly foldOf: readonly number[];
  readonly classWeights: ClassWeights;
  readonly l2: number | undefined;
}

/** What is predicted for each row by a classifier that learned from the other folds alone. */
function crossValidate(
  { features, labels, subjects }: Pick<EmotionSamples, 'features' | 'labels' | 'subjects'>,
  { classes, folds, foldOf, classWeights, l2: given }: Folds,
  dice: Dice,
): { predicted: number[]; probabilities: Float64Array[]; l2: number[] } {
  const probabilities: Float64Array[] = [];
  const l2 = Array.from({ length: folds }, (_, fold) => {
    const train = foldOf.flatMap((one, row) => (one === fold ? [] : [row]));
    const test = foldOf.flatMap((one, row) => (one === fold ? [row] : []));
    const learned = {
      features: chosenRows(features, train),
      labels: train.map((row) => labels[row]),
      subjects: train.map((row) => subjects[row]),
    };
    const enough = new Set(learned.subjects).size > 1;
    const strength = given ?? (enough ? chooseStrength(learned, { classes, classWeights, dice: dice.fork(fold) }) : 1);
    const [classifier] = fitClassifiers(learned, [strength], classWeights);
    classify(classifier, chosenRows(features, test), classes).forEach((one, i) => {
      probabilities[test[i]] = one;
    });
    return strength;
  });
  return { predicted: probabilities.map((one) => one.indexOf(Math.max(...one))), probabilities, l2 };
}

function majorities(labels: readonly number[], foldOf: readonly number[], classes: number): number[] {
  return labels.map((_, row) => {
    const counts = Array.from(
      { length: classes },
      (_, k) => labels.filter((label, other) => label === k && foldOf[other] !== foldOf[row]).length,
    );
    return counts.indexOf(Math.max(...counts));
  });
}

function resampled(
  { subjects, labels, emotions }: EmotionSamples,
  predicted: readonly number[],
  resamples: number,
  dice: Dice,
): Measures[] {
  const rowsOf = [
    ...Map.groupBy(
      subjects.map((_, row) => row),
      (row) => subjects[row],
    ).values(),
  ];
  return Array.from({ length: resamples }, () => {
    const rows = rowsOf.flatMap(() => dice.oneOf(rowsOf));
    return measuresOf(
      rows.map((row) => labels[row]),
      rows.map((row) => predicted[row]),
      emotions.length,
    );
  });
}
