import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../src/annotation/dataset.ts';
import { json } from '../src/annotation/formats/json.ts';
import { mma52 } from '../src/annotation/formats/mma52.ts';
import { readDataset } from '../src/files/readDataset.ts';
import { microActions52 } from '../src/taxonomy/microActions52.ts';
import { openVideo } from '../src/video/node.ts';
import { madeDataset } from './madeAnnotations.ts';
import { runCommand } from './runCommand.ts';
import { makeVideo, movingSquare } from './testVideo.ts';

let folder: string;
const run = (...args: string[]) => runCommand(args, { cwd: folder });
const read = async (path: string): Promise<Dataset> =>
  (await readDataset(join(folder, path), { taxonomy: microActions52 })).dataset;
const made = madeDataset();
const instancesOf = ({ clips }: Dataset) => clips.flatMap(({ instances }) => instances);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-datasets-'));
  await writeFile(join(folder, 'made.json'), json.write(made));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(['split', 'convert', 'merge', 'filter', 'clip'])('microaction dataset %s', (name) => {
  it('has --help, and wants to know where to write', async () => {
    const help = await run('dataset', name, '--help');
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain(`Usage: microaction dataset ${name}`);
    const result = await run('dataset', name, 'made.json');
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toMatch(/^microaction: [^\n]*--out[^\n]*\n$/);
  });
});

describe('microaction dataset convert', () => {
  it('takes the format from the ending, and says what is lost', async () => {
    const result = await run('dataset', 'convert', 'made.json', '--format', 'mma52', '--out', 'made.csv', '--json');
    expect(result).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('has no place for: subjects') });
    expect(JSON.parse(result.stdout)).toEqual({
      videos: 36,
      instances: instancesOf(made).length,
      written: ['made.csv'],
    });
    expect(instancesOf(await read('made.csv'))).toHaveLength(instancesOf(made).length);
  });

  it('writes a folder where a format has a file for each video, and reads it back', async () => {
    const result = await run('dataset', 'convert', 'made.json', '--format', 'eaf', '--out', 'coded');
    expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^36 videos, \d+ instances\n$/) });
    expect(await readdir(join(folder, 'coded'))).toHaveLength(36);
    expect((await run('dataset', 'convert', 'coded', '--out', 'back.json')).exitCode).toBe(0);
    expect(instancesOf(await read('back.json'))).toHaveLength(instancesOf(made).length);
    const refused = await run('dataset', 'convert', 'made.json', '--out', 'one.eaf');
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain('name a folder');
  });

  it('keeps paths of videos right when it writes into another folder', async () => {
    const clip = { ...made.clips[0], file: 'videos/a.mp4' };
    await writeFile(join(folder, 'one.json'), json.write({ ...made, clips: [clip] }));
    await run('dataset', 'convert', 'one.json', '--out', 'deep/er/one.csv');
    expect((await read('deep/er/one.csv')).clips[0].file).toBe('../../videos/a.mp4');
  });

  it('leaves nothing half-written where one of several files is there already', async () => {
    await mkdir(join(folder, 'partly'));
    await writeFile(join(folder, 'partly', 'p12_3.eaf'), 'corrected by hand');
    const result = await run('dataset', 'convert', 'made.json', '--format', 'eaf', '--out', 'partly');
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain(`${join('partly', 'p12_3.eaf')}: already there`);
    expect(await readdir(join(folder, 'partly'))).toEqual(['p12_3.eaf']);
  });
});

describe('microaction dataset split', () => {
  it('puts nobody into two subsets, and gives the same split for the same seed', async () => {
    const result = await run('dataset', 'split', 'made.json', '--seed', '3', '--out', 'split.json');
    expect(result.stdout).toMatch(/^subset +videos +% +instances +subjects +actions\n/);
    const { clips } = await read('split.json');
    const subsets = new Map(clips.map(({ subject, subset }) => [`${subject} ${subset}`, subset]));
    expect(subsets.size).toBe(12);
    expect(new Set(subsets.values())).toEqual(new Set(['training', 'validation', 'test']));
    await run('dataset', 'split', 'made.json', '--seed', '3', '--out', 'again.json');
    expect(await readFile(join(folder, 'again.json'), 'utf8')).toBe(await readFile(join(folder, 'split.json'), 'utf8'));
  });

  it('writes a file for each subset where the format has no place for it', async () => {
    const ratios = ['--ratios', 'train=75,val=25'];
    await run('dataset', 'split', 'made.json', ...ratios, '--format', 'mma52', '--out', 'splits');
    expect((await readdir(join(folder, 'splits'))).sort()).toEqual(['train.csv', 'val.csv']);
    expect((await read('splits/val.csv')).clips).toHaveLength(9);
  });

  it('takes subjects from raw ids, and refuses to guess where there are none', async () => {
    const raw = {
      ...made,
      clips: made.clips.map(({ subject, ...clip }, i) => ({
        ...clip,
        id: `${subject!.replace('p', '1')}_01_0005_${i % 3}`,
      })),
    };
    await writeFile(join(folder, 'raw.csv'), mma52.write(raw));
    const refused = await run('dataset', 'split', 'raw.csv', '--out', 'raw.json');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('name no subject');
    expect((await run('dataset', 'split', 'raw.csv', '--subjects-from-ids', '--out', 'raw.json')).exitCode).toBe(0);
    expect(new Set((await read('raw.json')).clips.map(({ subject }) => subject)).size).toBe(12);
  });

  it.each(['train', 'train=80,val', 'train=a,val=b'])('says how ratios are written: %s', async (text) => {
    const result = await run('dataset', 'split', 'made.json', '--ratios', text, '--out', 'x.json');
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toMatch(/NAME=SHARE|ratios/);
  });
});

describe('microaction dataset merge', () => {
  it('refuses two videos of one id unless told what to do', async () => {
    const refused = await run('dataset', 'merge', 'made.json', 'made.json', '--out', 'merged.json');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(
      (await run('dataset', 'merge', 'made.json', 'made.json', '--same-id', 'join', '--out', 'merged.json')).exitCode,
    ).toBe(0);
    expect(instancesOf(await read('merged.json'))).toEqual(instancesOf(made));
  });
});

describe('microaction dataset filter', () => {
  it('keeps what meets all conditions', async () => {
    const result = await run(
      'dataset',
      'filter',
      'made.json',
      '--body-part',
      'head',
      '--min-seconds',
      '1',
      '--drop-empty',
      '--out',
      'head.json',
    );
    expect(result.stdout).toMatch(/^kept \d+ videos, \d+ instances of 36 videos, \d+ instances\n$/);
    const kept = instancesOf(await read('head.json'));
    const wanted = instancesOf(made).filter(
      ({ action, start, end }) => /nodding|turning/.test(action) && end - start >= 1,
    );
    expect(kept).toEqual(wanted);
  });

  it.each([
    ['--action', 'noding', 1, 'nodding'],
    ['--body-part', 'hed', 2, 'B (head)'],
    ['--split', 'training', 2, 'name none'],
  ] as const)('%s %s is told with what there is', async (option, value, exitCode, hint) => {
    const result = await run('dataset', 'filter', 'made.json', option, value, '--out', 'x.json');
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).toContain(hint);
  });
});

describe('microaction dataset clip', () => {
  it('cuts the recordings too, or says which it lacks', async () => {
    await mkdir(join(folder, 'recordings'));
    await makeVideo(join(folder, 'recordings', 'long.mp4'), movingSquare(36));
    const instances = [
      { action: 'nodding', start: 0.1, end: 0.5 },
      { action: 'waving', start: 0.7, end: 1.1 },
    ];
    await writeFile(
      join(folder, 'long.json'),
      json.write({ ...made, clips: [{ id: 'long', durationSeconds: 1.2, frameRate: 30, instances }] }),
    );
    const cut = ['dataset', 'clip', 'long.json', '--videos', 'recordings', '--min-seconds', '0.4'];
    const args = [...cut, '--max-seconds', '0.9', '--out', 'pieces', '--json'];
    const first = await run(...args);
    expect(first.exitCode).toBe(0);
    expect((await readdir(join(folder, 'pieces'))).sort()).toEqual([
      'cuts.csv',
      'long-clips.json',
      'long_1.mp4',
      'long_2.mp4',
    ]);
    const { clips } = await read('pieces/long-clips.json');
    expect(clips.map(({ file, instances: [{ action }] }) => [file, action])).toEqual([
      ['long_1.mp4', 'nodding'],
      ['long_2.mp4', 'waving'],
    ]);
    for (const { file, durationSeconds } of clips) {
      await using video = await openVideo(join(folder, 'pieces', file!));
      expect(video.info.durationSeconds).toBeCloseTo(durationSeconds!, 2);
    }
    await rm(join(folder, 'pieces'), { recursive: true });
    const absent = await run(...cut.slice(0, 4), '.', ...args.slice(5));
    expect(absent).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('has no video of long') });
  });

  it('writes a plan and the annotations of the pieces', async () => {
    const result = await run(
      'dataset',
      'clip',
      'made.json',
      '--min-seconds',
      '2',
      '--max-seconds',
      '5',
      '--out',
      'clips',
      '--json',
    );
    expect(result.exitCode).toBe(0);
    const { videos, cuts } = JSON.parse(result.stdout);
    const rows = (await readFile(join(folder, 'clips', 'cuts.csv'), 'utf8')).trimEnd().split('\n');
    expect(rows[0]).toBe('clip,source,file,start,end,seconds,instances_cut');
    expect(rows).toHaveLength(videos + 1);
    expect(cuts).toHaveLength(videos);
    const { clips } = await read('clips/made-clips.json');
    expect(clips).toHaveLength(videos);
    for (const { durationSeconds } of clips) expect(durationSeconds).toBeLessThanOrEqual(5 + 1e-9);
  });
});
