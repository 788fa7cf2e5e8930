import type { z } from 'zod';
import type { Dispute, newDecisionSchema, Review } from '../../contract/review.ts';

export interface Span {
  readonly action: string;
  readonly start: number;
  readonly end: number;
}

type NewDecision = z.input<typeof newDecisionSchema>;

/** What the fields of a dispute begin with: what was decided, else what the vote would keep. */
export const firstDraft = ({ decision, proposed }: Dispute): Span => decision?.settled ?? proposed;

/** Whether keeping this is what the majority says, or takes a discussion. */
export function howToKeep({ vote, proposed }: Dispute, draft: Span): NewDecision['how'] {
  return vote === 'kept' && isSame(draft, proposed) ? 'majority' : 'discussed';
}

export function keeping(dispute: Dispute, settled: Span, note: string): NewDecision {
  const how = note.trim() === '' ? howToKeep(dispute, settled) : 'discussed';
  return { ...about(dispute), outcome: 'kept', settled, how, note };
}

export function dropping(dispute: Dispute, note: string): NewDecision {
  const how = dispute.vote === 'dropped' && note.trim() === '' ? 'majority' : 'discussed';
  return { ...about(dispute), outcome: 'dropped', settled: null, how, note };
}

/** What the vote says, whatever stands in the fields. */
export function byMajority(dispute: Dispute): NewDecision {
  const { vote, proposed } = dispute;
  return { ...about(dispute), outcome: vote, settled: vote === 'kept' ? proposed : null, how: 'majority', note: '' };
}

/** What the final coding would hold now: all agreed, and what was kept of the disputes. */
export function settledSoFar({ agreed, disputes }: Review): Span[] {
  return [...agreed, ...disputes.flatMap(({ decision }) => decision?.settled ?? [])];
}

export type DisputeFilter = 'all' | 'open' | 'presence' | 'edges';

export function filtered(disputes: readonly Dispute[], filter: DisputeFilter): Dispute[] {
  return disputes.filter(({ decision, about }) => {
    if (filter === 'open') return decision === null;
    return filter === 'all' || about === filter;
  });
}

/** The next open dispute after one, from the front again after the last; the one itself where none is open. */
export function nextOpen(disputes: readonly Dispute[], after: string): string {
  const at = disputes.findIndex(({ key }) => key === after);
  const round = [...disputes.slice(at + 1), ...disputes.slice(0, Math.max(at, 0))];
  return round.find(({ decision }) => decision === null)?.key ?? after;
}

// ---- below: internals ----

const about = ({ key, decision }: Dispute) => ({ dispute: key, base: decision?.id ?? null });
const isSame = (a: Span, b: Span) => a.action === b.action && a.start === b.start && a.end === b.end;
