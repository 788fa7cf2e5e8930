import { ownPasswordSchema, preferencesSchema, sessionSchema } from '../../contract/account.ts';
import { Refusal } from '../http/refusal.ts';
import { type Route, route } from '../http/route.ts';
import { person } from './access.ts';
import { preferencesOf } from './accountViews.ts';
import { signedInAnew } from './session.ts';

/** One's own account. */
export const ownRoutes: readonly Route[] = [
  route({
    method: 'patch',
    path: '/account/preferences',
    summary: 'Changes the preferences that are sent, keeps the others.',
    access: person,
    body: preferencesSchema,
    answer: preferencesSchema,
    handle: ({ studio: { store }, scope: { account }, body }) =>
      store.transaction(() => {
        const row = store.first(store.sql.selectFrom('account').selectAll().where('id', '=', account));
        const preferences = { ...(row && preferencesOf(row)), ...body };
        const set = { preferences: JSON.stringify(preferences) };
        store.run(store.sql.updateTable('account').set(set).where('id', '=', account));
        return preferences;
      }),
  }),
  route({
    method: 'put',
    path: '/account/password',
    summary: 'Changes one’s own password; ends all other sign-ins of the account.',
    access: person,
    body: ownPasswordSchema,
    answer: sessionSchema,
    handle: async ({ studio, gate, scope: { account, name }, body: { current, next }, request, address }) => {
      const { store } = studio;
      const row = store.first(store.sql.selectFrom('account').select('passwordHash').where('id', '=', account));
      if (!row?.passwordHash) throw noPasswordYet();
      gate.guesses.attempt(name, address);
      if (!(await gate.passwords.verify(current, row.passwordHash))) throw wrongPassword();
      gate.guesses.succeeded(name, address);
      const passwordHash = await gate.passwords.hash(next);
      store.transaction(() => {
        store.run(store.sql.updateTable('account').set({ passwordHash }).where('id', '=', account));
        gate.signIns.endAll(account);
      });
      return signedInAnew(studio, gate, account, request);
    },
  }),
];

// ---- below: internals ----

const noPasswordYet = () =>
  new Refusal(409, 'solo', 'There is no password yet. Give yourself a name and a password in the settings.');

const wrongPassword = () =>
  new Refusal(403, 'wrong-password', 'This is not your present password. Nothing was changed: try again.');
