import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDataset } from '../src/files/readDataset.ts';
import { labelsOf, planDataset, simulateClip } from '../src/synthesis/index.ts';
import { readKeyPoints } from '../src/synthesis/node.ts';
import { microActions52 } from '../src/taxonomy/microActions52.ts';
import { openVideo } from '../src/video/node.ts';
import { type CommandResult, runCommand } from './runCommand.ts';

let folder: string;
const run = (...args: string[]) => runCommand(args, { cwd: folder });
const synthesize = (out: string, ...args: string[]) => run('synthesize', out, ...args);
const short = ['--layout', 'ma52', '--size', '64', '--quiet'];
const clips = [...short, '--videos', '3'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-synthesize-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Paths of all files with what they hold, told by a hash. */
async function contentOf(out: string): Promise<Record<string, string>> {
  const entries = await readdir(join(folder, out), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pairs = paths.sort().map(async (path): Promise<[string, string]> => {
    const hash = createHash('sha256').update(await readFile(path));
    return [path.slice(join(folder, out).length + 1), hash.digest('hex')];
  });
  return Object.fromEntries(await Promise.all(pairs));
}

const pathsIn = async (out: string, ending = '') =>
  Object.keys(await contentOf(out)).filter((path) => path.endsWith(ending));

describe('microaction synthesize', () => {
  const request = { videos: 3, subjects: 3, seed: 1 };
  const plans = planDataset(request);
  let result: CommandResult;
  beforeAll(async () => {
    result = await synthesize('videos', '--videos', '3', '--size', '64', '--quiet');
  });

  it('writes labels, key points and videos, and counts them in a table', async () => {
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toMatch(
      /^subset +videos +subjects +instances +duration\ntraining +1 +1 +\d+ +0:\d\d\nvalidation +1 +1 +\d+ +0:\d\d\ntest +1 +1 +\d+ +0:\d\d\n\nCount it: {2}microaction dataset stats videos\/\*\.csv\n$/,
    );
    const names = ['test0000', 'train0000', 'val0000'];
    expect(await pathsIn('videos')).toEqual([
      'annotations.json',
      ...['names.json', ...names.map((name) => `${name}.npz`)].map((name) => `keypoints/${name}`).sort(),
      'synthesis.json',
      ...['test.csv', 'train.csv', 'val.csv'],
      ...names.map((name) => `videos/${name}.mp4`),
    ]);
  });

  it('labels what the plan has people do, in tables that have no defect', async () => {
    const { dataset } = await readDataset(join(folder, 'videos'), { taxonomy: microActions52 });
    const labels = new Map(dataset.clips.map(({ id, instances }) => [id, instances]));
    expect(labels.size).toBe(3);
    for (const plan of plans) expect(labels.get(plan.id)).toEqual(labelsOf(plan));
    const checked = await run('dataset', 'validate', 'videos/annotations.json', '--json');
    expect(checked.exitCode).toBe(0);
    const defects: { severity: string; kind: string }[] = JSON.parse(checked.stdout).defects;
    // Three videos cannot have all actions in all subsets; nothing else is worth a warning.
    const kinds = defects.filter(({ severity }) => severity !== 'note').map(({ kind }) => kind);
    expect([...new Set(kinds)]).toEqual(['action-missing-in-subset']);
  });

  it('films them at the size, rate and length that the labels say', async () => {
    for (const { id, frameCount } of plans) {
      await using video = await openVideo(join(folder, 'videos', 'videos', `${id}.mp4`));
      expect(video.warnings).toEqual([]);
      expect(video.info).toMatchObject({ widthPixels: 64, heightPixels: 64, frameCount, codec: 'h264' });
      expect(video.info.frameRate).toBeCloseTo(30, 3);
      expect(video.info.durationSeconds).toBeCloseTo(frameCount / 30, 3);
      const first = (await video.frameAtIndex(0)).data.slice();
      const middle = (await video.frameAtIndex(frameCount >> 1)).data.slice();
      expect(new Set(first).size).toBeGreaterThan(50);
      expect(first).not.toEqual(middle);
    }
  });

  it('writes the key points and joints of every frame', async () => {
    for (const plan of plans) {
      const { track, joints } = await readKeyPoints(join(folder, 'videos', 'keypoints', `${plan.id}.npz`));
      const clip = simulateClip(plan, { seed: 1, sizePixels: 64 });
      expect(track.timesSeconds).toHaveLength(plan.frameCount);
      expect(joints).toEqual(clip.joints());
      expect(track).toEqual(clip.keyPoints());
    }
  });

  it('refuses to mix two data sets in a folder, and changes nothing', async () => {
    const before = await contentOf('videos');
    const mixed = await synthesize('videos', '--videos', '3', '--size', '64', '--seed', '2', '--mask-eyes');
    expect(mixed).toMatchObject({ exitCode: 1, stdout: '' });
    expectOneLine(mixed, 'was made with seed 1, maskEyes false; asked for was seed 2, maskEyes true');
    expect(await contentOf('videos')).toEqual(before);
  });

  it('fails in one line where a thread cannot write, and writes no labels', async () => {
    await synthesize('obstacle', ...short, '--videos', '2', '--key-points-only');
    const [path] = await pathsIn('obstacle', '.npz');
    await rm(join(folder, 'obstacle', path));
    await rm(join(folder, 'obstacle', 'train_list_videos.txt'));
    await mkdir(join(folder, 'obstacle', path));
    const refused = await synthesize('obstacle', ...short, '--videos', '2', '--key-points-only');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expectOneLine(refused, `${join('obstacle', path)}: cannot be written: it is a folder`);
    expect(await pathsIn('obstacle', '.txt')).toEqual(['label_name.txt']);
  });
});

describe('the bytes of microaction synthesize', () => {
  beforeAll(async () => {
    const runs = await Promise.all([
      synthesize('one', ...clips, '--threads', '1'),
      synthesize('two', ...clips, '--threads', '2', '--json'),
    ]);
    for (const { exitCode } of runs) expect(exitCode).toBe(0);
    // --json prints one document and nothing else.
    expect(JSON.parse(runs[1].stdout)).toMatchObject({ folder: 'two', videos: 3, layout: 'ma52', sizePixels: 64 });
    expect(JSON.parse(runs[1].stdout).subsets).toMatchObject([{ subset: 'training', videos: 1, instances: 1 }, {}, {}]);
  });

  it('are the same in another folder, by another number of threads', async () => {
    expect(await contentOf('two')).toEqual(await contentOf('one'));
    expect(await pathsIn('one', '.mp4')).toHaveLength(3);
  });

  it('are others with another seed', async () => {
    await synthesize('three', ...clips, '--seed', '2', '--key-points-only');
    const [one, three] = [await contentOf('one'), await contentOf('three')];
    const shared = Object.keys(three).filter((path) => path.endsWith('.npz'));
    expect(shared).toHaveLength(3);
    for (const path of shared) expect(three[path]).not.toBe(one[path]);
  });

  it('are the same key points without videos, and no videos', async () => {
    const { exitCode } = await synthesize('four', ...clips, '--key-points-only');
    expect(exitCode).toBe(0);
    const [one, four] = [await contentOf('one'), await contentOf('four')];
    expect(Object.keys(four)).toEqual(Object.keys(one).filter((path) => !path.endsWith('.mp4')));
    for (const path of Object.keys(four)) if (path !== 'synthesis.json') expect(four[path]).toBe(one[path]);
  });

  it('differ about the eyes alone with --mask-eyes', async () => {
    await synthesize('masked', ...clips, '--mask-eyes');
    let [near, far] = [0, 0];
    for (const path of await pathsIn('one', '.mp4')) {
      const { track } = await readKeyPoints(join(folder, 'one', 'keypoints', path.replace('.mp4', '.npz')));
      const [left, right] = ['leftEye', 'rightEye'].map((name) => track.points.indexOf(name as 'leftEye'));
      const eyes = { x: (track.x[left] + track.x[right]) / 2, y: (track.y[left] + track.y[right]) / 2 };
      const [open, masked] = await Promise.all(['one', 'masked'].map((out) => firstPicture(join(folder, out, path))));
      for (let i = 0; i < 64 * 64; i++) {
        const change = Math.abs(open[3 * i + 1] - masked[3 * i + 1]);
        if (Math.hypot((i % 64) + 0.5 - eyes.x, Math.floor(i / 64) + 0.5 - eyes.y) < 12) near = Math.max(near, change);
        else far = Math.max(far, change);
      }
    }
    expect(near).toBeGreaterThan(80);
    expect(far).toBeLessThan(near / 2);
  });

  it('show the actions that are asked for, equally often where asked', async () => {
    const only = ['--only', 'nodding, C5', '--only', 'crossing_legs', '--balance', 'uniform', '--key-points-only'];
    await synthesize('only', ...short, '--videos', '9', '--subjects', '3', ...only);
    const lists = await pathsIn('only', '_list_videos.txt');
    expect(lists).toEqual(['test_list_videos.txt', 'train_list_videos.txt', 'val_list_videos.txt']);
    const counted = await run('dataset', 'stats', ...lists.map((path) => join('only', path)), '--json');
    expect(counted.exitCode).toBe(0);
    const text = (await Promise.all(lists.map((path) => readFile(join(folder, 'only', path), 'utf8')))).join('');
    const labels = text.trim().split('\n');
    expect(labels).toHaveLength(9);
    for (const action of ['nodding', 'waving', 'crossing legs']) {
      const { id } = microActions52.get(action);
      expect(labels.filter((line) => line.trim().split(/\s+/).at(-1) === String(id))).toHaveLength(3);
    }
  });

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'are whole files after %s, and the same at the end of the next run',
    async (signal) => {
      const out = `stopped-${signal}`;
      const stopped = await runCommand(['synthesize', out, ...clips, '--threads', '1'], {
        cwd: folder,
        started: (child) => {
          const watch = setInterval(() => {
            const path = join(folder, out, 'train');
            if (!existsSync(path)) return;
            clearInterval(watch);
            child.kill(signal);
          }, 20);
          child.on('close', () => clearInterval(watch));
        },
      });
      if (signal === 'SIGINT') {
        expect(stopped).toMatchObject({ exitCode: 130, stdout: '' });
        expect(stopped.stderr).toBe('microaction: stopped; files written before are whole\n');
        expect(await pathsIn(out, '.tmp')).toEqual([]);
      } else {
        expect(stopped.exitCode).toBeNull();
        await writeFile(join(folder, out, 'train', '.0001_01_0001.mp4.0123abcd.tmp'), 'half');
      }
      expect(await pathsIn(out, '.txt')).toEqual([]);
      const whole = await contentOf('one');
      const left = Object.entries(await contentOf(out)).filter(([path]) => !path.endsWith('.tmp'));
      for (const [path, hash] of left) expect([path, hash]).toEqual([path, whole[path]]);
      const data = left.map(([path]) => join(folder, out, path)).filter((path) => /\.(npz|mp4)$/.test(path));
      const timesOf = () => Promise.all(data.map(async (path) => (await stat(path)).mtimeMs));
      const times = await timesOf();
      expect(times.length).toBeGreaterThan(0);
      expect(times.length).toBeLessThan(6);

      expect(await synthesize(out, ...clips)).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await timesOf()).toEqual(times);
      expect(await contentOf(out)).toEqual(whole);
    },
  );
});

describe('microaction synthesize, used wrongly', () => {
  beforeAll(async () => {
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'thesis'));
    await writeFile(join(folder, 'thesis', 'chapter.tex'), 'mine');
  });

  it.each([
    [2, ['--videos', '0'], 'a whole number from 1 to 1000000000'],
    [2, ['--videos', '1.5'], 'a whole number from 1 to 1000000000'],
    [2, ['--subjects', '0'], 'a whole number from 1 to 1000000000'],
    [2, ['--videos', '3', '--subjects', '4'], 'subjects: found 4 for 3 videos'],
    [1, ['--only', 'noding'], 'Did you mean "nodding"?'],
    [2, ['--only', ''], 'only: found no action'],
    [2, ['--size', '33'], 'an even number of pixels from 32 to 2048'],
    [2, ['--layout', 'ma53'], 'known: mma52, ma52'],
    [1, ['--videos', '900000000'], 'clips take about'],
    [2, ['--overwrite'], '--overwrite goes with --sheet alone'],
    [2, ['--sheet', '--videos', '3'], '--videos is of a data set, and --sheet makes none'],
    [2, ['--sheet', '--key-points-only'], '--key-points-only is of a data set'],
    [2, ['--sheet', '--size', '512'], '--size: found 512'],
  ])('exits with %i for %j in one line, and writes nothing', async (exitCode, args, message) => {
    const result = await synthesize('nothing', ...args);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expectOneLine(result, message);
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  });

  it.each([
    ['file', [], 'file: cannot be written to: it is a file'],
    ['file', ['--sheet'], 'file: cannot be written to: it is a file'],
    ['thesis', [], 'thesis: found chapter.tex and no synthesis.json'],
    ['', [], 'The name of the folder is empty'],
  ])('refuses to write to "%s" %j, and changes nothing', async (out, args, message) => {
    const before = await contentOf('.');
    const result = await synthesize(out, ...args);
    expect(result.exitCode).toBeGreaterThan(0);
    expectOneLine(result, message);
    expect(await contentOf('.')).toEqual(before);
  });

  it.skipIf(process.getuid?.() === 0)('refuses a folder that may not be written to (skipped for root)', async () => {
    await mkdir(join(folder, 'locked'), { mode: 0o555 });
    const result = await synthesize('locked/out');
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expectOneLine(result, 'permission denied');
  });

  it('takes the folder it stands in, and goes on there', async () => {
    const here = join(folder, 'my data');
    await mkdir(here);
    const args = ['synthesize', '.', '--layout', 'ma52', '--videos', '1', '--key-points-only'];
    const first = await runCommand(args, { cwd: here });
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stderr).toMatch(/^\.: started\n\.: 1 clip, took [\d.]+ s\n$/);
    const second = await runCommand(args, { cwd: here });
    expect(second).toMatchObject({ exitCode: 0, stdout: first.stdout });
    expect(second.stderr).toContain('.: 1 clip, all there before, took');
    const named = await synthesize('my data', ...args.slice(2), '--quiet');
    expect(named.stdout).toContain("microaction dataset stats 'my data'/*_list_videos.txt\n");
  });
});

describe('microaction synthesize --sheet', () => {
  it('draws all actions on a picture and a page, and replaces those there only when told to', async () => {
    await mkdir(join(folder, 'sheet'));
    await writeFile(join(folder, 'sheet', 'sheet.html'), 'old');
    const refused = await synthesize('sheet', '--sheet', '--size', '32');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expectOneLine(refused, 'sheet.html: already there; add --overwrite');
    expect(await pathsIn('sheet')).toEqual(['sheet.html']);

    const drawn = await synthesize('sheet', '--sheet', '--size', '32', '--overwrite', '--json');
    expect(drawn.exitCode).toBe(0);
    expect(JSON.parse(drawn.stdout)).toEqual({ written: ['sheet/sheet.png', 'sheet/sheet.html'] });
    expect(drawn.stderr).toMatch(/sheet: 52 strips, took .* s\nwrote sheet\/sheet\.png, sheet\/sheet\.html\n$/);
    const html = await readFile(join(folder, 'sheet', 'sheet.html'), 'utf8');
    for (const { name } of microActions52.actions) expect(html).toContain(`alt="Film strip of ${name}: `);
    const picture = await loadImage(join(folder, 'sheet', 'sheet.png'));
    expect(picture.width).toBeGreaterThan(2 * 6 * 32);
    expect(picture.height).toBeGreaterThan(26 * 32);
    expect(await pathsIn('sheet')).toEqual(['sheet.html', 'sheet.png']);
  });
});

function expectOneLine({ stderr }: CommandResult, part: string): void {
  expect(stderr).toMatch(/^microaction: [^\n]+\n$/);
  expect(stderr).toContain(part);
  expect(stderr).not.toMatch(/this is a bug/);
}

async function firstPicture(path: string): Promise<Uint8Array> {
  await using video = await openVideo(path);
  return (await video.frameAtIndex(0)).data.slice();
}
