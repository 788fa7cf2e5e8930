import { UsageError } from '../errors.ts';

/** Part of a sequence, of steps or of samples: from the first to behind the last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** How a video is read: its frames, and how many lie from one that is read, a sample, to the next. */
export interface SampleGrid {
  /** Of the whole video. */
  readonly frames: number;
  readonly strideFrames: number;
}

export interface SlidingOptions {
  /** Steps of a window. */
  readonly length: number;
  /** The part of a window that the next one sees again: from 0 up to, not including, 1. */
  readonly overlap: number;
  /**
   * Whether a last window always reaches the end. OpenTAD counts ⌊steps / stride⌋ windows, which miss up to a stride of
   * steps at the end where windows overlap by less than a half. No unless told.
   */
  readonly coverEnd?: boolean;
}

/** How many samples a video has: frames 0, stride, 2 stride … that are in it. */
export const sampleCount = ({ frames, strideFrames }: SampleGrid): number => Math.ceil(frames / strideFrames);

/**
 * Windows that slide along a sequence, one at least. One that would reach beyond the end is the last, and is moved back
 * to end with the sequence; a sequence shorter than a window is one shorter window.
 *
 * @throws UsageError where windows would not move on
 */
export function slidingWindows(steps: number, { length, overlap, coverEnd = false }: SlidingOptions): Range[] {
  const stride = Math.trunc(length * (1 - overlap));
  if (!(stride >= 1 && stride <= length)) {
    throw new UsageError(
      `slidingWindows: windows of ${length} steps that overlap by ${overlap} move on by ${stride}; ` +
        'expected 1 step or more, and no more than the length',
    );
  }
  const windows: Range[] = [];
  const most = Math.max(1, coverEnd ? Math.ceil(steps / stride) : Math.floor(steps / stride));
  for (let window = 0; window < most; window++) {
    const end = window * stride + length;
    if (end <= steps) windows.push({ start: end - length, end });
    else windows.push({ start: Math.max(0, steps - length), end: steps });
    if (end > steps || (coverEnd && end === steps)) break;
  }
  return windows;
}

/** The frames of a window, all to be decoded, and how many of its steps are of the video. */
export interface WindowFrames {
  /** [count]: numbers of frames; behind the samples of the range, its last one again and again. */
  readonly frames: Int32Array;
  /** The first steps of a window are valid, the others are padding. */
  readonly validSteps: number;
}

/**
 * The frames of a range of samples, filled up to `count`.
 *
 * @param samplesPerStep - samples that become one step of features; 1 unless given
 */
export function windowFrames(range: Range, grid: SampleGrid, count: number, samplesPerStep = 1): WindowFrames {
  const end = Math.min(range.end, sampleCount(grid));
  const samples = end - range.start;
  if (!(samples >= 1 && samples <= count)) {
    throw new UsageError(
      `windowFrames: samples ${range.start} to ${end} of ${sampleCount(grid)} are ${samples}; expected 1 to ${count}`,
    );
  }
  const frameOf = (sample: number) => (range.start + Math.min(sample, samples - 1)) * grid.strideFrames;
  return {
    frames: Int32Array.from({ length: count }, (_, sample) => frameOf(sample)),
    validSteps: Math.floor(samples / samplesPerStep),
  };
}

/** [length] ones for valid steps, behind them zeros: the mask of a window. */
export const windowMask = (validSteps: number, length: number): Float32Array =>
  new Float32Array(length).fill(1, 0, validSteps);
