import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../errors.ts';
import { writeAtomically } from './writeAtomically.ts';

describe('writing a file atomically', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-write-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('makes missing folders and leaves only the file', async () => {
    await writeAtomically(join(folder, 'a', 'b', 'nod.csv'), 'start,end\n');
    expect(await readFile(join(folder, 'a', 'b', 'nod.csv'), 'utf8')).toBe('start,end\n');
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['nod.csv']);
  });

  it('makes missing folders beside others that make the same', async () => {
    for (let round = 0; round < 20; round++) {
      const paths = Array.from({ length: 16 }, (_, i) => join(folder, String(round), 'a', 'b', 'c', `${i}.csv`));
      await Promise.all(paths.map((path) => writeAtomically(path, 'x')));
      expect(await readdir(join(folder, String(round), 'a', 'b', 'c'))).toHaveLength(16);
    }
  });

  it('replaces the file that is there', async () => {
    const path = join(folder, 'nod.csv');
    await writeFile(path, 'a much longer text than the new one');
    await writeAtomically(path, new Uint8Array([110, 101, 119]));
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it('takes a name as long as the disk allows', async () => {
    const name = `${'n'.repeat(251)}.csv`;
    await writeAtomically(join(folder, name), 'x');
    expect(await readdir(folder)).toEqual([name]);
  });

  it('leaves the old file and nothing else after an abort', async () => {
    const path = join(folder, 'nod.csv');
    await writeFile(path, 'old');
    const abort = new AbortController();
    const writing = writeAtomically(path, 'n'.repeat(64 * 2 ** 20), { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 2);
    await expect(writing).rejects.toThrow('enough');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['nod.csv']);
  });

  it('says that a folder stands where the file should be', async () => {
    await mkdir(join(folder, 'nod.csv'));
    const error = await failureOf(writeAtomically(join(folder, 'nod.csv'), 'x'));
    expect(error).toMatchObject({ code: 'is-folder', message: expect.stringContaining('nod.csv: cannot be written') });
    expect(await readdir(folder)).toEqual(['nod.csv']);
  });

  it('says that a part of the path is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    const error = await failureOf(writeAtomically(join(folder, 'file', 'nod.csv'), 'x'));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(/file, not a folder/);
  });

  it('says that the disk is full, and leaves nothing on it', async (test) => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      test.skip('a small disk can be mounted only as root on Linux');
    }
    try {
      await writeAtomically(join(disk, 'nod.csv'), 'old');
      const error = await failureOf(writeAtomically(join(disk, 'nod.csv'), 'n'.repeat(2 ** 20)));
      expect(error).toMatchObject({ code: 'disk-full', message: expect.stringContaining('nod.csv') });
      expect(await readdir(disk)).toEqual(['nod.csv']);
      expect(await readFile(join(disk, 'nod.csv'), 'utf8')).toBe('old');
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it.skipIf(process.platform !== 'linux')('ends with an error where the file system makes no folders', async () => {
    const { code } = await failureOf(writeAtomically('/proc/no/such/folder.txt', 'text'));
    expect(code).toBe('no-such-file');
  });
});

async function failureOf(promise: Promise<unknown>): Promise<UserError> {
  return promise.then(
    () => {
      throw new Error('expected a failure');
    },
    (error) => error,
  );
}
