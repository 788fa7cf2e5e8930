import type { Frame, Vector } from '../../packages/microaction/src/synthesis/body/vector.ts';

/** Red, green and blue as light, 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number];

export interface Paint {
  readonly colour: Colour;
  /** Instead of the colour, by place in the world; drawn with four rays a pixel. */
  readonly colourAt?: (x: number, y: number, z: number) => Colour;
  /** Strength of the highlight, 0 to 1. */
  readonly gloss: number;
  /** How much light comes through from behind an edge, as in skin: 0 to 1. */
  readonly softness: number;
}

/** The simple bodies that all is made of. */
export type Form =
  | { readonly kind: 'limb'; readonly from: Vector; readonly to: Vector; readonly radii: readonly [number, number] }
  | { readonly kind: 'ellipsoid'; readonly frame: Frame; readonly radii: Vector }
  | { readonly kind: 'box'; readonly frame: Frame; readonly halves: Vector; readonly rounding: number };

export type Shape = Form & { readonly paint: Paint };

/** Shapes that melt into each other where they are nearer than `melt` metres, as flesh and cloth do. */
export interface Solid {
  readonly melt: number;
  readonly shapes: readonly Shape[];
}

/** A soft shadow on the floor. */
export interface Shadow {
  readonly x: number;
  readonly z: number;
  readonly radius: number;
  readonly strength: number;
}

/** From the usual notation, `#c08a6a`. */
export function colour(hex: string): Colour {
  const channel = (at: number) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2;
  return [channel(1), channel(3), channel(5)];
}

export const blend = (a: Colour, b: Colour, share: number): Colour => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

export const limb = (paint: Paint, from: Vector, to: Vector, r0: number, r1 = r0): Shape => ({
  kind: 'limb',
  from,
  to,
  radii: [r0, r1],
  paint,
});
export const ellipsoid = (paint: Paint, frame: Frame, radii: Vector): Shape => ({
  kind: 'ellipsoid',
  frame,
  radii,
  paint,
});
export const box = (paint: Paint, frame: Frame, halves: Vector, rounding: number): Shape => ({
  kind: 'box',
  frame,
  halves,
  rounding,
  paint,
});
