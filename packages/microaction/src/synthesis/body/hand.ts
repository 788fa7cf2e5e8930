import type { Side } from './limbs.ts';
import type { Proportions } from './proportions.ts';
import {
  across,
  cross,
  direction,
  dot,
  type Frame,
  minus,
  mix,
  place,
  plus,
  times,
  unit,
  type Vector,
} from './vector.ts';

export const fingers = ['thumb', 'index', 'middle', 'ring', 'little'] as const;
export type Finger = (typeof fingers)[number];

/** How far each finger is bent, thumb first: 0 straight, 1 a fist. */
export type Curls = readonly [thumb: number, index: number, middle: number, ring: number, little: number];

/** Where a hand is and how it is held: what motion leads a hand by. */
export interface HandPose {
  readonly wrist: Vector;
  /** From the wrist to the knuckles. Need be neither of unit length nor at right angles to `palm`. */
  readonly fingers: Vector;
  /** Out of the palm. */
  readonly palm: Vector;
  /** Which way the elbow points, seen from the line between shoulder and wrist. */
  readonly elbow: Vector;
  readonly curls: Curls;
  /** How far the fingers fan out: 0 side by side, 1 as wide as they go. */
  readonly spread: number;
}

/** Knuckle, middle joint and tip of each finger, thumb first. */
export type FingerJoints = readonly [knuckle: Vector, middle: Vector, tip: Vector];

/**
 * The hand's frame: origin in the wrist, up along the fingers, front out of the palm. Its left is the thumb's side
 * of a right hand and the little finger's side of a left one.
 */
export function handFrame({ wrist = [0, 0, 0], fingers: along, palm }: Turned): Frame {
  const up = unit(along);
  const front = unit(across(palm, up));
  return { origin: wrist, left: cross(up, front), up, front };
}

/** Bones of the fingers in the hand's frame or, with `frame`, in its parent. */
export function fingerJoints(frame: Frame, side: Side, pose: Bent, size: Proportions): FingerJoints[] {
  return fingers.map((_, i) => {
    const [knuckle, middle, tip] = fingerInHand(i, side, pose, size);
    return [place(frame, knuckle), place(frame, middle), place(frame, tip)];
  });
}

/** What of a hand touches something. */
export type Touching = 'index' | 'fingertips' | 'palm' | 'knuckles';

/** The hand that touches `at` with a part of it; `held` says all but where its wrist is. */
export function touch(
  at: Vector,
  part: Touching,
  held: Omit<HandPose, 'wrist'>,
  side: Side,
  size: Proportions,
): HandPose {
  return touchWith(at, touchingPart(part, held, side, size), held);
}

/** The same for a part that is at `local` in the hand's frame. */
export function touchWith(at: Vector, local: Vector, held: Omit<HandPose, 'wrist'>): HandPose {
  const { fingers, palm, elbow, curls, spread } = held;
  const wrist = minus(at, direction(handFrame(held), local));
  return { wrist, fingers, palm, elbow, curls, spread };
}

/** Where a part is in the hand's frame: the same however the hand is turned. */
export function touchingPart(part: Touching, bent: Bent, side: Side, size: Proportions): Vector {
  if (part === 'palm') return [0, 0.62 * size.palm, 0.12 * size.palm];
  const index = fingerInHand(1, side, bent, size);
  if (part === 'index') return index[2];
  const middle = fingerInHand(2, side, bent, size);
  const joint = part === 'knuckles' ? 1 : 2;
  return mix(index[joint], middle[joint], 0.5);
}

/**
 * From one pose to another: `share` 0 is `from`, 1 is `to`. On its way the hand lifts off by `lift` (metres at half
 * way), as hands do that leave what they lie on, and turns about its forearm the way forearms can.
 */
export function betweenHands(
  side: Side,
  from: HandPose,
  to: HandPose,
  share: number,
  lift: Vector = [0, 0, 0],
): HandPose {
  if (share <= 0) return from;
  if (share >= 1) return to;
  const arc = 4 * share * (1 - share);
  const [start, end] = [unit(from.fingers), unit(to.fingers)];
  // Fingers that have far to turn pass through up and ahead, as far as that is out of their way.
  const turn = minus(end, start);
  const aside = minus(times(upAhead, dot(turn, turn)), times(turn, dot(turn, upAhead)));
  const detour = times(aside, 0.19 * dot(turn, turn) * arc);
  const along = unit(plus(mix(start, end, share), detour));
  const supinated = supination(side, from) * (1 - share) + supination(side, to) * share;
  return {
    wrist: plus(mix(from.wrist, to.wrist, share), times(lift, arc)),
    fingers: along,
    palm: palmOf(side, along, supinated),
    elbow: mix(unit(from.elbow), unit(to.elbow), share),
    curls: from.curls.map((curl, i) => curl + (to.curls[i] - curl) * share) as unknown as Curls,
    spread: from.spread + (to.spread - from.spread) * share,
  };
}

/** `fingers`, brought so close to the direction of the forearm as a wrist keeps them: `degrees` from it. */
export function withinWrist(fingers: Vector, forearm: Vector, degrees = 70): Vector {
  const [along, straight] = [unit(fingers), unit(forearm)];
  if (dot(along, straight) >= Math.cos(radians(degrees))) return along;
  const aside = unit(across(along, straight));
  return plus(times(straight, Math.cos(radians(degrees))), times(aside, Math.sin(radians(degrees))));
}

export const evenCurls = (curl: number): Curls => [curl, curl, curl, curl, curl];
/** The index finger out, the others bent. */
export const pointingCurls: Curls = [0.7, 0.05, 0.85, 0.9, 0.9];

// ---- below: internals ----

type Bent = Pick<HandPose, 'curls' | 'spread'>;
type Turned = Pick<HandPose, 'fingers' | 'palm'> & Partial<Pick<HandPose, 'wrist'>>;

function fingerInHand(i: number, side: Side, { curls, spread }: Bent, size: Proportions): FingerJoints {
  const thumbSide = side === 'left' ? -1 : 1;
  const { across: aside, along, length, fan } = bones[i];
  const curl = curls[i];
  const isThumb = i === 0;
  const angle = radians(fan * (isThumb ? 1 - 0.45 * curl : 0.35 + 0.65 * spread));
  const outward: Vector = [thumbSide * Math.sin(angle), Math.cos(angle), 0];
  const bent = (degrees: number): Vector => {
    const [s, c] = [Math.sin(radians(degrees)), Math.cos(radians(degrees))];
    return [outward[0] * c, outward[1] * c, s];
  };
  const first = isThumb ? 15 + 35 * curl : 5 + 75 * curl;
  const second = isThumb ? 20 + 75 * curl : 12 + 165 * curl;
  const bone = length * size.middleFinger;
  const knuckle: Vector = [thumbSide * aside * size.palm, along * size.palm, 0];
  const middle = plus(knuckle, times(bent(first), 0.52 * bone));
  return [knuckle, middle, plus(middle, times(bent(second), 0.48 * bone))];
}

/** Where each finger is rooted, in palm lengths towards the thumb's side and along; how long, in middle fingers. */
const bones = [
  { across: 0.42, along: 0.32, length: 0.95, fan: 38 },
  { across: 0.3, along: 0.97, length: 0.92, fan: 12 },
  { across: 0.04, along: 1, length: 1, fan: 1 },
  { across: -0.21, along: 0.96, length: 0.93, fan: -9 },
  { across: -0.42, along: 0.87, length: 0.74, fan: -20 },
] as const;

/**
 * How far a hand is turned about its fingers, degrees: 0 palm down or, where the fingers point up, ahead; 90 the thumb
 * up; 180 palm up or towards the own face. Forearms turn from -90 to 180, and so that is where no seam may be.
 */
function supination(side: Side, { fingers, palm }: HandPose): number {
  const along = unit(fingers);
  const down = palmOf(side, along, 0);
  const thumb = cross(along, down);
  const turn = Math.atan2((side === 'left' ? -1 : 1) * dot(palm, thumb), dot(palm, down)) / radians(1);
  return turn < seam ? turn + 360 : turn;
}

const seam = -130;
const upAhead: Vector = [0, 0.8, 0.6];

function palmOf(side: Side, along: Vector, supinated: number): Vector {
  // The palm of a hand that points ahead, up and inwards is carried along by the shortest turn of its fingers.
  const pointing = unit([side === 'left' ? -0.3 : 0.3, 0.5, 0.8]);
  const facing = unit(across([0, -1, 0], pointing));
  const both = plus(pointing, along);
  const down = minus(facing, times(both, (2 * dot(both, facing)) / Math.max(dot(both, both), 1e-9)));
  // Two reflections: the second, at right angles to `pointing`, leaves `facing` alone.
  const thumb = times(cross(along, down), side === 'left' ? -1 : 1);
  return plus(times(down, Math.cos(radians(supinated))), times(thumb, Math.sin(radians(supinated))));
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;
