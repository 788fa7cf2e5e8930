import type { Dice } from '../../dice.ts';

/** A slow wander about 0 with a standard deviation of 1: three sines that never meet again. */
export function drawDrift(dice: Dice, periodSeconds: number): (seconds: number) => number {
  const waves = [1, 0.62, 0.37].map((share) => ({
    rate: (2 * Math.PI) / (periodSeconds * share * dice.uniform(0.85, 1.15)),
    phase: dice.uniform(0, 2 * Math.PI),
    size: Math.sqrt(share) * 1.0036, // 1, 0.62 and 0.37 of variance 1/2 each, together 1
  }));
  return (seconds) => {
    let sum = 0;
    for (const { rate, phase, size } of waves) sum += size * Math.sin(rate * seconds + phase);
    return sum;
  };
}
