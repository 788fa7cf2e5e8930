import type { CodingScope } from '../accounts/access.ts';
import { notFound } from '../http/refusal.ts';
import type { Store } from '../store/store.ts';

/** A scope with the coding as it is now: while the rest of a request was on its way, it may have been submitted. */
export function freshCoding<Scope extends CodingScope>(store: Store, scope: Scope): Scope {
  const coding = store.first(store.sql.selectFrom('coding').selectAll().where('id', '=', scope.coding.id));
  if (!coding) throw notFound('coding');
  return { ...scope, coding };
}
