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
  const old = gate.signInOf(request);
  // A link of an earlier start, in a browser that is still signed in.
  if (old && !gate.opensWith(key)) return redirect({});
  if (!account || !gate.opensWith(key)) return linkNeeded();
  if (old) gate.signIns.end(old.tokenHash);
  const { secret } = gate.signIns.begin(account.id);
  return redirect({ 'Set-Cookie': signInCookie(secret, request, gate.isHttps) });
}

// ---- below: internals ----

function linkNeeded(): Response {
  const text =
    'This link does not open the studio. Each start has a link of its own: use the one that the terminal shows now.\n\nNothing is lost: videos and codings are where they were.\n';
  return new Response(text, { status: 403, headers: plain });
}

const plain = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };

const redirect = (headers: Record<string, string>) =>
  new Response(null, { status: 303, headers: { Location: '/', 'Cache-Control': 'no-store', ...headers } });
