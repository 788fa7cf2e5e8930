import { blackClip, type Clip, lookedUp, plane, tableOf } from './clip.ts';

// What a change depends on (mean brightness, range, frequencies) is taken over all pictures of a clip, so that it changes
// all alike: a picture by itself would flicker, which looks like a movement.

/** Everything `factor` times as bright. */
export const withBrightness = (clip: Clip, factor: number): Clip =>
  lookedUp(
    clip,
    tableOf((value) => value * factor),
  );

/** `factor` times as far from the mean brightness. */
export function withContrast(clip: Clip, factor: number): Clip {
  const mean = meanGrey(clip);
  return lookedUp(
    clip,
    tableOf((value) => mean + (value - mean) * factor),
  );
}

/** Colours `factor` times as far from the grey of the same brightness. */
export function withSaturation(clip: Clip, factor: number): Clip {
  const result = blackClip(clip);
  const [reds, greens, blues] = [plane(clip, 0), plane(clip, 1), plane(clip, 2)];
  const [toReds, toGreens, toBlues] = [plane(result, 0), plane(result, 1), plane(result, 2)];
  const by = Math.round(factor * 2 ** 16);
  for (let i = 0; i < reds.length; i++) {
    const [red, green, blue] = [reds[i], greens[i], blues[i]];
    const grey = greyOf(red, green, blue);
    const rounded = (grey << 16) + 32768;
    toReds[i] = clamped((rounded + (red - grey) * by) >> 16);
    toGreens[i] = clamped((rounded + (green - grey) * by) >> 16);
    toBlues[i] = clamped((rounded + (blue - grey) * by) >> 16);
  }
  return result;
}

/** Hues moved on around the circle by a part of it; the largest and the least value of each pixel stay. */
export function withHue(clip: Clip, turns: number): Clip {
  const shift = (((turns % 1) + 1) % 1) * 6;
  const result = blackClip(clip);
  const [reds, greens, blues] = [plane(clip, 0), plane(clip, 1), plane(clip, 2)];
  const [toReds, toGreens, toBlues] = [plane(result, 0), plane(result, 1), plane(result, 2)];
  for (let i = 0; i < reds.length; i++) {
    const red = reds[i];
    const green = greens[i];
    const blue = blues[i];
    const most = Math.max(red, green, blue);
    const range = most - Math.min(red, green, blue);
    // Along the circle, of which the range of the pixel is a sixth.
    let place = ((shift * range + 0.5) | 0) + range;
    if (most === red) place += green - blue;
    else if (most === green) place += blue - red + 2 * range;
    else place += red - green + 4 * range;
    toReds[i] = most - lack(place + 4 * range, range);
    toGreens[i] = most - lack(place + 2 * range, range);
    toBlues[i] = most - lack(place, range);
  }
  return result;
}

/** `factor` times as far from a picture smoothed over 3 x 3 pixels, whose middle counts 5 of 13; the rim stays. */
export function withSharpness(clip: Clip, factor: number): Clip {
  const { widthPixels: width, heightPixels: height } = clip;
  const result: Clip = { ...clip, data: clip.data.slice() };
  const area = width * height;
  for (let start = 0; start < clip.data.length; start += area) {
    const source = clip.data.subarray(start, start + area);
    const target = result.data.subarray(start, start + area);
    for (let y = 1; y < height - 1; y++) {
      let i = y * width + 1;
      // Sums of three pixels above each other, passed on from column to column.
      let before = source[i - 1 - width] + source[i - 1] + source[i - 1 + width];
      let here = source[i - width] + source[i] + source[i + width];
      for (const end = y * width + width - 1; i < end; i++) {
        const after = source[i + 1 - width] + source[i + 1] + source[i + 1 + width];
        const smooth = (before + here + after + 4 * source[i]) / 13;
        target[i] = clamped(smooth + (source[i] - smooth) * factor + 0.5);
        before = here;
        here = after;
      }
    }
  }
  return result;
}

/** Only the first `bits` binary digits of 8. */
export const posterized = (clip: Clip, bits: number): Clip =>
  lookedUp(
    clip,
    tableOf((value) => value & (0xff << (8 - bits))),
  );

/** Values from `threshold` on turned to their opposite. */
export const solarized = (clip: Clip, threshold: number): Clip =>
  lookedUp(
    clip,
    tableOf((value) => (value < threshold ? value : 255 - value)),
  );

/** Each colour stretched from 0 to 255. */
export const withFullRange = (clip: Clip): Clip =>
  lookedUp(
    clip,
    frequencies(clip).map((counts) => {
      const low = counts.findIndex((count) => count > 0);
      const high = counts.findLastIndex((count) => count > 0);
      return tableOf((value) => (high > low ? ((value - low) * 255) / (high - low) : value));
    }),
  );

/** Each colour changed so that all its values are as frequent as each other, as far as that goes. */
export const equalized = (clip: Clip): Clip =>
  lookedUp(
    clip,
    frequencies(clip).map((counts) => {
      const last = counts[counts.findLastIndex((count) => count > 0)];
      const step = (clip.data.length / 3 - last) / 255;
      let below = 0;
      return tableOf((value) => {
        const level = (below + step / 2) / step;
        below += counts[value];
        return step >= 1 ? Math.floor(level) : value;
      });
    }),
  );

// ---- below: internals ----

const clamped = (value: number) => (value < 0 ? 0 : Math.min(value, 255));

/**
 * How much of a colour is missing at a place on the circle of hues: nothing from 4 to 6 sixths, all of `range` from 1 to
 * 3, and between them in proportion.
 */
function lack(place: number, range: number): number {
  const circle = 6 * range;
  let within = place;
  while (within >= circle && circle > 0) within -= circle;
  return Math.max(0, Math.min(within, range, 4 * range - within));
}

/** ITU-R BT.601, rounded. */
const greyOf = (red: number, green: number, blue: number) => (red * 19595 + green * 38470 + blue * 7471 + 32768) >> 16;

function meanGrey(clip: Clip): number {
  const [red, green, blue] = [plane(clip, 0), plane(clip, 1), plane(clip, 2)];
  let sum = 0;
  for (let i = 0; i < red.length; i++) sum += greyOf(red[i], green[i], blue[i]);
  return sum / red.length;
}

/** How often each value comes, for each colour. */
const frequencies = (clip: Clip): Float64Array[] =>
  ([0, 1, 2] as const).map((colour) => {
    const counts = new Float64Array(256);
    const values = plane(clip, colour);
    for (let i = 0; i < values.length; i++) counts[values[i]] += 1;
    return counts;
  });
