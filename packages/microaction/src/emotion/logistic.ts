import { type Matrix, rowOf } from './matrix.ts';
import { minimise, type Objective } from './minimise.ts';

/** Multinomial logistic regression: softmax of `weights x + bias`. */
export interface Logistic {
  /** `[classes, features]`. */
  readonly weights: Matrix;
  readonly bias: Float64Array;
}

export interface LogisticProblem {
  /** `[rows, features]`, standardised. */
  readonly features: Matrix;
  /** Class of each row, from 0. */
  readonly labels: readonly number[];
  readonly classes: number;
  /** What each row counts. */
  readonly rowWeights: readonly number[];
  /** Strength of the pull of the weights to 0, above 0; the bias is free. */
  readonly l2: number;
}

/**
 * The minimum of the mean cross-entropy, rows weighted, plus `l2 / 2` times the sum of the squared weights. It is
 * unique but for a number added to all biases, which are given a mean of 0; the weights of a feature have it by
 * themselves.
 *
 * @param start - a solution for another `l2`, to begin near
 */
export function fitLogistic(problem: LogisticProblem, start?: Logistic): Logistic {
  const { classes, features } = problem;
  const { columns } = features;
  const parameters = new Float64Array(classes * (columns + 1));
  if (start) {
    parameters.set(start.weights.data);
    parameters.set(start.bias, classes * columns);
  }
  const found = minimise(logisticObjective(problem), parameters, { tolerance: 1e-6 });
  const bias = found.slice(classes * columns);
  const center = bias.reduce((sum, value) => sum + value, 0) / classes;
  return {
    weights: { rows: classes, columns, data: found.slice(0, classes * columns) },
    bias: bias.map((value) => value - center),
  };
}

/** What `fitLogistic` minimises, of the weights class by class and then the biases. */
export function logisticObjective({ features, labels, classes, rowWeights, l2 }: LogisticProblem): Objective {
  const { rows, columns } = features;
  const total = rowWeights.reduce((sum, weight) => sum + weight, 0);
  const { data } = features;
  const biasAt = classes * columns;
  const probabilities = new Float64Array(classes);
  // Plain indices: a view for each row would cost more than the products.
  return (point, gradient) => {
    gradient.fill(0);
    let value = 0;
    for (let row = 0; row < rows; row++) {
      const from = row * columns;
      const share = rowWeights[row] / total;
      for (let k = 0; k < classes; k++) {
        let logit = point[biasAt + k];
        for (let c = 0, at = k * columns; c < columns; c++) logit += point[at + c] * data[from + c];
        probabilities[k] = logit;
      }
      softmax(probabilities);
      value -= share * Math.log(Math.max(probabilities[labels[row]], Number.MIN_VALUE));
      for (let k = 0; k < classes; k++) {
        const error = share * (probabilities[k] - (k === labels[row] ? 1 : 0));
        for (let c = 0, at = k * columns; c < columns; c++) gradient[at + c] += error * data[from + c];
        gradient[biasAt + k] += error;
      }
    }
    for (let i = 0; i < biasAt; i++) {
      value += (l2 / 2) * point[i] * point[i];
      gradient[i] += l2 * point[i];
    }
    return value;
  };
}

/** Of each class, for one standardised row. */
export function probabilitiesOf({ weights, bias }: Logistic, x: Float64Array): Float64Array {
  const logits = bias.map((value, k) => {
    const row = rowOf(weights, k);
    return row.reduce((sum, weight, c) => sum + weight * x[c], value);
  });
  return softmax(logits);
}

// ---- below: internals ----

/** In place. */
function softmax(logits: Float64Array): Float64Array {
  let most = logits[0];
  for (let k = 1; k < logits.length; k++) most = Math.max(most, logits[k]);
  let sum = 0;
  for (let k = 0; k < logits.length; k++) sum += logits[k] = Math.exp(logits[k] - most);
  for (let k = 0; k < logits.length; k++) logits[k] /= sum;
  return logits;
}
