import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from 'microaction';
import type { DataFolder } from '../videos/dataFolder.ts';
import { type Backup, newestGoodBackup, renameDurably } from './backups.ts';
import { databasePath } from './openStoreOf.ts';

/**
 * Puts the newest good backup in the place of the database; what was there is set aside. While no server has the folder.
 *
 * @returns the backup, and the folder where the old database now lies; null where there was none
 * @throws UserError `no-backup`
 */
export function restoreBackup(folder: DataFolder): { backup: Backup; setAside: string | null } {
  const backup = newestGoodBackup(folder);
  if (!backup) {
    const message = `${folder.inner('backups')} holds no good backup, so nothing was changed. Videos and the database are as they were.`;
    throw new UserError('no-backup', message);
  }
  const path = databasePath(folder);
  // First whole beside it: a copy that fails half-way must not cost what is there.
  const copy = `${path}.restored`;
  copyFileSync(backup.path, copy);
  const old = [path, `${path}-wal`, `${path}-shm`].filter((file) => existsSync(file));
  const setAside = old.length > 0 ? newFolder(folder) : null;
  if (setAside) for (const file of old) renameSync(file, join(setAside, basename(file)));
  renameDurably(copy, path);
  return { backup, setAside };
}

// ---- below: internals ----

function newFolder(folder: DataFolder): string {
  for (let number = 1; ; number++) {
    const path = folder.inner(`set-aside-${number}`);
    if (existsSync(path)) continue;
    mkdirSync(path, { mode: 0o700 });
    return path;
  }
}
