import { UsageError } from '../../errors.ts';
import { nms } from './nms.ts';
import { joinProposals, orderByScore, type Proposals, positionsByClass, takeProposals } from './proposals.ts';
import { type Decay, softNms } from './softNms.ts';
import { voteSegments } from './voteSegments.ts';

export interface SuppressionOptions {
  /** `hard` removes what overlaps a better proposal; the others lower its score. */
  readonly method: Decay | { readonly kind: 'hard'; readonly overlapThreshold: number };
  /** Lowest score to keep: before suppression (strictly above it) if hard, after decay otherwise. Default 0: all. */
  readonly minScore?: number;
  /** Most to keep, in each class if class-wise and then in all. Default 100. */
  readonly maxCount?: number;
  /** Whether only proposals of one class suppress each other. Default true. */
  readonly classWise?: boolean;
  /** Temporal IoU from which proposals vote on the kept segments; 0, the default: no voting. Never if class-wise. */
  readonly votingOverlap?: number;
}

/**
 * Suppression of the proposals of one video: OpenTAD's `batched_nms` in single precision. Class-wise, the classes go
 * by increasing id, each with its cap; then all are sorted by score, equal scores in that order, and capped again.
 *
 * @throws UsageError for a `maxCount` below 1 (the reference would cut from the end)
 */
export function suppress(proposals: Proposals, options: SuppressionOptions): Proposals {
  const { maxCount = 100, classWise = true, votingOverlap = 0 } = options;
  if (!(maxCount >= 1)) throw new UsageError(`suppress: maxCount is ${maxCount}, expected 1 or more`);
  const kept = classWise
    ? joinProposals(
        positionsByClass(proposals.classes).map((ofClass) => suppressAlike(takeProposals(proposals, ofClass), options)),
      )
    : suppressAlike(proposals, options);
  const voted = !classWise && votingOverlap > 0 ? { ...kept, ...voteSegments(kept, proposals, votingOverlap) } : kept;
  return takeProposals(voted, orderByScore(voted.scores).subarray(0, Math.min(maxCount, voted.scores.length)));
}

// ---- below: internals ----

function suppressAlike(proposals: Proposals, { method, minScore = 0, maxCount = 100 }: SuppressionOptions): Proposals {
  if (method.kind === 'hard') {
    const least = Math.fround(minScore);
    const all = Array.from(proposals.scores.keys());
    const candidates =
      minScore > 0
        ? takeProposals(
            proposals,
            all.filter((i) => proposals.scores[i] > least),
          )
        : proposals;
    return takeProposals(candidates, nms(candidates, { overlapThreshold: method.overlapThreshold, maxCount }));
  }
  const { positions, scores } = softNms(proposals, { decay: method, minScore, maxCount });
  return { ...takeProposals(proposals, positions), scores };
}
