import { roundHalfEven } from '../inference/suppression/roundHalfEven.ts';
import type { Range } from '../inference/windows.ts';
import type { Truth } from '../models/heads/index.ts';

/** A whole number from `low` to `high`, both included. */
export type DrawInteger = (low: number, high: number) => number;

/** An action with its class, times in seconds of the video. */
export interface TimedClass {
  readonly start: number;
  readonly end: number;
  /** From 0. */
  readonly classId: number;
}

/** What is to be found in a video, in whole frames, rounded down; what comes twice is there once. As OpenTAD. */
export function truthInFrames(
  actions: readonly TimedClass[],
  { durationSeconds, frames }: { readonly durationSeconds: number; readonly frames: number },
): Truth {
  const frameOf = (seconds: number) => Math.trunc((seconds / durationSeconds) * frames);
  const unique = new Map(
    actions.map(({ start, end, classId }) => {
      const row = [frameOf(start), frameOf(end), classId] as const;
      return [row.join(), row];
    }),
  );
  return truthOf([...unique.values()]);
}

/** Frames as steps of a feature grid whose step 0 stands at frame `startFrame` + `offsetFrames`. */
export function truthInSteps(
  { starts, ends, classes }: Truth,
  grid: { readonly strideFrames: number; readonly startFrame?: number; readonly offsetFrames?: number },
): Truth {
  const { strideFrames, startFrame = 0, offsetFrames = 0 } = grid;
  const step = (frame: number) => (frame - startFrame - offsetFrames) / strideFrames;
  return { starts: starts.map(step), ends: ends.map(step), classes };
}

/**
 * What of the truth is to be found in a window: segments of which more than a part lies within it, cut to it. All in one
 * unit.
 *
 * @param bounds - the window, from its first to its last frame, not behind it: so OpenTAD cuts
 */
export function truthWithin(truth: Truth, bounds: Range, moreThan = 0.75): Truth {
  return keptRows(truth, ({ start, end }) => {
    const shared = Math.min(end, bounds.end) - Math.max(start, bounds.start);
    const meets = start < bounds.end && end > bounds.start;
    if (!(meets && shared / Math.max(end - start, 1e-6) > moreThan)) return undefined;
    return { start: Math.max(start, bounds.start), end: Math.min(end, bounds.end) };
  });
}

export interface CropOptions {
  /** Most steps of a crop. */
  readonly length: number;
  /** The part of a segment that a crop must hold for the segment to count, and of one segment at least. */
  readonly leastPart: number;
  /** Between which parts of a shorter sequence the length of a crop of it is drawn; null leaves it whole. */
  readonly ratio: readonly [low: number, high: number] | null;
  /** Crops that are drawn until one holds a segment; then the last stays, without any. 200 unless given. */
  readonly tries?: number;
}

export interface Crop extends Range {
  /** Counted from the start of the crop. */
  readonly truth: Truth;
}

/**
 * A random part of a sequence of so many steps that holds something to be found (OpenTAD's random truncation).
 *
 * @param truth - in steps of the sequence
 */
export function randomCrop(steps: number, truth: Truth, options: CropOptions, draw: DrawInteger): Crop {
  const { leastPart, tries = 200 } = options;
  const length = cropLength(steps, options, draw);
  if (length === steps) return { start: 0, end: steps, truth };
  let crop: Crop;
  let left = tries;
  do {
    const start = draw(0, steps - length);
    crop = { start, end: start + length, truth: cut(truth, start, start + length, leastPart) };
  } while (crop.truth.classes.length === 0 && --left > 0);
  return crop;
}

// ---- below: internals ----

function cropLength(steps: number, { length, ratio }: CropOptions, draw: DrawInteger): number {
  if (steps > length) return length;
  if (!ratio) return steps;
  const [low, high] = ratio.map((part) => roundHalfEven(part * steps, 0));
  return draw(Math.max(low, 1), Math.min(high, steps));
}

/** In single precision, as the reference. */
function cut(truth: Truth, from: number, to: number, leastPart: number): Truth {
  const { fround } = Math;
  return keptRows(truth, ({ start, end }) => {
    const [first, last] = [Math.max(start, from), Math.min(end, to)];
    const part = fround(fround(Math.max(0, last - first)) / fround(Math.abs(end - start)));
    return part >= fround(leastPart) ? { start: first - from, end: last - from } : undefined;
  });
}

function keptRows({ starts, ends, classes }: Truth, keep: (segment: Range) => Range | undefined): Truth {
  const rows = Array.from(classes, (classId, i) => {
    const kept = keep({ start: starts[i], end: ends[i] });
    return kept ? ([kept.start, kept.end, classId] as const) : undefined;
  });
  return truthOf(rows.filter((row) => row !== undefined));
}

const truthOf = (rows: readonly (readonly [start: number, end: number, classId: number])[]): Truth => ({
  starts: Float32Array.from(rows, ([start]) => start),
  ends: Float32Array.from(rows, ([, end]) => end),
  classes: Int32Array.from(rows, ([, , classId]) => classId),
});
