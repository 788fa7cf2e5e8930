import type { z } from 'zod';
import type { Dispute, newDecisionSchema, Review } from '../../contract/review.ts';

export interface Span {
  readonly action: string;
  readonly start: number;
  readonly end: number;
}

export type NewDecision = z.input<typeof newDecisionSchema>;

export const spanOf = ({ action, start, end }: Span): Span => ({ action, start, end });

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

/** What is typed for a dispute and not decided yet. */
export interface Draft {
  readonly span: Span;
  readonly note: string;
  /** Id of the decision that stood when the typing began. */
  readonly base: string | null;
}

/** Drafts by the keys of their disputes. */
export type Drafts = ReadonlyMap<string, Draft>;

/** What the fields of a dispute show: what is typed, else what it begins with. */
export function draftOf(drafts: Drafts, dispute: Dispute): Draft {
  const { decision } = dispute;
  return drafts.get(dispute.key) ?? { span: firstDraft(dispute), note: decision?.note ?? '', base: baseOf(dispute) };
}

/** Somebody decided the dispute after the typing began. */
export const isOvertaken = (draft: Draft, dispute: Dispute) => draft.base !== baseOf(dispute);

/** The drafts with one more; without it where it says again what the dispute begins with. */
export function withDraft(drafts: Drafts, dispute: Dispute, draft: Draft): Drafts {
  const next = new Map(drafts);
  const first = draftOf(new Map(), dispute);
  const isFirst = isSame(draft.span, first.span) && draft.note === first.note && !isOvertaken(draft, dispute);
  if (isFirst) next.delete(dispute.key);
  else next.set(dispute.key, draft);
  return next;
}

/** The dispute that came into the place of one whose codings have changed: of the same action, at the same time. */
export function heirOf(disputes: readonly Dispute[], { action, start, end }: Dispute): Dispute | undefined {
  return disputes.find((each) => each.action === action && each.start < end && start < each.end);
}

/** The drafts after the codings have changed: what was typed for a dispute that is gone goes over to its heir. */
export function inherited(drafts: Drafts, before: readonly Dispute[], now: readonly Dispute[]): Drafts {
  const gone = before.filter(({ key }) => drafts.has(key) && !now.some((dispute) => dispute.key === key));
  return gone.reduce((all, dispute) => {
    const heir = heirOf(now, dispute);
    return heir ? withDraft(all, heir, { ...draftOf(drafts, dispute), base: baseOf(heir) }) : all;
  }, drafts);
}

/** Where a coder's other label of the same moment is disputed itself. */
export function disputeOf(disputes: readonly Dispute[], coding: string, { action, start, end }: Span) {
  return disputes.find((dispute) => {
    const instance = dispute.codings.find((each) => each.coding === coding)?.instance;
    return dispute.action === action && instance?.start === start && instance.end === end;
  });
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

/**
 * The next open dispute after one, from the front again after the last; the one itself where none is open.
 *
 * @param underway - keys of those whose decision is being saved
 */
export function nextOpen(disputes: readonly Dispute[], after: string, underway?: ReadonlySet<string>): string {
  const at = disputes.findIndex(({ key }) => key === after);
  const round = [...disputes.slice(at + 1), ...disputes.slice(0, Math.max(at, 0))];
  return round.find(({ key, decision }) => decision === null && !underway?.has(key))?.key ?? after;
}

// ---- below: internals ----

const baseOf = ({ decision }: Dispute) => decision?.id ?? null;
const about = (dispute: Dispute) => ({ dispute: dispute.key, base: baseOf(dispute) });
const isSame = (a: Span, b: Span) => a.action === b.action && a.start === b.start && a.end === b.end;
