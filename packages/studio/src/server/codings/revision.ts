import type { Store } from '../store/store.ts';

/** How many acknowledged requests have changed a coding. */
export function revisionOf(store: Store, coding: string): number {
  return store.first(store.sql.selectFrom('coding').select('revision').where('id', '=', coding))?.revision ?? 0;
}

/** @returns the new one */
export function raiseRevision(store: Store, coding: string): number {
  const { sql } = store;
  const raised = sql.updateTable('coding').set((row) => ({ revision: row('revision', '+', 1) }));
  store.run(raised.where('id', '=', coding));
  return revisionOf(store, coding);
}
