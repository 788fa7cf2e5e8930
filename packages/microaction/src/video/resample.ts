import type { Region } from './video.ts';

/** One channel of an image in memory. */
export interface Plane {
  readonly data: Uint8Array;
  readonly offset: number;
  readonly pixelStride: number;
  readonly rowStride: number;
  readonly width: number;
  readonly height: number;
  /** The value of what lies beyond the edges. */
  readonly black: number;
}

/**
 * Cuts and resizes one channel: [height, width]. Area averaging where it shrinks, bilinear where it enlarges, each
 * direction by itself.
 *
 * @param region - in pixels of the plane; fractions and parts beyond the edges allowed
 */
export function resample(plane: Plane, region: Region, width: number, height: number): Float32Array {
  const across = taps(region.x, region.width, plane.width, width);
  const down = taps(region.y, region.height, plane.height, height);
  const firstRow = down.first.reduce((least, row) => Math.min(least, row), plane.height);
  const endRow = down.first.reduce((most, row, j) => Math.max(most, row + down.count[j]), 0);
  const rows = new Float32Array(Math.max(0, endRow - firstRow) * width);
  for (let y = firstRow; y < endRow; y++) shrinkRow(plane, y, across, rows, (y - firstRow) * width);

  const picture = new Float32Array(width * height);
  for (let j = 0; j < height; j++) {
    const to = j * width;
    picture.fill(down.beyond[j] * plane.black, to, to + width);
    for (let k = 0; k < down.count[j]; k++) {
      const weight = down.weights[down.start[j] + k];
      const from = (down.first[j] + k - firstRow) * width;
      for (let i = 0; i < width; i++) picture[to + i] += weight * rows[from + i];
    }
  }
  return picture;
}

// ---

/** What each output position is made of: `count` neighbouring inputs from `first` on, and a part beyond the edges. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** Where the weights of each position begin. */
  readonly start: Int32Array;
  readonly beyond: Float32Array;
  readonly weights: number[];
}

function taps(origin: number, length: number, size: number, outputs: number): Taps {
  const found: Taps = {
    first: new Int32Array(outputs),
    count: new Int32Array(outputs),
    start: new Int32Array(outputs),
    beyond: new Float32Array(outputs).fill(1),
    weights: [],
  };
  const step = length / outputs;
  for (let i = 0; i < outputs; i++) {
    found.start[i] = found.weights.length;
    const parts = step > 1 ? covered(origin + i * step, step) : neighbours(origin, length, (i + 0.5) * step);
    for (const [at, weight] of parts) {
      if (at < 0 || at >= size || weight === 0) continue;
      if (found.count[i] === 0) found.first[i] = at;
      found.weights.push(weight);
      found.count[i]++;
      found.beyond[i] -= weight;
    }
  }
  return found;
}

/** The pixels that a stretch covers, by how much. */
function covered(from: number, length: number): [at: number, weight: number][] {
  const parts: [number, number][] = [];
  for (let at = Math.floor(from); at < from + length; at++) {
    parts.push([at, (Math.min(from + length, at + 1) - Math.max(from, at)) / length]);
  }
  return parts;
}

/** The two pixels about a place in a region; its outermost pixels reach beyond it. */
function neighbours(origin: number, length: number, place: number): [at: number, weight: number][] {
  const first = Math.floor(origin);
  const last = Math.ceil(origin + length) - 1;
  const centre = Math.min(last, Math.max(first, origin + place - 0.5));
  const left = Math.floor(centre);
  return [
    [left, 1 - (centre - left)],
    [left + 1, centre - left],
  ];
}

function shrinkRow(plane: Plane, y: number, across: Taps, into: Float32Array, to: number): void {
  const { data, pixelStride, black } = plane;
  const { first, count, start, beyond, weights } = across;
  const row = plane.offset + y * plane.rowStride;
  for (let i = 0; i < first.length; i++) {
    let sum = beyond[i] * black;
    let from = row + first[i] * pixelStride;
    const end = start[i] + count[i];
    for (let k = start[i]; k < end; k++, from += pixelStride) sum += weights[k] * data[from];
    into[to + i] = sum;
  }
}
