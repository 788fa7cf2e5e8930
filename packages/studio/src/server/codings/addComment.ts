import type { z } from 'zod';
import type { Comment, newCommentSchema } from '../../contract/coding.ts';
import type { CodingScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { requireReadable } from './mayWrite.ts';
import { raiseRevision } from './revision.ts';

/**
 * Writes a comment on an instance. Whoever may see a coding may comment on it, also after it was submitted. Sent again,
 * it is acknowledged and not written twice.
 *
 * @throws Refusal 403 `hidden`; 404 where the coding has no such instance; 409 `id-taken`
 */
export function addComment(
  studio: StudioContext,
  scope: CodingScope,
  { id, instance, text }: z.infer<typeof newCommentSchema>,
): Comment {
  const { store, events } = studio;
  const { sql } = store;
  const { coding, caller, project, video } = scope;
  requireReadable(store, scope);
  const earlier = store.first(sql.selectFrom('comment').selectAll().where('id', '=', id));
  const author = caller.name;
  const account = caller.account;
  if (earlier) {
    const isSame = earlier.account === account && earlier.instance === instance && earlier.text === text;
    if (isSame) return { id, instance, account, author, text, at: earlier.at };
    const message = `The comment id ${id} was used for another comment. Nothing was saved: make a new id.`;
    throw new Refusal(409, 'id-taken', message);
  }
  const at = studio.now();
  const revision = store.transaction(() => {
    const held = sql.selectFrom('instance').select('id').where('id', '=', instance).where('coding', '=', coding.id);
    if (!store.first(held)) throw notFound('instance');
    store.run(sql.insertInto('comment').values({ id, coding: coding.id, instance, account, text, at }));
    return raiseRevision(store, coding.id);
  });
  events.publish(project.id, { type: 'coding', coding: coding.id, video: video.id, revision });
  return { id, instance, account, author, text, at };
}
