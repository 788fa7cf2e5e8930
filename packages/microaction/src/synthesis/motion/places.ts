import { type Standing, sign } from '../body/figure.ts';
import type { HandPose, Touching } from '../body/hand.ts';
import type { Side } from '../body/limbs.ts';
import { direction, type Frame, place, type Vector } from '../body/vector.ts';
import type { Hold } from './contact.ts';

/**
 * A place that a hand goes to and how the hand is held there. All vectors are given for a left hand and mirrored for
 * a right one, in the frame of a part of the body: x out to the hand's own side, y up, z to the front.
 */
export interface Spot {
  /** In lengths of the part. */
  readonly at: Vector;
  readonly part: Touching;
  /** Directions in the part's frame, as those of `HandPose`. */
  readonly fingers: Vector;
  readonly palm: Vector;
  /** In the chest's frame: elbows know nothing of how a head is turned. */
  readonly elbow: Vector;
  readonly curls: HandPose['curls'];
  readonly spread?: number;
}

/** Lengths are heads' heights from the middle of the skull: chin and crown at y -0.5 and 0.5, nose at z 0.49. */
export const onHead = (spot: Spot) => (standing: Standing, side: Side) => {
  const { headHeight } = standing.size;
  return holdAt(spot, standing, side, standing.head, [headHeight, headHeight, headHeight]);
};

/** Lengths are heads' heights from the root of the neck; directions are the chest's. */
export const onNeck = (spot: Spot) => (standing: Standing, side: Side) => {
  const { headHeight } = standing.size;
  const frame = { ...standing.chest, origin: standing.neck };
  return holdAt(spot, standing, side, frame, [headHeight, headHeight, headHeight]);
};

/** x 1 at the shoulder joints, y 0 at the waist and 1 at the root of the neck, z 1 on the breast and -1 on the back. */
export const onTrunk = (spot: Spot) => (standing: Standing, side: Side) => {
  const { shoulderHalf, upperTrunk, girth } = standing.size;
  return holdAt(spot, standing, side, standing.chest, [shoulderHalf, upperTrunk, 0.12 * girth]);
};

/** x 1 at the flank, y 0 at the hip joints and 1 at the waist, z as on the trunk. */
export const onHips = (spot: Spot) => (standing: Standing, side: Side) => {
  const { lowerTrunk, girth } = standing.size;
  return holdAt(spot, standing, side, standing.pelvis, [0.15 * girth, lowerTrunk, 0.12 * girth]);
};

// ---- below: internals ----

function holdAt(spot: Spot, standing: Standing, side: Side, frame: Frame, lengths: Vector): Hold {
  const out = sign(side);
  const [x, y, z] = spot.at;
  const mirrored = (parent: Frame, [left, up, front]: Vector) => direction(parent, [out * left, up, front]);
  return {
    at: place(frame, [out * x * lengths[0], y * lengths[1], z * lengths[2]]),
    part: spot.part,
    fingers: mirrored(frame, spot.fingers),
    palm: mirrored(frame, spot.palm),
    elbow: mirrored(standing.chest, spot.elbow),
    curls: spot.curls,
    spread: spot.spread ?? 0.2,
  };
}
