import { GraphError, RuntimeError } from '../errors.ts';
import type { FloatArray, Gradients } from './trainable.ts';

export interface ClipOptions {
  /**
   * What to do when the norm is infinite or not a number. `scale` multiplies all the same, which spreads NaN, as torch
   * does by default; `leave` changes nothing, so that the caller may look at the norm and skip the step; `throw` stops
   * and names the first gradient to blame. Default `scale`.
   */
  readonly nonFinite?: 'scale' | 'leave' | 'throw';
}

/** Added to the norm before dividing, as torch does: clipped gradients stay a hair below the maximum. */
const epsilon = 1e-6;

/**
 * Scales all gradients in place by one factor so that the L2 norm of all elements together is at most `maxNorm`; does
 * nothing below it. What `torch.nn.utils.clip_grad_norm_` computes, with the norm in double precision.
 *
 * @param maxNorm - above 0; Infinity measures without clipping
 * @returns the norm before clipping
 * @throws RuntimeError `not-finite` with `nonFinite: 'throw'`
 */
export function clipByGlobalNorm(
  gradients: Gradients,
  maxNorm: number,
  { nonFinite = 'scale' }: ClipOptions = {},
): number {
  if (!(maxNorm > 0)) throw new GraphError(`clipByGlobalNorm: maxNorm is ${maxNorm}; expected a number above 0.`);
  const norm = globalNorm(gradients);
  if (!Number.isFinite(norm) && nonFinite === 'leave') return norm;
  if (!Number.isFinite(norm) && nonFinite === 'throw') throw new RuntimeError('not-finite', blame(gradients, norm));
  const factor = maxNorm / (norm + epsilon);
  if (!(factor >= 1)) for (const gradient of gradients.values()) scale(gradient, factor);
  return norm;
}

/** Moves every element into [-maxAbsolute, maxAbsolute], in place, as `torch.nn.utils.clip_grad_value_`; NaN stays. */
export function clipByValue(gradients: Gradients, maxAbsolute: number): void {
  if (!(maxAbsolute >= 0)) {
    throw new GraphError(`clipByValue: maxAbsolute is ${maxAbsolute}; expected a number >= 0.`);
  }
  for (const gradient of gradients.values()) {
    const { length } = gradient;
    for (let i = 0; i < length; i++) {
      const g = gradient[i];
      if (g > maxAbsolute) gradient[i] = maxAbsolute;
      else if (g < -maxAbsolute) gradient[i] = -maxAbsolute;
    }
  }
}

/** The L2 norm of all elements of all gradients; 0 for none. */
export function globalNorm(gradients: Gradients): number {
  let sum = 0;
  for (const gradient of gradients.values()) sum += sumOfSquares(gradient);
  return Math.sqrt(sum);
}

// Below: not for the outside.

/** Four sums side by side: one alone would wait for each addition to end before the next. */
function sumOfSquares(values: FloatArray): number {
  const { length } = values;
  const even = length - (length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < even; i += 4) {
    a += values[i] * values[i];
    b += values[i + 1] * values[i + 1];
    c += values[i + 2] * values[i + 2];
    d += values[i + 3] * values[i + 3];
  }
  for (let i = even; i < length; i++) a += values[i] * values[i];
  return a + b + c + d;
}

function scale(values: FloatArray, factor: number): void {
  const { length } = values;
  for (let i = 0; i < length; i++) values[i] *= factor;
}

function blame(gradients: Gradients, norm: number): string {
  for (const [name, gradient] of gradients) {
    const i = gradient.findIndex((g) => !Number.isFinite(g));
    if (i < 0) continue;
    return (
      `clipByGlobalNorm: the norm is ${norm}; the first offender is the gradient of '${name}', element ${i}: ` +
      `${gradient[i]}. Lower the learning rate or the loss scale, or look for a division by zero in the loss.`
    );
  }
  return `clipByGlobalNorm: the norm is ${norm} though every element is finite; the squares overflow.`;
}
