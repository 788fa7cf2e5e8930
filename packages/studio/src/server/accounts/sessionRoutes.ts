import { becomeTeamSchema, sessionSchema, signInSchema } from '../../contract/account.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { type Route, route } from '../http/route.ts';
import { anyone, person } from './access.ts';
import { endedCookie } from './cookie.ts';
import type { Gate } from './gate.ts';
import { studioMode } from './mode.ts';
import { session, signedInAnew } from './session.ts';

export const sessionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/session',
    summary: 'Who is signed in, and whether anything can be saved.',
    access: anyone,
    answer: sessionSchema,
    handle: ({ studio, gate, scope: caller, request }) =>
      session(studio, caller?.account, (caller?.by === 'cookie' && gate.signInOf(request)?.csrfToken) || null),
  }),
  route({
    method: 'post',
    path: '/session',
    summary: 'Signs in by name and password.',
    access: anyone,
    body: signInSchema,
    answer: sessionSchema,
    whileReadOnly: true,
    handle: async ({ studio, gate, body, request, address }) => {
      const account = await accountByPassword(studio, gate, body, address);
      return signedInAnew(studio, gate, account, request);
    },
  }),
  route({
    method: 'delete',
    path: '/session',
    summary: 'Signs out.',
    access: person,
    answer: null,
    whileReadOnly: true,
    handle: ({ gate, request }) => {
      const signIn = gate.signInOf(request);
      if (signIn) gate.signIns.end(signIn.tokenHash);
      return new Response(null, { status: 204, headers: { 'Set-Cookie': endedCookie(request, gate.isHttps) } });
    },
  }),
  route({
    method: 'post',
    path: '/team',
    summary: 'Gives the solo person a name and a password: from then on people sign in.',
    access: person,
    body: becomeTeamSchema,
    answer: sessionSchema,
    handle: async ({ studio, gate, scope: { account }, body: { name, password }, request }) => {
      const { store } = studio;
      const passwordHash = await gate.passwords.hash(password);
      store.transaction(() => {
        if (studioMode(studio) === 'team') throw new Refusal(409, 'already-team', 'People sign in here already.');
        store.run(store.sql.updateTable('account').set({ name, passwordHash }).where('id', '=', account));
        gate.signIns.endAll(account);
      });
      return signedInAnew(studio, gate, account, request);
    },
  }),
];

// ---- below: internals ----

/**
 * Id of the account. Unknown names, wrong passwords and accounts without one are told alike, and take as long.
 *
 * @throws Refusal 401 `wrong-sign-in`, 403 `disabled`, 429 `too-many-guesses`
 */
async function accountByPassword(
  { store }: StudioContext,
  gate: Gate,
  { name, password }: { name: string; password: string },
  address: string,
): Promise<string> {
  gate.guesses.attempt(name, address);
  const row = store.first(store.sql.selectFrom('account').selectAll().where('name', '=', name));
  if (!(await gate.passwords.verify(password, row?.passwordHash ?? null)) || !row) {
    throw new Refusal(401, 'wrong-sign-in', 'This name and password do not belong together. Check both and try again.');
  }
  gate.guesses.succeeded(name, address);
  if (row.disabled) throw new Refusal(403, 'disabled', 'This account is switched off. Ask an administrator.');
  return row.id;
}
