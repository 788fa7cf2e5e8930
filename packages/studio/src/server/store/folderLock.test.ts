import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataFolder } from '../videos/dataFolder.ts';
import { FolderLock } from './folderLock.ts';

let folder: DataFolder;
beforeEach(() => {
  folder = new DataFolder(mkdtempSync(join(tmpdir(), 'microaction-lock-')));
});
afterEach(() => rmSync(folder.root, { recursive: true, force: true }));

it('lets one server have a folder, and tells the second which one', () => {
  const first = new FolderLock(folder);
  expect(() => new FolderLock(folder)).toThrow(expect.objectContaining({ code: 'folder-in-use' }));
  first.tell('http://127.0.0.1:4747');
  const said = new RegExp(`^${folder.root} is served already, by process ${process.pid} at http://127.0.0.1:4747\\.`);
  expect(() => new FolderLock(folder)).toThrow(said);
  first.release();
  new FolderLock(folder).release();
});

it('ends with its process, also when that is killed', async () => {
  const script = `
    const [folder, lock] = await Promise.all([
      import(${JSON.stringify(new URL('../videos/dataFolder.ts', import.meta.url).href)}),
      import(${JSON.stringify(new URL('./folderLock.ts', import.meta.url).href)}),
    ]);
    new lock.FolderLock(new folder.DataFolder(process.argv[1])).tell('http://127.0.0.1:1');
    console.log('locked');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder.root]);
  await once(child.stdout, 'data');
  expect(() => new FolderLock(folder)).toThrow(`by process ${child.pid} at http://127.0.0.1:1`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  new FolderLock(folder).release();
});
