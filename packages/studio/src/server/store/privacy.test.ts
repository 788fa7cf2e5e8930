import { chmodSync, globSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStudio } from '../openStudio.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'microaction-privacy-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Opens a studio and ends it again. @returns what lay in the hidden folder meanwhile and after: `studio.db 600` ... */
async function openOnce(): Promise<Set<string>> {
  const studio = await openStudio({ folder: root, port: 0, pages: false });
  const meanwhile = modes();
  await studio.close();
  return new Set([...meanwhile, ...modes()]);
}

const inner = () => join(root, '.microaction');

const modes = () =>
  ['.', ...globSync('**/*', { cwd: inner() })].map((name) => {
    const stats = statSync(join(inner(), name));
    return `${name.replace(/\d+-.*/, 'N')} ${(stats.mode & 0o777).toString(8)}`;
  });

const expected = [
  '. 700',
  'derived 700',
  'uploads 700',
  'backups 700',
  'lock 600',
  'server.json 600',
  'studio.db 600',
  'studio.db-wal 600',
  'studio.db-shm 600',
  'backups/studio-N 600',
];

it.skipIf(process.platform === 'win32')('nobody else on the machine may look into what the studio keeps', async () => {
  const seen = await openOnce();
  seen.delete('backups/partial 600');
  expect([...seen].sort()).toEqual([...expected].sort());
});

it.skipIf(process.platform === 'win32')('also where an earlier version had left it open', async () => {
  await openOnce();
  for (const name of ['.', 'backups', 'uploads']) chmodSync(join(inner(), name), 0o755);
  for (const name of ['studio.db', 'lock', ...globSync('backups/*', { cwd: inner() })]) {
    chmodSync(join(inner(), name), 0o644);
  }
  writeFileSync(join(root, 'nod.mp4'), '', { mode: 0o644 });
  const seen = await openOnce();
  seen.delete('backups/partial 600');
  expect([...seen].sort()).toEqual([...expected].sort());
  expect(statSync(join(root, 'nod.mp4')).mode & 0o777).toBe(0o644); // people's own files stay as they are
});
