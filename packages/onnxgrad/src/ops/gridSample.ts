import { fail, requireDType, requireFloat, requireRank } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { type Shape, shown, sizeOf } from '../graph/tensorData.ts';
import { and, cast, greater, greaterOrEqual, less, lessOrEqual, where } from './compare.ts';
import { add, clamp, floor, multiply, subtract } from './elementwise.ts';
import { concat, reshape, slice, swapLast } from './shape.ts';
import { stopGradient } from './stopGradient.ts';
import { weightedRows } from './weightedRows.ts';

export interface GridSampleOptions {
  /** Whether −1 and 1 are the first and last samples, rather than the outer edges of their cells; no unless told. */
  readonly alignCorners?: boolean;
  /** What lies beyond the border: zeros unless told, or the samples at the border. */
  readonly padding?: 'zeros' | 'border';
}

/**
 * Linear sampling along one axis, as torch's `grid_sample` along one of its two: positions run from −1 to 1. Gradients
 * flow to values and positions.
 *
 * @param x - [N, C, T]
 * @param grid - positions, [N, ...]
 * @returns [N, C, ...]
 */
export function gridSample1d(x: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  checkSamples('gridSample1d', x, grid, 3, options);
  const [batch, channels, steps] = x.shape;
  const places = samplePositions(reshape(grid, [batch, -1, 1]), [steps], options);
  return reshape(sampled(x, places, options), [batch, channels, ...grid.shape.slice(1)]);
}

/**
 * Bilinear sampling, as torch's `grid_sample`: positions run from −1 to 1. Gradients flow to values and positions.
 *
 * @param x - [N, C, H, W]
 * @param grid - positions, [N, ..., 2]: first along W, then along H
 * @returns [N, C, ...]
 */
export function gridSample2d(x: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  checkSamples('gridSample2d', x, grid, 4, options);
  const [batch, channels, height, width] = x.shape;
  if (grid.shape.length < 2 || grid.shape.at(-1) !== 2) {
    fail('gridSample2d', 'grid', `has shape ${shown(grid.shape)}`, '[N, ..., 2]');
  }
  const [across, down] = [0, 1].map((axis) => slice(reshape(grid, [batch, -1, 2]), 2, axis, axis + 1));
  const places = samplePositions(concat([down, across], 2), [height, width], options);
  return reshape(sampled(x, places, options), [batch, channels, ...grid.shape.slice(1, -1)]);
}

// ---- for what else samples at fractional places ----

/** The rows that a place reads, and how much of each. */
export interface Taps {
  /** int64, within the rows. */
  readonly indices: Tensor;
  readonly weights: Tensor;
}

/** Positions from −1 to 1 as places counted in samples. grid: [..., axes], one length for each axis. */
export function samplePositions(grid: Tensor, lengths: Shape, { alignCorners = false }: GridSampleOptions): Tensor {
  const perAxis = lengths.map((length, axis) => {
    const position = slice(grid, -1, axis, axis + 1);
    const half = (alignCorners ? length - 1 : length) / 2;
    return add(multiply(position, half), (length - 1) / 2);
  });
  return concat(perAxis, -1);
}

/**
 * What linear sampling at places reads of a grid whose cells stand in C order: two neighbours along each axis. Places
 * are counted in samples; a place on a sample counts as the beginning of the cell behind it.
 *
 * @param places - [B, Q, axes]
 * @param lengths - of the axes
 * @returns indices and weights, [B, Q, 2^axes]
 */
export function linearTaps(places: Tensor, lengths: Shape, { padding = 'zeros' }: GridSampleOptions = {}): Taps {
  return lengths
    .map((length, axis) => axisTaps(slice(places, 2, axis, axis + 1), length, padding))
    .reduce((outer, inner, axis) => crossed(outer, inner, lengths[axis]));
}

// ---- below: internals ----

function checkSamples(
  operation: string,
  x: Tensor,
  grid: Tensor,
  rank: number,
  { padding = 'zeros' }: GridSampleOptions,
): void {
  if (padding !== 'zeros' && padding !== 'border') {
    fail(operation, 'padding', `is ${JSON.stringify(padding)}`, "'zeros' or 'border'");
  }
  requireFloat(operation, 'x', x);
  requireRank(operation, 'x', x, rank);
  requireDType(operation, 'grid', grid, x.dtype);
  if (grid.shape[0] !== x.shape[0]) {
    fail(
      operation,
      'grid',
      `has shape ${shown(grid.shape)}`,
      `[${x.shape[0]}, ...], as many as x has on its first axis`,
    );
  }
}

/** x: [N, C, ...spatial] at places [N, Q, axes] → [N, C, Q]. */
function sampled(x: Tensor, places: Tensor, options: GridSampleOptions): Tensor {
  const [batch, channels, ...spatial] = x.shape;
  const { indices, weights } = linearTaps(places, spatial, options);
  const rows = swapLast(reshape(x, [batch, channels, sizeOf(spatial)]));
  return swapLast(weightedRows(rows, indices, weights));
}

/** Along one axis. place: [B, Q, 1] → [B, Q, 2]. */
function axisTaps(place: Tensor, length: number, padding: 'zeros' | 'border'): Taps {
  const within = padding === 'border' ? heldWithin(place, length - 1) : place;
  const before = floor(within);
  const rest = subtract(within, before);
  const samples = concat([before, add(before, 1)], 2);
  const weights = concat([subtract(1, rest), rest], 2);
  const inside = and(greaterOrEqual(samples, 0), lessOrEqual(samples, length - 1));
  return {
    indices: cast(clamp(samples, 0, length - 1), 'int64'),
    weights: padding === 'border' ? weights : multiply(weights, cast(inside, place.dtype)),
  };
}

/** From 0 to `last`; a place at the border or beyond has no gradient, as in torch. */
function heldWithin(place: Tensor, last: number): Tensor {
  const isInside = and(greater(place, 0), less(place, last));
  return where(isInside, place, stopGradient(clamp(place, 0, last)));
}

/** Each tap of an outer axis with each of an inner one, which has `length` samples. */
function crossed(outer: Taps, inner: Taps, length: number): Taps {
  const [batch, queries, taps] = outer.indices.shape;
  const spread = (x: Tensor) => reshape(x, [batch, queries, taps, 1]);
  const across = (x: Tensor) => reshape(x, [batch, queries, 1, -1]);
  const flat = (x: Tensor) => reshape(x, [batch, queries, -1]);
  return {
    indices: flat(add(multiply(spread(outer.indices), length), across(inner.indices))),
    weights: flat(multiply(spread(outer.weights), across(inner.weights))),
  };
}
