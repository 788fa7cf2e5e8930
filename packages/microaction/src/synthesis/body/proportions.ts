import type { Dice } from '../../dice.ts';

/**
 * Lengths of one body in metres. Shares of the stature after R. Drillis and R. Contini, Body segment parameters
 * (1966), with the spread between people drawn on top.
 */
export interface Proportions {
  readonly stature: number;
  /** How stout: 1 is the middle, 0.85 slim, 1.25 heavy. Widths and depths of trunk and limbs grow with it. */
  readonly girth: number;
  /** From the middle of the hips up to the waist. */
  readonly lowerTrunk: number;
  /** From the waist up to the root of the neck. */
  readonly upperTrunk: number;
  readonly neck: number;
  /** From chin to crown. */
  readonly headHeight: number;
  /** From the spine to a shoulder joint. */
  readonly shoulderHalf: number;
  readonly hipHalf: number;
  readonly upperArm: number;
  readonly forearm: number;
  /** From the wrist to the knuckle of the middle finger. */
  readonly palm: number;
  /** From that knuckle to the tip. */
  readonly middleFinger: number;
  readonly thigh: number;
  readonly shin: number;
  /** From heel to toe. */
  readonly foot: number;
}

export function drawProportions(dice: Dice): Proportions {
  const stature = Math.max(1.48, Math.min(1.97, dice.normal(1.7, 0.1)));
  const part = (share: number, spread = 0.03) => stature * share * dice.normal(1, spread);
  return {
    stature,
    girth: Math.max(0.82, Math.min(1.35, dice.normal(1.02, 0.12))),
    lowerTrunk: part(0.104),
    upperTrunk: part(0.19),
    neck: part(0.05, 0.06),
    headHeight: part(0.132, 0.02),
    shoulderHalf: part(0.104, 0.04),
    hipHalf: part(0.05, 0.04),
    upperArm: part(0.17),
    forearm: part(0.146),
    palm: part(0.056),
    middleFinger: part(0.046),
    thigh: part(0.245),
    shin: part(0.243),
    foot: part(0.152),
  };
}
