import type { Prop } from '../body/figure.ts';
import type { FingerJoints } from '../body/hand.ts';
import type { Side } from '../body/limbs.ts';
import type { Proportions } from '../body/proportions.ts';
import { cross, type Frame, mix, place, times } from '../body/vector.ts';

/** Where something is that a hand holds: a cup in its hollow, the thumb's side up; others between thumb and index tip. */
export function heldIn(
  hand: Frame,
  fingers: readonly FingerJoints[],
  side: Side,
  kind: Prop['kind'],
  size: Proportions,
): Frame {
  const { front } = hand;
  if (kind === 'cup') {
    const up = times(hand.left, side === 'left' ? -1 : 1);
    return { origin: place(hand, [0, 0.95 * size.palm, 0.04]), up, front, left: cross(up, front) };
  }
  const between = { ...hand, origin: mix(fingers[0][2], fingers[1][2], 0.5) };
  return { ...between, origin: place(between, [0, 0.01, 0.01]) };
}
