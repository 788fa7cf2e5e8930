import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolder } from '../videos/dataFolder.ts';
import { type Backup, Backups, keptBackups, listBackups } from './backups.ts';
import { openStoreOf } from './openStoreOf.ts';
import type { Store } from './store.ts';

let folder: DataFolder;
let store: Store;
let now = '';
const lines: string[] = [];
beforeEach(() => {
  now = '2026-05-17T10:00:00Z';
  lines.length = 0;
  folder = new DataFolder(mkdtempSync(join(tmpdir(), 'microaction-backups-')));
  store = openStoreOf(folder, () => {});
});
afterEach(() => {
  store.close();
  rmSync(folder.root, { recursive: true, force: true });
});

const start = () => new Backups({ folder, store, now: () => now, log: (line) => lines.push(line) });
let count = 0;
const change = () => {
  const id = `account ${++count}`;
  const values = { id, name: id, passwordHash: null, administrator: 1, disabled: 0, preferences: '{}', createdAt: '' };
  store.run(store.sql.insertInto('account').values(values));
};
const names = () => readdirSync(folder.inner('backups')).sort();

describe('backups', () => {
  it('are made at the start, and again only after something was changed', async () => {
    const backups = start();
    await backups.make();
    expect(names()).toEqual(['studio-000001-2026-05-17.db']);
    change();
    await backups.make();
    await backups.make();
    expect(names()).toEqual(['studio-000001-2026-05-17.db', 'studio-000002-2026-05-17.db']);
    await backups.close();
    await start().close();
    expect(names()).toHaveLength(2);
    expect(lines).toEqual([]);
  });

  it('go by their number, whatever the clock does', async () => {
    const backups = start();
    for (const day of ['2026-05-18', '1999-01-01', '2026-05-19']) {
      now = `${day}T10:00:00Z`;
      change();
      await backups.make();
    }
    await backups.close();
    expect(listBackups(folder).map(({ day }) => day)).toEqual(['2026-05-19', '1999-01-01', '2026-05-18']);
  });

  it('are kept: the last ten, and the last of each of fourteen days', () => {
    const newestFirst = Array.from({ length: 100 }, (_, i): Backup => {
      const number = 100 - i;
      return { number, path: '', day: `day ${Math.ceil(number / 5)}` };
    });
    const kept = keptBackups(newestFirst).map(({ number }) => number);
    const daily = Array.from({ length: 14 }, (_, i) => 100 - 5 * i);
    const last = Array.from({ length: 10 }, (_, i) => 100 - i);
    expect(kept).toEqual([...new Set([...daily, ...last])].sort((a, b) => b - a));
  });

  it('leave nothing behind where one was cut short, and nothing of other files is touched', async () => {
    writeFileSync(folder.inner('backups', 'partial'), 'half');
    writeFileSync(folder.inner('backups', 'my own copy.db'), 'mine');
    await start().close();
    expect(names()).toEqual(['my own copy.db', 'studio-000001-2026-05-17.db']);
  });

  it('that fail are told, and do not stop the studio', async () => {
    rmSync(folder.inner('backups'), { recursive: true });
    writeFileSync(folder.inner('backups'), 'no folder');
    const backups = start();
    await backups.close();
    expect(lines[0]).toMatch(/^No backup could be made just now: .*tries again/);
    change();
  });
});
