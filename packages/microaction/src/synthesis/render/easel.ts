import type { SKRSContext2D } from '@napi-rs/canvas';
import { cross, dot, length, minus, mix, plus, times, unit, type Vector } from '../body/vector.ts';
import { type Camera, type Projected, project } from '../camera/camera.ts';
import { blend, type Colour, css } from './colour.ts';
import { type Light, lit } from './light.ts';

/** What all parts are drawn with. */
export interface Easel {
  readonly context: SKRSContext2D;
  readonly camera: Camera;
  readonly light: Light;
}

/** A place in the picture, pixels. */
export type Point = readonly [x: number, y: number];

export const seen = (easel: Easel, at: Vector): Projected => project(easel.camera, at);

/** Pixels a metre has, so far from the camera. */
export const pixelsPerMetre = (easel: Easel, depthMetres: number) => easel.camera.focalPixels / depthMetres;

/** Towards the camera from a place, unit length. */
export const towardsCamera = (easel: Easel, at: Vector) => unit(minus(easel.camera.frame.origin, at));

/** A tapered rod with round ends. */
export interface Rod {
  readonly from: Vector;
  readonly to: Vector;
  readonly fromRadius: number;
  readonly toRadius: number;
}

/** A rod in the picture. */
export interface FlatRod {
  readonly from: Projected;
  readonly to: Projected;
  readonly fromPixels: number;
  readonly toPixels: number;
}

export function flatten(easel: Easel, { from, to, fromRadius, toRadius }: Rod): FlatRod {
  const [a, b] = [seen(easel, from), seen(easel, to)];
  return {
    from: a,
    to: b,
    fromPixels: fromRadius * pixelsPerMetre(easel, a[2]),
    toPixels: toRadius * pixelsPerMetre(easel, b[2]),
  };
}

/** Adds the outline of a rod to the path: two circles and the lines that touch both. */
export function traceRod({ context }: Easel, { from, to, fromPixels, toPixels }: FlatRod) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const apart = Math.hypot(dx, dy);
  if (apart <= Math.abs(fromPixels - toPixels) + 1e-6) {
    const [at, radius] = fromPixels > toPixels ? [from, fromPixels] : [to, toPixels];
    context.moveTo(at[0] + radius, at[1]);
    context.arc(at[0], at[1], radius, 0, 2 * Math.PI);
    return;
  }
  const along = Math.atan2(dy, dx);
  const lean = Math.acos((fromPixels - toPixels) / apart);
  context.moveTo(from[0] + fromPixels * Math.cos(along + lean), from[1] + fromPixels * Math.sin(along + lean));
  context.arc(from[0], from[1], fromPixels, along + lean, along - lean + 2 * Math.PI);
  context.arc(to[0], to[1], toPixels, along - lean, along + lean);
  context.closePath();
}

/**
 * Colours across a round thing whose axis is `axis` (any length): from one rim over the side that faces the camera to
 * the other rim, in the picture across `middle`.
 */
export function acrossRound(easel: Easel, middle: Vector, axis: Vector, radius: number, colour: Colour) {
  const { context, camera, light } = easel;
  const facing = towardsCamera(easel, middle);
  const raw = cross(axis, facing);
  // Looked at along its axis it is a ball.
  const side = length(raw) > 0.15 * length(axis) ? unit(raw) : unit(cross(camera.frame.up, facing));
  const front = length(raw) > 0.15 * length(axis) ? unit(cross(side, axis)) : facing;
  const outward = dot(front, facing) < 0 ? times(front, -1) : front;
  const a = project(camera, plus(middle, times(side, -radius)));
  const b = project(camera, plus(middle, times(side, radius)));
  const gradient = context.createLinearGradient(a[0], a[1], b[0], b[1]);
  for (const sine of [-1, -0.6, 0, 0.6, 1]) {
    const clipped = 0.93 * sine;
    const normal = plus(times(side, clipped), times(outward, Math.sqrt(1 - clipped * clipped)));
    gradient.addColorStop((sine + 1) / 2, css(lit(colour, normal, light)));
  }
  return gradient;
}

/** Draws a rod, shaded across, with a thin darker rim that sets it off from what is behind. */
export function drawRod(easel: Easel, rod: Rod, colour: Colour, rim = 0.3) {
  const { context } = easel;
  context.beginPath();
  traceRod(easel, flatten(easel, rod));
  const middle = mix(rod.from, rod.to, 0.5);
  const radius = Math.max(rod.fromRadius, rod.toRadius);
  context.fillStyle = acrossRound(easel, middle, minus(rod.to, rod.from), radius, colour);
  context.fill();
  if (rim > 0) {
    context.lineWidth = rimPixels(easel);
    context.strokeStyle = css(blend(colour, [0, 0, 0], 0.75), rim);
    context.stroke();
  }
}

/** Width of the thin dark rim of parts: grows with the picture. */
export const rimPixels = ({ camera }: Easel) => Math.max(0.5, 0.0028 * camera.heightPixels);

/** Adds a closed curve through the middles of the sides of a polygon, its corners rounded off. */
export function traceRounded({ context }: Easel, corners: readonly (Point | Projected)[]) {
  const last = corners[corners.length - 1];
  context.moveTo((last[0] + corners[0][0]) / 2, (last[1] + corners[0][1]) / 2);
  for (let i = 0; i < corners.length; i++) {
    const [a, b] = [corners[i], corners[(i + 1) % corners.length]];
    context.quadraticCurveTo(a[0], a[1], (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
  }
  context.closePath();
}

/** Adds a closed polygon to the path. */
export function tracePolygon({ context }: Easel, corners: readonly (Point | Projected)[]) {
  context.moveTo(corners[0][0], corners[0][1]);
  for (let i = 1; i < corners.length; i++) context.lineTo(corners[i][0], corners[i][1]);
  context.closePath();
}

/** The corners of the smallest convex polygon around points, in turning order. */
export function hull(points: readonly (Point | Projected)[]): Point[] {
  const sorted = points.map(([x, y]): Point => [x, y]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (ordered: readonly Point[]) => {
    const kept: Point[] = [];
    for (const p of ordered) {
      while (kept.length > 1 && turn(kept[kept.length - 2], kept[kept.length - 1], p) <= 0) kept.pop();
      kept.push(p);
    }
    return kept.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

// ---- below: internals ----

const turn = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
