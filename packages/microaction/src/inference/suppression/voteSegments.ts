import type { Proposals } from './proposals.ts';

type Segments = Pick<Proposals, 'starts' | 'ends'>;

/**
 * Replaces each kept segment by the mean of all proposals that overlap it by temporal IoU `overlapThreshold` or more,
 * weighted by their scores before any decay: OpenTAD's `seg_voting`. Suppressed and low proposals vote too.
 * A segment for which nothing votes (no length, or all scores 0) stays as it is; the reference makes it NaN.
 */
export function voteSegments(kept: Segments, voters: Omit<Proposals, 'classes'>, overlapThreshold: number): Segments {
  const { fround, max, min } = Math;
  const threshold = fround(overlapThreshold);
  const starts = kept.starts.slice();
  const ends = kept.ends.slice();
  for (let i = 0; i < starts.length; i++) {
    const [start, end] = [kept.starts[i], kept.ends[i]];
    const length = fround(end - start);
    let [weight, startSum, endSum] = [0, 0, 0];
    for (let j = 0; j < voters.scores.length; j++) {
      const shared = max(0, fround(min(end, voters.ends[j]) - max(start, voters.starts[j])));
      const union = fround(fround(length + fround(voters.ends[j] - voters.starts[j])) - shared);
      if (!(fround(shared / union) >= threshold)) continue;
      const score = voters.scores[j];
      weight += score;
      startSum += score * voters.starts[j];
      endSum += score * voters.ends[j];
    }
    if (weight === 0) continue;
    starts[i] = startSum / weight;
    ends[i] = endSum / weight;
  }
  return { starts, ends };
}
