import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { madeTokenSchema, newTokenSchema, type Token, tokenSchema } from '../../contract/account.ts';
import { notFound } from '../http/refusal.ts';
import { type Route, route } from '../http/route.ts';
import type { ApiTokenTable } from '../store/tables.ts';
import { memberOf, person } from './access.ts';
import { newSecret, secretHash } from './secrets.ts';

/** Tokens, with which one's own programs come in. */
export const tokenRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/tokens',
    summary: 'One’s own tokens, without their secrets.',
    access: person,
    answer: z.array(tokenSchema),
    handle: ({ studio: { store }, scope: { account } }) => {
      const own = store.sql.selectFrom('apiToken').selectAll().where('account', '=', account);
      return store.all(own.orderBy('createdAt').orderBy('id')).map(tokenView);
    },
  }),
  route({
    method: 'post',
    path: '/tokens',
    summary: 'Makes a token. Its secret is in this answer and never again.',
    access: person,
    body: newTokenSchema,
    answer: madeTokenSchema,
    status: 201,
    handle: ({ studio, scope: caller, body: { name, project, mayWrite } }) => {
      const { store, now } = studio;
      if (project !== null) memberOf()(studio, caller, { project });
      const secret = newSecret();
      const row = {
        id: randomUUID(),
        account: caller.account,
        project,
        name,
        tokenHash: secretHash(secret),
        mayWrite: mayWrite ? 1 : 0,
        createdAt: now(),
        lastUsedAt: null,
      };
      store.run(store.sql.insertInto('apiToken').values(row));
      return { ...tokenView(row), secret };
    },
  }),
  route({
    method: 'delete',
    path: '/tokens/{token}',
    summary: 'Withdraws a token: at once, for good.',
    access: person,
    answer: null,
    handle: ({ studio: { store }, scope: { account }, params: { token } }) => {
      const own = store.sql.deleteFrom('apiToken').where('id', '=', token).where('account', '=', account);
      if (store.run(own) === 0) throw notFound('token');
    },
  }),
];

// ---- below: internals ----

function tokenView({ id, name, project, mayWrite, createdAt, lastUsedAt }: Selectable<ApiTokenTable>): Token {
  return { id, name, project, mayWrite: mayWrite === 1, createdAt, lastUsedAt };
}
