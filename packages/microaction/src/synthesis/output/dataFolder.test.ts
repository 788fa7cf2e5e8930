import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginIn, type SynthesisSettings, wholeFilesIn } from './dataFolderNode.ts';
import { datasetBytes } from './estimate.ts';
import { checkFreeSpace } from './freeSpaceNode.ts';

const settings: SynthesisSettings = { version: '0.1.0', seed: 3, videos: 10, only: ['nodding'], size: undefined };

describe('the folder of a simulated data set', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-folder-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('may be missing or empty at first; looking at it makes nothing', async () => {
    expect(await wholeFilesIn(join(folder, 'new', 'newer'), settings)).toEqual(new Set());
    expect(await wholeFilesIn(folder, settings)).toEqual(new Set());
    expect(await readdir(folder)).toEqual([]);
  });

  it('tells a second run with the same settings what is whole, and loses what is half written', async () => {
    const out = join(folder, 'out');
    await beginIn(out, settings);
    await mkdir(join(out, 'videos'));
    await writeFile(join(out, 'videos', 'train0000.mp4'), 'whole');
    await writeFile(join(out, 'videos', '.train0001.mp4.0123abcd.tmp'), 'half');
    expect(await wholeFilesIn(out, { ...settings })).toEqual(new Set(['videos/train0000.mp4']));
    await beginIn(out, settings);
    expect(await readdir(join(out, 'videos'))).toEqual(['train0000.mp4']);
  });

  it.each([
    [{ ...settings, seed: 4 }, 'seed 3; asked for was seed 4'],
    [{ ...settings, only: ['nodding', 'waving'] }, 'only ["nodding"]; asked for was only ["nodding","waving"]'],
    [{ ...settings, size: 128 }, 'size unset; asked for was size 128'],
  ])('is refused to a run with other settings', async (asked, message) => {
    await beginIn(folder, settings);
    await expect(wholeFilesIn(folder, asked)).rejects.toMatchObject({
      code: 'other-settings',
      message: expect.stringContaining(`synthesis.json: this folder was made with ${message}`),
    });
  });

  it('is refused where it holds other things, or settings that cannot be read', async () => {
    await writeFile(join(folder, 'thesis.txt'), 'mine');
    await expect(wholeFilesIn(folder, settings)).rejects.toMatchObject({
      code: 'not-empty',
      message: expect.stringContaining('thesis.txt'),
    });
    for (const content of ['{"seed": 3', '[3]']) {
      await writeFile(join(folder, 'synthesis.json'), content);
      await expect(wholeFilesIn(folder, settings)).rejects.toMatchObject({ code: 'other-settings' });
    }
    expect((await readdir(folder)).sort()).toEqual(['synthesis.json', 'thesis.txt']);
  });
});

describe('room on the disk', () => {
  it('is asked for before anything is made', async () => {
    const folder = join(tmpdir(), 'microaction-no', 'such', 'folder');
    await checkFreeSpace(folder, 1, '1 video');
    const plans = Array.from({ length: 1000 }, () => ({ frameCount: 1e9 }));
    const bytes = datasetBytes(plans, { widthPixels: 256, heightPixels: 256, videos: true });
    await expect(checkFreeSpace(folder, bytes, '1000 videos')).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringMatching(/folder: 1000 videos take about [\d.]+ PB, and the disk has [\d.]+ [MGT]B left/),
    });
  });

  it('is more for videos than for key points, and for larger pictures', () => {
    const bytes = (videos: boolean, side: number) =>
      datasetBytes([{ frameCount: 300 }], { widthPixels: side, heightPixels: side, videos });
    expect(bytes(true, 256)).toBeGreaterThan(1.5 * bytes(false, 256));
    expect(bytes(true, 512)).toBeGreaterThan(2 * bytes(true, 256));
    expect(bytes(false, 512)).toBe(bytes(false, 256));
  });
});
