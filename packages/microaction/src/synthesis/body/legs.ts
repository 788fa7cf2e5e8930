import { bend } from './bend.ts';
import type { Controls, LegControls } from './controls.ts';
import { otherSide, type Side, sign } from './limbs.ts';
import type { Proportions } from './proportions.ts';
import {
  across,
  cross,
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
} from './vector.ts';

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

/** From the bone of a thigh to its skin, metres; `share` 0 at the hip, 1 at the knee. */
export const thighRadius = ({ girth }: Proportions, share: number) => (0.085 - 0.028 * share) * girth;

/** From the bone of a shin to its skin, metres; `share` 0 at the knee, 1 at the ankle. */
export const shinRadius = ({ girth }: Proportions, share: number) => (0.052 - 0.014 * share) * girth;

/** Both legs: feet where the controls put them, or one leg folded over the other. */
export function legsOf(controls: Controls, pelvis: Frame, size: Proportions): Record<Side, Leg> {
  const folding = (side: Side) => controls.legs[side].cross + controls.legs[side].curl;
  const over: Side = folding('left') > folding('right') ? 'left' : 'right';
  const under = otherSide(over);
  const { cross: crossed, curl } = controls.legs[over];
  const wanted = { ...controls.legs, [under]: makingRoom(controls.legs[under], size, crossed) };
  const feet = onFloor(wanted, pelvis, size);
  const lower = legIn(feet[under], hipOf(under, pelvis, size), size);
  const hip = hipOf(over, pelvis, size);
  let upper = feet[over];
  if (curl > 0) upper = between(upper, curledOver(over, hip, lower, wanted[over], size), curl);
  if (crossed > 0) upper = between(upper, crossedOver(over, hip, lower, wanted[over], size), crossed);
  return { [under]: lower, [over]: legIn(upper, hip, size) } as Record<Side, Leg>;
}

// ---- below: internals ----

/** How a leg is held: which way its bones point, in unit vectors. */
interface Held {
  /** Towards the knee. */
  readonly thigh: Vector;
  /** Towards the ankle. */
  readonly shin: Vector;
  /** From the heel to the ball of the foot. */
  readonly foot: Vector;
  /** Out of the instep, at right angles to the foot. */
  readonly instep: Vector;
  /** From the ball of the foot to the toes' tips. */
  readonly toes: Vector;
}

const hipOf = (side: Side, pelvis: Frame, size: Proportions) =>
  place(pelvis, [sign(side) * size.hipHalf, -0.005, 0.01]);

function legIn({ thigh, shin, foot: front, instep: up, toes }: Held, hip: Vector, size: Proportions): Leg {
  const knee = plus(hip, times(thigh, size.thigh));
  const ankle = plus(knee, times(shin, size.shin));
  const foot: Frame = { origin: [0, 0, 0], left: cross(up, front), up, front };
  const ball = minus(ankle, place(foot, ankleFromBall(size)));
  return {
    hip,
    knee,
    ankle,
    heel: plus(ball, place(foot, [0, -0.012, -0.62 * size.foot])),
    ball,
    toe: plus(ball, plus(times(toes, 0.32 * size.foot), times(up, -0.008))),
    foot: { ...foot, origin: ball },
  };
}

/** In the foot's frame. */
const ankleFromBall = (size: Proportions): Vector => [0, 0.055, -0.5 * size.foot];

/** The leg that another is crossed over goes to the middle. */
function makingRoom(leg: LegControls, size: Proportions, crossed: number): LegControls {
  const { foot, kneeOut, toesOut } = leg;
  const out = foot.out - 0.7 * crossed * (1.45 * size.hipHalf + foot.out);
  return { ...leg, foot: { ...foot, out }, kneeOut: kneeOut * (1 - crossed), toesOut: toesOut * (1 - 0.7 * crossed) };
}

/** Feet on the floor, or held above it. Knees that meet stop each other. */
function onFloor(legs: Readonly<Record<Side, LegControls>>, pelvis: Frame, size: Proportions): Record<Side, Held> {
  const held = (pushed: number) => ({
    left: footAt('left', legs.left, pelvis, size, pushed),
    right: footAt('right', legs.right, pelvis, size, pushed),
  });
  const room = 1.9 * thighRadius(size, 1);
  let pushed = 0;
  let both = held(pushed);
  for (let tries = 0; tries < 4; tries++) {
    const apart = 2 * size.hipHalf + size.thigh * (both.left.thigh[0] - both.right.thigh[0]);
    if (apart >= room && pushed === 0) break;
    pushed = Math.max(0, pushed + (room - apart) / (1.5 * size.thigh));
    both = held(pushed);
  }
  return both;
}

/** A foot that turns about its ball or, with raised toes, about its heel; `pushed` turns the knee out, in radians. */
function footAt(side: Side, controls: LegControls, pelvis: Frame, size: Proportions, pushed: number): Held {
  const { foot, heel, toesOut, kneeOut } = controls;
  const out = sign(side);
  const toesRise = heel < 0 ? 0.62 * size.foot * Math.sin(radians(-heel)) : 0;
  const ball: Vector = [
    out * (1.45 * size.hipHalf + foot.out),
    0.028 + foot.up + toesRise,
    0.94 * size.thigh + 0.4 * size.foot + foot.forward,
  ];
  const yaw = out * (8 + toesOut);
  const sole = turned(world, ball, { yaw, pitch: heel });
  const toes = turned(world, ball, { yaw, pitch: Math.min(heel, 4) });
  const swivel = radians(kneeOut + 6) + pushed;
  const towards: Vector = [out * Math.sin(swivel), 0.75 * Math.cos(swivel), 0.66 * Math.cos(swivel)];
  const bones = bonesTo(hipOf(side, pelvis, size), place(sole, ankleFromBall(size)), towards, size);
  return { ...bones, foot: sole.front, instep: sole.up, toes: toes.front };
}

/** This thigh lies on the other one, the shin hangs down beyond the other knee. */
function crossedOver(side: Side, hip: Vector, other: Leg, { heel }: LegControls, size: Proportions): Held {
  const out = sign(side);
  const share = 0.8;
  const lying = 2.2 * thighRadius(size, share); // flesh gives way
  const thigh = unit(minus(plus(mix(other.hip, other.knee, share), [-out * 0.03, lying, 0.01]), hip));
  const shin = unit([-out * 0.5, -1, 0.44]);
  return { thigh, shin, ...hanging(thigh, shin, 36 + 0.5 * heel) };
}

/** The ankle lies on the other thigh, the knee falls outwards. */
function curledOver(side: Side, hip: Vector, other: Leg, { heel }: LegControls, size: Proportions): Held {
  const out = sign(side);
  const share = 0.8;
  const lying = 0.95 * (thighRadius(size, share) + shinRadius(size, 1));
  const ankle = plus(mix(other.hip, other.knee, share), [-out * 0.05, lying, 0]);
  const bones = bonesTo(hip, ankle, [out * 0.9, 0.25, 0.6], size);
  return { ...bones, ...hanging(bones.thigh, bones.shin, 12 + 0.5 * heel) };
}

function bonesTo(hip: Vector, ankle: Vector, towards: Vector, size: Proportions): Pick<Held, 'thigh' | 'shin'> {
  const knee = bend(hip, ankle, size.thigh, size.shin, towards);
  return { thigh: unit(minus(knee, hip)), shin: unit(minus(ankle, knee)) };
}

/** A foot in the air, its toes `degrees` below a right angle to the shin. */
function hanging(thigh: Vector, shin: Vector, degrees: number): Pick<Held, 'foot' | 'instep' | 'toes'> {
  const ahead = unit(across(thigh, shin));
  const [s, c] = [Math.sin(radians(degrees)), Math.cos(radians(degrees))];
  const foot = plus(times(ahead, c), times(shin, s));
  return { foot, instep: plus(times(shin, -c), times(ahead, s)), toes: foot };
}

/** On its way over the other leg the knee is lifted, the shin swung to the front. */
function between(a: Held, b: Held, share: number): Held {
  const arc = Math.max(0, 4 * share * (1 - share)) ** 0.7; // a sum of stages may be a rounding beyond 1
  const foot = unit(mix(a.foot, b.foot, share));
  return {
    thigh: unit(plus(mix(a.thigh, b.thigh, share), [0, 0.32 * arc, 0])),
    shin: unit(plus(mix(a.shin, b.shin, share), [0, 0, 0.75 * arc])),
    foot,
    instep: unit(across(mix(a.instep, b.instep, share), foot)),
    toes: unit(mix(a.toes, b.toes, share)),
  };
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;
