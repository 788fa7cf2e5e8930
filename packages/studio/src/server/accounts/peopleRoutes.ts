import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { accountChangeSchema, accountSchema, newAccountSchema } from '../../contract/account.ts';
import type { StudioContext } from '../context.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { type Route, route } from '../http/route.ts';
import { refuseLastOwner } from '../projects/members.ts';
import { administrator, choosesMembers } from './access.ts';
import { accountView } from './accountViews.ts';
import { studioMode } from './mode.ts';

/** Other people's accounts. */
export const peopleRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/accounts',
    summary: 'All accounts: for administrators, and for owners of projects, who choose members among them.',
    access: choosesMembers,
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
    handle: async ({ studio, gate, body: { name, password, administrator } }) => {
      const { store, now } = studio;
      if (studioMode(studio) === 'solo') throw soloYet();
      const row = {
        id: randomUUID(),
        name,
        passwordHash: await gate.passwords.hash(password),
        administrator: administrator ? 1 : 0,
        disabled: 0,
        preferences: '{}',
        createdAt: now(),
      };
      store.transaction(() => {
        refuseTakenName(studio, name);
        store.run(store.sql.insertInto('account').values(row));
      });
      return accountView(row);
    },
  }),
  route({
    method: 'patch',
    path: '/accounts/{account}',
    summary: 'Renames an account, gives it another password, switches it off or on, makes it administrator or not.',
    access: administrator,
    body: accountChangeSchema,
    answer: accountSchema,
    handle: async ({ studio, gate, scope: caller, params: { account }, body: { password, ...change } }) => {
      const { store } = studio;
      if (password !== undefined && account === caller.account) throw ownPassword();
      const passwordHash = password === undefined ? undefined : await gate.passwords.hash(password);
      return store.transaction(() => {
        const before = store.first(store.sql.selectFrom('account').selectAll().where('id', '=', account));
        if (!before) throw notFound('account');
        if (change.name !== undefined) refuseTakenName(studio, change.name, account);
        if (change.disabled || change.administrator === false) refuseLastAdministrator(studio, account);
        if (change.disabled) for (const project of allProjects(studio)) refuseLastOwner(studio, project, account);
        const after = {
          ...before,
          name: change.name ?? before.name,
          administrator: Number(change.administrator ?? before.administrator),
          disabled: Number(change.disabled ?? before.disabled),
          passwordHash: passwordHash ?? before.passwordHash,
        };
        store.run(store.sql.updateTable('account').set(after).where('id', '=', account));
        if (passwordHash || change.disabled) gate.signIns.endAll(account);
        return accountView(after);
      });
    },
  }),
];

// ---- below: internals ----

/** @throws Refusal 409 `name-taken`; large and small letters are the same */
function refuseTakenName({ store }: StudioContext, name: string, except?: string): void {
  const found = store.first(store.sql.selectFrom('account').select('id').where('name', '=', name));
  if (!found || found.id === except) return;
  throw new Refusal(409, 'name-taken', `There is an account of the name "${name}" already. Choose another name.`);
}

/** @throws Refusal 409 `last-administrator` */
function refuseLastAdministrator({ store }: StudioContext, account: string): void {
  const others = store.sql.selectFrom('account').select('id').where('administrator', '=', 1).where('disabled', '=', 0);
  if (store.first(others.where('id', '!=', account))) return;
  const message = 'This is the only administrator: nobody could make accounts any more. Make another one first.';
  throw new Refusal(409, 'last-administrator', message);
}

const allProjects = ({ store }: StudioContext) => store.all(store.sql.selectFrom('project').select(['id', 'name']));

const soloYet = () =>
  new Refusal(409, 'solo', 'Give yourself a name and a password first; then there can be more accounts.');

const ownPassword = () =>
  new Refusal(409, 'own-password', 'Change your own password in your settings, where the present one is asked for.');
