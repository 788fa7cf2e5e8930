import type { Controls, Turn } from './controls.ts';
import { type FingerJoints, fingerJoints, type HandPose, handFrame } from './hand.ts';
import { otherSide, type Side } from './limbs.ts';
import type { Proportions } from './proportions.ts';
import {
  across,
  direction,
  type Frame,
  length,
  minus,
  mix,
  place,
  plus,
  times,
  turned,
  unit,
  type Vector,
  world,
} from './vector.ts';

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

export interface Leg {
  readonly hip: Vector;
  readonly knee: Vector;
  readonly ankle: Vector;
  readonly heel: Vector;
  readonly ball: Vector;
  readonly toe: Vector;
  /** Origin at the ball; front towards the toes, up out of the instep. */
  readonly foot: Frame;
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
    return place(chest, [out, 0.85 * size.upperTrunk + 0.4 * breath + lift, fore]);
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

/** Two-bone inverse kinematics of the arms. Beyond an arm's reach the hand stays at the end of the forearm. */
export function withArms(standing: Standing, hands: Readonly<Record<Side, HandPose>>, prop?: Prop): Figure {
  const armOf = (side: Side): Arm => {
    const { size } = standing;
    const shoulder = standing.shoulders[side];
    const pose = hands[side];
    const elbow = bend(shoulder, pose.wrist, size.upperArm, size.forearm, pose.elbow);
    const wrist = plus(elbow, times(unit(minus(pose.wrist, elbow)), size.forearm));
    const hand = { ...handFrame(pose), origin: wrist };
    return { shoulder, elbow, wrist, hand, fingers: fingerJoints(hand, side, pose, size) };
  };
  return { ...standing, arms: { left: armOf('left'), right: armOf('right') }, prop };
}

/** 1 on the person's left, -1 on the right. */
export const sign = (side: Side) => (side === 'left' ? 1 : -1);

// ---- below: internals ----

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
  const skull = turned({ ...world, origin: place(stem, [0, 1.3 * size.neck, 0]) }, [0, 0, 0], turn);
  return { ...skull, origin: place(skull, [0, 0.36 * size.headHeight, 0.06 * size.headHeight]) };
}

function legsOf(controls: Controls, pelvis: Frame, size: Proportions): Record<Side, Leg> {
  const folding = (side: Side) => controls.legs[side].cross + controls.legs[side].curl;
  const over: Side = folding('left') > folding('right') ? 'left' : 'right';
  const under = otherSide(over);
  const lower = legOn(under, controls, pelvis, size);
  return { [under]: lower, [over]: legOn(over, controls, pelvis, size, lower) } as Record<Side, Leg>;
}

interface FootGoal {
  readonly ball: Vector;
  readonly yaw: number;
  readonly pitch: number;
  readonly knee: Vector;
}

function legOn(side: Side, controls: Controls, pelvis: Frame, size: Proportions, other?: Leg): Leg {
  const { cross, curl } = controls.legs[side];
  let goal = footOnFloor(side, controls, size);
  if (other && curl > 0) goal = between(goal, curledOver(side, other, size), curl);
  if (other && cross > 0) goal = between(goal, crossedOver(side, other, size), cross);
  const foot = turned(world, goal.ball, { yaw: goal.yaw, pitch: goal.pitch });
  const level = turned(world, goal.ball, { yaw: goal.yaw, pitch: Math.min(goal.pitch, 20) });
  const hip = place(pelvis, [sign(side) * size.hipHalf, -0.005, 0.01]);
  const wanted = place(foot, [0, 0.055, -0.5 * size.foot]);
  const knee = bend(hip, wanted, size.thigh, size.shin, goal.knee);
  const ankle = plus(knee, times(unit(minus(wanted, knee)), size.shin));
  const shift = minus(ankle, wanted);
  const at = (frame: Frame, local: Vector) => plus(place(frame, local), shift);
  return {
    hip,
    knee,
    ankle,
    heel: at(foot, [0, -0.012, -0.62 * size.foot]),
    ball: plus(goal.ball, shift),
    toe: at(goal.pitch > 20 && !other ? level : foot, [0, -0.008, 0.32 * size.foot]),
    foot: { ...foot, origin: plus(goal.ball, shift) },
  };
}

/** A foot that turns about its ball or, with raised toes, about its heel. */
function footOnFloor(side: Side, controls: Controls, size: Proportions): FootGoal {
  const { foot, heel, toesOut, kneeOut } = controls.legs[side];
  const out = sign(side);
  const toesRise = heel < 0 ? 0.62 * size.foot * Math.sin((-heel * Math.PI) / 180) : 0;
  const swivel = ((kneeOut + 6) * Math.PI) / 180;
  return {
    ball: [
      out * (1.45 * size.hipHalf + foot.out),
      0.028 + foot.up + toesRise,
      0.94 * size.thigh + 0.4 * size.foot + foot.forward,
    ],
    yaw: out * (8 + toesOut),
    pitch: heel,
    knee: [out * Math.sin(swivel), 0.75 * Math.cos(swivel), 0.66 * Math.cos(swivel)],
  };
}

/** The shin hangs down beyond the other knee. */
function crossedOver(side: Side, other: Leg, size: Proportions): FootGoal {
  const out = sign(side);
  const ankle = plus(other.knee, [-out * 0.1, -0.52 * size.shin, 0.16]);
  const yaw = -out * 22;
  const pitch = 28;
  return {
    ball: minus(ankle, footOffset(yaw, pitch, size)),
    yaw,
    pitch,
    knee: [out * 0.12, 1, 0.25],
  };
}

/** The ankle lies on the other thigh, the knee falls outwards. */
function curledOver(side: Side, other: Leg, size: Proportions): FootGoal {
  const out = sign(side);
  const ankle = plus(mix(other.knee, other.hip, 0.2), [-out * 0.035, 0.115, 0]);
  const yaw = -out * 62;
  const pitch = 18;
  return { ball: minus(ankle, footOffset(yaw, pitch, size)), yaw, pitch, knee: [out * 0.9, 0.4, 0.7] };
}

/** From the ball of the foot to the ankle. */
function footOffset(yaw: number, pitch: number, size: Proportions): Vector {
  return direction(turned(world, [0, 0, 0], { yaw, pitch }), [0, 0.055, -0.5 * size.foot]);
}

function between(a: FootGoal, b: FootGoal, share: number): FootGoal {
  // A leg is swung over the other in an arc, up and to the front.
  const arc = 4 * share * (1 - share);
  return {
    ball: plus(mix(a.ball, b.ball, share), [0, 0.1 * arc, 0.07 * arc]),
    yaw: a.yaw + (b.yaw - a.yaw) * share,
    pitch: a.pitch + (b.pitch - a.pitch) * share,
    knee: mix(unit(a.knee), unit(b.knee), share),
  };
}

/** The joint between two bones, `first` metres from `from` and `second` from `to`, on the side of `towards`. */
function bend(from: Vector, to: Vector, first: number, second: number, towards: Vector): Vector {
  const reach = Math.max(Math.abs(first - second) * 1.02, Math.min(length(minus(to, from)), 0.998 * (first + second)));
  const along = unit(minus(to, from));
  const up = (first * first + reach * reach - second * second) / (2 * reach);
  const out = Math.sqrt(Math.max(0, first * first - up * up));
  return plus(from, plus(times(along, up), times(unit(across(towards, along)), out)));
}
