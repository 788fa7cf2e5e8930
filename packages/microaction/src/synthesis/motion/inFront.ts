import { type Standing, sign } from '../body/figure.ts';
import type { HandPose, Touching } from '../body/hand.ts';
import type { Side } from '../body/limbs.ts';
import type { Proportions } from '../body/proportions.ts';
import { across, cross, direction, type Frame, place, times, unit, type Vector } from '../body/vector.ts';
import { holding } from './contact.ts';

/** A hand before the trunk. Its vectors run out to the hand's own side, up and ahead: both sides are mirrored. */
export interface Gesture extends Omit<HandPose, 'wrist'> {
  /** In lengths of the straight arm from the waist: the lap is at about -0.17 up, a shoulder at 0.35 out, 0.5 up. */
  readonly at: Vector;
  /** What of the hand is there; the palm without. */
  readonly part?: Touching;
}

export function inFront(standing: Standing, side: Side, { at, part = 'palm', ...held }: Gesture): HandPose {
  const space = spaceInFront(standing, side);
  return holding(standing, side, {
    at: place(space, times(at, armLength(standing.size))),
    part,
    fingers: direction(space, held.fingers),
    palm: direction(space, held.palm),
    elbow: direction(space, held.elbow),
    curls: held.curls,
    spread: held.spread,
  });
}

/** The space before the trunk: origin at the waist, level with the floor, turned with the chest; its left is `side`'s. */
export function spaceInFront({ waist, chest }: Standing, side: Side): Frame {
  const up: Vector = [0, 1, 0];
  const front = unit(across(chest.front, up));
  return { origin: waist.origin, left: times(cross(up, front), sign(side)), up, front };
}

/** Of a straight arm, from the shoulder to the wrist. */
export const armLength = (size: Proportions) => size.upperArm + size.forearm;
