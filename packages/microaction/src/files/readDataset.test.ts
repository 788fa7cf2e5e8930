import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../annotation/dataset.ts';
import { type FormatName, formatNamed, writeAnnotations } from '../annotation/formats/index.ts';
import { UserError } from '../errors.ts';
import { microActions52 as taxonomy } from '../taxonomy/microActions52.ts';
import { readDataset } from './readDataset.ts';

const dataset: Dataset = {
  taxonomy,
  clips: [
    {
      id: 'a',
      subset: 'validation',
      instances: [
        { action: 'nodding', start: 1, end: 2 },
        { action: 'touching nose', start: 1.5, end: 4 },
      ],
    },
    { id: 'A', subset: 'test', instances: [{ action: 'nodding', start: 0, end: 3 }] },
  ],
};

describe('reading a data set', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-dataset-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const put = async (name: FormatName) => {
    const files = writeAnnotations(dataset, formatNamed(name), 'all', { frameRate: 30 });
    for (const file of files) await writeFile(join(folder, file.name), file.content);
    return files.map((file) => file.name);
  };
  const clipsOf = async (path: string) => {
    const { dataset: read } = await readDataset(path, { taxonomy });
    return read.clips.map(({ foreign, ...clip }) => clip).sort((a, b) => (a.id < b.id ? 1 : -1));
  };
  const failure = (path: string) =>
    readDataset(path, { taxonomy }).then(
      () => {
        throw new Error('expected a failure');
      },
      (error) => {
        expect(error).toBeInstanceOf(UserError);
        return error as UserError;
      },
    );

  it.each(['eaf', 'textgrid', 'datavyu', 'thumos', 'json'] as const)(
    'puts the files of a folder together: %s',
    async (name) => {
      const names = await put(name);
      expect(await clipsOf(folder)).toEqual(dataset.clips);
      if (name === 'thumos')
        expect(names.sort()).toEqual(['nodding_test.txt', 'nodding_val.txt', 'touching nose_val.txt']);
    },
  );

  it('gives clips whose ids differ in case only files of their own on every disk', async () => {
    expect(await put('eaf')).toEqual(['a.eaf', 'A-2.eaf']);
  });

  it('reads compressed files', async () => {
    const [{ content }] = writeAnnotations(dataset, formatNamed('csv'), 'all');
    await writeFile(join(folder, 'all.csv.gz'), gzipSync(content));
    expect(await clipsOf(join(folder, 'all.csv.gz'))).toEqual(dataset.clips);
  });

  it('passes over what is of another kind, and says so', async () => {
    await put('thumos');
    await writeFile(join(folder, 'notes.md'), 'hello');
    await writeFile(join(folder, 'one.json'), '{"version": 1, "videos": []}');
    await writeFile(join(folder, '.hidden.txt'), 'v 1 2');
    await mkdir(join(folder, 'more'));
    const { dataset: read, warnings } = await readDataset(folder, { taxonomy });
    expect(read.clips).toHaveLength(2);
    expect(warnings).toEqual([`${folder}: passed over notes.md, one.json.`]);
    const chosen = await readDataset(folder, { taxonomy, format: 'json' });
    expect(chosen.dataset.clips).toEqual([]);
  });

  it('tells the errors of all files of a folder at once', async () => {
    await writeFile(join(folder, 'Nodding.txt'), 'v 1 2\nv 3 nan\n');
    await writeFile(join(folder, 'Dancing.txt'), 'v 1 2\n');
    const { message } = await failure(folder);
    expect(message).toContain('has 2 problems');
    expect(message).toContain('Nodding.txt: line 2: end: found NaN');
    expect(message).toContain('Dancing.txt: its name should say the action');
  });

  it('refuses a folder with the same video in two files', async () => {
    await put('eaf');
    const [{ content }] = writeAnnotations({ ...dataset, clips: [dataset.clips[0]] }, formatNamed('eaf'), 'all');
    await writeFile(join(folder, 'copy.eaf'), content);
    expect((await failure(folder)).message).toMatch(/the video "a" is in .*a\.eaf too; keep one of them/);
  });

  it.each<[string, () => Promise<string>, string, string]>([
    ['a missing path', async () => join(folder, 'none'), 'no-such-file', 'none: cannot be read'],
    ['an empty folder', async () => folder, 'unknown-format', 'found no annotation file in this folder'],
    [
      'an empty file',
      async () => {
        await writeFile(join(folder, 'a.csv'), '');
        return join(folder, 'a.csv');
      },
      'empty-file',
      'a.csv: the file is empty',
    ],
    [
      'a bomb of gzip',
      async () => {
        await writeFile(join(folder, 'a.csv.gz'), gzipSync(Buffer.alloc(257 * 2 ** 20), { level: 1 }));
        return join(folder, 'a.csv.gz');
      },
      'too-large',
      'a.csv.gz: it unpacks to more than 256 MiB',
    ],
    [
      'a broken gzip',
      async () => {
        await writeFile(join(folder, 'a.csv.gz'), gzipSync('video,action').subarray(0, 15));
        return join(folder, 'a.csv.gz');
      },
      'bad-annotations',
      'a.csv.gz: not a readable gzip file',
    ],
    [
      'a link in a circle',
      async () => {
        await symlink(join(folder, 'loop'), join(folder, 'loop'));
        return join(folder, 'loop');
      },
      'bad-path',
      'loop: cannot be read',
    ],
  ])('refuses %s, naming it', async (_, path, code, message) => {
    expect(await failure(await path())).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
