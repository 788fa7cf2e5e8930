import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { accountSchema, newAccountSchema } from '../../contract/account.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { type Route, route } from '../http/route.ts';
import { administrator } from './access.ts';
import { accountView } from './accountViews.ts';
import { studioMode } from './mode.ts';

/** Other people's accounts, for administrators. */
export const peopleRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/accounts',
    summary: 'All accounts.',
    access: administrator,
    answer: z.array(accountSchema),
    handle: ({ studio: { store } }) =>
      store.all(store.sql.selectFrom('account').selectAll().orderBy('name')).map(accountView),
  }),
  route({
    method: 'post',
    path: '/accounts',
    summary: 'Makes an account.',
    access: administrator,
    body: newAccountSchema,
    answer: accountSchema,
    status: 201,
    handle: async ({ studio, gate, body }) => {
      const { store, now } = studio;
      if (studioMode(studio) === 'solo') throw soloYet();
      const passwordHash = await gate.passwords.hash(body.password);
      const row = {
        id: randomUUID(),
        name: body.name,
        passwordHash,
        administrator: body.administrator ? 1 : 0,
        disabled: 0,
        preferences: '{}',
        createdAt: now(),
      };
      return store.transaction(() => {
        refuseTakenName(studio, body.name);
        store.run(store.sql.insertInto('account').values(row));
        return accountView(row);
      });
    },
  }),
];

// ---- below: internals ----

/** @throws Refusal 409 `name-taken`; large and small letters are the same */
export function refuseTakenName({ store }: StudioContext, name: string, except?: string): void {
  const found = store.first(store.sql.selectFrom('account').select('id').where('name', '=', name));
  if (!found || found.id === except) return;
  throw new Refusal(409, 'name-taken', `There is an account of the name "${name}" already. Choose another name.`);
}

const soloYet = () =>
  new Refusal(409, 'solo', 'Give yourself a name and a password first; then there can be more accounts.');
