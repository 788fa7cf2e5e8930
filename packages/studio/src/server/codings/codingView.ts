import { sql } from 'kysely';
import type { Coding, CodingSummary, Comment, PastChange } from '../../contract/coding.ts';
import type { CodingScope, VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { notFound } from '../http/refusal.ts';
import { codedInstance, instancesOf } from './codedInstance.ts';
import { codingSummaries } from './codingSummaries.ts';
import { mayWrite, requireReadable } from './mayWrite.ts';
import { noteLook } from './visibility.ts';

/** @throws Refusal 404 */
export function codingSummary(studio: StudioContext, scope: VideoScope, coding: string): CodingSummary {
  const found = codingSummaries(studio, scope).find(({ id }) => id === coding);
  if (!found) throw notFound('coding');
  return found;
}

/** A coding with its content; the look is noted. @throws Refusal 403 `hidden` */
export function codingView(studio: StudioContext, scope: CodingScope): Coding {
  const { store } = studio;
  requireReadable(store, scope);
  noteLook(studio, scope, [scope.coding]);
  return {
    ...codingSummary(studio, scope, scope.coding.id),
    instances: instancesOf(store, scope.coding.id).map(codedInstance),
    comments: commentsOf(studio, scope.coding.id),
    mayWrite: !store.readOnly && mayWrite(store, scope),
  };
}

/** What was changed in a coding after a place in its history, oldest first. @throws Refusal 403 `hidden` */
export function pastChanges(
  studio: StudioContext,
  scope: CodingScope,
  { after, limit }: { readonly after: number; readonly limit: number },
): PastChange[] {
  const { store } = studio;
  requireReadable(store, scope);
  noteLook(studio, scope, [scope.coding]);
  const changes = store.all(
    store.sql
      .selectFrom('change')
      .innerJoin('account', 'account.id', 'change.account')
      .select(['sequence', 'change.id', 'instance', 'account.name as by', 'at', 'before', 'after'])
      .where('coding', '=', scope.coding.id)
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(limit),
  );
  return changes.map((change) => ({
    ...change,
    before: change.before === null ? null : JSON.parse(change.before),
    after: change.after === null ? null : JSON.parse(change.after),
  }));
}

// ---- below: internals ----

/** In the order in which they were written. */
function commentsOf({ store }: StudioContext, coding: string): Comment[] {
  return store.all(
    store.sql
      .selectFrom('comment')
      .innerJoin('account', 'account.id', 'comment.account')
      .select(['comment.id', 'instance', 'account', 'account.name as author', 'text', 'at'])
      .where('coding', '=', coding)
      .orderBy(sql`comment.rowid`),
  );
}
