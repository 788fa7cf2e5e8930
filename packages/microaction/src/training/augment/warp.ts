import { blackClip, type Clip } from './clip.ts';

/** Where a pixel is taken from, counted from the middle of the picture in pixels: x' = a x + b y + c, y' = d x + e y + f. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Every picture moved, turned or slanted by the same map, bilinearly; black where nothing was. */
export function warped(clip: Clip, [a, b, c, d, e, f]: Affine): Clip {
  const { widthPixels: width, heightPixels: height } = clip;
  const area = width * height;
  // Where the upper left of the four pixels is, -1 for black, and how far its right and lower neighbours count, in 256ths.
  const from = new Int32Array(area).fill(-1);
  const [right, down] = [new Uint16Array(area), new Uint16Array(area)];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  for (let i = 0; i < area; i++) {
    const [x, y] = [(i % width) - middleX, Math.floor(i / width) - middleY];
    const sourceX = a * x + b * y + c + middleX;
    const sourceY = d * x + e * y + f + middleY;
    if (sourceX < -0.5 || sourceY < -0.5 || sourceX > width - 0.5 || sourceY > height - 0.5) continue;
    const [left, partX] = between(sourceX, width);
    const [top, partY] = between(sourceY, height);
    from[i] = top * width + left;
    right[i] = partX;
    down[i] = partY;
  }
  const result = blackClip(clip);
  const [source, target] = [clip.data, result.data];
  const below = height > 1 ? width : 0;
  const beside = width > 1 ? 1 : 0;
  for (let start = 0; start < source.length; start += area) {
    for (let i = 0; i < area; i++) {
      if (from[i] < 0) continue;
      const at = start + from[i];
      const first = source[at];
      const third = source[at + below];
      const upper = (first << 8) + (source[at + beside] - first) * right[i];
      const lower = (third << 8) + (source[at + below + beside] - third) * right[i];
      target[start + i] = ((upper << 8) + (lower - upper) * down[i] + 32768) >> 16;
    }
  }
  return result;
}

// ---- below: internals ----

/** The pixel before a place along an axis, the last but one at most, and the 256ths from it to the place. */
function between(place: number, length: number): [first: number, part: number] {
  const inside = Math.min(Math.max(place, 0), length - 1);
  const first = Math.max(0, Math.min(Math.floor(inside), length - 2));
  return [first, Math.round((inside - first) * 256)];
}
