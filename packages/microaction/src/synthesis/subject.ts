import { Dice } from '../dice.ts';
import { drawProportions, type Proportions } from './body/proportions.ts';
import { drawLook, type Look } from './look.ts';

/** One person: what stays the same in all their clips. */
export interface Subject {
  /** Counted over the data set from 0. */
  readonly index: number;
  readonly size: Proportions;
  readonly look: Look;
  readonly rightHanded: boolean;
  /** How quick they are: 1 is the middle, 1.25 a quick one. Speeds are multiplied by it. */
  readonly tempo: number;
  /** How large their movements are: 1 is the middle. Amplitudes are multiplied by it. */
  readonly vigour: number;
  /** How much they move at rest: 1 is the middle. */
  readonly restlessness: number;
  /** How they usually sit: see `Seat`. */
  readonly habits: { readonly slouch: number; readonly kneesOut: number; readonly headPitch: number };
}

/** The same person for the same seed and index, whatever the size of the data set. */
export function drawSubject(seed: number, index: number): Subject {
  const dice = new Dice(seed).fork('subject', index);
  return {
    index,
    size: drawProportions(dice.fork('size')),
    look: drawLook(dice.fork('look')),
    rightHanded: dice.chance(0.9),
    tempo: Math.exp(dice.normal(0, 0.12)),
    vigour: Math.exp(dice.normal(0, 0.15)),
    restlessness: Math.exp(dice.normal(0, 0.3)),
    habits: { slouch: Math.max(0, dice.normal(7, 5)), kneesOut: dice.normal(6, 7), headPitch: dice.normal(0, 3) },
  };
}
