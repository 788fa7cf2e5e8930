import { DatabaseSync } from 'node:sqlite';
import { UserError } from 'microaction';
import { migrations } from './migrations.ts';
import { Store } from './store.ts';

/**
 * Opens the database in a file, makes it where there is none, and brings it up to date.
 *
 * @throws UserError `newer-database` where a newer version of the program wrote it
 */
export function openStore(path: string): Store {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5000 });
  database.exec('pragma journal_mode = wal; pragma synchronous = full;');
  migrate(database, path);
  return new Store(database);
}

// ---- below: internals ----

function migrate(database: DatabaseSync, path: string): void {
  const { user_version: version } = database.prepare('pragma user_version').get() as { user_version: number };
  if (version > migrations.length) {
    database.close();
    throw new UserError(
      'newer-database',
      `${path} was written by a newer version of microaction (its schema ${version}, this one knows ${migrations.length}). Nothing was changed: update microaction and start again.`,
    );
  }
  for (let next = version; next < migrations.length; next++) {
    database.exec(`begin immediate; ${migrations[next]}; pragma user_version = ${next + 1}; commit;`);
  }
}
