import type { Dice } from '../../dice.ts';
import type { Clip, Pictures } from './clip.ts';

/** A part of pictures, in whole pixels that lie within them. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly widthPixels: number;
  readonly heightPixels: number;
}

export interface RandomCropOptions {
  /** Least and most part of the picture's area. */
  readonly area: readonly [low: number, high: number];
  /** Least and most width divided by height. */
  readonly aspect: readonly [low: number, high: number];
}

export interface MultiScaleCropOptions {
  /** Parts of the short side that width and height of a crop are drawn from. */
  readonly scales: readonly number[];
  /** How many steps apart in the list of scales width and height may be; 1 unless given. */
  readonly maxScaleGap?: number;
  /** 5: the corners and the middle; 13, also the middles of sides and of quarters. 13 unless given. */
  readonly positions?: 5 | 13;
}

export interface CentreCropOptions {
  /** Side of a square in the middle, as a part of the short side. */
  readonly centre: number;
}

/** What part of a picture is seen. */
export type CropOptions = RandomCropOptions | MultiScaleCropOptions | CentreCropOptions;

/** @param sizePixels - of the picture that becomes of it */
export function drawCrop(size: Size, options: CropOptions, sizePixels: number, dice: Dice): Box {
  if ('scales' in options) return dice.oneOf(multiScaleBoxes(size, options, sizePixels));
  return 'centre' in options ? centreBox(size, options.centre) : drawBox(size, options, dice);
}

/** A square in the middle: the largest, or of a part of its side. */
export function centreBox({ widthPixels, heightPixels }: Size, part = 1): Box {
  const side = Math.max(1, Math.round(part * Math.min(widthPixels, heightPixels)));
  return { left: (widthPixels - side) >> 1, top: (heightPixels - side) >> 1, width: side, height: side };
}

/**
 * A box of random area, aspect (evenly over its logarithm) and place; where ten draws give none that fits, the largest
 * square in the middle.
 */
export function drawBox(size: Size, { area, aspect }: RandomCropOptions, dice: Dice): Box {
  const { widthPixels, heightPixels } = size;
  for (let tries = 0; tries < 10; tries++) {
    const pixels = widthPixels * heightPixels * dice.uniform(...area);
    const ratio = Math.exp(dice.uniform(Math.log(aspect[0]), Math.log(aspect[1])));
    const width = Math.max(1, Math.round(Math.sqrt(pixels * ratio)));
    const height = Math.max(1, Math.round(Math.sqrt(pixels / ratio)));
    if (width > widthPixels || height > heightPixels) continue;
    return {
      left: dice.integer(0, widthPixels - width),
      top: dice.integer(0, heightPixels - height),
      width,
      height,
    };
  }
  return centreBox(size);
}

/**
 * Every box of multi-scale cropping, each as likely as any other (TSN, Wang et al. 2016, as mmaction2 0.24 has it): width
 * and height are parts of the short side, places are on a grid of quarters. A side within two pixels of what becomes of it
 * is that, so that nothing is resized by so little.
 *
 * @param sizePixels - of the picture that becomes of it
 */
export function multiScaleBoxes(
  { widthPixels, heightPixels }: Size,
  { scales, maxScaleGap = 1, positions = 13 }: MultiScaleCropOptions,
  sizePixels: number,
): Box[] {
  const short = Math.min(widthPixels, heightPixels);
  const sides = scales.map((scale) => {
    const side = Math.max(1, Math.floor(short * scale));
    return sizePixels <= short && Math.abs(side - sizePixels) < 3 ? sizePixels : side;
  });
  return sides.flatMap((height, i) =>
    sides
      .filter((_, j) => Math.abs(i - j) <= maxScaleGap)
      .flatMap((width) => {
        const [right, down] = [(widthPixels - width) >> 2, (heightPixels - height) >> 2];
        return quarters.slice(0, positions).map(([x, y]) => ({ left: x * right, top: y * down, width, height }));
      }),
  );
}

export interface ResizeOptions extends Size {
  /** Whether left and right change places; no unless told. */
  readonly flipped?: boolean;
}

/**
 * The part of pictures in a box, resized bilinearly, as a clip. Pixels are areas: their centres lie at halves. Nothing is
 * averaged when it shrinks, as in the pipelines this follows; decode at nearly the size that is wanted.
 */
export function resizedCrop(
  { pictures, widthPixels: sourceWidth }: Pictures,
  box: Box,
  { widthPixels, heightPixels, flipped = false }: ResizeOptions,
): Clip {
  const area = widthPixels * heightPixels;
  const data = new Uint8Array(3 * pictures.length * area);
  const columns = samplesOf(box.width, widthPixels, box.left, flipped);
  const rows = samplesOf(box.height, heightPixels, box.top, false);
  // Rows resized in width are kept while the next row needs them: [3, width], times 256.
  let [upper, lower] = [new Uint16Array(3 * widthPixels), new Uint16Array(3 * widthPixels)];
  for (const [frame, picture] of pictures.entries()) {
    let [upperRow, lowerRow] = [-1, -1];
    const fill = (into: Uint16Array, row: number) =>
      resizeRow(picture, row * sourceWidth * 3, columns, widthPixels, into);
    for (let y = 0; y < heightPixels; y++) {
      const [first, second, part] = [rows.first[y], rows.second[y], rows.parts[y]];
      if (first !== upperRow) {
        if (first === lowerRow) [upper, lower, lowerRow] = [lower, upper, upperRow];
        else fill(upper, first);
        upperRow = first;
      }
      if (second !== lowerRow) {
        fill(lower, second);
        lowerRow = second;
      }
      for (let colour = 0; colour < 3; colour++) {
        const from = colour * widthPixels;
        const to = (colour * pictures.length + frame) * area + y * widthPixels;
        for (let x = 0; x < widthPixels; x++) {
          data[to + x] = (upper[from + x] * (256 - part) + lower[from + x] * part + 32768) >> 16;
        }
      }
    }
  }
  return { data, frames: pictures.length, widthPixels, heightPixels };
}

// ---- below: internals ----

/** Places of a box in quarters of the room it has: corners and middle, middles of sides, middles of quarters. */
const quarters = [
  [0, 0],
  [4, 0],
  [0, 4],
  [4, 4],
  [2, 2],
  [0, 2],
  [4, 2],
  [2, 4],
  [2, 0],
  [1, 1],
  [3, 1],
  [1, 3],
  [3, 3],
] as const;

/** Where along one axis each sample lies: between which two pixels, and how far from the first, in 256ths. */
interface Samples {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly parts: Int32Array;
}

function samplesOf(from: number, to: number, offset: number, flipped: boolean): Samples {
  const [first, second, parts] = [new Int32Array(to), new Int32Array(to), new Int32Array(to)];
  for (let i = 0; i < to; i++) {
    const place = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const at = flipped ? to - 1 - i : i;
    first[at] = offset + Math.floor(place);
    second[at] = offset + Math.min(Math.floor(place) + 1, from - 1);
    parts[at] = Math.round((place - Math.floor(place)) * 256);
  }
  return { first, second, parts };
}

function resizeRow(picture: Uint8Array, row: number, columns: Samples, width: number, into: Uint16Array): void {
  const { first, second, parts } = columns;
  for (let x = 0; x < width; x++) {
    const [a, b, part] = [row + first[x] * 3, row + second[x] * 3, parts[x]];
    into[x] = picture[a] * (256 - part) + picture[b] * part;
    into[width + x] = picture[a + 1] * (256 - part) + picture[b + 1] * part;
    into[2 * width + x] = picture[a + 2] * (256 - part) + picture[b + 2] * part;
  }
}
