import { confusionOf, measureClasses } from '../evaluation/recognition/confusion.ts';

export const measureNames = ['accuracy', 'balancedAccuracy', 'macroF1'] as const;
export type MeasureName = (typeof measureNames)[number];

/** Fractions. */
export type Measures = Readonly<Record<MeasureName, number>>;

/** Accuracy, mean recall of the classes that occur in the truth, and mean F1 of those that occur or are predicted. */
export function measuresOf(truth: readonly number[], predicted: readonly number[], classes: number): Measures {
  const seen = measureClasses(confusionOf(truth, predicted, classes)).filter((one) => one !== undefined);
  return {
    accuracy: seen.reduce((sum, { correct }) => sum + correct, 0) / truth.length,
    balancedAccuracy: mean(seen.filter(({ clips }) => clips > 0).map(({ recall }) => recall)),
    macroF1: mean(seen.map(({ f1 }) => f1)),
  };
}

// ---- below: internals ----

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
