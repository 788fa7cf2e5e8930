import type { Session } from '../../contract/account.ts';
import type { StudioContext } from '../context.ts';
import { accountView, preferencesOf } from './accountViews.ts';
import { signInCookie } from './cookie.ts';
import type { Gate } from './gate.ts';
import { studioMode } from './mode.ts';

/** What the pages need to know of who uses them. @param account - id; undefined: nobody is signed in */
export function session(studio: StudioContext, account: string | undefined, csrfToken: string | null): Session {
  const { store, version } = studio;
  const row = account && store.first(store.sql.selectFrom('account').selectAll().where('id', '=', account));
  return {
    account: row ? { ...accountView(row), preferences: preferencesOf(row) } : null,
    csrfToken,
    mode: studioMode(studio),
    readOnly: store.readOnly,
    version,
  };
}

/** A new secret at each sign-in: one that somebody planted before is worth nothing. */
export function signedInAnew(studio: StudioContext, gate: Gate, account: string, request: Request): Response {
  const old = gate.signInOf(request);
  if (old) gate.signIns.end(old.tokenHash);
  const { secret, signIn } = gate.signIns.begin(account);
  return Response.json(session(studio, account, signIn.csrfToken), {
    headers: { 'Set-Cookie': signInCookie(secret, request, gate.isHttps), 'Cache-Control': 'no-store' },
  });
}
