import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataFolder } from './dataFolder.ts';

describe('the data folder', () => {
  let place: string;
  let folder: DataFolder;
  beforeAll(() => {
    place = realpathSync(mkdtempSync(join(tmpdir(), 'microaction-folder-')));
    writeFileSync(join(place, 'secret.mp4'), 'secret');
    mkdirSync(join(place, 'data', 'day 1'), { recursive: true });
    folder = new DataFolder(join(place, 'data'));
    writeFileSync(join(folder.root, 'nod.mp4'), 'nod');
    writeFileSync(join(folder.root, 'day 1', '头部.mp4'), 'turn');
    writeFileSync(folder.inner('studio.db'), 'database');
    writeFileSync(join(folder.root, '.hidden.mp4'), 'hidden');
    symlinkSync(join(folder.root, 'nod.mp4'), join(folder.root, 'same.mp4'));
    symlinkSync('day 1', join(folder.root, 'first'));
    symlinkSync(join(place, 'secret.mp4'), join(folder.root, 'out.mp4'));
    symlinkSync('..', join(folder.root, 'up'));
    symlinkSync('same.mp4', join(folder.root, 'twice.mp4'));
    symlinkSync('circle.mp4', join(folder.root, 'circle.mp4'));
    symlinkSync('.microaction', join(folder.root, 'inner'));
    symlinkSync('nowhere.mp4', join(folder.root, 'dangling.mp4'));
    linkSync(join(folder.root, 'nod.mp4'), join(folder.root, 'second name.mp4'));
  });
  afterAll(() => rmSync(place, { recursive: true }));

  const read = async (path: string) => {
    const opened = await folder.open(path);
    await using handle = opened.handle;
    return { content: await handle.readFile('utf8'), name: opened.name };
  };

  it('opens files, and tells one name for each however it was reached', async () => {
    expect(await read('nod.mp4')).toEqual({ content: 'nod', name: 'nod.mp4' });
    expect(await read('day 1/头部.mp4')).toEqual({ content: 'turn', name: 'day 1/头部.mp4' });
    expect(await read('first/头部.mp4')).toEqual({ content: 'turn', name: 'day 1/头部.mp4' });
    expect(await read('twice.mp4')).toEqual({ content: 'nod', name: 'nod.mp4' });
    expect(await read('up/data/nod.mp4')).toEqual({ content: 'nod', name: 'nod.mp4' });
  });

  it.each([
    '../secret.mp4',
    'day 1/../../secret.mp4',
    'day 1/../nod.mp4',
    './nod.mp4',
    'day 1//头部.mp4',
    '',
    '.',
    '..',
    'nod.mp4\0.mp4',
    '\0',
    '/etc/passwd',
    '//etc/passwd',
    '\\\\server\\share',
    'C:\\secret.mp4',
    'c:secret.mp4',
    '.microaction/studio.db',
    '.MICROACTION/studio.db',
    '.hidden.mp4',
    'out.mp4',
    'up/secret.mp4',
    'inner/studio.db',
    'circle.mp4',
    'day 1',
    `${'x'.repeat(300)}.mp4`,
  ])('does not open %j', async (path) => {
    await expect(folder.open(path)).rejects.toMatchObject({ status: 400, code: 'bad-path' });
  });

  it.each(['none.mp4', 'dangling.mp4', 'nod.mp4/x.mp4', 'none/nod.mp4'])('says that %j is not there', async (path) => {
    await expect(folder.open(path)).rejects.toMatchObject({ status: 404, code: 'no-file' });
  });

  it('opens nothing outside of itself, whatever it is asked for', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        'up',
        'inner',
        'first',
        'out.mp4',
        'nod.mp4',
        'day 1',
        'data',
        'secret.mp4',
        'studio.db',
      ),
      fc.constantFrom('..\\', '%2e%2e', '\0', '～', 'C:', '/'),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    const paths = fc.array(word, { maxLength: 6 }).map((words) => words.join('/'));
    await fc.assert(
      fc.asyncProperty(paths, async (path) => {
        const found = await folder.find(path).catch((error) => {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(bad-path|no-file)$/) });
        });
        if (!found) return;
        expect(found.path.startsWith(folder.root + sep)).toBe(true);
        expect(found.path).not.toContain('.microaction');
      }),
      { numRuns: 150 },
    );
  });

  it('does not follow a link that takes the place of a file after it was looked at', async () => {
    const swapped = join(folder.root, 'swapped.mp4');
    for (let i = 0; i < 50; i++) {
      writeFileSync(swapped, 'mine');
      const reading = read('swapped.mp4').then(
        ({ content }) => content,
        (error) => error.code,
      );
      await Promise.resolve();
      if (i % 2) await new Promise((resolve) => setImmediate(resolve));
      rmSync(swapped);
      symlinkSync(join(place, 'secret.mp4'), swapped);
      expect(await reading).not.toBe('secret');
      rmSync(swapped);
    }
  });

  it('may itself be reached by a link', async () => {
    symlinkSync(folder.root, join(place, 'linked'));
    const linked = new DataFolder(join(place, 'linked'));
    expect((await linked.find('nod.mp4')).name).toBe('nod.mp4');
  });
});
