import type { Side } from './limbs.ts';

/**
 * What motion acts upon in trunk, head, shoulders and legs. Everything adds to a seat taken upright, face to the
 * camera, feet flat under the knees; angles in degrees, places in metres. Hands are led by goals of their own
 * (`hand.ts`), once the rest of the body stands.
 */
export interface Controls {
  readonly pelvis: Place;
  /** Of the spine between pelvis and chest. The head keeps its direction for the most part as the trunk turns. */
  readonly trunk: Turn;
  /** Rounding of the back, degrees: 0 is straight, 25 a marked slouch. */
  slouch: number;
  readonly head: Turn;
  /** How far the chest swells with breath, metres. */
  breath: number;
  readonly shoulders: Record<Side, { up: number; forward: number }>;
  readonly legs: Record<Side, LegControls>;
  readonly face: { eyelids: number; gazeYaw: number; gazePitch: number; mouth: number };
}

export interface Place {
  /** To the person's left. */
  left: number;
  up: number;
  forward: number;
}

/** Degrees. */
export interface Turn {
  /** To the person's left. */
  yaw: number;
  /** Forward and down. */
  pitch: number;
  /** The left side goes down. */
  roll: number;
}

export interface LegControls {
  /** Of the ball of the foot from its place under the knee. */
  readonly foot: { out: number; up: number; forward: number };
  /** The heel's rise about the ball of the foot, degrees; below 0 the toes rise about the heel. */
  heel: number;
  /** The toes turn outwards, degrees. */
  toesOut: number;
  /** The knee falls outwards about the line from hip to ankle, degrees. */
  kneeOut: number;
  /** 1: this thigh lies over the other, the shin hangs down beyond it. */
  cross: number;
  /** 1: this ankle lies on the other thigh just above its knee. */
  curl: number;
}

export function neutralControls(): Controls {
  const leg = (): LegControls => ({
    foot: { out: 0, up: 0, forward: 0 },
    heel: 0,
    toesOut: 0,
    kneeOut: 0,
    cross: 0,
    curl: 0,
  });
  return {
    pelvis: { left: 0, up: 0, forward: 0 },
    trunk: { yaw: 0, pitch: 0, roll: 0 },
    slouch: 0,
    head: { yaw: 0, pitch: 0, roll: 0 },
    breath: 0,
    shoulders: { left: { up: 0, forward: 0 }, right: { up: 0, forward: 0 } },
    legs: { left: leg(), right: leg() },
    face: { eyelids: 0, gazeYaw: 0, gazePitch: 0, mouth: 0 },
  };
}
