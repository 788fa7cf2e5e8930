import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql as rawSql } from 'kysely';
import { UserError } from 'microaction';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from './openStore.ts';
import type { Store } from './store.ts';

let folder: string;
let path: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'microaction-store-'));
  path = join(folder, 'studio.db');
  store = openStore(path);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const addProject = (id: string, name = id) => {
  const rules = { blind: 0, codersWanted: 3, agreedAboveIou: 0.9, sameFromIou: 0.5, taxonomy: null };
  store.run(store.sql.insertInto('project').values({ id, name, ...rules, createdAt: '' }));
};
const projects = () => store.all(store.sql.selectFrom('project').select('id')).map(({ id }) => id);
const pragma = (text: string) =>
  store.all<Record<string, unknown>>({ compile: () => rawSql.raw(`pragma ${text}`).compile(store.sql) as never });

describe('the store', () => {
  it('waits for the disk with every transaction, and checks what belongs to what', () => {
    expect(pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(pragma('synchronous')).toEqual([{ synchronous: 2 }]);
    expect(pragma('foreign_keys')).toEqual([{ foreign_keys: 1 }]);
  });

  it('keeps all of a transaction or nothing, also of one inside another', () => {
    const work = () =>
      store.transaction(() => {
        addProject('a');
        store.transaction(() => addProject('b'));
        throw new Error('stop');
      });
    expect(work).toThrow('stop');
    expect(projects()).toEqual([]);
    store.transaction(() => addProject('c'));
    expect(projects()).toEqual(['c']);
  });

  it('refuses work that waits for something inside a transaction', () => {
    expect(() => store.transaction(async () => addProject('a'))).toThrow('must not wait');
    expect(projects()).toEqual([]);
  });

  it('says so when the disk is full, keeps nothing half, and goes on once there is room', () => {
    addProject('before');
    const [{ page_count: pages }] = pragma('page_count') as [{ page_count: number }];
    pragma(`max_page_count = ${pages + 2}`);
    const tooMuch = () =>
      store.transaction(() => {
        for (let i = 0; i < 100; i++) addProject(`p${i}`, 'x'.repeat(1000));
      });
    expect(tooMuch).toThrow(expect.objectContaining({ code: 'disk-full', message: expect.stringMatching(/is safe/) }));
    expect(projects()).toEqual(['before']);
    expect(() => addProject('long', 'x'.repeat(100_000))).toThrow(UserError);
    pragma('max_page_count = 1000000');
    tooMuch();
    expect(projects()).toHaveLength(101);
    expect(pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it('says so when another program has the database locked', () => {
    pragma('busy_timeout = 10');
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    expect(() => addProject('a')).toThrow(expect.objectContaining({ code: 'database-busy' }));
    expect(() => store.transaction(() => addProject('a'))).toThrow(expect.objectContaining({ code: 'database-busy' }));
    other.exec('rollback');
    other.close();
    store.transaction(() => addProject('a'));
    expect(projects()).toEqual(['a']);
  });

  it('saves what comes together in one go; what fails of it takes back its own alone', async () => {
    const add = (id: string) => store.savedTogether(() => addProject(id));
    const failing = store.savedTogether(() => {
      addProject('half');
      throw new Error('stop');
    });
    const outcomes = await Promise.allSettled([add('a'), failing, add('b'), add('a')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(projects()).toEqual(['a', 'b']);
  });

  it('saves of what comes together what still fits when the disk is full', async () => {
    const [{ page_count: pages }] = pragma('page_count') as [{ page_count: number }];
    pragma(`max_page_count = ${pages + 2}`);
    const large = store.savedTogether(() => addProject('large', 'x'.repeat(100_000)));
    const small = store.savedTogether(() => addProject('small'));
    await expect(large).rejects.toMatchObject({ code: 'disk-full' });
    await small;
    expect(projects()).toEqual(['small']);
  });

  it('saves what waits before it is closed', async () => {
    const waiting = store.savedTogether(() => addProject('a'));
    store.close();
    await waiting;
    store = openStore(path);
    expect(projects()).toEqual(['a']);
  });

  it('does not open what a newer version wrote', () => {
    pragma('user_version = 99');
    expect(() => openStore(path)).toThrow(expect.objectContaining({ code: 'newer-database' }));
  });
});
