import type { Dice } from '../../dice.ts';
import { shuffled } from '../../random.ts';

export interface MixupOptions {
  /** Shares are drawn from Beta(alpha, alpha): near 0 or 1 where it is small, near a half where it is large. */
  readonly alpha: number;
  /** The body part of each class: only clips of one part are mixed. All are unless given. */
  readonly parts?: readonly number[];
}

/** What a batch is mixed by: clip i becomes `share` of itself and 1 − `share` of clip `partners[i]`. */
export interface Mixture {
  readonly share: number;
  readonly partners: readonly number[];
}

/** Draws who is mixed with whom, one share for all (Zhang et al. 2018, arXiv 1710.09412). A clip may be its own partner. */
export function drawMixture(classIds: readonly number[], { alpha, parts }: MixupOptions, dice: Dice): Mixture {
  const share = drawBeta(alpha, dice.fork('share'));
  const groups = Map.groupBy(classIds.keys(), (clip) => (parts ? parts[classIds[clip]] : 0));
  const order = dice.fork('partners');
  const partners = Array<number>(classIds.length);
  for (const clips of groups.values()) {
    const others = shuffled(clips, () => order.uniform());
    for (const [i, clip] of clips.entries()) partners[clip] = others[i];
  }
  return { share, partners };
}

/** Rows of equal length mixed; whole numbers are rounded. */
export function mixed<Values extends Uint8Array | Float32Array>(rows: Values, { share, partners }: Mixture): Values {
  const width = rows.length / partners.length;
  const result = rows.slice() as Values;
  const half = rows instanceof Uint8Array ? 0.5 : 0; // what a Uint8Array is given is cut off
  for (const [row, partner] of partners.entries()) {
    if (partner === row) continue;
    for (let i = 0; i < width; i++) {
      const [own, other] = [rows[row * width + i], rows[partner * width + i]];
      result[row * width + i] = own * share + other * (1 - share) + half;
    }
  }
  return result;
}

/** A number from Beta(alpha, alpha): x / (x + y) of two from the gamma distribution. */
export function drawBeta(alpha: number, dice: Dice): number {
  return 1 / (1 + Math.exp(logOfGamma(alpha, dice) - logOfGamma(alpha, dice)));
}

// ---- below: internals ----

/** The logarithm, since for small shapes the numbers are too near 0 (Marsaglia and Tsang 2000). */
function logOfGamma(shape: number, dice: Dice): number {
  if (shape < 1) return logOfGamma(shape + 1, dice) + Math.log(1 - dice.uniform()) / shape;
  const d = shape - 1 / 3;
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - dice.uniform())) * Math.cos(2 * Math.PI * dice.uniform());
    const cube = (1 + normal / Math.sqrt(9 * d)) ** 3;
    if (cube <= 0) continue;
    const logCube = Math.log(cube);
    if (Math.log(1 - dice.uniform()) < normal ** 2 / 2 + d * (1 - cube + logCube)) return Math.log(d) + logCube;
  }
}
