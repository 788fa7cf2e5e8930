import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText } from './readText.ts';

describe('reading text', () => {
  let folder: string;
  const file = async (content: string | Uint8Array) => {
    const path = join(folder, 'file.txt');
    await writeFile(path, content);
    return path;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-read-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('drops the byte order mark of UTF-8', async () => {
    expect(await readText(await file('\ufeffcode;Kopfschütteln'))).toBe('code;Kopfschütteln');
  });

  it('reads UTF-16 of both orders by its mark', async () => {
    const little = new Uint8Array(Buffer.from('\ufeff点头', 'utf16le'));
    expect(await readText(await file(little))).toBe('点头');
    expect(await readText(await file(Buffer.from(little).swap16()))).toBe('点头');
  });

  it.each([
    ['a missing file', async () => join(folder, 'missing.txt'), 'no-such-file'],
    ['a folder', async () => folder, 'is-folder'],
    ['an empty file', () => file(''), 'empty-file'],
    ['a file of zero bytes', () => file(new Uint8Array(12)), 'not-text'],
    ['Latin-1', () => file(Buffer.from('Kopfschütteln', 'latin1')), 'not-text'],
  ])('refuses %s, naming it', async (_, path, code) => {
    const name = await path();
    await expect(readText(name)).rejects.toMatchObject({ code, message: expect.stringContaining(`${name}: `) });
  });
});
