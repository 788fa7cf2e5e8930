import { type Shape, sizeOf, type TensorData } from '../graph/tensorData.ts';

/** Elements from one entry of an axis to the next, in C order: the last axis fastest. */
export const cStrides = (shape: Shape): number[] => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

/** The same in Fortran order: the first axis fastest. */
export const fortranStrides = (shape: Shape): number[] => shape.map((_, axis) => sizeOf(shape.slice(0, axis)));

/** Whether elements of these strides lie in C order without a gap. Strides of axes of one entry mean nothing. */
export function isContiguous(shape: Shape, strides: readonly number[]): boolean {
  const expected = cStrides(shape);
  return shape.includes(0) || shape.every((length, axis) => length === 1 || strides[axis] === expected[axis]);
}

/** How many elements a strided view reaches over, from its first to its last. */
export function spanOf(shape: Shape, strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((last, length, axis) => last + (length - 1) * strides[axis], 1);
}

/** A strided view, copied into C order. */
export function gathered(data: TensorData['data'], shape: Shape, strides: readonly number[]): TensorData['data'] {
  const result = new (data.constructor as new (length: number) => TensorData['data'])(sizeOf(shape));
  const outer = shape.slice(0, -1);
  const length = shape.at(-1) ?? 1;
  const stride = strides.at(-1) ?? 0;
  const index = outer.map(() => 0);
  let start = 0;
  for (let to = 0; to < result.length; ) {
    for (let i = 0; i < length; i++) result[to++] = data[start + i * stride];
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      start += strides[axis];
      if (++index[axis] < outer[axis]) break;
      start -= strides[axis] * outer[axis];
      index[axis] = 0;
    }
  }
  return result;
}
