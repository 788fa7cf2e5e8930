import type { Figure } from '../body/figure.ts';
import { fingers } from '../body/hand.ts';
import { type Limb, sides } from '../body/limbs.ts';
import { length, minus, type Vector } from '../body/vector.ts';
import { waysOf } from '../plan/limbsOfActions.ts';
import type { Act, ClipPlan } from '../plan/plan.ts';
import { drawSubject, type Subject } from '../subject.ts';
import { type Simulation, simulate } from './simulate.ts';

/** A clip that shows these acts at 30 frames a second. */
export function clipOf(acts: readonly Act[], durationSeconds: number, seed: number): ClipPlan {
  const frameCount = Math.ceil(durationSeconds * 30);
  return { id: 'train0000', subset: 'training', subject: 0, frameRate: 30, frameCount, acts, seed };
}

/** One act, and the same clip without it: the difference is what the program does. */
export interface Rehearsal {
  readonly subject: Subject;
  readonly limbs: readonly Limb[];
  readonly start: number;
  readonly end: number;
  readonly clipSeconds: number;
  readonly acted: Simulation;
  readonly idle: Simulation;
}

/** Acts from second 1 for `durationSeconds`, and a second after. Each case is another person, seed and way to do it. */
export function rehearse(action: string, durationSeconds: number, index: number): Rehearsal {
  const subject = drawSubject(5, index);
  const ways = waysOf(action);
  const limbs = ways[index % ways.length];
  const [start, end, clipSeconds] = [1, 1 + durationSeconds, 2 + durationSeconds];
  const acts = [{ action, start, end, limbs, seed: 31 * index + 7 }];
  return {
    subject,
    limbs,
    start,
    end,
    clipSeconds,
    acted: simulate(clipOf(acts, clipSeconds, index), subject),
    idle: simulate(clipOf([], clipSeconds, index), subject),
  };
}

/** Several people, short, middling and long. */
export function rehearsals(action: string, durations: readonly number[] = [0.4, 1, 2.5, 8]): Rehearsal[] {
  return durations.flatMap((seconds, i) => Array.from({ length: 6 }, (_, k) => rehearse(action, seconds, 6 * i + k)));
}

/** Evenly from `from` to `to`, both included, 30 a second unless told. */
export function moments(from: number, to: number, perSecond = 30): number[] {
  const count = Math.round((to - from) * perSecond);
  return Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count);
}

/** How often a curve turns, not counting wobbles smaller than `wobble` (in units of the curve). */
export function turnsOf(curve: readonly number[], wobble: number): number {
  let turns = 0;
  let heading = 0;
  let last = curve[0]; // the furthest it went in its heading
  for (const value of curve) {
    if (heading === 0 && Math.abs(value - curve[0]) > wobble) heading = Math.sign(value - curve[0]);
    if (heading === 0) continue;
    if (heading * (value - last) > 0) last = value;
    if (heading * (last - value) <= wobble) continue;
    turns++;
    heading = -heading;
    last = value;
  }
  return turns;
}

/** Every joint by name. */
export function jointsOf({ pelvis, waist, neck, head, arms, legs }: Figure): Record<string, Vector> {
  const joints: Record<string, Vector> = { pelvis: pelvis.origin, waist: waist.origin, neck, head: head.origin };
  for (const side of sides) {
    const { shoulder, elbow, wrist } = arms[side];
    Object.assign(joints, { [`${side} shoulder`]: shoulder, [`${side} elbow`]: elbow, [`${side} wrist`]: wrist });
    arms[side].fingers.forEach((finger, i) => {
      joints[`${side} ${fingers[i]} finger's tip`] = finger[2];
    });
    for (const name of ['hip', 'knee', 'ankle', 'heel', 'ball', 'toe'] as const) {
      joints[`${side} ${name}`] = legs[side][name];
    }
  }
  return joints;
}

/** Lengths that no movement changes, metres. */
export function bonesOf({ pelvis, waist, arms, legs }: Figure): Record<string, number> {
  const between = (a: Vector, b: Vector) => length(minus(a, b));
  const bones: Record<string, number> = { 'lower trunk': between(pelvis.origin, waist.origin) };
  for (const side of sides) {
    const arm = arms[side];
    const leg = legs[side];
    bones[`${side} upper arm`] = between(arm.shoulder, arm.elbow);
    bones[`${side} forearm`] = between(arm.elbow, arm.wrist);
    arm.fingers.forEach(([knuckle, middle, tip], i) => {
      bones[`${side} palm to ${fingers[i]}`] = between(arm.wrist, knuckle);
      bones[`${side} ${fingers[i]}, first bone`] = between(knuckle, middle);
      bones[`${side} ${fingers[i]}, second bone`] = between(middle, tip);
    });
    bones[`${side} thigh`] = between(leg.hip, leg.knee);
    bones[`${side} shin`] = between(leg.knee, leg.ankle);
    bones[`${side} ankle to ball`] = between(leg.ankle, leg.ball);
    bones[`${side} sole`] = between(leg.heel, leg.ball);
  }
  return bones;
}

/** The furthest that any joint of one figure is from the same joint of another, metres. */
export function furthestApart(a: Figure, b: Figure): number {
  const [one, other] = [jointsOf(a), jointsOf(b)];
  return Math.max(...Object.keys(one).map((name) => length(minus(one[name], other[name]))));
}

/** How a frame is turned in the world, degrees: what `turned` was given. */
export function turnOf({ front, left, up }: Figure['head']): { yaw: number; pitch: number; roll: number } {
  const degrees = 180 / Math.PI;
  return {
    yaw: Math.atan2(front[0], front[2]) * degrees,
    pitch: Math.asin(-front[1]) * degrees,
    roll: Math.atan2(-left[1], up[1]) * degrees,
  };
}
