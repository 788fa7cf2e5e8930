import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOutputFolder } from './outputFolder.ts';

describe('an output folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-folder-'));
    await writeFile(join(folder, 'file'), '');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('may be missing, below a folder that can be written; it is not made yet', async () => {
    await checkOutputFolder(join(folder, 'new', 'newer'));
    expect(await readdir(folder)).toEqual(['file']);
  });

  it.each([['file'], ['file/below']])('may not be %s', async (name) => {
    await expect(checkOutputFolder(join(folder, name))).rejects.toMatchObject({ code: 'not-a-folder' });
  });
});
