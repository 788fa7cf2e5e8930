import { type Matrix, matrixOf, rowOf } from './matrix.ts';

/** The space that some rows span. */
export interface RowSpace {
  /** Orthonormal, `[dimensions, columns]`. */
  readonly basis: Matrix;
  /** The rows in that basis, `[rows, dimensions]`. */
  readonly coordinates: Matrix;
}

/**
 * Gram-Schmidt, each row projected twice against rounding. Weights that minimise a loss of products with the rows plus
 * their squared length lie in this space, and lengths are the same in it: where there are more columns than rows, all
 * can be fitted there, with fewer numbers.
 */
export function rowSpaceOf(rows: Matrix): RowSpace {
  const basis: Float64Array[] = [];
  for (let i = 0; i < rows.rows; i++) {
    const rest = rowOf(rows, i).slice();
    const length = Math.sqrt(dot(rest, rest));
    for (let pass = 0; pass < 2; pass++) {
      for (const direction of basis) {
        const share = dot(direction, rest);
        for (let c = 0; c < rest.length; c++) rest[c] -= share * direction[c];
      }
    }
    const left = Math.sqrt(dot(rest, rest));
    if (left > 1e-10 * length) basis.push(rest.map((value) => value / left));
  }
  const coordinates = Array.from({ length: rows.rows }, (_, i) => basis.map((one) => dot(one, rowOf(rows, i))));
  return { basis: matrixOf(basis, rows.columns), coordinates: matrixOf(coordinates, basis.length) };
}

/** Rows given in a basis, as rows of the whole space. */
export function fromBasis({ columns, rows, data }: Matrix, basis: Matrix): Matrix {
  const whole = new Float64Array(rows * basis.columns);
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < columns; d++) {
      const share = data[row * columns + d];
      const direction = rowOf(basis, d);
      for (let c = 0; c < basis.columns; c++) whole[row * basis.columns + c] += share * direction[c];
    }
  }
  return { rows, columns: basis.columns, data: whole };
}

// ---- below: internals ----

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
