/** Writes the gradient at a point and returns the value there. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  /** Stops when no component of the gradient is larger. Default 1e-7. */
  readonly tolerance?: number;
  /** Default 500. */
  readonly mostSteps?: number;
}

/**
 * The minimum of a smooth convex function: L-BFGS (Nocedal & Wright, Numerical Optimization, algorithms 7.4 and 7.5)
 * with eight pairs of memory and a line search that halves until the value falls enough (Armijo, 1e-4).
 *
 * @param start - is not changed
 */
export function minimise(objective: Objective, start: Float64Array, options: MinimiseOptions = {}): Float64Array {
  const { tolerance = 1e-7, mostSteps = 500 } = options;
  const size = start.length;
  let point = start.slice();
  let gradient = new Float64Array(size);
  let value = objective(point, gradient);
  const memory: Pair[] = [];
  for (let step = 0; step < mostSteps && largest(gradient) > tolerance; step++) {
    const direction = descent(gradient, memory);
    const slope = dot(direction, gradient);
    // The first step goes by the gradient alone, whose length says nothing.
    let length = memory.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(-slope));
    let next = moved(point, direction, length);
    const nextGradient = new Float64Array(size);
    let nextValue = objective(next, nextGradient);
    while (!(nextValue <= value + 1e-4 * length * slope)) {
      length /= 2;
      if (length < 1e-12) return point; // as low as the numbers resolve
      next = moved(point, direction, length);
      nextValue = objective(next, nextGradient);
    }
    const moves = next.map((at, i) => at - point[i]);
    const changes = nextGradient.map((at, i) => at - gradient[i]);
    const curvature = dot(moves, changes);
    if (curvature > 1e-14) {
      memory.push({ moves, changes, curvature });
      if (memory.length > 8) memory.shift();
    }
    [point, gradient, value] = [next, nextGradient, nextValue];
  }
  return point;
}

// ---- below: internals ----

/** A step that was taken, how the gradient changed along it, and the product of both. */
interface Pair {
  readonly moves: Float64Array;
  readonly changes: Float64Array;
  readonly curvature: number;
}

/** The two-loop recursion. */
function descent(gradient: Float64Array, memory: readonly Pair[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const shares: number[] = [];
  for (let i = memory.length - 1; i >= 0; i--) {
    const { moves, changes, curvature } = memory[i];
    shares[i] = dot(moves, direction) / curvature;
    add(direction, changes, -shares[i]);
  }
  const last = memory.at(-1);
  if (last) {
    const scale = last.curvature / dot(last.changes, last.changes);
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  memory.forEach(({ moves, changes, curvature }, i) => {
    add(direction, moves, shares[i] - dot(changes, direction) / curvature);
  });
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i] += times * what[i];
}

const moved = (from: Float64Array, direction: Float64Array, length: number) =>
  from.map((value, i) => value + length * direction[i]);

const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
