import type { Dice } from '../../dice.ts';
import type { Controls } from '../body/controls.ts';
import { type Standing, sign } from '../body/figure.ts';
import { type Curls, type HandPose, touch } from '../body/hand.ts';
import { shinRadius, thighRadius } from '../body/legs.ts';
import { type Side, sides } from '../body/limbs.ts';
import { across, minus, mix, plus, times, unit, type Vector } from '../body/vector.ts';
import type { Subject } from '../subject.ts';
import { smooth } from './moment.ts';

/** How somebody sits through a clip while they do nothing. */
export interface Seat {
  settle(controls: Controls): void;
  /** Where the hands lie. */
  hands(standing: Standing): Record<Side, HandPose>;
}

export function drawSeat(dice: Dice, subject: Subject): Seat {
  const { habits } = subject;
  const slouch = Math.max(0, dice.normal(habits.slouch, 2.5));
  const trunk = { yaw: dice.normal(0, 5), pitch: dice.normal(-1, 3), roll: dice.normal(0, 1.2) };
  const head = { yaw: dice.normal(0, 4), pitch: habits.headPitch + dice.normal(0, 2), roll: dice.normal(0, 1.5) };
  const kneesOut = habits.kneesOut + dice.normal(0, 3);
  const legs = { left: drawLeg(dice), right: drawLeg(dice) };
  const both = { forward: dice.normal(0.02, 0.05), out: Math.max(-0.03, dice.normal(0.02, 0.025)) };
  const restHands = drawHands(dice);
  return {
    settle(controls) {
      controls.slouch += slouch;
      add(controls.trunk, trunk);
      add(controls.head, head);
      for (const side of sides) {
        const leg = controls.legs[side];
        leg.foot.forward += both.forward + legs[side].forward;
        leg.foot.out += both.out + legs[side].out;
        leg.toesOut += legs[side].toesOut;
        leg.kneeOut += kneesOut + legs[side].kneeOut;
      }
    },
    hands: restHands,
  };
}

/** A place on top of a thigh: `share` 0 at the hip, 1 at the knee; the way the thigh runs, and its upper side. */
export function onThigh(standing: Standing, side: Side, share: number): { at: Vector; along: Vector; up: Vector } {
  const { hip, knee } = standing.legs[side];
  const along = unit(minus(knee, hip));
  const up = unit(across([0, 1, 0.15], along));
  return { at: plus(mix(hip, knee, share), times(up, thighRadius(standing.size, share))), along, up };
}

// ---- below: internals ----

function add<T extends Record<keyof T, number>>(to: T, offset: T): void {
  for (const key of Object.keys(offset) as (keyof T)[]) (to[key] as number) += offset[key];
}

function drawLeg(dice: Dice) {
  return {
    forward: dice.normal(0, 0.025),
    out: dice.normal(0, 0.01),
    toesOut: dice.normal(3, 5),
    kneeOut: dice.normal(0, 2),
  };
}

const restCurls = (dice: Dice): Curls => {
  const curl = dice.uniform(0.1, 0.35);
  return [curl * 0.6, curl, curl * 1.1, curl * 1.2, curl * 1.25];
};

/** Each on its thigh or knee; loosely one in the other in the lap. */
function drawHands(dice: Dice): Seat['hands'] {
  const where = dice.weighted([
    ['thighs', 4],
    ['lap', 3],
    ['knees', 1.5],
  ] as const);
  const curls = { left: restCurls(dice), right: restCurls(dice) };
  const turned = { left: dice.normal(0.25, 0.15), right: dice.normal(0.25, 0.15) };
  const share = { left: dice.normal(0.62, 0.05), right: dice.normal(0.62, 0.05) };
  const over = dice.oneOf(sides);
  const lap = { up: dice.uniform(0.0, 0.05), forward: dice.uniform(0.13, 0.2) };
  const elbowOut = dice.uniform(0.5, 0.8);
  return (standing) => {
    const { size, legs, pelvis } = standing;
    const inLap = (side: Side): HandPose => {
      const out = sign(side);
      const middle = mix(mix(legs.left.hip, legs.left.knee, 0.4), mix(legs.right.hip, legs.right.knee, 0.4), 0.5);
      const upper = side === over ? 0.028 : 0;
      const at: Vector = [
        middle[0] + out * 0.02,
        pelvis.origin[1] + 0.085 * size.girth + lap.up + upper,
        pelvis.origin[2] + lap.forward + (side === over ? 0.012 : 0),
      ];
      const held = {
        fingers: [-out, -0.05, 0.35] as Vector,
        palm: [-out * 0.1, side === over ? -1 : 0.35, side === over ? -0.3 : -1] as Vector,
        elbow: [out * elbowOut, -0.7, -0.55] as Vector,
        curls: curls[side],
        spread: 0.15,
      };
      return touch(at, 'palm', held, side, size);
    };
    const onLeg = (side: Side): HandPose => {
      const out = sign(side);
      const reach = where === 'knees' ? 0.95 : share[side];
      const { at, along, up } = onThigh(standing, side, reach);
      const held = {
        fingers: plus(along, [-out * turned[side], where === 'knees' ? -0.5 : 0, 0]),
        palm: times(up, -1),
        elbow: [out * elbowOut, -0.5, -0.75] as Vector,
        curls: curls[side],
        spread: 0.2,
      };
      return touch(plus(at, times(up, 0.012)), 'palm', held, side, size);
    };
    const pose = where === 'lap' ? inLap : onLeg;
    const left = pose('left');
    const right = pose('right');
    const rise = { left: overLeg(standing, 'right', left), right: overLeg(standing, 'left', right) };
    if (where === 'lap') {
      // Hands that lie in each other rise together, from either thigh.
      const own = Math.max(overLeg(standing, 'left', left), overLeg(standing, 'right', right));
      rise.left = rise.right = Math.max(own, rise.left, rise.right);
    }
    return { left: raised(left, rise.left), right: raised(right, rise.right) };
  };
}

const raised = (pose: HandPose, metres: number): HandPose =>
  metres > 0 ? { ...pose, wrist: plus(pose.wrist, [0, metres, 0]) } : pose;

/** How far a hand must rise, metres, so as not to be in a leg that comes to lie over the place where it rests. */
function overLeg({ legs, size }: Standing, side: Side, { wrist, fingers }: HandPose): number {
  const { hip, knee, ankle } = legs[side];
  const knuckles = plus(wrist, times(unit(fingers), size.palm));
  const above = (from: Vector, to: Vector, radius: number) => {
    const rod = minus(to, from);
    const off = minus(knuckles, from);
    const share = (off[0] * rod[0] + off[2] * rod[2]) / (rod[0] ** 2 + rod[2] ** 2);
    const nearest = mix(from, to, Math.max(0, Math.min(1, share)));
    const aside = Math.hypot(knuckles[0] - nearest[0], knuckles[2] - nearest[2]);
    // It makes way before the leg is there.
    return Math.max(0, nearest[1] + radius + 0.02 - knuckles[1]) * smooth(2.2 - aside / radius);
  };
  return Math.max(above(hip, knee, thighRadius(size, 0.5)), above(knee, ankle, shinRadius(size, 0.5)));
}
