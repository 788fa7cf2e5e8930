/**
 * Proposals of one video: one position in each of four arrays of the same length. Starts and ends in any one unit,
 * classes as ids. Single precision is what detectors give and what the suppression of the reference computes in.
 */
export interface Proposals<Numbers extends Float32Array | Float64Array = Float32Array> {
  readonly starts: Numbers;
  readonly ends: Numbers;
  readonly scores: Numbers;
  readonly classes: Int32Array;
}

/** The proposals at some positions, in that order. */
export function takeProposals({ starts, ends, scores, classes }: Proposals, positions: ArrayLike<number>): Proposals {
  const take = (from: Float32Array) => Float32Array.from(positions, (position) => from[position]);
  return {
    starts: take(starts),
    ends: take(ends),
    scores: take(scores),
    classes: Int32Array.from(positions, (position) => classes[position]),
  };
}

/** All proposals of several lists, list after list. */
export function joinProposals(lists: readonly Proposals[]): Proposals {
  const length = lists.reduce((sum, { scores }) => sum + scores.length, 0);
  const joined = {
    starts: new Float32Array(length),
    ends: new Float32Array(length),
    scores: new Float32Array(length),
    classes: new Int32Array(length),
  };
  let at = 0;
  for (const { starts, ends, scores, classes } of lists) {
    joined.starts.set(starts, at);
    joined.ends.set(ends, at);
    joined.scores.set(scores, at);
    joined.classes.set(classes, at);
    at += scores.length;
  }
  return joined;
}

/** Positions by decreasing score, equal ones in the order given. NaN counts as lowest. */
export function orderByScore(scores: Float32Array): Uint32Array {
  const key = (score: number) => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score);
  return Uint32Array.from(scores.keys()).sort((a, b) => key(scores[b]) - key(scores[a]) || a - b);
}

/** The positions of each class, classes by increasing id. */
export function positionsByClass(classes: Int32Array): number[][] {
  const positions = new Map<number, number[]>();
  for (let i = 0; i < classes.length; i++) {
    const known = positions.get(classes[i]);
    if (known) known.push(i);
    else positions.set(classes[i], [i]);
  }
  return [...positions].sort(([a], [b]) => a - b).map(([, list]) => list);
}
