import type { Caller } from '../accounts/caller.ts';
import type { Gate } from '../accounts/gate.ts';
import { sameSecret, secretHash } from '../accounts/secrets.ts';
import type { StudioContext } from '../context.ts';
import { isSafe } from './originCheck.ts';
import { Refusal } from './refusal.ts';

/**
 * Who sends a request: by token where there is an `Authorization` header, else by cookie; null for nobody.
 *
 * @throws Refusal 401 `bad-token` for a token that is unknown or was withdrawn; 403 `read-only-token`
 */
export function callerOf(request: Request, studio: StudioContext, gate: Gate): Caller | null {
  const authorization = request.headers.get('Authorization');
  if (authorization !== null) return byToken(request, authorization, studio);
  const signIn = gate.signInOf(request);
  const account = signIn && activeAccount(studio, signIn.account);
  return account ? { ...account, by: 'cookie', onlyProject: null, mayWrite: true } : null;
}

/**
 * A page of another site can make a browser send the cookie, but cannot know the token that only our pages read.
 *
 * @throws Refusal 403 `csrf`
 */
export function checkCsrf(request: Request, gate: Gate): void {
  if (isSafe(request.method)) return;
  const expected = gate.signInOf(request)?.csrfToken;
  const sent = request.headers.get('X-CSRF-Token');
  if (expected !== undefined && sent !== null && sameSecret(sent, expected)) return;
  const message = 'The request lacks the token of this sign-in (X-CSRF-Token). Nothing was changed: reload the page.';
  throw new Refusal(403, 'csrf', message);
}

// ---- below: internals ----

function activeAccount({ store }: StudioContext, id: string) {
  const found = store.first(
    store.sql.selectFrom('account').select(['id', 'name', 'administrator', 'disabled']).where('id', '=', id),
  );
  if (!found || found.disabled) return undefined;
  return { account: found.id, name: found.name, administrator: found.administrator === 1 };
}

function byToken(request: Request, authorization: string, studio: StudioContext): Caller {
  const { store } = studio;
  const [, secret] = /^Bearer +([\w-]{20,100})$/i.exec(authorization) ?? [];
  const token =
    secret && store.first(store.sql.selectFrom('apiToken').selectAll().where('tokenHash', '=', secretHash(secret)));
  const account = token && activeAccount(studio, token.account);
  if (!account) {
    throw new Refusal(401, 'bad-token', 'The token is unknown or was withdrawn. Make a new one in the settings.');
  }
  const mayWrite = token.mayWrite === 1;
  if (!mayWrite && !isSafe(request.method)) {
    throw new Refusal(403, 'read-only-token', 'This token may only read. Make one that may write in the settings.');
  }
  noteUse(studio, token);
  return { ...account, by: 'token', onlyProject: token.project, mayWrite };
}

/** Once a minute at most: a program may send many requests, and each note waits for the disk. */
function noteUse({ store, now, log }: StudioContext, token: { id: string; lastUsedAt: string | null }): void {
  const lastUsedAt = now();
  if (store.readOnly || token.lastUsedAt?.slice(0, 16) === lastUsedAt.slice(0, 16)) return;
  try {
    store.run(store.sql.updateTable('apiToken').set({ lastUsedAt }).where('id', '=', token.id));
  } catch (error) {
    // On a full disk what is there can still be pulled.
    log(`That a token was used could not be noted: ${error instanceof Error ? error.message : error}`);
  }
}
