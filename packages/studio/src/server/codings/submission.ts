import type { CodingSummary } from '../../contract/coding.ts';
import type { CodingScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { codingSummary } from './codingView.ts';
import { requireWritable } from './mayWrite.ts';
import { raiseRevision } from './revision.ts';

/**
 * Closes the asker's own coding, so that it counts for review and results. Proposals that were not decided stay where
 * they are and count as not accepted; `proposalCount` of the answer says how many. Again: changes nothing.
 *
 * @throws Refusal 403 `not-yours`; 409 `looked` where nothing was coded before others' work was seen, in a blind project
 */
export function submitCoding(studio: StudioContext, scope: CodingScope): CodingSummary {
  const { coding, caller } = scope;
  if (coding.kind !== 'coder' || coding.account !== caller.account) {
    const message = 'Only whoever coded it submits a coding. Nothing was changed.';
    throw new Refusal(403, 'not-yours', message);
  }
  if (coding.status === 'open') {
    requireWritable(studio.store, scope);
    const proposals = codingSummary(studio, scope, coding.id).proposalCount ?? 0;
    setStatus(studio, scope, 'submitted', { coding: coding.id, undecidedProposals: proposals });
  }
  return codingSummary(studio, scope, coding.id);
}

/**
 * Opens a submitted coding to its coder again; history says who did it, and whether the coder had seen others' work of
 * the video by then. Again: changes nothing.
 *
 * @throws Refusal 409 `not-reopened` for what no person submitted; 409 `settled` while a settled coding stands on it
 */
export function reopenCoding(studio: StudioContext, scope: CodingScope): CodingSummary {
  const { store } = studio;
  const { sql } = store;
  const { coding, video } = scope;
  if (coding.kind !== 'coder') {
    const message = 'Only what a person submitted can be reopened. Nothing was changed.';
    throw new Refusal(409, 'not-reopened', message);
  }
  if (coding.status === 'open') return codingSummary(studio, scope, coding.id);
  const ofVideo = sql.selectFrom('coding').select('id').where('video', '=', video.id);
  if (store.first(ofVideo.where('kind', '=', 'final'))) {
    const message =
      'The video is settled, and the settled coding stands on this one. Nothing was changed: take back the settlement on the review page first.';
    throw new Refusal(409, 'settled', message);
  }
  const looks = sql.selectFrom('looked').select('at').where('video', '=', video.id);
  const hadLooked = store.first(looks.where('account', '=', coding.account)) !== undefined;
  setStatus(studio, scope, 'open', { coding: coding.id, coder: coding.account, hadLooked });
  return codingSummary(studio, scope, coding.id);
}

// ---- below: internals ----

function setStatus(
  { store, events, now }: StudioContext,
  { coding, video, project, caller }: CodingScope,
  status: 'open' | 'submitted',
  details: Readonly<Record<string, unknown>>,
): void {
  const { sql } = store;
  const revision = store.transaction(() => {
    const at = now();
    const submittedAt = status === 'submitted' ? at : null;
    store.run(sql.updateTable('coding').set({ status, submittedAt }).where('id', '=', coding.id));
    const what = status === 'submitted' ? 'submitted' : 'reopened';
    const entry = { project: project.id, video: video.id, account: caller.account, what, at };
    store.run(sql.insertInto('history').values({ ...entry, details: JSON.stringify(details) }));
    return raiseRevision(store, coding.id);
  });
  events.publish(project.id, { type: 'coding', coding: coding.id, video: video.id, revision });
  events.publish(project.id, { type: 'review', video: video.id });
}
