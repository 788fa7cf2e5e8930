import { describe, expect, it } from 'vitest';
import { Dice } from '../dice.ts';
import { classify, fitClassifiers } from './classifier.ts';
import { fitLogistic, type LogisticProblem, logisticObjective, probabilitiesOf } from './logistic.ts';
import { matrixOf, rowOf } from './matrix.ts';
import { standardisationOf, standardised } from './standardisation.ts';

function madeProblem(rows: number, columns: number, classes: number, l2: number, seed = 1): LogisticProblem {
  const dice = new Dice(seed);
  const labels = Array.from({ length: rows }, (_, row) => row % classes);
  const features = matrixOf(
    labels.map((label) => Array.from({ length: columns }, (_, c) => dice.normal() + (c === label ? 1 : 0))),
    columns,
  );
  return { features, labels, classes, rowWeights: labels.map(() => dice.uniform(0.5, 2)), l2 };
}

const flat = (problem: LogisticProblem) => {
  const { weights, bias } = fitLogistic(problem);
  return Float64Array.from([...weights.data, ...bias]);
};

describe('logistic regression', () => {
  it('has the gradient that differences of its loss show', () => {
    const problem = madeProblem(12, 3, 3, 0.3);
    const objective = logisticObjective(problem);
    const dice = new Dice(2);
    const point = Float64Array.from({ length: 12 }, () => dice.normal());
    const gradient = new Float64Array(12);
    objective(point, gradient);
    const unused = new Float64Array(12);
    for (let i = 0; i < 12; i++) {
      const [up, down] = [1e-5, -1e-5].map((step) =>
        objective(
          point.map((value, at) => (at === i ? value + step : value)),
          unused,
        ),
      );
      expect(gradient[i]).toBeCloseTo((up - down) / 2e-5, 7);
    }
  });

  it('ends where the gradient is zero, and weights of a feature sum to zero over classes', () => {
    for (const l2 of [100, 1, 0.01]) {
      const problem = madeProblem(40, 6, 4, l2);
      const found = flat(problem);
      const gradient = new Float64Array(found.length);
      logisticObjective(problem)(found, gradient);
      expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(2e-6);
      for (let c = 0; c < 6; c++) {
        const sum = [0, 1, 2, 3].reduce((total, k) => total + found[k * 6 + c], 0);
        expect(Math.abs(sum)).toBeLessThan(1e-4);
      }
    }
  });

  it('gives logarithms of the weighed shares of the classes where features say nothing', () => {
    const labels = [0, 0, 0, 1, 2, 2];
    const features = { rows: 6, columns: 2, data: new Float64Array(12) };
    const { bias, weights } = fitLogistic({ features, labels, classes: 3, rowWeights: [1, 1, 1, 1, 2, 2], l2: 1 });
    const shares = [3, 1, 4].map((weight) => Math.log(weight / 8));
    const center = shares.reduce((sum, value) => sum + value, 0) / 3;
    expect([...bias].map((value, k) => value - shares[k] + center)).toEqual([0, 0, 0].map(() => expect.closeTo(0, 4)));
    expect([...weights.data]).toEqual(Array(6).fill(0));
  });

  it('equals, for two classes, the binary regression that Newton steps find', () => {
    const problem = madeProblem(50, 2, 2, 0.2, 7);
    const [w0, w1, b] = newton(problem);
    const { weights, bias } = fitLogistic(problem);
    expect(weights.data[2] - weights.data[0]).toBeCloseTo(w0, 4);
    expect(weights.data[3] - weights.data[1]).toBeCloseTo(w1, 4);
    expect(bias[1] - bias[0]).toBeCloseTo(b, 4);
  });

  it('finds the same in the space of the rows, where there are more features than rows', () => {
    const { features, labels } = madeProblem(15, 40, 3, 1, 3);
    const [classifier] = fitClassifiers({ features, labels }, [0.5], 'none');
    const scaled = standardised(features, standardisationOf(features));
    const direct = fitLogistic({ features: scaled, labels, classes: 3, rowWeights: labels.map(() => 1), l2: 0.5 });
    for (let i = 0; i < direct.weights.data.length; i++) {
      expect(classifier.logistic.weights.data[i]).toBeCloseTo(direct.weights.data[i], 5);
    }
    const [probabilities] = classify(classifier, features, 3);
    const expected = probabilitiesOf(direct, rowOf(scaled, 0));
    probabilities.forEach((value, k) => {
      expect(value).toBeCloseTo(expected[k], 5);
    });
  });

  it('gives no probability to a class that its examples lack, and no weight to a feature that never varies', () => {
    const features = matrixOf(
      [0, 1, 2, 3].map((x) => [x, 7]),
      2,
    );
    const [classifier] = fitClassifiers({ features, labels: [0, 0, 2, 2] }, [1], 'balanced');
    const [probabilities] = classify(classifier, matrixOf([[0, -1000]], 2), 3);
    expect(probabilities[1]).toBe(0);
    expect(probabilities[0]).toBeGreaterThan(0.5);
    expect(classifier.logistic.weights.data[1]).toBe(0);
  });
});

/** Binary regression of class 1; the two weight vectors of the softmax are plus and minus half of its own. */
function newton({ features, labels, rowWeights, l2 }: LogisticProblem): number[] {
  const total = rowWeights.reduce((sum, weight) => sum + weight, 0);
  const beta = [0, 0, 0];
  for (let step = 0; step < 50; step++) {
    const gradient = [(l2 / 2) * beta[0], (l2 / 2) * beta[1], 0];
    const hessian = [
      [l2 / 2, 0, 0],
      [0, l2 / 2, 0],
      [0, 0, 0],
    ];
    labels.forEach((label, row) => {
      const x = [...rowOf(features, row), 1];
      const p = 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * beta[i], 0)));
      const share = rowWeights[row] / total;
      x.forEach((value, i) => {
        gradient[i] += share * (p - label) * value;
        x.forEach((other, j) => {
          hessian[i][j] += share * p * (1 - p) * value * other;
        });
      });
    });
    solve3(hessian, gradient).forEach((change, i) => {
      beta[i] -= change;
    });
  }
  return beta;
}

/** By Cramer's rule. */
function solve3(a: number[][], b: number[]): number[] {
  const determinant = ([p, q, r]: number[][]) =>
    p[0] * (q[1] * r[2] - q[2] * r[1]) - p[1] * (q[0] * r[2] - q[2] * r[0]) + p[2] * (q[0] * r[1] - q[1] * r[0]);
  return [0, 1, 2].map(
    (column) => determinant(a.map((row, i) => row.map((value, j) => (j === column ? b[i] : value)))) / determinant(a),
  );
}
