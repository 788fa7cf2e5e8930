import type { Decision } from '../../contract/review.ts';
import type { VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { codingsOfVideo, countedInstances } from '../results/codedContent.ts';
import { addDecision } from './decisionLog.ts';
import { replaceFinal, tellFinal } from './finalCoding.ts';
import { addHistory } from './history.ts';
import { mayDecide, reviewToDecide } from './review.ts';
import { basisOf, settle } from './settlement.ts';

/**
 * Settles a review: a final coding of what all agree on and what decisions kept, in the place of an earlier one. All
 * in one transaction, with what it is made of in the video's history.
 *
 * @returns id of the final coding
 * @throws Refusal 409 `open-disputes` where some are open and the vote is not to decide them
 */
export function finalise(studio: StudioContext, scope: VideoScope, majorityForRest: boolean): string {
  const { store } = studio;
  const { id, revision } = store.transaction(() => {
    const { coders, agreed, disputes } = reviewToDecide(studio, scope);
    const open = disputes.filter(({ decision }) => !decision);
    if (open.length > 0 && !majorityForRest) {
      const count = open.length === 1 ? '1 dispute is' : `${open.length} disputes are`;
      const message = `${count} not decided. Decide them, or let the majority decide the rest. Nothing was changed.`;
      throw new Refusal(
        409,
        'open-disputes',
        message,
        open.map(({ key }) => key),
      );
    }
    const decided = disputes.map((dispute) => {
      if (dispute.decision) return dispute;
      const { key, vote, proposed } = dispute;
      const settled = vote === 'kept' ? proposed : null;
      const given = { dispute: key, outcome: vote, settled, how: 'majority', note: '', base: null } as const;
      return { ...dispute, decision: addDecision(studio, scope, dispute, given) };
    });
    const instances = settle(coders, agreed, decided);
    const before = codingsOfVideo(store, scope.video.id).find(({ kind }) => kind === 'final');
    const replaced = before && countedInstances(store, before);
    const final = replaceFinal(studio, scope.video.id, instances);
    const count = (test: (decision: Decision) => boolean) =>
      decided.filter(({ decision }) => decision && test(decision)).length;
    addHistory(studio, scope, 'finalised', {
      coding: final.id,
      coders,
      agreed: agreed.length,
      kept: count(({ outcome }) => outcome === 'kept'),
      dropped: count(({ outcome }) => outcome === 'dropped'),
      byMajority: count(({ how }) => how === 'majority'),
      byDiscussion: count(({ how }) => how === 'discussed'),
      basis: basisOf(coders, agreed, decided),
      instances,
      // It may have been edited by hand since it was settled.
      ...(replaced && { replaced }),
    });
    return final;
  });
  tellFinal(studio, scope, id, revision);
  return id;
}

/** Takes the final coding away; its instances and what was said of them stay in the history. */
export function unsettle(studio: StudioContext, scope: VideoScope): void {
  const { store } = studio;
  const { sql } = store;
  const final = store.transaction(() => {
    const all = codingsOfVideo(store, scope.video.id);
    const found = all.find(({ kind }) => kind === 'final');
    if (!found) throw notFound('final coding');
    mayDecide(scope, all, { even: 'few' });
    const instances = countedInstances(store, found);
    const comments = store.all(sql.selectFrom('comment').selectAll().where('coding', '=', found.id));
    const changes = store.all(sql.selectFrom('change').selectAll().where('coding', '=', found.id));
    addHistory(studio, scope, 'unsettled', { coding: found.id, instances, comments, changes });
    store.run(sql.deleteFrom('comment').where('coding', '=', found.id));
    store.run(sql.deleteFrom('change').where('coding', '=', found.id));
    store.run(sql.deleteFrom('instance').where('coding', '=', found.id));
    store.run(sql.deleteFrom('coding').where('id', '=', found.id));
    return found;
  });
  tellFinal(studio, scope, final.id, final.revision + 1);
}
