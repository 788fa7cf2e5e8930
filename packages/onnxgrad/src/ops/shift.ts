import { axisOf, fail } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { shown, sizeOf } from '../graph/tensorData.ts';
import { rearrange } from './gather.ts';
import { concat, pad, reshape, slice } from './shape.ts';

/**
 * Moves elements `steps` places towards the end of an axis (negative: the start); what leaves at one end enters at the
 * other.
 */
export function roll(x: Tensor, steps: number, axis: number): Tensor {
  const along = axisOf('roll', x, axis);
  requireWhole('roll', steps);
  const length = x.shape[along];
  const cut = length - (((steps % length) + length) % length);
  return cut === length ? x : concat([slice(x, along, cut), slice(x, along, 0, cut)], along);
}

/** Moves elements `steps` places towards the end of an axis (negative: the start); zeros enter. */
export function shift(x: Tensor, steps: number, axis: number): Tensor {
  const along = axisOf('shift', x, axis);
  requireWhole('shift', steps);
  const length = x.shape[along];
  const gap = Math.min(Math.abs(steps), length);
  return steps >= 0 ? pad(slice(x, along, 0, length - gap), along, gap, 0) : pad(slice(x, along, gap), along, 0, gap);
}

export interface TemporalShiftOptions {
  /** Frames of a clip: the first axis holds clips × segments frames. */
  readonly segments: number;
  /** One part in this many of the channels comes from the next frame, and as many from the one before. */
  readonly foldDivisor?: number;
}

/**
 * The temporal shift of TSM (Lin et al. 2019, arXiv 1811.08383): the first channels are those of the next frame, the
 * next as many those of the frame before, zeros beyond the ends of a clip. x: [clips · segments, C, …] → the same.
 */
export function temporalShift(x: Tensor, { segments, foldDivisor = 8 }: TemporalShiftOptions): Tensor {
  const [frames, channels] = x.shape;
  if (!(Number.isInteger(foldDivisor) && foldDivisor >= 2)) {
    fail('temporalShift', 'foldDivisor', `is ${foldDivisor}`, 'a whole number from 2 up');
  }
  if (!(Number.isInteger(segments) && segments >= 1)) {
    fail('temporalShift', 'segments', `is ${segments}`, 'a whole number from 1 up');
  }
  if (x.shape.length < 2 || frames % segments !== 0) {
    fail('temporalShift', 'x', `has shape ${shown(x.shape)}`, `a multiple of ${segments} frames, then channels`);
  }
  const fold = Math.floor(channels / foldDivisor);
  const rows = reshape(x, [frames * channels, sizeOf(x.shape.slice(2))]);
  const sources = Array.from({ length: frames * channels }, (_, row) => {
    const [frame, channel] = [Math.floor(row / channels), row % channels];
    const steps = channel < fold ? 1 : channel < 2 * fold ? -1 : 0;
    const time = (frame % segments) + steps;
    return time < 0 || time >= segments ? -1 : row + steps * channels;
  });
  return reshape(rearrange(rows, sources, 0), x.shape);
}

// ---- below: internals ----

function requireWhole(operation: string, steps: number): void {
  if (!Number.isInteger(steps)) fail(operation, 'steps', `is ${steps}`, 'a whole number');
}
