import { createHash } from 'node:crypto';
import type { Dispute } from '../../contract/review.ts';
import type { SettledSpan } from './compareCodings.ts';

/** An instance of the final coding, and how it came to be in it. */
export interface SettledInstance extends SettledSpan {
  /** For people to read: `agreed by 3`, `majority 2 of 3`, `discussed by Mei: the second nod is longer`. */
  readonly reason: string;
}

/** What a review ends in: what all agree on and what decisions kept. Disputes without a decision are left out. */
export function settle(
  coders: number,
  agreed: readonly SettledSpan[],
  disputes: readonly Dispute[],
): SettledInstance[] {
  const kept = disputes.flatMap((dispute) => {
    const settled = dispute.decision?.settled;
    return settled ? { ...settled, reason: reasonOf(dispute, coders) } : [];
  });
  return [...agreed.map((span) => ({ ...span, reason: `agreed by ${coders}` })), ...kept].sort(
    (a, b) => a.start - b.start || a.end - b.end || (a.action < b.action ? -1 : 1),
  );
}

/** Stays the same as long as settling would give the same with the same disputes decided. */
export function basisOf(coders: number, agreed: readonly SettledSpan[], disputes: readonly Dispute[]): string {
  const open = disputes.flatMap(({ key, decision }) => (decision ? [] : key));
  const settled = settle(coders, agreed, disputes).map(({ action, start, end, reason }) => [
    action,
    start,
    end,
    reason,
  ]);
  return createHash('sha256')
    .update(JSON.stringify([settled, open]))
    .digest('base64url');
}

// ---- below: internals ----

const longestReason = 500;

function reasonOf({ codings, decision }: Dispute, coders: number): string {
  if (decision?.how !== 'discussed') {
    return `majority ${codings.filter(({ instance }) => instance !== null).length} of ${coders}`;
  }
  const text = `discussed by ${decision.by}${decision.note && `: ${decision.note}`}`;
  return text.length > longestReason ? `${text.slice(0, longestReason - 1)}…` : text;
}
