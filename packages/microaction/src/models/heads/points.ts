/** One level of a pyramid, as its head sees it: how far apart its steps are, and which distances it is for. */
export interface PointLevel {
  /** Steps of the feature grid from one point to the next. */
  readonly stride: number;
  /** A segment is for this level where its farther end is from `near` to `far` steps of the grid away, both included. */
  readonly near: number;
  readonly far: number;
}

/** Places that a head predicts from: all levels behind each other. P points. */
export interface Points {
  /** [P], in steps of the feature grid. */
  readonly positions: Float32Array;
  /** [P], of the level that a point is of; so are the distances. */
  readonly strides: Float32Array;
  readonly nears: Float32Array;
  readonly fars: Float32Array;
}

/** ActionFormer's levels: strides 1, 2, 4 …, for distances from 0 to 4, 4 to 8, 8 to 16 …, the last without end. */
export function doublingLevels(count: number): PointLevel[] {
  return Array.from({ length: count }, (_, level) => ({
    stride: 2 ** level,
    near: level === 0 ? 0 : 2 ** (level + 1),
    far: level === count - 1 ? 10_000 : 2 ** (level + 2),
  }));
}

/** The points of a grid of so many steps: step i of a level lies at i times its stride. */
export function pointsOf(levels: readonly PointLevel[], steps: number): Points {
  const counts = pointCounts(levels, steps);
  const all = <T>(of: (level: PointLevel, i: number) => T): T[] =>
    levels.flatMap((level, position) => Array.from({ length: counts[position] }, (_, i) => of(level, i)));
  return {
    positions: Float32Array.from(all(({ stride }, i) => i * stride)),
    strides: Float32Array.from(all(({ stride }) => stride)),
    nears: Float32Array.from(all(({ near }) => near)),
    fars: Float32Array.from(all(({ far }) => far)),
  };
}

/** How many points each level has. */
export const pointCounts = (levels: readonly PointLevel[], steps: number): number[] =>
  levels.map(({ stride }) => Math.ceil(steps / stride));
