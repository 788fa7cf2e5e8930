/** Numbers row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export const rowOf = ({ columns, data }: Matrix, row: number): Float64Array =>
  data.subarray(row * columns, (row + 1) * columns);

export function matrixOf(rows: readonly ArrayLike<number>[], columns: number): Matrix {
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    data.set(row, i * columns);
  });
  return { rows: rows.length, columns, data };
}

/** Some rows, in the order asked for. */
export const chosenRows = (matrix: Matrix, rows: readonly number[]): Matrix =>
  matrixOf(
    rows.map((row) => rowOf(matrix, row)),
    matrix.columns,
  );
