import type { Dice } from '../../dice.ts';
import { dot, unit, type Vector } from '../body/vector.ts';
import type { Colour } from './colour.ts';

/** One lamp or window, and what light the room throws back. */
export interface Light {
  /** Unit vector towards the lamp. */
  readonly towards: Vector;
  readonly key: Colour;
  readonly ambient: Colour;
}

export function drawLight(dice: Dice): Light {
  const side = dice.uniform(-1.3, 1.3);
  const towards = unit([side, dice.uniform(0.4, 1.3), dice.uniform(0.5, 1.2)]);
  const warmth = dice.normal(0, 0.06);
  const strength = dice.uniform(0.82, 1.15);
  const contrast = dice.uniform(0.25, 0.6);
  const key = contrast * strength;
  const ambient = (1 - 0.72 * contrast) * strength;
  return {
    towards,
    key: [key * (1 + warmth), key, key * (1 - warmth)],
    ambient: [ambient * (1 - 0.3 * warmth), ambient, ambient * (1 + 0.3 * warmth)],
  };
}

/** How a surface of a colour looks in the light. The light wraps around: no side of a body is black. */
export function lit(colour: Colour, normal: Vector, { towards, key, ambient }: Light): Colour {
  const facing = Math.max(0, 0.75 * dot(normal, towards) + 0.25);
  const sky = 0.88 + 0.12 * normal[1];
  return [
    colour[0] * (key[0] * facing + ambient[0] * sky),
    colour[1] * (key[1] * facing + ambient[1] * sky),
    colour[2] * (key[2] * facing + ambient[2] * sky),
  ];
}
