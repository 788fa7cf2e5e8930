import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statisticsOf } from '../src/annotation/dataset/statistics.ts';
import { json } from '../src/annotation/formats/json.ts';
import { mma52 } from '../src/annotation/formats/mma52.ts';
import { opentad } from '../src/annotation/formats/opentad.ts';
import { detectionMap, predictionsOfOpenTad, truthOfOpenTad } from '../src/evaluation/detection/index.ts';
import { microActions52 } from '../src/taxonomy/microActions52.ts';
import { madeDataset, madePredictions } from './madeAnnotations.ts';
import { runCommand } from './runCommand.ts';
import { makeVideo, movingSquare } from './testVideo.ts';

let folder: string;
const run = (...args: string[]) => runCommand(args, { cwd: folder });
const made = madeDataset();
const truthText = opentad.write(made, { layout: 'truth' });
const predictionText = opentad.write(madePredictions(made), { layout: 'predictions' });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-benchmark-'));
  await writeFile(join(folder, 'made.json'), json.write(made));
  await writeFile(join(folder, 'train.csv'), mma52.write(made));
  await writeFile(join(folder, 'val.csv'), mma52.write(madeDataset({ people: 4, seed: 8 })).replaceAll(',p', ',q'));
  await writeFile(join(folder, 'truth.json'), truthText);
  await writeFile(join(folder, 'predictions.json.gz'), gzipSync(predictionText));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(['dataset', 'dataset stats', 'dataset validate', 'evaluate', 'evaluate detection'])(
  'microaction %s',
  (name) => {
    it('has --help and --version', async () => {
      const help = await run(...name.split(' '), '--help');
      expect(help).toMatchObject({ exitCode: 0, stderr: '' });
      expect(help.stdout).toContain(`Usage: microaction ${name}`);
      expect(await run(...name.split(' '), '--version')).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
    });
  },
);

describe('microaction dataset stats', () => {
  it('prints the statistics of the library as JSON, and nothing else', async () => {
    const { exitCode, stdout, stderr } = await run('dataset', 'stats', 'made.json', '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(statisticsOf(made))));
  });

  it('takes several files for subsets that are called as they are', async () => {
    const { stdout } = await run('dataset', 'stats', 'train.csv', 'val.csv');
    expect(stdout).toMatch(/^train +36 /m);
    expect(stdout).toMatch(/^val +12 /m);
    expect(stdout).toMatch(/^all +48 /m);
    expect((await run('dataset', 'stats', 'train.csv', 'val.csv', '--split', 'val')).stdout).not.toMatch(/^train/m);
  });

  it('writes its tables, and does not replace them unasked', async () => {
    expect((await run('dataset', 'stats', 'made.json', '--out', 'statistics')).exitCode).toBe(0);
    const names = await readdir(join(folder, 'statistics'));
    expect(names).toEqual(expect.arrayContaining(['actions.csv', 'pairs.csv', 'statistics.json', 'subsets.csv']));
    const actions = await readFile(join(folder, 'statistics', 'actions.csv'), 'utf8');
    expect(actions.split('\n')[0]).toMatch(/^subset,id,action,bodyPart,instances,share,/);
    const again = await run('dataset', 'stats', 'made.json', '--out', 'statistics');
    expect(again).toMatchObject({ exitCode: 1, stdout: '' });
    expect(again.stderr).toContain('--overwrite');
    expect((await run('dataset', 'stats', 'made.json', '--out', 'statistics', '--overwrite')).exitCode).toBe(0);
  });
});

describe('lists of clips that show one action each', () => {
  const lists = ['train_list_videos.txt', 'val_list_videos.txt'];
  beforeAll(async () => {
    await writeFile(join(folder, lists[0]), '0001_01_0001.mp4 9\r\n0001_01_0002.mp4 9\r\n0002_01_0001.mp4 19');
    await writeFile(join(folder, lists[1]), '0001_02_0001.mp4 9\n');
  });

  it('are counted', async () => {
    const { stdout } = await run('dataset', 'stats', ...lists);
    expect(stdout).toMatch(/^train +3 +2\nval +1 +1\nall +4 +2\n/m);
    expect(stdout).toMatch(/^ *9 +nodding +2 +66\.7 +1 +100\.0 +3 +75\.0$/m);
    const { all } = JSON.parse((await run('dataset', 'stats', ...lists, '--json')).stdout);
    expect(all).toMatchObject({ clips: 4, subjects: 2 });
  });

  it('are checked', async () => {
    const { exitCode, stdout } = await run('dataset', 'validate', ...lists);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Subject "0001" is in train and val.');
    const mixed = await run('dataset', 'validate', lists[0], 'made.json');
    expect(mixed).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('microaction dataset validate', () => {
  it('exits with 0 where nothing is wrong, and with 1 where a person is in two subsets', async () => {
    const fine = await run('dataset', 'validate', 'made.json', '--json');
    expect(fine.exitCode).toBe(0);
    expect(JSON.parse(fine.stdout).counts.error).toBe(0);
    const mixed = { ...made, clips: made.clips.map((clip, i) => ({ ...clip, subset: i % 2 ? 'test' : 'training' })) };
    await writeFile(join(folder, 'mixed.json'), json.write(mixed));
    const wrong = await run('dataset', 'validate', 'mixed.json');
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stdout).toContain('subject-in-several-subsets  12 times');
    expect(wrong.stdout).toContain('and 7 more; --all lists them');
    expect((await run('dataset', 'validate', 'mixed.json', '--all')).stdout).not.toContain('--all lists them');
  });
});

describe('annotations that cannot be read', () => {
  it('are told with all that is wrong, as JSON too', async () => {
    const rows = ['v,30,20,9,300,30', 'v,0,20,99,300,30'];
    const text = ['video_id,start_frame,end_frame,class,total_frames,fps', ...rows].join('\n');
    await writeFile(join(folder, 'wrong.csv'), text);
    const { exitCode, stdout, stderr } = await run('dataset', 'validate', 'wrong.csv', '--json');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^microaction: wrong\.csv has 2 problems:\n {2}line 2: .*\n {2}line 3, class: found 99/);
    expect(JSON.parse(stdout).failed).toHaveLength(1);
  });
});

describe('microaction dataset validate --videos', () => {
  it('finds videos that are missing and lengths that are wrong', async () => {
    await mkdir(join(folder, 'videos'));
    for (const id of ['a', 'b']) await makeVideo(join(folder, 'videos', `${id}.mp4`), movingSquare(30));
    const clips = [1, 5, 1].map((durationSeconds, i) => ({ id: 'abc'[i], durationSeconds, instances: [] }));
    await writeFile(join(folder, 'three.json'), json.write({ ...made, clips }));
    const { exitCode, stdout } = await run('dataset', 'validate', 'three.json', '--videos', 'videos', '--json');
    const { defects } = JSON.parse(stdout);
    const errors = defects.filter(({ severity }: { severity: string }) => severity === 'error');
    expect(errors.map(({ kind, clips: [id] }: { kind: string; clips: string[] }) => [kind, id])).toEqual([
      ['length-differs', 'b'],
      ['video-missing', 'c'],
    ]);
    expect(exitCode).toBe(1);
  });
});

describe('microaction evaluate detection', () => {
  const args = ['evaluate', 'detection', '--truth', 'truth.json', '--predictions', 'predictions.json.gz'];

  it('prints as JSON the numbers of the library', async () => {
    const { exitCode, stdout, stderr } = await run(...args, '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const truth = truthOfOpenTad(truthText, 'truth');
    const { seconds: _, ...expected } = detectionMap(
      truth,
      predictionsOfOpenTad(predictionText, 'predictions'),
      microActions52,
    );
    expect(JSON.parse(stdout)).toMatchObject(JSON.parse(JSON.stringify(expected)));
    expect(expected.average).toBeGreaterThan(0.3);
  });

  it('prints tables in percent, with intervals, recall and frames where asked', async () => {
    const { stdout } = await run(...args, '--tiou', '0.5', '--intervals', '--resamples', '50', '--recall', '--frames');
    expect(stdout).toMatch(/^36 videos, \d+ instances, \d+ predictions$/m);
    expect(stdout).toMatch(/^level +0\.5 +average\naction +\d+\.\d\d +\d+\.\d\d$/m);
    expect(stdout).toContain('videos drawn 50 times');
    expect(stdout).toContain('Average recall');
    expect(stdout).toContain('per-frame mAP');
  });

  it.each([
    [[...args, '--tiou', '2'], 2, 'Thresholds'],
    [['evaluate', 'detection', '--truth', 'truth.json'], 2, '--predictions'],
    [[...args.slice(0, 4), '--predictions', 'truth.json'], 1, 'score'],
    [[...args, '--split', 'nowhere'], 1, 'subset'],
  ])('%j is refused in plain words', async (wrong, exitCode, what) => {
    const result = await run(...wrong);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).toMatch(/^microaction: /);
    expect(result.stderr).toContain(what);
    expect(result.stderr).not.toMatch(/this is a bug/);
  });
});
