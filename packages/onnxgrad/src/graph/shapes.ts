import { GraphError } from '../errors.ts';
import { Constant, scalar, type Tensor } from './tensor.ts';
import { arrayFrom, type DType, isFloat, type Shape, shown, sizeOf } from './tensorData.ts';

/** What operations take where a plain number will do. */
export type TensorLike = Tensor | number;

/** Throws a `GraphError` that names the operation, the argument, what was got and what was expected. */
export function fail(operation: string, argument: string, got: string, expected: string): never {
  throw new GraphError(`${operation}: ${argument} ${got}; expected ${expected}`);
}

/** The one shape that several broadcast to, by NumPy's rule. */
export function broadcastShapes(operation: string, ...shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const length = lengths.find((candidate) => candidate !== 1) ?? 1;
    if (lengths.every((candidate) => candidate === 1 || candidate === length)) return length;
    throw new GraphError(
      `${operation}: shapes ${shapes.map(shown).join(' and ')} do not fit together; ` +
        `axis ${axis - rank} has lengths ${lengths.join(' and ')}, expected equal lengths or 1`,
    );
  });
}

/** Axes counted from 0, in rising order; negative ones count from the end. */
export function axesOf(operation: string, { shape }: Tensor, axes: number | readonly number[] | undefined): number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const found = (typeof axes === 'number' ? [axes] : axes).map((axis) => {
    if (Number.isInteger(axis) && axis >= -shape.length && axis < shape.length)
      return axis < 0 ? axis + shape.length : axis;
    return fail(
      operation,
      'axis',
      `is ${axis} for a tensor of shape ${shown(shape)}`,
      `${-shape.length} to ${shape.length - 1}`,
    );
  });
  if (new Set(found).size < found.length) fail(operation, 'axes', `are ${shown(found)}`, 'each axis once');
  return found.sort((a, b) => a - b);
}

export const axisOf = (operation: string, x: Tensor, axis: number): number => axesOf(operation, x, axis)[0];

export function requireFloat(operation: string, argument: string, { dtype }: Tensor): void {
  if (!isFloat(dtype)) fail(operation, argument, `is ${dtype}`, 'float32, float16 or float64; cast it first');
}

export function requireRank(operation: string, argument: string, { shape }: Tensor, ...ranks: readonly number[]): void {
  if (!ranks.includes(shape.length)) {
    fail(operation, argument, `has shape ${shown(shape)}`, `${ranks.join(' or ')} axes`);
  }
}

export function requireShape(operation: string, argument: string, { shape }: Tensor, expected: Shape): void {
  if (shape.length !== expected.length || shape.some((length, axis) => length !== expected[axis])) {
    fail(operation, argument, `has shape ${shown(shape)}`, shown(expected));
  }
}

export function requireDType(
  operation: string,
  argument: string,
  { dtype }: Tensor,
  ...expected: readonly DType[]
): void {
  if (!expected.includes(dtype)) fail(operation, argument, `is ${dtype}`, expected.join(' or '));
}

/** Tensors of one element type; plain numbers take that of the first tensor among them. */
export function unified(operation: string, ...values: readonly TensorLike[]): Tensor[] {
  const dtype = values.find((value) => typeof value !== 'number')?.dtype ?? 'float32';
  return values.map((value, position) => {
    if (typeof value === 'number') {
      if (!isFloat(dtype) && !Number.isInteger(value))
        fail(
          operation,
          `argument ${position + 1}`,
          `is ${value}`,
          `a whole number, as the others are ${dtype}; cast them`,
        );
      return scalar(value, dtype);
    }
    if (value.dtype !== dtype)
      fail(operation, `argument ${position + 1}`, `is ${value.dtype}`, `${dtype} as the others; cast it`);
    return value;
  });
}

/** A tensor of one number throughout, as a constant of that shape (small ones) or one number (where it broadcasts). */
export const full = (shape: Shape, value: number, dtype: DType = 'float32'): Constant =>
  new Constant(dtype, shape, arrayFrom(dtype, new Float64Array(sizeOf(shape)).fill(value)));

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis]);
