import type { PoseTrack } from 'microaction';
import type { Box } from './picture.ts';

/** Where the person is, at the times of a pose track, so calm that a picture zoomed on it does not sway. */
export interface PersonRegions {
  readonly timesSeconds: Float64Array;
  /** [T] shares of the picture's width and height. */
  readonly regions: readonly Box[];
}

/** Around the points that are seen, with a margin, over a window of time. Nothing where no point is ever seen. */
export function personRegions(pose: PoseTrack): PersonRegions | null {
  const { timesSeconds } = pose;
  const boxes = fill(Array.from(timesSeconds, (_, t) => boxAt(pose, t)));
  if (!boxes) return null;
  const sides = (['left', 'top', 'right', 'bottom'] as const).map((side) =>
    smooth(
      boxes.map((box) => box[side]),
      timesSeconds,
    ),
  );
  const regions = boxes.map((_, t) => {
    const [left, top, right, bottom] = sides.map((side) => side[t]);
    return { left, top, width: right - left, height: bottom - top };
  });
  return { timesSeconds, regions };
}

/** The region at a moment. */
export function regionAt({ timesSeconds, regions }: PersonRegions, seconds: number): Box {
  return regions[nearestIndex(timesSeconds, seconds)];
}

/** Position of the time nearest to a moment. */
export function nearestIndex(timesSeconds: Float64Array, seconds: number): number {
  let low = 0;
  let high = timesSeconds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timesSeconds[middle] < seconds) low = middle + 1;
    else high = middle;
  }
  return low > 0 && seconds - timesSeconds[low - 1] <= timesSeconds[low] - seconds ? low - 1 : low;
}

// ---- below: internals ----

interface Sides {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const seenFrom = 0.3;
const marginShare = 0.12;
const windowSeconds = 2;

function boxAt({ points, x, y, confidence, widthPixels, heightPixels }: PoseTrack, t: number): Sides | undefined {
  let [left, top, right, bottom] = [1, 1, 0, 0];
  for (let i = t * points.length; i < (t + 1) * points.length; i++) {
    if (!(confidence[i] >= seenFrom) || Number.isNaN(x[i])) continue;
    left = Math.min(left, x[i] / widthPixels);
    right = Math.max(right, x[i] / widthPixels);
    top = Math.min(top, y[i] / heightPixels);
    bottom = Math.max(bottom, y[i] / heightPixels);
  }
  if (right <= left || bottom <= top) return undefined;
  const across = (right - left) * marginShare;
  const down = (bottom - top) * marginShare;
  // The points of the head end at the eyes: more room above.
  const above = down * 2;
  return {
    left: Math.max(0, left - across),
    top: Math.max(0, top - above),
    right: Math.min(1, right + across),
    bottom: Math.min(1, bottom + down),
  };
}

/** Gaps take the box before them, the first ones the first that there is. */
function fill(boxes: readonly (Sides | undefined)[]): Sides[] | null {
  let latest = boxes.find((box) => box !== undefined);
  if (!latest) return null;
  return boxes.map((box) => (latest = box ?? (latest as Sides)));
}

/** Mean over a window of time around each moment, by running sums. */
function smooth(values: readonly number[], timesSeconds: Float64Array): Float64Array {
  const smoothed = new Float64Array(values.length);
  let [from, to, sum] = [0, 0, 0];
  for (let t = 0; t < values.length; t++) {
    while (to < values.length && timesSeconds[to] <= timesSeconds[t] + windowSeconds / 2) sum += values[to++];
    while (timesSeconds[from] < timesSeconds[t] - windowSeconds / 2) sum -= values[from++];
    smoothed[t] = sum / (to - from);
  }
  return smoothed;
}
