import type { Dice } from '../../dice.ts';
import type { Clip } from './clip.ts';
import {
  equalized,
  posterized,
  solarized,
  withBrightness,
  withContrast,
  withFullRange,
  withHue,
  withSaturation,
  withSharpness,
} from './colour.ts';
import { warped } from './warp.ts';

/** One change of all pictures of a clip, with all that was drawn for it. */
export type Operation =
  | { readonly kind: 'shearX' | 'shearY' | 'rotate'; readonly degrees: number }
  /** By a part of the width or height. */
  | { readonly kind: 'translateX' | 'translateY'; readonly part: number }
  | { readonly kind: 'posterize'; readonly bits: number }
  | { readonly kind: 'solarize'; readonly threshold: number }
  | { readonly kind: 'saturation' | 'contrast' | 'brightness' | 'sharpness'; readonly factor: number }
  | { readonly kind: 'hue'; readonly turns: number }
  | { readonly kind: 'autocontrast' | 'equalize' | 'invert' }
  /** A grey square: its middle and its side, in parts of the width and height. */
  | { readonly kind: 'cutout'; readonly x: number; readonly y: number; readonly side: number };

export function apply(clip: Clip, operation: Operation): Clip {
  const { widthPixels: width, heightPixels: height } = clip;
  switch (operation.kind) {
    case 'shearX':
      return warped(clip, [1, Math.tan(radians(operation.degrees)), 0, 0, 1, 0]);
    case 'shearY':
      return warped(clip, [1, 0, 0, Math.tan(radians(operation.degrees)), 1, 0]);
    case 'rotate': {
      const [cos, sin] = [Math.cos(radians(operation.degrees)), Math.sin(radians(operation.degrees))];
      return warped(clip, [cos, sin, 0, -sin, cos, 0]);
    }
    case 'translateX':
      return warped(clip, [1, 0, -operation.part * width, 0, 1, 0]);
    case 'translateY':
      return warped(clip, [1, 0, 0, 0, 1, -operation.part * height]);
    case 'posterize':
      return posterized(clip, operation.bits);
    case 'solarize':
      return solarized(clip, operation.threshold);
    case 'saturation':
      return withSaturation(clip, operation.factor);
    case 'contrast':
      return withContrast(clip, operation.factor);
    case 'brightness':
      return withBrightness(clip, operation.factor);
    case 'sharpness':
      return withSharpness(clip, operation.factor);
    case 'hue':
      return withHue(clip, operation.turns);
    case 'autocontrast':
      return withFullRange(clip);
    case 'equalize':
      return equalized(clip);
    case 'invert':
      return solarized(clip, 0);
    case 'cutout':
      return cutOut(clip, operation);
  }
}

export interface RandAugmentOptions {
  /** How many operations a clip gets, no two alike. */
  readonly operations: number;
  /** How strong they are, 0 to 1. */
  readonly level: number;
}

/**
 * A few of fifteen operations, as mmaction2's default of imgaug has them after RandAugment (Cubuk et al. 2019,
 * arXiv 1909.13719): in the order of its list, with its strengths. It draws directions once a run, this once a clip.
 */
export function drawRandAugment({ operations, level }: RandAugmentOptions, dice: Dice): Operation[] {
  const either = (size: number) => (dice.chance(0.5) ? size : -size);
  const factor = 1.8 * level + 0.1;
  const all: (() => Operation)[] = [
    () => ({ kind: 'shearX', degrees: either(17.19 * level) }),
    () => ({ kind: 'shearY', degrees: either(17.19 * level) }),
    () => ({ kind: 'translateX', part: either(0.2 * level) }),
    () => ({ kind: 'translateY', part: either(0.2 * level) }),
    () => ({ kind: 'rotate', degrees: either(30 * level) }),
    () => ({ kind: 'posterize', bits: Math.max(1, Math.floor(4 * level)) }),
    () => ({ kind: 'solarize', threshold: 256 * level }),
    () => ({ kind: 'saturation', factor }),
    () => ({ kind: 'contrast', factor }),
    () => ({ kind: 'brightness', factor }),
    () => ({ kind: 'sharpness', factor }),
    () => ({ kind: 'autocontrast' }),
    () => ({ kind: 'equalize' }),
    () => ({ kind: 'invert' }),
    () => ({ kind: 'cutout', x: dice.uniform(), y: dice.uniform(), side: 0.2 * level }),
  ];
  const chosen = new Set<number>();
  while (chosen.size < Math.min(operations, all.length)) chosen.add(dice.integer(0, all.length - 1));
  return [...chosen].sort((a, b) => a - b).map((index) => all[index]());
}

export interface ColourJitterOptions {
  /** Factors are drawn from 1 - this to 1 + this. */
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  /** Parts of the circle of hues, either way. */
  readonly hue: number;
}

/** Brightness, contrast, saturation and hue, each a little different, in random order. */
export function drawColourJitter(options: ColourJitterOptions, dice: Dice): Operation[] {
  const around = (spread: number) => Math.max(0, dice.uniform(1 - spread, 1 + spread));
  const left: Operation[] = [
    { kind: 'brightness', factor: around(options.brightness) },
    { kind: 'contrast', factor: around(options.contrast) },
    { kind: 'saturation', factor: around(options.saturation) },
    { kind: 'hue', turns: dice.uniform(-options.hue, options.hue) },
  ];
  const order: Operation[] = [];
  while (left.length > 0) order.push(...left.splice(dice.integer(0, left.length - 1), 1));
  return order;
}

// ---- below: internals ----

const radians = (degrees: number) => (degrees * Math.PI) / 180;

function cutOut(clip: Clip, { x, y, side }: Extract<Operation, { kind: 'cutout' }>): Clip {
  const { widthPixels: width, heightPixels: height } = clip;
  const data = clip.data.slice();
  const half = (side * Math.min(width, height)) / 2;
  const [left, right] = [x * width - half, x * width + half].map((edge) =>
    Math.min(Math.max(Math.round(edge), 0), width),
  );
  const [top, bottom] = [y * height - half, y * height + half].map((edge) => Math.max(Math.round(edge), 0));
  for (let row = 0; row < data.length / width; row++) {
    const inPicture = row % height;
    if (inPicture >= top && inPicture < bottom) data.fill(128, row * width + left, row * width + right);
  }
  return { ...clip, data };
}
