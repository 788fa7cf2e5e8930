import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { UserError } from 'microaction';
import type { DataFolder } from '../videos/dataFolder.ts';
import { makePrivateFile } from './privacy.ts';

/**
 * Makes sure that one server serves a data folder. The lock is the system's own, on an open file (held through an
 * exclusive SQLite transaction): it ends with the process, however that ends, and nobody has to guess whether a process
 * number is a stale one.
 */
export class FolderLock {
  readonly #database: DatabaseSync;
  readonly #note: string;

  /** @throws UserError `folder-in-use`, naming the server that has it */
  constructor(folder: DataFolder) {
    this.#note = folder.inner('server.json');
    const path = folder.inner('lock');
    makePrivateFile(path);
    this.#database = new DatabaseSync(path, { timeout: 0 });
    try {
      this.#database.exec('pragma journal_mode = memory; begin exclusive');
    } catch (error) {
      this.#database.close();
      throw (error as { errcode?: number }).errcode === busy ? inUse(folder, this.#note, error) : error;
    }
    rmSync(this.#note, { force: true });
  }

  /** Leaves word for whoever comes second. */
  tell(address: string): void {
    writeFileSync(this.#note, `${JSON.stringify({ pid: process.pid, address })}\n`, { mode: 0o600 });
  }

  release(): void {
    rmSync(this.#note, { force: true });
    this.#database.close();
  }
}

// ---- below: internals ----

/** SQLITE_BUSY */
const busy = 5;

function inUse(folder: DataFolder, note: string, cause: unknown): UserError {
  const first = readNote(note);
  const who = first ? `by process ${first.pid} at ${first.address}` : 'by a studio that is just starting';
  const todo = first
    ? 'Open that one in the browser, or stop it, or give this one another folder with --data.'
    : 'Wait a moment and try again, or give this one another folder with --data.';
  const message = `${folder.root} is served already, ${who}. Two studios on one folder would get in each other's way. ${todo}`;
  return new UserError('folder-in-use', message, { cause });
}

function readNote(path: string): { readonly pid: number; readonly address: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
