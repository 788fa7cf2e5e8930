import { cross, dot, type Frame, length, minus, place, plus, times, unit, type Vector } from '../body/vector.ts';

/** A ball, stretched along the axes of its frame. */
export interface Ellipsoid {
  readonly frame: Frame;
  /** Half axes to the left, up and to the front, metres. */
  readonly half: Vector;
}

/** The place of an ellipsoid's surface where the ball would have the unit vector `p`. */
export const onSurface = ({ frame, half }: Ellipsoid, p: Vector): Vector =>
  place(frame, [p[0] * half[0], p[1] * half[1], p[2] * half[2]]);

/** The outline of an ellipsoid that is looked at from afar, from the direction `facing`. */
export function silhouette(ellipsoid: Ellipsoid, facing: Vector, count = 28): Vector[] {
  const [a, b] = besides(sight(ellipsoid, facing));
  return steps(0, 2 * Math.PI, count)
    .slice(1)
    .map((t) => onSurface(ellipsoid, plus(times(a, Math.cos(t)), times(b, Math.sin(t)))));
}

/**
 * The visible part of a cap: of the surface where `axis` . p > `above` on the ball, `axis` a unit vector. One outline,
 * two with a hole in it (the second), none when the cap is on the far side.
 */
export function visibleCap(ellipsoid: Ellipsoid, facing: Vector, axis: Vector, above: number): Vector[][] {
  const v = sight(ellipsoid, facing);
  const towards = dot(axis, v);
  const aside = minus(axis, times(v, towards));
  const slant = length(aside);
  const radius = Math.sqrt(1 - above * above);
  if (Math.abs(above) >= slant) {
    // The cap's edge does not cross the outline: all of it is seen or nothing.
    const [a, b] = besides(axis);
    const edge = steps(0, 2 * Math.PI, 28).map((t) =>
      onSurface(
        ellipsoid,
        plus(times(axis, above), plus(times(a, radius * Math.cos(t)), times(b, radius * Math.sin(t)))),
      ),
    );
    const edgeSeen = towards * above > 0;
    if (above > 0) return edgeSeen ? [edge] : [];
    return edgeSeen ? [silhouette(ellipsoid, facing), edge] : [silhouette(ellipsoid, facing)];
  }
  // Along the outline as far as the cap reaches, then back along the cap's edge.
  const e = times(aside, 1 / slant);
  const f = cross(v, e);
  const open = Math.acos(above / slant);
  const rim = steps(-open, open, 20).map((t) => plus(times(e, Math.cos(t)), times(f, Math.sin(t))));
  const nearest = unit(minus(v, times(axis, towards)));
  const beside = cross(axis, nearest);
  const half = Math.acos(Math.max(-1, Math.min(1, (-towards * above) / (radius * slant))));
  const edge = (t: number) =>
    plus(times(axis, above), plus(times(nearest, radius * Math.cos(t)), times(beside, radius * Math.sin(t))));
  const end = rim[rim.length - 1];
  const from = length(minus(edge(half), end)) < length(minus(edge(-half), end)) ? half : -half;
  return [[...rim, ...steps(from, -from, 20).map(edge)].map((p) => onSurface(ellipsoid, p))];
}

// ---- below: internals ----

/** The direction of sight in the space of the ball. */
const sight = ({ frame, half }: Ellipsoid, facing: Vector): Vector =>
  unit([dot(facing, frame.left) / half[0], dot(facing, frame.up) / half[1], dot(facing, frame.front) / half[2]]);

/** Two unit vectors at right angles to a unit vector and to each other. */
function besides(v: Vector): [Vector, Vector] {
  const a = unit(cross(Math.abs(v[1]) < 0.9 ? [0, 1, 0] : [0, 0, 1], v));
  return [a, cross(v, a)];
}

const steps = (from: number, to: number, count: number) =>
  Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count);
