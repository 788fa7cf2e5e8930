import { DatabaseSync } from 'node:sqlite';
import type { DataFolder } from '../videos/dataFolder.ts';
import { type Backup, listBackups, nameOfBackup, newestGoodBackup } from './backups.ts';
import { inspectDatabase, openAsItStands } from './inspectDatabase.ts';
import { migrations } from './migrations.ts';
import { openStore } from './openStore.ts';
import { Store } from './store.ts';

/** The database of a data folder. */
export const databasePath = (folder: DataFolder) => folder.inner('studio.db');

/**
 * Opens the store of a data folder however it was left. Where the database is damaged or gone, what can still be read is
 * opened for reading only, the file itself or else the newest good backup, and `readOnly` says what to do; the damaged
 * file is never written to.
 *
 * @param prepare - writes what an empty database starts with
 * @throws UserError `newer-database` where a newer version of the program wrote it
 */
export function openStoreOf(folder: DataFolder, prepare: (store: Store) => void): Store {
  const path = databasePath(folder);
  const state = inspectDatabase(path);
  if (state.kind === 'good' || (state.kind === 'absent' && listBackups(folder).length === 0)) {
    const store = openStore(path);
    prepare(store);
    return store;
  }
  const why =
    state.kind === 'absent'
      ? { reason: `the database ${path} is gone, though there are backups of it.` }
      : { reason: `the database ${path} is damaged.`, details: state.reason };
  const backup = newestGoodBackup(folder);
  if (state.kind === 'damaged' && state.isReadable) {
    const advice = `Shown is what the file still tells, which may have gaps: export what you need. ${restoreAdvice(folder, backup)}`;
    return new Store(new DatabaseSync(path, { readOnly: true }), { ...why, advice });
  }
  const shown = newestGoodBackup(folder, migrations.length);
  if (shown) {
    const advice = `Shown is ${nameOfBackup(shown)}. ${restoreAdvice(folder, backup)}`;
    return new Store(openAsItStands(shown.path), { ...why, advice });
  }
  const empty = emptyDatabase();
  prepare(new Store(empty));
  return new Store(empty, { ...why, advice: restoreAdvice(folder, backup) });
}

// ---- below: internals ----

function restoreAdvice({ root }: DataFolder, backup: Backup | undefined): string {
  if (backup) {
    return `To go on from ${nameOfBackup(backup)}, stop the studio and start it with: microaction studio --data "${root}" --restore. The damaged file is set aside, not deleted.`;
  }
  return `There is no good backup. Keep a copy of the folder "${root}"; then try to repair the file with the command .recover of the program sqlite3, or move it away to begin anew. Videos are untouched.`;
}

function emptyDatabase(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  for (const migration of migrations) database.exec(migration);
  return database;
}
