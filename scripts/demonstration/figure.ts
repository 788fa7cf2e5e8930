import { bend } from '../../packages/microaction/src/synthesis/body/bend.ts';
import {
  across,
  cross,
  direction,
  type Frame,
  minus,
  mix,
  place,
  plus,
  times,
  turned,
  unit,
  type Vector,
  world,
} from '../../packages/microaction/src/synthesis/body/vector.ts';
import type { Pose } from './script.ts';

/**
 * One arm. The hand's frame has its origin in the palm; up is along the fingers, front is out of the palm, left is
 * the thumb's side of the right hand and the little finger's side of the left one.
 */
export interface Arm {
  readonly shoulder: Vector;
  readonly elbow: Vector;
  readonly wrist: Vector;
  readonly hand: Frame;
  /** 1 on the person's left, -1 on the right. */
  readonly side: Side;
  /** How far the index finger is stretched while the others bend, 0 to 1. */
  readonly pointing: number;
}

export interface Leg {
  readonly hip: Vector;
  readonly knee: Vector;
  readonly ankle: Vector;
  readonly heel: Vector;
  readonly ball: Vector;
  readonly toe: Vector;
}

export type Side = 1 | -1;

/** Where the bones of the seated person are. */
export interface Skeleton {
  readonly pelvis: Frame;
  readonly chest: Frame;
  /** Origin in the middle of the skull. */
  readonly head: Frame;
  readonly arms: readonly Arm[];
  readonly legs: readonly Leg[];
}

const upperArm = 0.27;
const forearm = 0.245;
/** From the wrist to the middle of the palm. */
const palm = 0.05;
const thigh = 0.42;
const shank = 0.43;
/** In the head's frame. */
export const noseTip: Vector = [0, -0.018, 0.108];

export function skeletonOf(pose: Pose): Skeleton {
  const slouch = 1 - pose.straightness;
  const pelvis = turned(world, [0, 0.55 - 0.018 * slouch, -0.03 - 0.01 * slouch], { pitch: -16 * slouch });
  const waist = turned(pelvis, [0, 0.19, 0], { roll: pose.swayDegrees });
  const chest = turned({ ...world, origin: waist.origin }, [0, 0, 0], {
    pitch: 35 * slouch - 2,
    roll: pose.swayDegrees,
  });
  const neck = place(chest, [0, 0.315 + 0.004 * pose.breath, 0]);
  // The eyes stay on the camera however the trunk bends: the head is turned in the world, not in the chest.
  const skull = turned({ ...world, origin: neck }, [0, 0.06, 0.012], pose.head);
  const head = { ...skull, origin: place(skull, [0, 0.115, 0.012]) };
  const legs = ([-1, 1] as const).map((side) => legOf(side, pelvis, side === -1 ? pose.rightHeelMetres : 0));
  const arms = ([-1, 1] as const).map((side, i) => armOf(side, pose, chest, head, legs[i]));
  return { pelvis, chest, head, arms, legs };
}

// ---- below: internals ----

/** The foot turns about its ball; the knee follows. */
function legOf(side: Side, pelvis: Frame, heelMetres: number): Leg {
  const foot = turned(world, [side * 0.165, 0.028, 0.53], {
    yaw: side * 14,
    pitch: (Math.asin(heelMetres / 0.13) * 180) / Math.PI,
  });
  const hip = place(pelvis, [side * 0.085, -0.005, 0.01]);
  const ankle = place(foot, [0, 0.065, -0.115]);
  return {
    hip,
    knee: bend(hip, ankle, thigh, shank, [side * 0.12, 1, 0.9]),
    ankle,
    heel: place(foot, [0, 0.012, -0.135]),
    ball: foot.origin,
    toe: place(turned(world, foot.origin, { yaw: side * 14 }), [0, 0, 0.065]),
  };
}

/** Where a hand is, which way its fingers and its palm look, and which way the elbow goes. */
interface Station {
  readonly at: Vector;
  readonly fingers: Vector;
  readonly palm: Vector;
  readonly elbow: Vector;
}

function armOf(side: Side, pose: Pose, chest: Frame, head: Frame, leg: Leg): Arm {
  const shoulder = place(chest, [side * (0.165 + 0.002 * pose.breath), 0.265 + 0.005 * pose.breath, 0]);
  const toNose = side === -1 ? pose.rightHandToNose : 0;
  const stations = [
    { station: onThigh(side, leg), share: 1 },
    { station: atNose(side, head), share: toNose },
    { station: folded(side, chest), share: pose.folding },
  ];
  let now = stations[0].station;
  for (const { station, share } of stations.slice(1)) now = between(now, station, share);
  const up = unit(now.fingers);
  const front = unit(across(now.palm, up));
  const wrist = minus(now.at, times(up, palm));
  const elbow = bend(shoulder, wrist, upperArm, forearm, now.elbow);
  // Beyond the arm's reach the hand stays at the end of the forearm.
  const reached = plus(elbow, times(unit(minus(wrist, elbow)), forearm));
  const hand = { origin: plus(reached, times(up, palm)), left: cross(up, front), up, front };
  return { shoulder, elbow, wrist: reached, hand, side, pointing: toNose };
}

function onThigh(side: Side, { hip, knee }: Leg): Station {
  const along = unit(minus(knee, hip));
  const above = unit(across([0, 1, 0], along));
  return {
    at: plus(plus(mix(hip, knee, 0.84), times(above, 0.085)), [-side * 0.012, 0, 0]),
    fingers: plus(along, [-side * 0.35, -0.12, 0]),
    palm: times(above, -1),
    elbow: [side * 0.65, -0.6, -0.7],
  };
}

/** The tip of the index finger is at the side of the nose. */
function atNose(side: Side, head: Frame): Station {
  const fingers = unit(direction(head, [-side * 0.5, 0.8, -0.3]));
  const inward = unit(across(direction(head, [-side * 0.35, -0.1, -0.9]), fingers));
  const thumb = times(cross(fingers, inward), -side);
  const tip = place(head, plus(noseTip, [side * 0.016, 0.02, 0.002]));
  return {
    at: minus(tip, plus(times(fingers, 0.118), times(thumb, 0.028))),
    fingers,
    palm: inward,
    elbow: [side * 0.75, -1, 0.25],
  };
}

/** The left arm lies over the right one; each hand at the other arm above its elbow. */
function folded(side: Side, chest: Frame): Station {
  const over = side === 1;
  return {
    at: place(chest, [-side * 0.135, over ? 0.075 : 0.035, over ? 0.235 : 0.185]),
    fingers: direction(chest, [-side, over ? 0.12 : 0.3, over ? -0.3 : -0.35]),
    palm: direction(chest, [-side * 0.2, 0, -1]),
    elbow: [side * 0.8, -1, 0.1],
  };
}

function between(a: Station, b: Station, share: number): Station {
  // A hand lifts off what it lies on before it moves along.
  const lift = Math.sin(Math.PI * share) * 0.05;
  return {
    at: plus(mix(a.at, b.at, share), [0, 0, lift]),
    fingers: mix(unit(a.fingers), unit(b.fingers), share),
    palm: mix(unit(a.palm), unit(b.palm), share),
    elbow: mix(unit(a.elbow), unit(b.elbow), share),
  };
}
