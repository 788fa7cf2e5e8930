import { fail } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { type Shape, shown, sizeOf } from '../graph/tensorData.ts';
import { type ResizeMode, resize } from '../ops/resize.ts';
import { reshape, transpose } from '../ops/shape.ts';

/**
 * The table of Vaswani et al. 2017 (arXiv 1706.03762, section 3.5), as in VideoMAE: number j of position p has the
 * angle p / 10000^((j − j mod 2) / width), of which even j take the sine and odd j the cosine.
 *
 * @returns count · width numbers, position by position, worked out in double precision
 */
export function sinusoidTable(count: number, width: number): Float32Array {
  const table = new Float32Array(count * width);
  for (let position = 0; position < count; position++) {
    for (let j = 0; j < width; j++) {
      const angle = position / 10_000 ** ((j - (j % 2)) / width);
      table[position * width + j] = j % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return table;
}

/**
 * Sines and cosines of the two coordinates of a grid, as in MAE (He et al. 2021, arXiv 2111.06377): the first half of
 * the width is of the column, the second of the row, each all sines and then all cosines.
 *
 * @param width - a multiple of 4
 * @returns rows · columns · width numbers, row by row
 */
export function sineCosine2d([rows, columns]: readonly [rows: number, columns: number], width: number): Float32Array {
  if (width % 4 !== 0) fail('sineCosine2d', 'width', `is ${width}`, 'a multiple of 4');
  const quarter = width / 4;
  const table = new Float32Array(rows * columns * width);
  for (let cell = 0; cell < rows * columns; cell++) {
    const coordinates = [cell % columns, Math.floor(cell / columns)];
    for (const [half, coordinate] of coordinates.entries()) {
      for (let i = 0; i < quarter; i++) {
        const angle = coordinate / 10_000 ** (i / quarter);
        const at = cell * width + half * 2 * quarter + i;
        table[at] = Math.sin(angle);
        table[at + quarter] = Math.cos(angle);
      }
    }
  }
  return table;
}

/**
 * Position encodings of one grid for another of as many axes: rows and columns (or whatever the last two axes are) by
 * cubic interpolation unless told; a first of three axes, time, must stay as long as it is.
 *
 * @param positions - [1, tokens of `from`, width]
 * @returns [1, tokens of `to`, width]; the same tensor where the grids are
 */
export function resizePositions(
  positions: Tensor,
  from: Shape,
  to: Shape,
  { mode = 'cubic' }: { readonly mode?: ResizeMode } = {},
): Tensor {
  const width = positions.shape[2];
  if (positions.shape.length !== 3 || positions.shape[0] !== 1 || positions.shape[1] !== sizeOf(from)) {
    fail('resizePositions', 'positions', `have shape ${shown(positions.shape)}`, `[1, ${sizeOf(from)}, width]`);
  }
  if (String(from) === String(to)) return positions;
  const frames = from.slice(0, -2);
  if (from.length !== to.length || from.length < 2 || String(frames) !== String(to.slice(0, -2))) {
    fail('resizePositions', 'to', `is ${shown(to)}`, `as many axes as ${shown(from)}, the same but for the last two`);
  }
  const image = transpose(reshape(positions, [-1, ...from.slice(-2), width]), [0, 3, 1, 2]); // [frames, width, h, w]
  const resized = resize(image, { sizes: to.slice(-2), mode });
  return reshape(transpose(resized, [0, 2, 3, 1]), [1, sizeOf(to), width]);
}
