import { dot, type Frame, minus, turned, type Vector, world } from '../body/vector.ts';

/** A pinhole camera at one moment. */
export interface Camera {
  /** Origin in the pinhole; left, up and front are the world's for a camera that looks at the person: it looks along -front. */
  readonly frame: Frame;
  /** Focal length in pixels of its picture. */
  readonly focalPixels: number;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/**
 * A camera at `eye`. Yaw 0 and pitch 0 look along -z, at the person; positive yaw looks towards the person's right
 * (the left of the picture), positive pitch down.
 */
export function cameraAt(
  eye: Vector,
  turn: { readonly yaw?: number; readonly pitch?: number; readonly roll?: number },
  picture: Omit<Camera, 'frame'>,
): Camera {
  const { yaw = 0, pitch = 0, roll = 0 } = turn;
  return { ...picture, frame: turned(world, eye, { yaw, pitch: -pitch, roll }) };
}

/** Pixels, x to the right, y down, from the upper left corner; and metres in front of the camera. */
export type Projected = readonly [x: number, y: number, depthMetres: number];

/** Where a point of the world is in the picture; depth at or below 0 is behind the camera. */
export function project({ frame, focalPixels, widthPixels, heightPixels }: Camera, point: Vector): Projected {
  const from = minus(point, frame.origin);
  const depth = -dot(from, frame.front);
  const scale = focalPixels / depth;
  // The person's left is the picture's right.
  return [widthPixels / 2 + scale * dot(from, frame.left), heightPixels / 2 - scale * dot(from, frame.up), depth];
}
