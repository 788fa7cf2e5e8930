import type { StudioContext } from '../context.ts';
import { signInCookie } from './cookie.ts';
import type { Gate } from './gate.ts';
import { studioMode } from './mode.ts';

/** `GET /open?key=`: the link of the terminal lets the solo person in. In a team people sign in, and it leads to there. */
export function openPage(request: Request, studio: StudioContext, gate: Gate): Response {
  const { store } = studio;
  if (studioMode(studio) === 'team') return redirect({});
  const key = new URL(request.url).searchParams.get('key');
  const account = store.first(store.sql.selectFrom('account').select('id').where('disabled', '=', 0));
  if (!gate.opensWith(key) || !account) return linkNeeded();
  const old = gate.signInOf(request);
  if (old) gate.signIns.end(old.tokenHash);
  const { secret } = gate.signIns.begin(account.id);
  return redirect({ 'Set-Cookie': signInCookie(secret, request, gate.isHttps) });
}

/** What a browser without cookie sees in solo mode. */
export function linkNeeded(): Response {
  const text =
    'This studio belongs to whoever started it. Open it with the link that the terminal shows (http://.../open?key=...); the link is a new one after each start.\n';
  return new Response(text, { status: 403, headers: plain });
}

// ---- below: internals ----

const plain = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };

const redirect = (headers: Record<string, string>) =>
  new Response(null, { status: 303, headers: { Location: '/', 'Cache-Control': 'no-store', ...headers } });
