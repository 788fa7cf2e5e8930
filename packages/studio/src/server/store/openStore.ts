import { DatabaseSync } from 'node:sqlite';
import { UserError } from 'microaction';
import { migrations } from './migrations.ts';
import { makePrivateFile } from './privacy.ts';
import { Store } from './store.ts';

/**
 * Opens the database in a file, makes it where there is none, and brings it up to date.
 *
 * @throws UserError `newer-database` where a newer version of the program wrote it
 */
export function openStore(path: string): Store {
  makePrivateFile(path);
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5000 });
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = full;');
    migrate(database, path);
    return new Store(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

export function newerDatabase(path: string, schema: number): UserError {
  const message = `${path} was written by a newer version of microaction (its schema ${schema}, this one knows ${migrations.length}). Nothing was changed: update microaction and start again.`;
  return new UserError('newer-database', message);
}

// ---- below: internals ----

function migrate(database: DatabaseSync, path: string): void {
  const { user_version: schema } = database.prepare('pragma user_version').get() as { user_version: number };
  if (schema > migrations.length) throw newerDatabase(path, schema);
  for (let next = schema; next < migrations.length; next++) {
    database.exec(`begin immediate; ${migrations[next]}; pragma user_version = ${next + 1}; commit;`);
  }
}
