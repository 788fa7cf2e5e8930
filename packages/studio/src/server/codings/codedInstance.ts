import type { Selectable } from 'kysely';
import type { CodedInstance } from '../../contract/coding.ts';
import type { Store } from '../store/store.ts';
import type { InstanceTable } from '../store/tables.ts';

export type InstanceRow = Selectable<InstanceTable>;

/** A row as it travels. */
export function codedInstance({ id, action, start, end, state, score, reason, version }: InstanceRow): CodedInstance {
  return { id, action, start, end, state, score, reason, version };
}

/** What a coding holds now, ordered by start, then end, then action. */
export function instancesOf(store: Store, coding: string): InstanceRow[] {
  const rows = store.sql.selectFrom('instance').selectAll().where('coding', '=', coding).where('deleted', '=', 0);
  return store.all(rows.orderBy('start').orderBy('end').orderBy('action').orderBy('id'));
}
