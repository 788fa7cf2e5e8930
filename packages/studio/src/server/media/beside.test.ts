import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AVERROR_ENOSPC, AVERROR_INVALIDDATA } from 'node-av/constants';
import { FFmpegError } from 'node-av/lib';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { writeBeside } from './beside.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-beside-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});
const path = () => join(folder, 'long.mp4');

describe('writing a file beside its name', () => {
  it('shows it under its name when it is whole, not before', async () => {
    await writeFile(path(), 'from before');
    await writeBeside(path(), async (temporary) => {
      await writeFile(temporary, 'half');
      expect(await readFile(path(), 'utf8')).toBe('from before');
      expect((await readdir(folder)).sort()).toEqual([
        expect.stringMatching(/^\.long\.mp4\.[0-9a-f]{8}\.tmp$/),
        'long.mp4',
      ]);
      await writeFile(temporary, 'whole');
    });
    expect(await readFile(path(), 'utf8')).toBe('whole');
    expect(await readdir(folder)).toEqual(['long.mp4']);
  });

  it('makes the folder', async () => {
    const deep = join(folder, 'a', 'b', 'c.mp4');
    await writeBeside(deep, (temporary) => writeFile(temporary, 'whole'));
    expect(await readFile(deep, 'utf8')).toBe('whole');
  });

  const failures: [what: string, error: Error, expected: object][] = [
    ['libav finds the disk full', new FFmpegError(AVERROR_ENOSPC), { name: 'UserError', code: 'disk-full' }],
    ['libav fails otherwise', new FFmpegError(AVERROR_INVALIDDATA), { name: 'FFmpegError' }],
    ['the writer fails', new Error('a mistake'), { message: 'a mistake' }],
  ];
  it.each(failures)('leaves nothing, and what was there, where %s', async (_, error, expected) => {
    await writeFile(path(), 'from before');
    const failing = async (temporary: string) => {
      await writeFile(temporary, 'half');
      throw error;
    };
    await expect(writeBeside(path(), failing)).rejects.toMatchObject(expected);
    expect(await readdir(folder)).toEqual(['long.mp4']);
    expect(await readFile(path(), 'utf8')).toBe('from before');
  });

  it('leaves nothing where it is aborted at the very end', async () => {
    const stop = new AbortController();
    const write = async (temporary: string) => {
      await writeFile(temporary, 'whole');
      stop.abort(new Error('enough'));
    };
    await expect(writeBeside(path(), write, { signal: stop.signal })).rejects.toThrow('enough');
    expect(await readdir(folder)).toEqual([]);
  });
});
