import type { Dice } from '../../dice.ts';
import type { Clip, Pictures } from './clip.ts';
import { type Box, type CropOptions, centreBox, drawCrop, resizedCrop, type Size } from './crop.ts';
import {
  apply,
  type ColourJitterOptions,
  drawColourJitter,
  drawRandAugment,
  type Operation,
  type RandAugmentOptions,
} from './operations.ts';

/** How clips are made different each time they are seen. Whatever is absent is not done. Plain data. */
export interface AugmentOptions {
  /** What part of the picture is seen; absent, the largest square in the middle. */
  readonly crop?: CropOptions;
  /** How likely left and right change places: 0 to 1. Where actions name a side, labels must follow. */
  readonly flip?: number;
  readonly randAugment?: RandAugmentOptions;
  readonly colourJitter?: ColourJitterOptions;
}

/** Nothing by chance: for validation. */
export const noAugmentation: AugmentOptions = {};

/** As MANet, TSM and TSN train (mmaction2 0.24), of pictures whose short side is 256. */
export const multiScaleAugmentation: AugmentOptions = { crop: { scales: [1, 0.875, 0.75, 0.66] }, flip: 0.5 };

/** As AdaTAD trains (OpenTAD's configurations of Liu et al. 2024). */
export const officialAugmentation: AugmentOptions = {
  crop: { area: [0.08, 1], aspect: [3 / 4, 4 / 3] },
  flip: 0.5,
  randAugment: { operations: 2, level: 0.9 },
  colourJitter: { brightness: 0.5, contrast: 0.5, saturation: 0.5, hue: 0.1 },
};

/** All that was drawn for one clip: the same for each of its pictures. Plain data. */
export interface Augmentation {
  readonly box: Box;
  readonly flipped: boolean;
  /** One after the other. */
  readonly operations: readonly Operation[];
}

/**
 * @param size - of the pictures before
 * @param sizePixels - of the square pictures after
 */
export function drawAugmentation(size: Size, options: AugmentOptions, sizePixels: number, dice: Dice): Augmentation {
  const { crop, flip = 0, randAugment, colourJitter } = options;
  // Each has dice of its own: leaving one out changes nothing of the others.
  return {
    box: crop ? drawCrop(size, crop, sizePixels, dice.fork('crop')) : centreBox(size),
    flipped: dice.fork('flip').chance(flip),
    operations: [
      ...(randAugment ? drawRandAugment(randAugment, dice.fork('randAugment')) : []),
      ...(colourJitter ? drawColourJitter(colourJitter, dice.fork('colourJitter')) : []),
    ],
  };
}

/** Pictures as a square clip of this size, all changed alike. */
export function augmented(pictures: Pictures, { box, flipped, operations }: Augmentation, sizePixels: number): Clip {
  const clip = resizedCrop(pictures, box, { widthPixels: sizePixels, heightPixels: sizePixels, flipped });
  return operations.reduce(apply, clip);
}
