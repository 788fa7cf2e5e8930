import { paddedLengths } from './areas.ts';
import type { Proposals } from './proposals.ts';

/** How the score of a proposal decays that overlaps a better one with temporal IoU `o`. */
export type Decay =
  /** To 0 where o >= threshold. */
  | { readonly kind: 'zero'; readonly overlapThreshold: number }
  /** By 1 - o where o >= threshold. */
  | { readonly kind: 'linear'; readonly overlapThreshold: number }
  /** By exp(-o²/sigma), always. */
  | { readonly kind: 'gaussian'; readonly sigma: number }
  /**
   * By exp(-o²/sigma) where o >= base + perLength * length of the better one: long proposals suppress less (BMN; the
   * reference's method 3 with t1 and t2).
   */
  | { readonly kind: 'gaussianByLength'; readonly sigma: number; readonly base: number; readonly perLength: number };

export interface SoftNmsOptions {
  readonly decay: Decay;
  /** What decays below this is dropped. 0: nothing is. */
  readonly minScore?: number;
  /** Most to keep. */
  readonly maxCount?: number;
}

export interface SoftNmsResult {
  /** Positions in the input, in the order picked, which is by decreasing decayed score. */
  readonly positions: Uint32Array;
  /** The decayed scores. */
  readonly scores: Float32Array;
}

/**
 * Soft non-maximum suppression in time (Bodla et al. 2017), whatever the class, in single precision and in the very
 * order of OpenTAD's `softnms_1d_cpu`: the best is swapped to the front, all behind it decay, and what falls below
 * `minScore` is replaced by the last, which is then looked at. A proposal is dropped only while it decays, so one
 * always survives, be its score what it may.
 */
export function softNms(
  proposals: Omit<Proposals, 'classes'>,
  { decay, minScore = 0, maxCount = Number.POSITIVE_INFINITY }: SoftNmsOptions,
): SoftNmsResult {
  const { fround, max, min } = Math;
  const starts = proposals.starts.slice();
  const ends = proposals.ends.slice();
  const scores = proposals.scores.slice();
  const lengths = paddedLengths(starts, ends);
  const positions = Uint32Array.from(scores.keys());
  const move = (from: number, to: number) => {
    starts[to] = starts[from];
    ends[to] = ends[from];
    scores[to] = scores[from];
    lengths[to] = lengths[from];
    positions[to] = positions[from];
  };
  const weigh = weightOf(decay);
  const least = fround(minScore);
  let count = scores.length;
  let picked = 0;
  for (; picked < count && picked < maxCount; picked++) {
    let best = picked;
    for (let i = picked + 1; i < count; i++) if (scores[i] > scores[best]) best = i;
    const [start, end, score, length, position] = [
      starts[best],
      ends[best],
      scores[best],
      lengths[best],
      positions[best],
    ];
    move(picked, best);
    starts[picked] = start;
    ends[picked] = end;
    scores[picked] = score;
    lengths[picked] = length;
    positions[picked] = position;
    for (let i = picked + 1; i < count; ) {
      const shared = max(0, fround(min(end, ends[i]) - max(start, starts[i])));
      const overlap = fround(shared / fround(fround(length + lengths[i]) - shared));
      scores[i] *= weigh(overlap, length);
      if (scores[i] < least) move(--count, i);
      else i++;
    }
  }
  return { positions: positions.slice(0, picked), scores: scores.slice(0, picked) };
}

// ---- below: internals ----

/** The factor, in single precision, from the overlap and the length of the better one. */
function weightOf(decay: Decay): (overlap: number, length: number) => number {
  const { fround, exp } = Math;
  switch (decay.kind) {
    case 'zero': {
      const threshold = fround(decay.overlapThreshold);
      return (overlap) => (overlap >= threshold ? 0 : 1);
    }
    case 'linear': {
      const threshold = fround(decay.overlapThreshold);
      return (overlap) => (overlap >= threshold ? fround(1 - overlap) : 1);
    }
    case 'gaussian': {
      const sigma = fround(decay.sigma);
      return (overlap) => fround(exp(fround(-fround(overlap * overlap) / sigma)));
    }
    case 'gaussianByLength': {
      const [sigma, base, perLength] = [fround(decay.sigma), fround(decay.base), fround(decay.perLength)];
      return (overlap, length) =>
        overlap >= fround(base + fround(perLength * length))
          ? fround(exp(fround(-fround(overlap * overlap) / sigma)))
          : 1;
    }
  }
}
