import { paddedLengths } from './areas.ts';
import { orderByScore, type Proposals } from './proposals.ts';

export interface NmsOptions {
  /** A proposal goes where it overlaps a better one by this temporal IoU or more. */
  readonly overlapThreshold: number;
  /** Most to keep. */
  readonly maxCount?: number;
}

/**
 * Non-maximum suppression in time, whatever the class: the best stays, what overlaps it goes, and so on.
 * Equal scores: the earlier position wins. Single precision throughout, as OpenTAD's `nms_1d_cpu`.
 *
 * @returns the positions kept, by decreasing score
 */
export function nms(
  { starts, ends, scores }: Omit<Proposals, 'classes'>,
  { overlapThreshold, maxCount = Number.POSITIVE_INFINITY }: NmsOptions,
): Uint32Array {
  const { fround, max, min } = Math;
  const threshold = fround(overlapThreshold);
  const lengths = paddedLengths(starts, ends);
  const order = orderByScore(scores);
  const gone = new Uint8Array(order.length);
  const kept: number[] = [];
  for (let i = 0; i < order.length && kept.length < maxCount; i++) {
    if (gone[i]) continue;
    const best = order[i];
    kept.push(best);
    for (let j = i + 1; j < order.length; j++) {
      if (gone[j]) continue;
      const other = order[j];
      const shared = max(0, fround(min(ends[best], ends[other]) - max(starts[best], starts[other])));
      const union = fround(fround(lengths[best] + lengths[other]) - shared);
      if (fround(shared / union) >= threshold) gone[j] = 1;
    }
  }
  return Uint32Array.from(kept);
}
