import { length, minus, plus, times, unit, type Vector } from '../../packages/microaction/src/synthesis/body/vector.ts';
import type { Shape, Solid } from './solids.ts';

/** What holds a shape: all that is nearer than `radius` to a line from `from`, `length` along `axis`. */
interface Bound {
  readonly from: Vector;
  readonly axis: Vector;
  readonly length: number;
  readonly radius: number;
}

/** The distance of any point to the nearest of many solids, for chosen ones of their shapes at a time. */
export class DistanceField {
  readonly shapes: readonly Shape[];
  readonly #bounds: readonly Bound[];
  /** [shapes] which solid a shape is of; shapes of one solid are neighbours. */
  readonly solidOf: Uint16Array;
  /** The shape that was nearest in the latest call of `distance`. */
  nearest = 0;
  readonly #kinds: Uint8Array;
  readonly #passed: Uint16Array;
  readonly #melts: Float64Array;
  readonly #data: Float64Array;

  constructor(solids: readonly Solid[]) {
    this.shapes = solids.flatMap(({ shapes }) => shapes);
    this.#bounds = this.shapes.map(boundOf);
    this.solidOf = Uint16Array.from(solids.flatMap(({ shapes }, solid) => shapes.map(() => solid)));
    this.#melts = Float64Array.from(solids, ({ melt }) => melt);
    this.#kinds = Uint8Array.from(this.shapes, ({ kind }) => kinds.indexOf(kind));
    this.#passed = new Uint16Array(this.shapes.length);
    this.#data = new Float64Array(this.shapes.length * stride);
    for (const [i, shape] of this.shapes.entries()) this.#data.set(packed(shape), i * stride);
  }

  /** Those of the chosen shapes that a sight passes within `margin` metres. Valid until the next call. */
  along(eye: Vector, [dx, dy, dz]: Vector, margin: number, chosen: Uint16Array): Uint16Array {
    let count = 0;
    for (let i = 0; i < chosen.length; i++) {
      const { from, axis, length, radius } = this.#bounds[chosen[i]];
      let [x, y, z] = [from[0] - eye[0], from[1] - eye[1], from[2] - eye[2]];
      // Where on the axis it comes nearest to the sight.
      const parallel = dx * axis[0] + dy * axis[1] + dz * axis[2];
      const ahead = dx * x + dy * y + dz * z;
      const back = axis[0] * x + axis[1] * y + axis[2] * z;
      const u = Math.min(length, Math.max(0, (ahead * parallel - back) / (1 - parallel * parallel + 1e-9)));
      x += axis[0] * u;
      y += axis[1] * u;
      z += axis[2] * u;
      const aside = x * x + y * y + z * z - (ahead + u * parallel) ** 2;
      if (aside < (radius + margin) * (radius + margin)) this.#passed[count++] = chosen[i];
    }
    return this.#passed.subarray(0, count);
  }

  /** Between which distances from a place the chosen shapes lie, with a margin. */
  range(eye: Vector, margin: number, chosen: Uint16Array): readonly [nearest: number, farthest: number] {
    let [nearest, farthest] = [Infinity, 0];
    for (const shape of chosen) {
      const { from, axis, length: long, radius } = this.#bounds[shape];
      const middle = length(minus(plus(from, times(axis, long / 2)), eye));
      nearest = Math.min(nearest, middle - long / 2 - radius - margin);
      farthest = Math.max(farthest, middle + long / 2 + radius + margin);
    }
    return [nearest, farthest];
  }

  /**
   * @param chosen - indices of shapes, increasing
   * @returns metres, negative inside; never much more than the true distance
   */
  distance(x: number, y: number, z: number, chosen: Uint16Array): number {
    let best = Infinity;
    let inSolid = Infinity;
    let ofSolid = Infinity; // the nearest single shape of the solid, before melting
    let nearestOfSolid = 0;
    let solid = -1;
    for (let i = 0; i < chosen.length; i++) {
      const shape = chosen[i];
      if (this.solidOf[shape] !== solid) {
        if (inSolid < best) {
          best = inSolid;
          this.nearest = nearestOfSolid;
        }
        solid = this.solidOf[shape];
        inSolid = ofSolid = Infinity;
      }
      const d = this.#distanceTo(shape, x, y, z);
      if (d < ofSolid) {
        ofSolid = d;
        nearestOfSolid = shape;
      }
      inSolid = melted(inSolid, d, this.#melts[solid]);
    }
    if (inSolid < best) {
      best = inSolid;
      this.nearest = nearestOfSolid;
    }
    return best;
  }

  #distanceTo(shape: number, x: number, y: number, z: number): number {
    const v = this.#data;
    const o = shape * stride;
    const dx = x - v[o];
    const dy = y - v[o + 1];
    const dz = z - v[o + 2];
    if (this.#kinds[shape] === 0) {
      // The sphere that sweeps from one end to the other, at the place where it comes nearest.
      const along = dx * v[o + 3] + dy * v[o + 4] + dz * v[o + 5];
      const out = Math.sqrt(Math.max(0, dx * dx + dy * dy + dz * dz - along * along));
      const u = Math.min(v[o + 6], Math.max(0, along - out * v[o + 9]));
      return Math.sqrt(out * out + (along - u) * (along - u)) - v[o + 7] + v[o + 8] * u;
    }
    const px = dx * v[o + 3] + dy * v[o + 4] + dz * v[o + 5];
    const py = dx * v[o + 6] + dy * v[o + 7] + dz * v[o + 8];
    const pz = dx * v[o + 9] + dy * v[o + 10] + dz * v[o + 11];
    if (this.#kinds[shape] === 1) {
      // To first order: how far beyond the surface in units of the radii, over how fast that grows.
      const sx = px * v[o + 12];
      const sy = py * v[o + 13];
      const sz = pz * v[o + 14];
      const beyond = Math.sqrt(sx * sx + sy * sy + sz * sz);
      const [gx, gy, gz] = [sx * v[o + 12], sy * v[o + 13], sz * v[o + 14]];
      return (beyond * (beyond - 1)) / (Math.sqrt(gx * gx + gy * gy + gz * gz) + 1e-9);
    }
    const qx = Math.abs(px) - v[o + 12];
    const qy = Math.abs(py) - v[o + 13];
    const qz = Math.abs(pz) - v[o + 14];
    const outside = Math.sqrt(Math.max(qx, 0) ** 2 + Math.max(qy, 0) ** 2 + Math.max(qz, 0) ** 2);
    return outside + Math.min(0, Math.max(qx, qy, qz)) - v[o + 15];
  }
}

// ---- below: internals ----

const kinds = ['limb', 'ellipsoid', 'box'];
const stride = 16;

function packed(shape: Shape): number[] {
  switch (shape.kind) {
    case 'limb': {
      const span = minus(shape.to, shape.from);
      const long = length(span);
      const slope = (shape.radii[0] - shape.radii[1]) / long;
      const lean = slope / Math.sqrt(1 - slope * slope);
      return [...shape.from, ...span.map((value) => value / long), long, shape.radii[0], slope, lean];
    }
    case 'ellipsoid': {
      const { origin, left, up, front } = shape.frame;
      return [...origin, ...left, ...up, ...front, ...shape.radii.map((radius) => 1 / radius)];
    }
    case 'box': {
      const { origin, left, up, front } = shape.frame;
      return [
        ...origin,
        ...left,
        ...up,
        ...front,
        ...shape.halves.map((half) => half - shape.rounding),
        shape.rounding,
      ];
    }
  }
}

function boundOf(shape: Shape): Bound {
  if (shape.kind === 'limb') {
    const span = minus(shape.to, shape.from);
    return { from: shape.from, axis: unit(span), length: length(span), radius: Math.max(...shape.radii) };
  }
  const { origin, left, up, front } = shape.frame;
  const halves = shape.kind === 'box' ? shape.halves : shape.radii;
  const [longest, second, third] = [0, 1, 2].sort((a, b) => halves[b] - halves[a]);
  const axis = [left, up, front][longest];
  const reach = shape.kind === 'box' ? halves[longest] : halves[longest] - halves[second];
  const radius = shape.kind === 'box' ? Math.hypot(halves[second], halves[third]) : halves[second];
  return { from: minus(origin, times(axis, reach)), axis, length: 2 * reach, radius };
}

/** The smaller of two, rounded off over the width `melt` where they are equal. */
function melted(a: number, b: number, melt: number): number {
  const near = melt - Math.abs(a - b);
  return Math.min(a, b) - (near > 0 ? (near * near) / (4 * melt) : 0);
}
