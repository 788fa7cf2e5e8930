import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { messageOf } from 'microaction';
import { migrations } from './migrations.ts';
import { newerDatabase } from './openStore.ts';

export type DatabaseState =
  /** Or empty: its making was cut short. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'good'; readonly schema: number }
  /** `isReadable`: all that it holds can be read nevertheless, as far as one can tell. */
  | { readonly kind: 'damaged'; readonly reason: string; readonly isReadable: boolean };

/**
 * Looks through a database file without writing to it.
 *
 * @throws UserError `newer-database` where a newer version of the program wrote it
 */
export function inspectDatabase(path: string): DatabaseState {
  if (!existsSync(path) || statSync(path).size === 0) return { kind: 'absent' };
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return inspected(database, path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { kind: 'damaged', reason: messageOf(error), isReadable: false };
  } finally {
    database.close();
  }
}

/** A file that nobody writes to, as it stands; no other file appears beside it. */
export function openAsItStands(path: string): DatabaseSync {
  return new DatabaseSync(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true });
}

/** The schema of a backup that is whole and that this version of the program can go on from; undefined for others. */
export function schemaOfBackup(path: string): number | undefined {
  if (statSync(path).size === 0) return undefined;
  const database = openAsItStands(path);
  try {
    const state = inspected(database, path);
    return state.kind === 'good' && state.schema > 0 ? state.schema : undefined;
  } catch {
    return undefined;
  } finally {
    database.close();
  }
}

// ---- below: internals ----

function inspected(database: DatabaseSync, path: string): DatabaseState {
  const { user_version: schema } = database.prepare('pragma user_version').get() as { user_version: number };
  if (schema > migrations.length) throw newerDatabase(path, schema);
  const tables = database.prepare(`select name from sqlite_schema where type = 'table'`).all() as { name: string }[];
  // A database that was being made when the power went has no tables yet, and is finished by opening it.
  if (schema === 0 && tables.length > 0) {
    return { kind: 'damaged', reason: 'it is a database of another program', isReadable: false };
  }
  const complaint = complaintOf(database);
  if (complaint === undefined) return { kind: 'good', schema };
  return { kind: 'damaged', reason: complaint, isReadable: schema === migrations.length && reads(database, tables) };
}

function complaintOf(database: DatabaseSync): string | undefined {
  try {
    const [check] = database.prepare('pragma quick_check(1)').all() as { quick_check: string }[];
    return check.quick_check === 'ok' ? undefined : check.quick_check;
  } catch (error) {
    if (isDamage(error)) return messageOf(error);
    throw error;
  }
}

/** Whether every row of every table can be read, by the tables themselves and not by their indexes. */
function reads(database: DatabaseSync, tables: readonly { name: string }[]): boolean {
  try {
    for (const { name } of tables) {
      for (const _ of database.prepare(`select * from "${name}" not indexed`).iterate());
    }
    return tables.length > 0;
  } catch {
    return false;
  }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB */
function isDamage(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && [11, 26].includes(errcode & 0xff);
}
