import { axesOf, axisOf, fail } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { type Shape, shown } from '../graph/tensorData.ts';
import { concat, expand, reshape, slice } from './shape.ts';

/** Joins tensors of one shape along a new axis. */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
  if (parts.length === 0) fail('stack', 'parts', 'is empty', 'one tensor or more');
  const at = axisOf('stack', unsqueeze(parts[0], 0), axis);
  return concat(
    parts.map((part) => unsqueeze(part, at)),
    at,
  );
}

/** Parts of an axis of the given lengths, or so many equal parts. */
export function split(x: Tensor, parts: number | readonly number[], axis: number): Tensor[] {
  const along = axisOf('split', x, axis);
  const length = x.shape[along];
  if (typeof parts === 'number' && (!Number.isInteger(parts) || parts < 1)) {
    fail('split', 'parts', `are ${parts}`, 'a whole number from 1 up, or the length of each');
  }
  const lengths = typeof parts === 'number' ? new Array<number>(parts).fill(length / parts) : parts;
  const isWhole = lengths.every((part) => Number.isInteger(part) && part >= 0);
  if (!isWhole || lengths.reduce((sum, part) => sum + part, 0) !== length) {
    fail('split', 'parts', `are ${shown(lengths)}`, `whole numbers that sum to ${length}, the length of axis ${along}`);
  }
  let start = 0;
  return lengths.map((part) => slice(x, along, start, (start += part)));
}

/** The whole repeated along each axis, so many times: [a, b] twice → [a, b, a, b]. */
export function tile(x: Tensor, times: readonly number[]): Tensor {
  if (times.length !== x.shape.length || !times.every((count) => Number.isInteger(count) && count >= 1)) {
    fail('tile', 'times', `are ${shown(times)}`, `a whole number from 1 up for each axis of ${shown(x.shape)}`);
  }
  const apart: Shape = x.shape.flatMap((length) => [1, length]);
  const repeated = expand(
    reshape(x, apart),
    x.shape.flatMap((length, axis) => [times[axis], length]),
  );
  return reshape(
    repeated,
    x.shape.map((length, axis) => length * times[axis]),
  );
}

/** Each element of an axis so many times in a row: [a, b] twice → [a, a, b, b]. */
export function repeat(x: Tensor, count: number, axis: number): Tensor {
  const along = axisOf('repeat', x, axis);
  if (!Number.isInteger(count) || count < 1) fail('repeat', 'count', `is ${count}`, 'a whole number from 1 up');
  const before = x.shape.slice(0, along + 1);
  const after = x.shape.slice(along + 1);
  const apart = expand(reshape(x, [...before, 1, ...after]), [...before, count, ...after]);
  return reshape(apart, [...before.slice(0, -1), before[along] * count, ...after]);
}

/** A new axis of length 1, at this place of the result. */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  const rank = x.shape.length + 1;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    fail('unsqueeze', 'axis', `is ${axis} for a tensor of shape ${shown(x.shape)}`, `${-rank} to ${rank - 1}`);
  }
  const at = axis < 0 ? axis + rank : axis;
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/** Without axes of length 1: those given, or all. */
export function squeeze(x: Tensor, axes?: number | readonly number[]): Tensor {
  const dropped = axes === undefined ? undefined : axesOf('squeeze', x, axes);
  const long = dropped?.find((axis) => x.shape[axis] !== 1);
  if (long !== undefined) fail('squeeze', `axis ${long}`, `has length ${x.shape[long]}`, '1');
  return reshape(
    x,
    x.shape.filter((length, axis) => (dropped ? !dropped.includes(axis) : length !== 1)),
  );
}
