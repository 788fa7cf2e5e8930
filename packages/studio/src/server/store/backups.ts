import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from 'microaction';
import type { DataFolder } from '../videos/dataFolder.ts';
import { schemaOfBackup } from './inspectDatabase.ts';
import { makePrivateFile } from './privacy.ts';
import type { Store } from './store.ts';

/** A copy of the database in the folder `backups`. Its number tells its age: clocks change. */
export interface Backup {
  readonly path: string;
  readonly number: number;
  /** `2026-05-17` */
  readonly day: string;
}

/**
 * A backup as people are told of it: `backup 12 of 2026-05-17 09:30 UTC`. Without the time where the file does not tell
 * it, as a copy that was written on another day.
 */
export function nameOfBackup({ path, number, day }: Backup): string {
  const written = statSync(path).mtime.toISOString();
  const time = written.startsWith(day) ? ` ${written.slice(11, 16)} UTC` : '';
  return `backup ${number} of ${day}${time}`;
}

/** Newest first. */
export function listBackups(folder: DataFolder): Backup[] {
  const backups = readdirSync(folder.inner('backups')).flatMap((name) => {
    const [, number, day] = /^studio-(\d+)-(\d{4}-\d\d-\d\d)\.db$/.exec(name) ?? [];
    return number ? [{ path: join(folder.inner('backups'), name), number: Number(number), day }] : [];
  });
  return backups.sort((a, b) => b.number - a.number);
}

/** @param schema - of an older one when absent too */
export function newestGoodBackup(folder: DataFolder, schema?: number): Backup | undefined {
  return listBackups(folder).find(({ path }) => {
    const found = schemaOfBackup(path);
    return found !== undefined && (schema === undefined || found === schema);
  });
}

/** What is kept of backups: the last ten, and the last one of each of the last fourteen days that have any. */
export function keptBackups(newestFirst: readonly Backup[]): Backup[] {
  const days = new Map<string, Backup>();
  for (const backup of newestFirst) if (!days.has(backup.day)) days.set(backup.day, backup);
  const daily = new Set([...days.values()].slice(0, 14));
  return newestFirst.filter((backup, i) => i < 10 || daily.has(backup));
}

/** Copies the database beside itself: at the start, at the end, and every hour, whenever something was changed. */
export class Backups {
  readonly #folder: DataFolder;
  readonly #store: Store;
  readonly #log: (line: string) => void;
  readonly #now: () => string;
  readonly #timer: NodeJS.Timeout;
  #changesInLast = -1;
  #running: Promise<void> = Promise.resolve();

  constructor(
    { folder, store, now, log }: { folder: DataFolder; store: Store; now: () => string; log: (line: string) => void },
    everySeconds = 3600,
  ) {
    this.#folder = folder;
    this.#store = store;
    this.#now = now;
    this.#log = log;
    this.#timer = setInterval(() => void this.make(), everySeconds * 1000).unref();
    void this.make();
  }

  /** Once the one before is done. A backup that fails is told and left; the studio goes on. */
  make(): Promise<void> {
    this.#running = this.#running.then(() => this.#copy()).catch((error) => this.#log(failed(error)));
    return this.#running;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.make();
  }

  // ---- below: internals ----

  async #copy(): Promise<void> {
    const changes = this.#store.changeCount;
    if (changes === this.#changesInLast) return;
    const partial = this.#folder.inner('backups', 'partial');
    rmSync(partial, { force: true });
    try {
      makePrivateFile(partial);
      await this.#store.copyTo(partial);
      this.#keep(partial);
      this.#changesInLast = changes;
    } finally {
      rmSync(partial, { force: true });
    }
  }

  #keep(partial: string): void {
    const [newest] = listBackups(this.#folder);
    if (newest && readFileSync(newest.path).equals(readFileSync(partial))) return;
    if (schemaOfBackup(partial) === undefined)
      throw new Error('the copy is damaged, and so may the database be: start the studio anew');
    const number = String((newest?.number ?? 0) + 1).padStart(6, '0');
    const at = this.#now();
    const path = this.#folder.inner('backups', `studio-${number}-${at.slice(0, 10)}.db`);
    utimesSync(partial, new Date(at), new Date(at));
    renameDurably(partial, path);
    const all = listBackups(this.#folder);
    const kept = new Set(keptBackups(all));
    for (const backup of all) if (!kept.has(backup)) rmSync(backup.path, { force: true });
  }
}

/** On disk under its new name when it returns, where the system can promise that. */
export function renameDurably(from: string, to: string): void {
  flush(from, 'r+');
  renameSync(from, to);
  // A folder cannot be opened on Windows, which needs no such care either.
  if (process.platform !== 'win32') flush(dirname(to), 'r');
}

function flush(path: string, flags: string): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const failed = (error: unknown) =>
  `No backup could be made just now: ${messageOf(error)}. What was saved is in the database; the studio tries again within the hour, and at its next start.`;
