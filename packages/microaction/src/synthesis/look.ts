import type { Dice } from '../dice.ts';

/** What one person looks like, beyond the lengths of their bones. Colours are `#rrggbb`. */
export interface Look {
  readonly skin: string;
  readonly eyes: string;
  readonly hair: {
    readonly style: 'bald' | 'short' | 'full' | 'long' | 'bun';
    readonly colour: string;
    /** Where it is parted: -1 at the person's right, 1 at the left. */
    readonly parting: number;
    /** Whether it hangs into the forehead. */
    readonly fringe: boolean;
  };
  readonly glasses?: { readonly shape: 'round' | 'square'; readonly colour: string };
  readonly top: {
    readonly colour: string;
    readonly second: string;
    readonly pattern: 'plain' | 'stripes' | 'check' | 'print';
    readonly sleeves: 'long' | 'short';
    /** `jacket` is worn open over something of the second colour. */
    readonly cut: 'round' | 'vee' | 'collar' | 'jacket';
  };
  readonly bottom: { readonly kind: 'trousers' | 'shorts' | 'skirt'; readonly colour: string };
  readonly shoes: string;
}

export function drawLook(dice: Dice): Look {
  const cloth = () => hexOf(dice.integer(0, 359), dice.uniform(0.04, 0.55), dice.uniform(0.16, 0.85));
  // Denim, khaki, grey and black are more common below the waist than bright colours.
  const quiet = () =>
    dice.chance(0.8)
      ? hexOf(dice.oneOf([215, 222, 35, 28, 240, 100]), dice.uniform(0.03, 0.32), dice.uniform(0.12, 0.52))
      : cloth();
  return {
    skin: dice.oneOf(['#f1cdb4', '#e6b793', '#d9a17c', '#c58c66', '#a9744f', '#8a5a3b', '#6b432b']),
    eyes: dice.oneOf(['#1d120c', '#1d120c', '#33200f', '#2c3b46', '#33412c']),
    hair: {
      style: dice.weighted([
        ['short', 4],
        ['full', 3],
        ['long', 3],
        ['bun', 1.5],
        ['bald', 1],
      ] as const),
      colour: dice.oneOf(['#17130f', '#2b1d14', '#3b2a20', '#5b3a22', '#7d5a35', '#b08d57', '#8d8a86', '#c9c5bd']),
      parting: dice.uniform(-1, 1),
      fringe: dice.chance(0.35),
    },
    glasses: dice.chance(0.35)
      ? { shape: dice.oneOf(['round', 'square'] as const), colour: dice.oneOf(['#1c1c1e', '#5a3d28', '#7b7f86']) }
      : undefined,
    top: {
      colour: cloth(),
      second: cloth(),
      pattern: dice.weighted([
        ['plain', 5],
        ['stripes', 2],
        ['check', 1],
        ['print', 1],
      ] as const),
      sleeves: dice.chance(0.7) ? 'long' : 'short',
      cut: dice.weighted([
        ['round', 4],
        ['vee', 2],
        ['collar', 3],
        ['jacket', 2],
      ] as const),
    },
    bottom: {
      kind: dice.weighted([
        ['trousers', 7],
        ['shorts', 1],
        ['skirt', 1.5],
      ] as const),
      colour: quiet(),
    },
    shoes: dice.oneOf(['#1d1d1f', '#f0eee8', '#6b4a36', '#8e2f2f', '#2c4a6e', '#55585c']),
  };
}

// ---- below: internals ----

/** `#rrggbb` of a hue in degrees, and saturation and lightness from 0 to 1. */
function hexOf(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (shift: number) => {
    const sector = (shift + hue / 30) % 12;
    const value = lightness - reach * Math.max(-1, Math.min(sector - 3, 9 - sector, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
