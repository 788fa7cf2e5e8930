import { bend } from './bend.ts';
import type { Controls, Turn } from './controls.ts';
import { type FingerJoints, fingerJoints, type HandPose, handFrame, withinWrist } from './hand.ts';
import { type Leg, legsOf } from './legs.ts';
import { type Side, sign } from './limbs.ts';
import type { Proportions } from './proportions.ts';
import { dot, type Frame, length, minus, place, plus, times, turned, unit, type Vector, world } from './vector.ts';

export { type Leg, sign };

/** Trunk, head and legs at one moment, in metres: what hands find their way by. */
export interface Standing {
  readonly size: Proportions;
  /** Origin between the hip joints. */
  readonly pelvis: Frame;
  /** Origin at the waist; its up is the lower spine's. */
  readonly waist: Frame;
  /** Origin at the waist; its up is the upper spine's, its front the breast bone's. */
  readonly chest: Frame;
  /** The root of the neck, between the collar bones. */
  readonly neck: Vector;
  /** Origin in the middle of the skull, half a head's height below the crown. */
  readonly head: Frame;
  readonly shoulders: Readonly<Record<Side, Vector>>;
  readonly legs: Readonly<Record<Side, Leg>>;
  readonly face: Readonly<Controls['face']>;
}

/** A whole body at one moment. */
export interface Figure extends Standing {
  readonly arms: Readonly<Record<Side, Arm>>;
  readonly prop?: Prop;
}

export interface Arm {
  readonly shoulder: Vector;
  readonly elbow: Vector;
  readonly wrist: Vector;
  /** See `handFrame`. */
  readonly hand: Frame;
  /** Thumb first. */
  readonly fingers: readonly FingerJoints[];
}

/** Something in the hands. */
export interface Prop {
  readonly kind: 'pen' | 'phone' | 'cup';
  /** Origin in its middle, up along its length. */
  readonly frame: Frame;
}

/** Height of the hip joints of one who sits with level thighs, metres. */
export const seatedHipHeight = (size: Proportions) => size.shin + 0.085;

/** Forward kinematics of spine, head and shoulders; two-bone inverse kinematics of legs from where the feet are. */
export function stand(controls: Controls, size: Proportions): Standing {
  const { trunk, slouch, breath } = controls;
  const { left, up, forward } = controls.pelvis;
  const seat: Vector = [left, seatedHipHeight(size) - 0.0008 * slouch + up, -0.0006 * slouch + forward];
  const pelvis = turned(world, seat, { pitch: -0.7 * slouch + 0.35 * trunk.pitch, roll: 0.25 * trunk.roll });
  const waist = turned({ ...world, origin: seat }, [0, 0, 0], {
    yaw: 0.35 * trunk.yaw,
    pitch: 0.8 * trunk.pitch - 0.35 * slouch,
    roll: 0.75 * trunk.roll,
  });
  const waistPlace = place(waist, [0, size.lowerTrunk, 0]);
  const chest = turned({ ...world, origin: waistPlace }, [0, 0, 0], {
    yaw: trunk.yaw,
    pitch: trunk.pitch + 0.9 * slouch,
    roll: trunk.roll,
  });
  const neck = place(chest, [0, size.upperTrunk + 0.1 * breath, 0.1 * breath]);
  const head = headOf(neck, controls.head, trunk, slouch, size);
  const shoulderOf = (side: Side): Vector => {
    const { up: lift, forward: fore } = controls.shoulders[side];
    const out = sign(side) * (size.shoulderHalf + 0.15 * breath - 0.3 * Math.abs(fore));
    return place(chest, [out, 0.89 * size.upperTrunk + 0.4 * breath + lift, fore]);
  };
  return {
    size,
    pelvis,
    waist: { ...waist, origin: waistPlace },
    chest,
    neck,
    head,
    shoulders: { left: shoulderOf('left'), right: shoulderOf('right') },
    legs: legsOf(controls, pelvis, size),
    face: { ...controls.face },
  };
}

/**
 * Two-bone inverse kinematics of the arms. Beyond an arm's reach the hand stays at the end of the forearm. A raised arm
 * takes its shoulder along; a wrist that would bend further than wrists do keeps the hand back.
 */
export function withArms(standing: Standing, hands: Readonly<Record<Side, HandPose>>, prop?: Prop): Figure {
  const armOf = (side: Side): Arm => {
    const pose = hands[side];
    const { shoulder, elbow, wrist } = armBones(standing, side, pose);
    const held = { ...pose, fingers: withinWrist(pose.fingers, minus(wrist, elbow)) };
    const hand = { ...handFrame(held), origin: wrist };
    return { shoulder, elbow, wrist, hand, fingers: fingerJoints(hand, side, held, standing.size) };
  };
  const arms = { left: armOf('left'), right: armOf('right') };
  const shoulders = { left: arms.left.shoulder, right: arms.right.shoulder };
  return { ...standing, shoulders, arms, prop };
}

/** Shoulder, elbow and wrist of an arm whose hand is led to a pose. */
export function armBones(
  { size, chest, shoulders }: Standing,
  side: Side,
  { wrist, elbow: towards }: Pick<HandPose, 'wrist' | 'elbow'>,
): { shoulder: Vector; elbow: Vector; wrist: Vector } {
  const low = shoulders[side];
  const raised = dot(minus(bend(low, wrist, size.upperArm, size.forearm, towards), low), chest.up) / size.upperArm;
  // From an upper arm 25 degrees off the trunk to one that is level and beyond.
  const rise = 0.13 * size.shoulderHalf * Math.max(0, raised + 0.9) ** 1.5;
  const shoulder = plus(low, times(chest.up, rise));
  const reached = outOfFold(shoulder, wrist, size);
  const elbow = bend(shoulder, reached, size.upperArm, size.forearm, towards);
  return { shoulder, elbow, wrist: plus(elbow, times(unit(minus(reached, elbow)), size.forearm)) };
}

// ---- below: internals ----

/** Flesh keeps an elbow from folding to less than 26 degrees: a wrist too close to its shoulder is pushed away from it. */
function outOfFold(shoulder: Vector, wrist: Vector, { upperArm, forearm }: Proportions): Vector {
  const least = Math.sqrt(upperArm ** 2 + forearm ** 2 - 2 * upperArm * forearm * Math.cos((26 * Math.PI) / 180));
  const away = minus(wrist, shoulder);
  return length(away) < least ? plus(shoulder, times(unit(away), least)) : wrist;
}

/** Eyes keep to what they look at: the head follows the trunk by a part only. */
function headOf(neck: Vector, head: Turn, trunk: Turn, slouch: number, size: Proportions): Frame {
  const turn = {
    yaw: head.yaw + 0.6 * trunk.yaw,
    pitch: head.pitch + 0.2 * trunk.pitch + 0.1 * slouch,
    roll: head.roll + 0.35 * trunk.roll,
  };
  // The neck takes half of a nod and a tilt, the joint at its top the rest.
  const stem = turned({ ...world, origin: neck }, [0, 0, 0], {
    yaw: 0.5 * turn.yaw,
    pitch: 0.5 * turn.pitch + 12 + 0.3 * slouch,
    roll: 0.5 * turn.roll,
  });
  const skull = turned({ ...world, origin: place(stem, [0, size.neck, 0]) }, [0, 0, 0], turn);
  return { ...skull, origin: place(skull, [0, 0.36 * size.headHeight, 0.06 * size.headHeight]) };
}
