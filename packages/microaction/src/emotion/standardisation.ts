import type { Matrix } from './matrix.ts';

/** Takes every column to mean 0 and standard deviation 1, as measured on training rows only. */
export interface Standardisation {
  readonly mean: Float64Array;
  /** Of the population. 1 where a column never varies, which then is 0 as long as it does not. */
  readonly deviation: Float64Array;
}

export function standardisationOf({ rows, columns, data }: Matrix): Standardisation {
  const mean = new Float64Array(columns);
  const deviation = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) mean[i % columns] += data[i] / rows;
  for (let i = 0; i < data.length; i++) deviation[i % columns] += (data[i] - mean[i % columns]) ** 2 / rows;
  // What is left by rounding alone is no variation.
  for (let c = 0; c < columns; c++) {
    const found = Math.sqrt(deviation[c]);
    deviation[c] = found > 1e-12 * Math.max(1, Math.abs(mean[c])) ? found : 1;
  }
  return { mean, deviation };
}

export function standardised({ rows, columns, data }: Matrix, { mean, deviation }: Standardisation): Matrix {
  const scaled = data.map((value, i) => (value - mean[i % columns]) / deviation[i % columns]);
  return { rows, columns, data: scaled };
}
