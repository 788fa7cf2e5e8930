import { randomUUID } from 'node:crypto';
import { UserError } from 'microaction';
import type { z } from 'zod';
import type { Decision, Dispute, newDecisionSchema } from '../../contract/review.ts';
import type { VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { factsOf, taxonomyOf } from '../results/codedContent.ts';
import type { Store } from '../store/store.ts';
import { addHistory } from './history.ts';

export type NewDecision = z.infer<typeof newDecisionSchema>;

/** The decision that counts of each dispute of a video, by the dispute's key. */
export function latestDecisions(store: Store, video: string): Map<string, Decision> {
  const rows = store.all(
    store.sql
      .selectFrom('decision')
      .innerJoin('account', 'account.id', 'decision.account')
      .select([
        'decision.id',
        'dispute',
        'outcome',
        'action',
        'start',
        'end',
        'how',
        'note',
        'at',
        'account.name as by',
      ])
      .where('video', '=', video)
      .orderBy('sequence'),
  );
  const decisions = rows.map(({ action, start, end, ...row }): Decision => {
    const settled = action === null || start === null || end === null ? null : { action, start, end };
    return { ...row, settled };
  });
  return new Map(decisions.map((decision) => [decision.dispute, decision]));
}

/**
 * Puts a decision on top of those that were made before. In a transaction of the caller, or as one.
 *
 * @param dispute - as it stands now
 * @throws Refusal 409 `conflict` with the latest decision where somebody decided in between
 * @throws UserError where it is none: kept without saying what, a span of no length, not what the vote says
 */
export function addDecision(studio: StudioContext, scope: VideoScope, dispute: Dispute, given: NewDecision): Decision {
  const latest = dispute.decision;
  if ((latest?.id ?? null) !== given.base) {
    const message = `${latest?.by ?? 'Somebody'} decided this dispute in between. Nothing was changed: look at that decision, then decide again if need be.`;
    throw new Refusal(409, 'conflict', message, latest);
  }
  const settled = settledBy(scope, dispute, given);
  const { store, now } = studio;
  const { outcome, how, note } = given;
  const decision: Decision = {
    ...{ id: randomUUID(), dispute: dispute.key, outcome, settled, how, note },
    ...{ by: scope.caller.name, at: now() },
  };
  const { by: _, settled: __, ...row } = decision;
  const { action = null, start = null, end = null } = settled ?? {};
  store.transaction(() => {
    const values = { ...row, action, start, end, video: scope.video.id, account: scope.caller.account };
    store.run(store.sql.insertInto('decision').values(values));
    addHistory(studio, scope, 'decided', {
      ...{ decision: decision.id, dispute: dispute.key, outcome, how, note, settled },
      about: { action: dispute.action, start: dispute.start, end: dispute.end },
    });
  });
  return decision;
}

// ---- below: internals ----

function settledBy(scope: VideoScope, { vote, proposed }: Dispute, given: NewDecision): Decision['settled'] {
  const { outcome, how, settled } = given;
  if (how === 'majority' && outcome !== vote) {
    throw refused(`the vote says ${vote}, found ${outcome}. To decide otherwise, say that it was discussed`);
  }
  if (outcome === 'dropped') return null;
  if (!settled) throw refused('kept, but what is not said. Send action, start and end');
  const { name: action } = taxonomyOf(scope.project).get(settled.action);
  const { start, end } = settled;
  const last = factsOf(scope.video)?.durationSeconds ?? Number.POSITIVE_INFINITY;
  if (!(start >= 0 && start < end && start < last)) {
    const length = Number.isFinite(last) ? `, of a video of ${last} s` : '';
    throw refused(`found ${start} s to ${end} s${length}; expected a start of 0 or more, before the end`);
  }
  const isProposed = action === proposed.action && start === proposed.start && end === proposed.end;
  if (how === 'majority' && !isProposed) {
    throw refused(
      'the vote keeps the medians of starts and ends. To settle on another span, say that it was discussed',
    );
  }
  return { action, start, end };
}

const refused = (what: string) => new UserError('bad-decision', `The decision: ${what}. Nothing was changed.`);
