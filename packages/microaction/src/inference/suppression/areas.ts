/**
 * Lengths as the compiled operators of OpenTAD take them: end - start + 1e-6, in single precision, so that no union
 * is 0. An exact copy of a segment therefore overlaps it a little less than fully.
 */
export function paddedLengths(starts: Float32Array, ends: Float32Array): Float32Array {
  return starts.map((start, i) => Math.fround(ends[i] - start) + padding);
}

// ---- below: internals ----

const padding = Math.fround(1e-6);
