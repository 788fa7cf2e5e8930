import type { FlatRod } from './easel.ts';

/** A part of the body that is drawn in one go. */
export interface Part {
  readonly name: string;
  /** Where it is in the picture and how far away. */
  readonly rods: readonly FlatRod[];
  /** How much nearer it counts than its axis is, metres: thin things that lie on thick ones. */
  readonly nearer: number;
  readonly draw: () => void;
}

/** Whether `a` must be drawn after `b` (positive), before it (negative), or either (0); undefined: as depth says. */
export type Rule = (a: string, b: string) => number | undefined;

/**
 * Parts in the order in which to draw them: where two overlap in the picture, the farther one first. Depth is compared
 * at the place where they overlap, as one part may be nearer than another here and farther there. If some cover each
 * other in a ring, rules stand above depths, and the farthest goes first.
 */
export function paintersOrder(parts: readonly Part[], rule: Rule): Part[] {
  const ruled = parts.map((a) => parts.map((b) => (a === b ? 0 : rule(a.name, b.name))));
  const must = ruled.map((row) => row.map((order = 0) => order > 0));
  const covers = ruled.map((row, i) => row.map((order, j) => (order ?? nearness(parts[i], parts[j])) > 0));
  const left = new Set(parts.keys());
  const ordered: Part[] = [];
  while (left.size > 0) {
    const freeOf = (after: boolean[][]) => [...left].filter((i) => ![...left].some((j) => after[i][j]));
    const free = [freeOf(covers), freeOf(must), [...left]].find(({ length }) => length > 0)!;
    const next = free.reduce((a, b) => (depthOf(parts[b]) > depthOf(parts[a]) ? b : a));
    left.delete(next);
    ordered.push(parts[next]);
  }
  return ordered;
}

// ---- below: internals ----

const depthOf = ({ rods, nearer }: Part) =>
  rods.reduce((sum, { from, to }) => sum + from[2] + to[2], 0) / (2 * rods.length) - nearer;

/** Metres that `a` is nearer than `b` where they overlap most; 0 where they do not. */
function nearness(a: Part, b: Part): number {
  let most = 0;
  let metres = 0;
  for (const rod of a.rods) {
    for (const other of b.rods) {
      const { overlapPixels, nearerMetres } = meet(rod, other);
      if (overlapPixels <= most) continue;
      most = overlapPixels;
      metres = nearerMetres + a.nearer - b.nearer;
    }
  }
  return metres;
}

/** Where the axes of two rods come closest in the picture. */
function meet(a: FlatRod, b: FlatRod): { overlapPixels: number; nearerMetres: number } {
  const [ux, uy] = [a.to[0] - a.from[0], a.to[1] - a.from[1]];
  const [vx, vy] = [b.to[0] - b.from[0], b.to[1] - b.from[1]];
  const [wx, wy] = [a.from[0] - b.from[0], a.from[1] - b.from[1]];
  const uu = ux * ux + uy * uy + 1e-9;
  const vv = vx * vx + vy * vy + 1e-9;
  const uv = ux * vx + uy * vy;
  const uw = ux * wx + uy * wy;
  const vw = vx * wx + vy * wy;
  const cross = uu * vv - uv * uv;
  // The best share along `a` with `b` unbounded, then `b`'s for it, then `a`'s for that.
  let s = cross > 1e-6 * uu * vv ? clamp((uv * vw - vv * uw) / cross) : 0.5;
  const t = clamp((uv * s + vw) / vv);
  s = clamp((uv * t - uw) / uu);
  const apart = Math.hypot(wx + s * ux - t * vx, wy + s * uy - t * vy);
  const reach = a.fromPixels + (a.toPixels - a.fromPixels) * s + b.fromPixels + (b.toPixels - b.fromPixels) * t;
  return {
    overlapPixels: reach - apart,
    nearerMetres: b.from[2] + (b.to[2] - b.from[2]) * t - a.from[2] - (a.to[2] - a.from[2]) * s,
  };
}

const clamp = (share: number) => Math.max(0, Math.min(1, share));
