import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolder } from '../videos/dataFolder.ts';
import { Backups, listBackups } from './backups.ts';
import { migrations } from './migrations.ts';
import { databasePath, openStoreOf } from './openStoreOf.ts';
import { restoreBackup } from './restoreBackup.ts';
import type { Store } from './store.ts';

let folder: DataFolder;
let path: string;
beforeEach(() => {
  folder = new DataFolder(mkdtempSync(join(tmpdir(), 'microaction-store-')));
  path = databasePath(folder);
});
afterEach(() => rmSync(folder.root, { recursive: true, force: true }));

const addAccount = (store: Store, id: string) => {
  const values = { id, name: id, passwordHash: null, administrator: 1, disabled: 0, preferences: '{}', createdAt: '' };
  store.run(store.sql.insertInto('account').values(values));
};
const prepare = (store: Store) => {
  if (!store.first(store.sql.selectFrom('account').select('id'))) addAccount(store, 'first');
};
const accounts = (store: Store) =>
  store.all(store.sql.selectFrom('account').select('id').orderBy('id')).map(({ id }) => id);

/** A database of many pages, with a backup from before the last account. */
async function leftBehind(): Promise<void> {
  const store = openStoreOf(folder, prepare);
  store.transaction(() => {
    for (let i = 0; i < 500; i++) addAccount(store, `account ${i} ${'x'.repeat(100)}`);
  });
  const backups = new Backups({ folder, store, now: () => '2026-05-17T10:00:00Z', log: expect.unreachable });
  await backups.close();
  addAccount(store, 'last');
  store.close();
}

/** What was given is what the file still is afterwards. */
function opened(work: (store: Store) => void): void {
  const before = readFileSync(path);
  const store = openStoreOf(folder, prepare);
  try {
    work(store);
  } finally {
    store.close();
  }
  expect(readFileSync(path).equals(before)).toBe(true);
}

function overwrite(at: number, length: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(length, 0xab), 0, length, at);
  closeSync(file);
}

describe('a data folder', () => {
  it('gets a database with what it starts with, once', () => {
    for (let i = 0; i < 2; i++) {
      const store = openStoreOf(folder, prepare);
      expect({ accounts: accounts(store), readOnly: store.readOnly }).toEqual({ accounts: ['first'], readOnly: null });
      store.close();
    }
  });

  it.each([
    ['whose header is garbage', () => overwrite(0, 100)],
    ['that was cut off', () => truncateSync(path, 20_000)],
    ['that is another file altogether', () => writeFileSync(path, 'Dear diary,\n'.repeat(1000))],
    ['whose list of tables is gone', () => overwrite(100, 3000)],
  ])('with a database %s is shown as its backup says, for reading only', async (_, damage) => {
    await leftBehind();
    damage();
    opened((store) => {
      expect(store.readOnly?.reason).toBe(`the database ${path} is damaged.`);
      expect(store.readOnly?.details).toMatch(/./);
      expect(store.readOnly?.advice).toMatch(/backup 1 of 2026-05-17 10:00 UTC.*--restore.*not deleted/);
      expect(accounts(store)).toHaveLength(501);
      expect(() => addAccount(store, 'new')).toThrow();
    });
  });

  it('whose database is damaged in an index alone is shown as it is', async () => {
    await leftBehind();
    const database = new DatabaseSync(path);
    const { rootpage: page } = database
      .prepare(`select rootpage from sqlite_schema where name = 'sqlite_autoindex_account_2'`)
      .get() as { rootpage: number };
    const { page_size: size } = database.prepare('pragma page_size').get() as { page_size: number };
    database.close();
    overwrite((page - 1) * size, size);
    opened((store) => {
      expect(store.readOnly?.advice).toMatch(/may have gaps/);
      expect(accounts(store)).toHaveLength(502);
    });
  });

  it.each([
    ['is gone', () => rmSync(path)],
    ['is empty', () => truncateSync(path, 0)],
  ])('whose database %s although there are backups does not begin anew in silence', async (_, damage) => {
    await leftBehind();
    damage();
    const store = openStoreOf(folder, prepare);
    expect(store.readOnly?.reason).toContain('is gone, though there are backups');
    expect(accounts(store)).toHaveLength(501);
    store.close();
  });

  it('with a damaged database and no good backup opens empty, for reading only', async () => {
    await leftBehind();
    overwrite(0, 100);
    for (const backup of listBackups(folder)) truncateSync(backup.path, 5000);
    opened((store) => {
      expect(store.readOnly?.advice).toMatch(/no good backup.*Keep a copy/);
      expect(accounts(store)).toEqual(['first']);
    });
  });

  it('is brought up to date from a backup of an older version, which is not shown before', async () => {
    await leftBehind();
    overwrite(0, 100);
    const [{ path: backup }] = listBackups(folder);
    rmSync(backup);
    const older = new DatabaseSync(backup);
    older.exec(`${migrations[0]}; pragma user_version = 1;`);
    older.exec(`insert into account (id, name, administrator, createdAt) values ('old', 'old', 1, '')`);
    older.close();
    opened((store) => {
      expect(store.readOnly?.advice).toContain('--restore');
      expect(accounts(store)).toEqual(['first']);
    });
    restoreBackup(folder);
    const store = openStoreOf(folder, prepare);
    expect({ accounts: accounts(store), readOnly: store.readOnly }).toEqual({ accounts: ['old'], readOnly: null });
    store.close();
  });

  it('reads what was saved last although the server was killed before it was written to the main file', () => {
    const store = openStoreOf(folder, prepare);
    addAccount(store, 'second');
    const copy = new DataFolder(mkdtempSync(join(tmpdir(), 'microaction-store-')));
    for (const ending of ['', '-wal']) writeFileSync(databasePath(copy) + ending, readFileSync(path + ending));
    store.close();
    const reopened = openStoreOf(copy, prepare);
    expect({ accounts: accounts(reopened), readOnly: reopened.readOnly }).toEqual({
      accounts: ['first', 'second'],
      readOnly: null,
    });
    reopened.close();
    rmSync(copy.root, { recursive: true });
  });

  it('goes on from its backup when it is told to; the damaged database is set aside', async () => {
    await leftBehind();
    overwrite(0, 100);
    const damaged = readFileSync(path);
    const { backup, setAside } = restoreBackup(folder);
    expect(backup.day).toBe('2026-05-17');
    expect(readFileSync(join(setAside!, 'studio.db')).equals(damaged)).toBe(true);
    const store = openStoreOf(folder, prepare);
    addAccount(store, 'new');
    expect({ count: accounts(store).length, readOnly: store.readOnly }).toEqual({ count: 502, readOnly: null });
    store.close();
  });

  it('without a good backup stays as it is when a backup is asked for', () => {
    openStoreOf(folder, prepare).close();
    expect(() => restoreBackup(folder)).toThrow(expect.objectContaining({ code: 'no-backup' }));
    expect(readdirSync(folder.inner())).toContain('studio.db');
  });
});
