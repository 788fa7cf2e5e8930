import { fitLogistic, type Logistic, probabilitiesOf } from './logistic.ts';
import type { Matrix } from './matrix.ts';
import { fromBasis, rowSpaceOf } from './rowSpace.ts';
import { type Standardisation, standardisationOf, standardised } from './standardisation.ts';

/** Rows to learn from. */
export interface Examples {
  /** `[rows, features]`, as measured. */
  readonly features: Matrix;
  /** Position of each row's class among all classes. */
  readonly labels: readonly number[];
}

/** `balanced`: every class counts the same in sum. `none`: every row does. */
export type ClassWeights = 'balanced' | 'none';

/** A standardisation and a logistic regression behind it, of the classes that its examples held. */
export interface Classifier {
  readonly standardisation: Standardisation;
  readonly logistic: Logistic;
  /** What the regression's classes are, as positions among all classes. */
  readonly present: readonly number[];
}

/** One classifier for each strength, in their order; from the strongest to the weakest is fastest. */
export function fitClassifiers(
  { features, labels }: Examples,
  strengths: readonly number[],
  classWeights: ClassWeights,
): Classifier[] {
  const standardisation = standardisationOf(features);
  const scaled = standardised(features, standardisation);
  const present = [...new Set(labels)].sort((a, b) => a - b);
  const own = labels.map((label) => present.indexOf(label));
  const counts = present.map((_, k) => own.filter((label) => label === k).length);
  const rowWeights = own.map((label) => (classWeights === 'balanced' ? 1 / counts[label] : 1));
  // Where there are far more features than rows, in the space of the rows: fewer numbers, the same solution.
  const space = scaled.columns > 2 * scaled.rows ? rowSpaceOf(scaled) : undefined;
  let found: Logistic | undefined;
  return strengths.map((l2) => {
    const problem = { features: space?.coordinates ?? scaled, labels: own, classes: present.length, rowWeights, l2 };
    found = fitLogistic(problem, found);
    const { weights, bias } = found;
    const logistic = { weights: space ? fromBasis(weights, space.basis) : weights, bias };
    return { standardisation, logistic, present };
  });
}

/** Probabilities of all `classes` for each row; 0 for those that the examples lacked. */
export function classify(
  { standardisation, logistic, present }: Classifier,
  features: Matrix,
  classes: number,
): Float64Array[] {
  const scaled = standardised(features, standardisation);
  return Array.from({ length: scaled.rows }, (_, row) => {
    const all = new Float64Array(classes);
    const x = scaled.data.subarray(row * scaled.columns, (row + 1) * scaled.columns);
    probabilitiesOf(logistic, x).forEach((probability, k) => {
      all[present[k]] = probability;
    });
    return all;
  });
}
