/** The plain definitions of what a picture of a frame is, for tests to compare with. Slow on purpose. */
import type { Region } from '../src/video/video.ts';

export type Rgb = readonly [number, number, number];

/** 8-bit Y, U, V to RGB, 0 to 255. */
export function yuvToRgb(
  [y, u, v]: Rgb,
  { matrix, fullRange }: { matrix: 'bt601' | 'bt709'; fullRange: boolean },
): Rgb {
  const [red, blue] = matrix === 'bt601' ? [0.299, 0.114] : [0.2126, 0.0722];
  const luma = fullRange ? y / 255 : (y - 16) / 219;
  const [cb, cr] = [u, v].map((chroma) => (chroma - 128) / (fullRange ? 255 : 224));
  const r = luma + 2 * (1 - red) * cr;
  const b = luma + 2 * (1 - blue) * cb;
  const g = (luma - red * r - blue * b) / (1 - red - blue);
  return [r, g, b].map((value) => Math.min(255, Math.max(0, 255 * value))) as unknown as Rgb;
}

/** [height, width, 3] of a region, black beyond the frame: area averaging to shrink, bilinear to enlarge. */
export function referencePicture(
  frame: { width: number; height: number; rgb: (x: number, y: number) => Rgb },
  region: Region,
  width: number,
  height: number,
): Float64Array {
  const inside = (x: number, y: number) => x >= 0 && y >= 0 && x < frame.width && y < frame.height;
  const across = weights(region.width, width);
  const down = weights(region.height, height);
  const picture = new Float64Array(width * height * 3);
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      for (const [dy, weightY] of down[j]) {
        for (const [dx, weightX] of across[i]) {
          const [x, y] = [region.x + dx, region.y + dy];
          const rgb = inside(x, y) ? frame.rgb(x, y) : [0, 0, 0];
          for (let c = 0; c < 3; c++) picture[(j * width + i) * 3 + c] += weightX * weightY * rgb[c];
        }
      }
    }
  }
  return picture;
}

// ---

/** For each of `to` pixels, the pixels of `from` that it is made of, each [position, weight]. */
function weights(from: number, to: number): [number, number][][] {
  const step = from / to;
  return Array.from({ length: to }, (_, i): [number, number][] => {
    if (step > 1) {
      const [start, end] = [i * step, (i + 1) * step];
      const covered: [number, number][] = [];
      for (let at = Math.floor(start); at < end && at < from; at++) {
        covered.push([at, (Math.min(end, at + 1) - Math.max(start, at)) / step]);
      }
      return covered;
    }
    const centre = (i + 0.5) * step - 0.5;
    const left = Math.floor(centre);
    const clamp = (at: number) => Math.min(from - 1, Math.max(0, at));
    return [
      [clamp(left), 1 - (centre - left)],
      [clamp(left + 1), centre - left],
    ];
  });
}
