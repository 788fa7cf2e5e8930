import type { SKRSContext2D } from '@napi-rs/canvas';
import { cross, dot, length, minus, mix, plus, times, unit, type Vector } from '../body/vector.ts';
import { type Camera, type Projected, project } from '../camera/camera.ts';
import { type Colour, css, scaled } from './colour.ts';
import { type Light, lit } from './light.ts';

/** From where things are seen. */
export interface View {
  readonly camera: Camera;
}

/** What all parts are drawn with. */
export interface Easel extends View {
  readonly context: SKRSContext2D;
  readonly light: Light;
}

/** A place in the picture, pixels. */
export type Point = readonly [x: number, y: number];

export const seen = ({ camera }: View, at: Vector): Projected => project(camera, at);

/** Pixels a metre has, so far from the camera. */
export const pixelsPerMetre = ({ camera }: View, depthMetres: number) => camera.focalPixels / depthMetres;

/** Towards the camera from a place, unit length. */
export const towardsCamera = ({ camera }: View, at: Vector) => unit(minus(camera.frame.origin, at));

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

export function flatten(view: View, { from, to, fromRadius, toRadius }: Rod): FlatRod {
  const [a, b] = [seen(view, from), seen(view, to)];
  return {
    from: a,
    to: b,
    fromPixels: fromRadius * pixelsPerMetre(view, a[2]),
    toPixels: toRadius * pixelsPerMetre(view, b[2]),
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

/** Which round ends of a rod have a rim: none where the limb goes on. */
export type RimmedEnds = 'both' | 'to' | 'none';

/** Draws a rod, shaded across, with a thin darker rim that sets it off from what is behind. */
export function drawRod(easel: Easel, rod: Rod, colour: Colour, rimmed: RimmedEnds = 'both') {
  const { context } = easel;
  const flat = flatten(easel, rod);
  const radius = Math.max(rod.fromRadius, rod.toRadius);
  context.fillStyle = acrossRound(easel, mix(rod.from, rod.to, 0.5), minus(rod.to, rod.from), radius, colour);
  context.beginPath();
  traceRod(easel, flat);
  if (rimmed === 'both') {
    rimOf(easel, colour);
    context.fill();
    return;
  }
  context.fill();
  context.beginPath();
  traceSides(easel, flat, rimmed === 'to');
  rimOf(easel, colour);
}

/** Strokes the path with the thin dark rim of a part of this colour. */
export function rimOf(easel: Easel, colour: Colour) {
  const { context } = easel;
  context.lineWidth = rimPixels(easel);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = css(scaled(colour, 0.28), 0.45);
  context.stroke();
}

export const rimPixels = ({ camera }: Easel) => Math.max(0.6, 0.0036 * camera.heightPixels);

/** Points around a rod in the picture. */
export function rodOutline({ from, to, fromPixels, toPixels }: FlatRod): Point[] {
  return circle.flatMap(([c, s]): Point[] => [
    [from[0] + fromPixels * c, from[1] + fromPixels * s],
    [to[0] + toPixels * c, to[1] + toPixels * s],
  ]);
}

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

const circle = Array.from({ length: 14 }, (_, i): Point => [Math.cos((i * Math.PI) / 7), Math.sin((i * Math.PI) / 7)]);

/** The lines that touch both circles of a rod and, if asked for, the far circle's half between them. */
function traceSides({ context }: Easel, { from, to, fromPixels, toPixels }: FlatRod, withEnd: boolean) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const apart = Math.hypot(dx, dy);
  if (apart <= Math.abs(fromPixels - toPixels) + 1e-6) return;
  const along = Math.atan2(dy, dx);
  const lean = Math.acos((fromPixels - toPixels) / apart);
  const at = (centre: Projected, radius: number, angle: number): Point => [
    centre[0] + radius * Math.cos(angle),
    centre[1] + radius * Math.sin(angle),
  ];
  // They begin where one no longer sees into the joint.
  const [right, left] = [at(from, fromPixels, along - lean), at(from, fromPixels, along + lean)];
  const into = (a: Point, b: Point): Point => [a[0] + 0.22 * (b[0] - a[0]), a[1] + 0.22 * (b[1] - a[1])];
  const farRight = at(to, toPixels, along - lean);
  const farLeft = at(to, toPixels, along + lean);
  context.moveTo(...into(right, farRight));
  context.lineTo(...farRight);
  if (withEnd) context.arc(to[0], to[1], toPixels, along - lean, along + lean);
  else context.moveTo(...farLeft);
  context.lineTo(...into(left, farLeft));
}

const turn = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
