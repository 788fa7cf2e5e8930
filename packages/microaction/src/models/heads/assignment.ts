import { UsageError } from '../../errors.ts';
import type { Points } from './points.ts';

/** What is to be found in a window: one position in each of three arrays of the same length. */
export interface Truth {
  /** In steps of the feature grid. */
  readonly starts: Float32Array;
  readonly ends: Float32Array;
  /** From 0. */
  readonly classes: Int32Array;
}

/** What a head is to say at each of P points of each of B windows, K classes. */
export interface Targets {
  /** [B, P, K]: 1 for the classes of what a point is to find, else 0. Points with a class are the positive ones. */
  readonly classes: Float32Array;
  /** [B, P, 2]: how far start and end are away, in strides of the point. Of no meaning where there is no class. */
  readonly distances: Float32Array;
}

export interface AssignmentOptions {
  /** K. */
  readonly classes: number;
  /** Strides around the centre of a segment within which points are to find it; 1.5 unless given. */
  readonly centreRadius?: number;
}

/**
 * Which segments each point is to find (FCOS's centre sampling, as ActionFormer has it): those whose centre is within
 * the radius, that the point lies inside of, and whose farther end is at a distance that the point's level is for. Of
 * several, the shortest gives the distances; every other that is longer by no more than a thousandth of a step adds its
 * class. In single precision, as OpenTAD, and in time proportional to points times segments.
 *
 * @throws UsageError for a class beyond K, and for a segment that ends before it starts or has no bounds
 */
export function assignTargets(points: Points, windows: readonly Truth[], options: AssignmentOptions): Targets {
  const count = points.positions.length;
  const classes = new Float32Array(windows.length * count * options.classes);
  const distances = new Float32Array(windows.length * count * 2);
  for (const [window, truth] of windows.entries()) {
    requireFit(truth, options.classes, window);
    const part = (array: Float32Array) => array.subarray((window * array.length) / windows.length);
    assignWindow(points, truth, options, part(classes), part(distances));
  }
  return { classes, distances };
}

// ---- below: internals ----

/** What lengths of segments may differ by and count as the same. */
const alike = Math.fround(1e-3);

function requireFit({ starts, ends, classes }: Truth, classCount: number, window: number): void {
  for (const [i, classId] of classes.entries()) {
    if (starts[i] <= ends[i] && classId >= 0 && classId < classCount) continue;
    throw new UsageError(
      `assignTargets: segment ${i} of window ${window} goes from ${starts[i]} to ${ends[i]} and has class ${classId}; ` +
        `expected an end at or after the start, and a class from 0 to ${classCount - 1}`,
    );
  }
}

function assignWindow(
  points: Points,
  { starts, ends, classes }: Truth,
  { classes: classCount, centreRadius = 1.5 }: AssignmentOptions,
  classTargets: Float32Array,
  distanceTargets: Float32Array,
): void {
  const { fround, max, min } = Math;
  const count = starts.length;
  if (count === 0) return;
  const lengths = starts.map((start, i) => ends[i] - start);
  const centres = starts.map((start, i) => 0.5 * fround(start + ends[i]));
  const candidates = new Int32Array(count);
  for (let point = 0; point < points.positions.length; point++) {
    const [position, stride] = [points.positions[point], points.strides[point]];
    const radius = fround(stride * fround(centreRadius));
    let found = 0;
    let shortest = 0;
    for (let i = 0; i < count; i++) {
      const inner = max(fround(centres[i] - radius), starts[i]);
      const outer = min(fround(centres[i] + radius), ends[i]);
      if (!(position > inner && position < outer)) continue;
      const farther = fround(max(position - starts[i], ends[i] - position));
      if (farther < points.nears[point] || farther > points.fars[point]) continue;
      if (found === 0 || lengths[i] < lengths[shortest]) shortest = i;
      candidates[found++] = i;
    }
    const longest = fround(lengths[shortest] + alike);
    for (let i = 0; i < found; i++) {
      const candidate = candidates[i];
      if (lengths[candidate] <= longest) classTargets[point * classCount + classes[candidate]] = 1;
    }
    distanceTargets[2 * point] = fround(position - starts[shortest]) / stride;
    distanceTargets[2 * point + 1] = fround(ends[shortest] - position) / stride;
  }
}
