import type { Size } from '../../training/augment/crop.ts';
import type { RecognitionRecipe } from '../../training/recognition/recognitionRecipe.ts';
import type { ViewCrops } from './views.ts';

/** Which parts of pictures are looked at; see `ViewCrops`. */
export const cropKinds = ['centre', 'three', 'ten'] as const satisfies readonly ViewCrops['kind'][];

export type CropKind = (typeof cropKinds)[number];

type PictureSizes = Pick<RecognitionRecipe['data'], 'sizePixels' | 'shortSidePixels'>;

/** Parts of pictures that show what a recogniser was trained to see. */
export const cropsOf = (kind: CropKind, { sizePixels, shortSidePixels }: PictureSizes): ViewCrops =>
  kind === 'three' ? { kind } : { kind, part: sizePixels / shortSidePixels };

/** Side of the pictures that the recogniser is given: of the whole short side, more than it was trained on. */
export const viewPixels = (kind: CropKind, { sizePixels, shortSidePixels }: PictureSizes): number =>
  kind === 'three' ? shortSidePixels : sizePixels;

/** The size at which pictures of a video are kept: the short side shrunk to what is asked for; smaller ones stay. */
export function keptSize({ widthPixels, heightPixels }: Size, shortSidePixels: number): Size {
  const shrink = Math.min(1, shortSidePixels / Math.min(widthPixels, heightPixels));
  return {
    widthPixels: Math.max(1, Math.round(widthPixels * shrink)),
    heightPixels: Math.max(1, Math.round(heightPixels * shrink)),
  };
}
