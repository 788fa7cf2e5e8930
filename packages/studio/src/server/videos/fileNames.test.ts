import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolder } from './dataFolder.ts';
import { cleanName, placeInFolder } from './fileNames.ts';

describe('the name of a file that was sent', () => {
  it.each([
    ['nod.mp4', 'nod.mp4'],
    ['C:\\Users\\mei\\interview 3.MOV', 'interview 3.MOV'],
    ['../../etc/cron.d/x.mp4', 'x.mp4'],
    ['.hidden.mp4', 'hidden.mp4'],
    ['采访一.mp4', '采访一.mp4'],
    ['a<script>"b".webm', 'a_script__b_.webm'],
    ['x\u202Egpj.mp4', 'xgpj.mp4'],
    ['con.mp4', '_con.mp4'],
    ['...', 'video.mp4'],
    ['', 'video.mp4'],
    ['page.html', 'page.html.mp4'],
    ['nod .mp4', 'nod.mp4'],
    ['visit 1.2', 'visit 1.2.mp4'],
  ])('%j becomes %j', (name, cleaned) => {
    expect(cleanName(name)).toBe(cleaned);
  });

  it('ends as its content is, where it does not end like a video', () => {
    expect(cleanName('take', 'Matroska')).toBe('take.mkv');
    expect(cleanName('take.mp4', 'Matroska')).toBe('take.mp4');
  });

  it('is always one that the data folder takes, and stays as it is when cleaned again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const cleaned = cleanName(name);
        expect(cleaned).toMatch(/^[^./\\\0][^/\\\0]*\.\w+$/u);
        expect(Buffer.byteLength(cleaned)).toBeLessThanOrEqual(210);
        expect(cleanName(cleaned)).toBe(cleaned);
      }),
    );
  });
});

describe('placing a file in the data folder', () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder(mkdtempSync(join(tmpdir(), 'microaction-names-')));
  });
  afterEach(() => rmSync(folder.root, { recursive: true }));
  const made = (content: string) => {
    const path = folder.inner('uploads', content);
    writeFileSync(path, content);
    return path;
  };

  it('replaces nothing', async () => {
    const names = [];
    for (const content of ['one', 'two', 'three']) names.push(await placeInFolder(folder, made(content), 'nod.mp4'));
    expect(names).toEqual(['nod.mp4', 'nod (2).mp4', 'nod (3).mp4']);
    expect(names.map((name) => readFileSync(join(folder.root, name), 'utf8'))).toEqual(['one', 'two', 'three']);
  });

  it('is done once, also when it is done again', async () => {
    const path = made('one');
    const names = [await placeInFolder(folder, path, 'nod.mp4'), await placeInFolder(folder, path, 'nod.mp4')];
    expect(names).toEqual(['nod.mp4', 'nod.mp4']);
    expect(readdirSync(folder.root).filter((name) => !name.startsWith('.'))).toEqual(['nod.mp4']);
  });

  it('gives two that come at once two names', async () => {
    const names = await Promise.all(['one', 'two'].map((content) => placeInFolder(folder, made(content), 'nod.mp4')));
    expect(names.sort()).toEqual(['nod (2).mp4', 'nod.mp4']);
  });
});
