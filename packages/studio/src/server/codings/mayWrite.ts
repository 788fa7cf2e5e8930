import type { CodingScope } from '../accounts/access.ts';
import { Refusal } from '../http/refusal.ts';
import type { Store } from '../store/store.ts';
import { mayNotBegin, readable } from './visibility.ts';

/**
 * Whether the asker may change what a coding says: their own as long as it is open; the settled one as an owner or
 * reviewer who may see it. Nobody changes a model's.
 */
export function mayWrite(store: Store, scope: CodingScope): boolean {
  return refusalOf(store, scope) === null;
}

/** @throws Refusal 409 `submitted` or `looked`; 403 `not-yours` or `hidden` */
export function requireWritable(store: Store, scope: CodingScope): void {
  const refusal = refusalOf(store, scope);
  if (refusal) throw refusal;
}

/** @throws Refusal 403 `hidden` where blind coding keeps the content from the asker */
export function requireReadable(store: Store, scope: CodingScope): void {
  if (!isReadable(store, scope)) throw hidden();
}

/** To who has seen others' work in a blind project, and wants to begin a coding of their own. */
export const looked = () =>
  new Refusal(
    409,
    'looked',
    'This project is coded blind, and you have seen what others or a model coded in this video. You can review it, but not code it any more: let somebody else code it.',
  );

// ---- below: internals ----

function refusalOf(store: Store, scope: CodingScope): Refusal | null {
  const { coding, caller, role } = scope;
  if (coding.kind === 'final' && role !== 'coder') return isReadable(store, scope) ? null : hidden();
  if (coding.kind !== 'coder' || coding.account !== caller.account) {
    return new Refusal(403, 'not-yours', 'This coding is not yours to change. Nothing was saved: change your own.');
  }
  if (coding.status === 'open') return mayNotBegin(store, scope, coding) ? looked() : null;
  const message = 'This coding was submitted and is closed. Nothing was saved: ask an owner or reviewer to reopen it.';
  return new Refusal(409, 'submitted', message);
}

function isReadable(store: Store, scope: CodingScope): boolean {
  const { sql } = store;
  const codings = store.all(sql.selectFrom('coding').selectAll().where('video', '=', scope.video.id));
  return readable(scope, codings).some(({ id }) => id === scope.coding.id);
}

const hidden = () =>
  new Refusal(
    403,
    'hidden',
    'This project is coded blind: the work of others and of models opens to you once you have submitted your own coding of this video.',
  );
