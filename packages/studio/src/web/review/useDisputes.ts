import { useEffect, useRef, useState } from 'react';
import type { Decision, Dispute, Review } from '../../contract/review.ts';
import { ApiProblem, api } from '../api/client.ts';
import { queryClient, refresh } from '../api/queries.ts';
import { notify } from '../shell/notify.tsx';
import { problemText } from '../shell/problemText.ts';
import { useTexts } from '../texts/texts.tsx';
import {
  type DisputeFilter,
  type Draft,
  type Drafts,
  draftOf,
  filtered,
  heirOf,
  inherited,
  type NewDecision,
  nextOpen,
  withDraft,
} from './disputeDraft.ts';

/**
 * Which dispute is looked at, what is typed for each, and deciding. Drafts last as long as the page is open; a decision
 * of somebody else in between leaves them as they are.
 */
export function useDisputes(video: string, { disputes }: Review) {
  const t = useTexts();
  const [filter, setFilter] = useState<DisputeFilter>('all');
  const [key, setKey] = useState<string | null>(null);
  const [drafts, setDrafts] = useState<Drafts>(new Map());
  const [said, setSaid] = useState('');
  const underway = useRef<Set<string>>(new Set());
  const last = useRef<{ readonly disputes: readonly Dispute[]; readonly dispute?: Dispute }>({ disputes });
  const shown = filtered(disputes, filter);
  const dispute =
    disputes.find((each) => each.key === key) ??
    (last.current.dispute && heirOf(disputes, last.current.dispute)) ??
    shown.find(({ decision }) => !decision) ??
    shown[0] ??
    disputes[0];

  useEffect(() => {
    const before = last.current;
    last.current = { disputes, dispute };
    if (before.disputes !== disputes) setDrafts((all) => inherited(all, before.disputes, disputes));
    if (dispute?.key === key) return;
    setKey(dispute?.key ?? null);
    if (before.dispute && key !== null) notify(t.review.changed);
  }, [disputes, dispute, key, t]);

  const draft = dispute && draftOf(drafts, dispute);
  const edit = (change: Partial<Pick<Draft, 'span' | 'note'>>) =>
    dispute && setDrafts((all) => withDraft(all, dispute, { ...draftOf(all, dispute), ...change }));
  const forget = (of: string) => setDrafts((all) => new Map([...all].filter(([each]) => each !== of)));
  const step = (by: number) => {
    const at = shown.findIndex((each) => each.key === dispute?.key);
    const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
    if (next) setKey(next.key);
  };
  /** Goes on to the next one at once, and comes back where the studio refuses. */
  const decide = async (decision: NewDecision) => {
    if (!dispute || !draft || underway.current.has(dispute.key)) return;
    underway.current.add(dispute.key);
    setKey(nextOpen(shown, dispute.key, underway.current));
    try {
      const made = await api.post<Decision>(`/videos/${video}/decisions`, decision);
      await showDecision(video, made);
      forget(dispute.key);
      setSaid(t.review.said(made.outcome, t.action(dispute.action), t.format.time(dispute.start)));
    } catch (error) {
      setKey(dispute.key);
      // What stood in the fields stays, beside what was decided in between.
      if (isOvertaking(error)) setDrafts((all) => new Map(all).set(dispute.key, draft));
      else if (!isConflict(error)) notify(problemText(t, error).text, 'problem');
      await refresh(`/videos/${video}`);
    }
    underway.current.delete(dispute.key);
  };
  return { dispute, shown, filter, setFilter, choose: setKey, step, drafts, draft, edit, forget, decide, said };
}

// ---- below: internals ----

/** Puts a decision into what is shown. An answer under way may not know of it; the studio's event asks for another. */
async function showDecision(video: string, decision: Decision): Promise<void> {
  const queryKey = [`/videos/${video}/review`];
  await queryClient.cancelQueries({ queryKey, exact: true });
  queryClient.setQueryData<Review>(
    queryKey,
    (review) =>
      review && {
        ...review,
        disputes: review.disputes.map((one) => (one.key === decision.dispute ? { ...one, decision } : one)),
      },
  );
}

const isConflict = (error: unknown): error is ApiProblem => error instanceof ApiProblem && error.code === 'conflict';
/** Somebody else decided in between; without details the dispute itself is gone. */
const isOvertaking = (error: unknown) => isConflict(error) && error.details !== null;
