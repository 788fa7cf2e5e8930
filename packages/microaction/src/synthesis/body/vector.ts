/** Metres: x to the person's left, y up, z towards the camera; the origin on the floor under the seat. */
export type Vector = readonly [x: number, y: number, z: number];

export const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const times = (a: Vector, s: number): Vector => [a[0] * s, a[1] * s, a[2] * s];
export const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const length = (a: Vector) => Math.sqrt(dot(a, a)); // several times as fast as Math.hypot
export const unit = (a: Vector): Vector => times(a, 1 / length(a));
export const mix = (a: Vector, b: Vector, share: number): Vector => plus(times(a, 1 - share), times(b, share));
/** The part of `a` that stands at right angles to the unit vector `n`. */
export const across = (a: Vector, n: Vector): Vector => minus(a, times(n, dot(a, n)));

/** A place with three unit vectors at right angles: its own left, up and front. */
export interface Frame {
  readonly origin: Vector;
  readonly left: Vector;
  readonly up: Vector;
  readonly front: Vector;
}

export const world: Frame = { origin: [0, 0, 0], left: [1, 0, 0], up: [0, 1, 0], front: [0, 0, 1] };

// Written out: they are called a hundred times for each figure.
export function direction({ left, up, front }: Frame, [x, y, z]: Vector): Vector {
  return [
    left[0] * x + up[0] * y + front[0] * z,
    left[1] * x + up[1] * y + front[1] * z,
    left[2] * x + up[2] * y + front[2] * z,
  ];
}

export function place({ origin, left, up, front }: Frame, [x, y, z]: Vector): Vector {
  return [
    origin[0] + left[0] * x + up[0] * y + front[0] * z,
    origin[1] + left[1] * x + up[1] * y + front[1] * z,
    origin[2] + left[2] * x + up[2] * y + front[2] * z,
  ];
}

/**
 * A frame at `at` in its parent, turned by yaw (to its left), then pitch (forward and down), then roll (the head's
 * left ear goes down), in degrees.
 */
export function turned(parent: Frame, at: Vector, { yaw = 0, pitch = 0, roll = 0 }): Frame {
  const radians = Math.PI / 180;
  const [sy, cy] = [Math.sin(yaw * radians), Math.cos(yaw * radians)];
  const [sp, cp] = [Math.sin(pitch * radians), Math.cos(pitch * radians)];
  const [sr, cr] = [Math.sin(roll * radians), Math.cos(roll * radians)];
  const side: Vector = [cy, 0, -sy];
  const upright: Vector = [sy * sp, cp, cy * sp];
  return {
    origin: place(parent, at),
    left: direction(parent, minus(times(side, cr), times(upright, sr))),
    up: direction(parent, plus(times(upright, cr), times(side, sr))),
    front: direction(parent, [sy * cp, -sp, cy * cp]),
  };
}
