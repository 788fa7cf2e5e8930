import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeNpy } from 'onnxgrad/weights';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json } from '../src/annotation/formats/json.ts';
import { opentad } from '../src/annotation/formats/opentad.ts';
import { madeDataset, madePredictions } from './madeAnnotations.ts';
import { runCommand } from './runCommand.ts';
import { makeVideo, movingSquare } from './testVideo.ts';

let folder: string;
const run = (...args: string[]) => runCommand(args, { cwd: folder });
const runJson = async (...args: string[]) => {
  const { exitCode, stdout, stderr } = await run(...args, '--json');
  expect({ exitCode, stderr: stderr.replace(/^wrote .*\n/, '') }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
};
const made = madeDataset();
const clips = 20;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-scores-'));
  const file = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  await file('truth.json', opentad.write(made, { layout: 'truth' }));
  await file('anna.json', json.write(made));
  await file('ben.json', json.write(madePredictions(made)));
  await file('first.json', opentad.write(madePredictions(made), { layout: 'predictions' }));
  await file('second.json', opentad.write(madePredictions(made, 3), { layout: 'predictions' }));
  // Clip i shows action i; every fourth is taken for the next action, which leaves the right one second.
  const values = new Float32Array(clips * 52).map((_, at) => {
    const [clip, action] = [Math.floor(at / 52), at % 52];
    return action === clip ? 0.6 : clip % 4 === 0 && action === clip + 1 ? 0.9 : 0.001 * action;
  });
  await file('scores.npy', writeNpy({ dtype: 'float32', shape: [clips, 52], data: values }));
  await file(
    'list.txt',
    Array.from({ length: clips }, (_, i) => `test${String(i).padStart(4, '0')}.mp4 ${i}`).join('\r\n'),
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe.each([
  'agreement',
  'compare',
  'diagnose',
  'evaluate recognition',
  'submit',
  'submit recognition',
  'submit detection',
])('microaction %s', (name) => {
  it('has --help and --version', async () => {
    const help = await run(...name.split(' '), '--help');
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain(`Usage: microaction ${name}`);
    expect(await run(...name.split(' '), '--version')).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
  });
});

describe('microaction evaluate recognition', () => {
  it('says how many clips are right, as JSON and as tables', async () => {
    const args = ['evaluate', 'recognition', '--truth', 'list.txt', '--scores', 'scores.npy'];
    const result = await runJson(...args);
    expect(result).toMatchObject({ clips: 20, action: { top1: 0.75, top5: 1, f1Micro: 0.75 }, body: { top5: 1 } });
    expect(result.f1Mean).toBeCloseTo(
      (result.action.f1Macro + 0.75 + result.body.f1Macro + result.body.f1Micro) / 4,
      12,
    );
    const { stdout } = await run(...args);
    expect(stdout).toMatch(/^action +75\.00 +100\.00 /m);
    expect(stdout).toMatch(/^shaking body +sitting straightly +1 +100\.0$/m);
  });

  it('reads labels from JSON, and says in plain words what it cannot read', async () => {
    const videos = Array.from({ length: clips }, (_, i) => `test${String(i).padStart(4, '0')}.mp4`);
    await writeFile(join(folder, 'labels.json'), JSON.stringify({ videos, labels: videos.map((_, i) => i) }));
    const result = await runJson('evaluate', 'recognition', '--truth', 'labels.json', '--scores', 'scores.npy');
    expect(result.action.top1).toBe(0.75);
    const wrong = await run('evaluate', 'recognition', '--truth', 'truth.json', '--scores', 'scores.npy');
    expect(wrong).toMatchObject({ exitCode: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^microaction: truth\.json: found no videos [^\n]*\n$/);
  });
});

describe('microaction compare', () => {
  it('finds no difference between a file and itself', async () => {
    const result = await runJson('compare', 'first.json', 'first.json', '--truth', 'truth.json', '--resamples', '50');
    expect(result.average).toMatchObject({ value: 0, low: 0, high: 0, pValue: 1 });
    const { stdout } = await run('compare', 'first.json', 'second.json', '--truth', 'truth.json', '--tiou', '0.5,0.8');
    expect(stdout).toMatch(/^at 0\.8 +\d+\.\d\d +\d+\.\d\d +[+-]\d+\.\d\d +[+-]/m);
    expect(stdout).toContain('videos drawn 1000 times');
  });
});

describe('microaction diagnose', () => {
  const args = ['diagnose', '--truth', 'truth.json', '--predictions', 'first.json'];

  it('accounts for every prediction', async () => {
    const { action, tiou } = await runJson(...args);
    expect(tiou).toEqual([0.5]);
    const sum = Object.values<number>(action.falsePositives.fractions).reduce((total, share) => total + share, 0);
    expect(sum).toBeCloseTo(1, 12);
    const { stdout } = await run(...args, '--worst', '3');
    for (const type of ['true positive', 'double detection', 'background'])
      expect(stdout).toMatch(new RegExp(`^${type} `, 'm'));
    expect(stdout.split('Videos with most errors\n')[1].trimEnd().split('\n')).toHaveLength(4);
  });

  it('takes other buckets, and says how they are written', async () => {
    const { action } = await runJson(...args, '--buckets', 'length=0,1,inf', '--buckets', 'instances=-1,2,inf');
    expect(action.falseNegatives.buckets.length.map(({ label }: { label: string }) => label)).toEqual(['XS', 'S']);
    expect(action.falseNegatives.buckets.numInstances).toHaveLength(2);
    const wrong = await run(...args, '--buckets', 'size=1,2');
    expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
    expect(wrong.stderr).toContain('coverage, length, instances');
  });

  it('draws videos with their pictures', { timeout: 120_000 }, async () => {
    const [{ id }] = made.clips;
    await mkdir(join(folder, 'videos'));
    await makeVideo(join(folder, 'videos', `${id}.mp4`), movingSquare(30));
    const refused = await run(...args, '--draw', 'nobody', '--out', 'drawn');
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain('There is no video "nobody"');
    const result = await run(...args, '--draw', id, '--top', '3', '--videos', 'videos', '--out', 'drawn');
    expect(result.exitCode).toBe(0);
    const svg = await readFile(join(folder, 'drawn', `predictions-${id}.svg`), 'utf8');
    expect(svg).toContain('data:image/jpeg;base64,');
    expect(svg).toMatch(/>1\. [a-z ]+ [01]\.\d\d</);
  });

  it('writes numbers, figures and a page', { timeout: 120_000 }, async () => {
    const { worstVideos } = (await runJson(...args)).action;
    await mkdir(join(folder, 'pages'));
    await writeFile(join(folder, 'pages', `${worstVideos[0].video}.html`), '');
    expect((await run(...args, '--out', 'diagnosis', '--pages', 'pages')).exitCode).toBe(0);
    const page = await readFile(join(folder, 'diagnosis', 'index.html'), 'utf8');
    expect(page).toContain(`href="../pages/${worstVideos[0].video}.html"`);
    expect(page).not.toContain(`href="../pages/${worstVideos[1].video}.html"`);
    const names = await readdir(join(folder, 'diagnosis'));
    expect(names).toEqual(
      expect.arrayContaining(['diagnosis.json', 'false-positives-action.svg', 'sensitivity-body.png']),
    );
    expect(JSON.parse(await readFile(join(folder, 'diagnosis', 'diagnosis.json'), 'utf8')).tiou).toEqual([0.5]);
    const again = await run(...args, '--out', 'diagnosis');
    expect(again).toMatchObject({ exitCode: 1, stdout: '' });
    expect(again.stderr).toContain('--overwrite');
  });
});

describe('microaction agreement', () => {
  it('finds that a coder agrees with herself, and with another less', async () => {
    const same = await runJson('agreement', 'anna.json', 'anna.json', '--resamples', '0');
    expect(same.overall).toMatchObject({ fleissKappa: { value: 1 }, f1: { value: 1 }, agreedByAll: { disputed: 0 } });
    const { stdout } = await run('agreement', 'anna.json', 'ben.json', '--resamples', '50', '--tolerance', '0.5');
    expect(stdout).toMatch(/^anna and ben +0\.\d\d +0\.\d\d to 0\.\d\d /m);
    expect(stdout).toContain('F1 of events (edges within 0.5 s)');
  });

  it('writes the merged annotation and what is to be discussed', async () => {
    const result = await run(
      'agreement',
      'anna.json',
      'ben.json',
      '--resamples',
      '0',
      '--adjudicate',
      'settled',
      '--format',
      'csv',
    );
    expect(result.stdout).toMatch(/^Adjudicated: \d+ agreed, \d+ disputes, of which the vote keeps \d+\.$/m);
    expect((await readdir(join(folder, 'settled'))).sort()).toEqual(['disputes.csv', 'merged.csv']);
    const [header, first] = (await readFile(join(folder, 'settled', 'disputes.csv'), 'utf8')).split('\n');
    expect(header).toMatch(/^video,action,start,end,about,vote,anna_start,anna_end,anna_instead,ben_start/);
    expect(first).toMatch(/,(edges|presence),(kept|dropped),/);
  });

  it('says that one coder is too few', async () => {
    const result = await run('agreement', 'anna.json');
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toMatch(/^microaction: Agreement is between 2/);
  });
});

describe('microaction submit', () => {
  it('makes the zip and the table of the recognition track, whose scores evaluate alike', async () => {
    const args = ['submit', 'recognition', '--list', 'list.txt', '--scores', 'scores.npy', '--out'];
    expect(await runJson(...args, 'prediction.zip')).toEqual({ clips: 20, warnings: [], written: ['prediction.zip'] });
    expect((await run(...args, 'prediction.csv')).exitCode).toBe(0);
    expect(await readFile(join(folder, 'prediction.csv'), 'utf8')).toMatch(/^vid,action_pred_1,/);
    const evaluated = await runJson('evaluate', 'recognition', '--truth', 'list.txt', '--scores', 'prediction.zip');
    expect(evaluated.action).toMatchObject({ top1: 0.75, top5: 1 });
    const refused = await run(...args, 'prediction.zip');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('makes the submission of the detection track, whose score is that of the predictions', async () => {
    const args = ['submit', 'detection', '--list', 'anna.json', '--predictions'];
    const [clip] = madePredictions(made).clips;
    const lateOnes = clip.instances.map((one) => ({ ...one, end: 10.5 }));
    const late = { ...made, clips: [{ ...clip, instances: lateOnes }] };
    await writeFile(join(folder, 'late.json'), opentad.write(late, { layout: 'predictions' }));
    const refused = await run(...args, 'late.json', '--out', 'detection.zip');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('the video ends at 10');
    expect(await readdir(folder)).not.toContain('detection.zip');
    expect((await run(...args, 'first.json', '--out', 'detection.zip')).exitCode).toBe(0);
    const score = (path: string) => runJson('evaluate', 'detection', '--truth', 'truth.json', '--predictions', path);
    expect((await score('detection.zip')).average).toBeCloseTo((await score('first.json')).average, 9);
  });
});

const golden = fileURLToPath(new URL('../../../../shared/golden/metrics/', import.meta.url));

describe.skipIf(!existsSync(golden))('on real annotations (skipped where ../shared/golden is absent)', () => {
  const expected = async (path: string) => JSON.parse(await readFile(join(golden, path), 'utf8'));

  it('evaluates the official case as OpenTAD does', async () => {
    const args = ['evaluate', 'detection', '--truth', join(golden, 'ground_truth/official_train.json')];
    args.push('--predictions', join(golden, 'predictions/official.json.gz'), '--predicted-videos');
    const [result, { levels }] = [await runJson(...args), await expected('expected_map/official.json')];
    for (const level of ['action', 'body'] as const) {
      expect(Math.abs(result[level].average - levels[level].average_mAP)).toBeLessThan(1e-9);
      for (const [name, ap] of Object.entries<number[]>(levels[level].ap_per_class)) {
        for (const [t, value] of ap.entries()) {
          expect(Math.abs(result[level].perClass[name].ap[t] - value)).toBeLessThan(1e-9);
        }
      }
    }
  });

  it('counts the training set of MMA-52 as Table 1 of the paper does', async () => {
    const train = join(golden, 'annotations/train.csv');
    const { stdout } = await run('dataset', 'stats', train, '--count-at', '30');
    expect(stdout).toMatch(/^all +4534 +13698 +- +12\.91 +10\.25 +4\.10 +3\.02$/m);
  });

  it('finds the defects of the older release', async () => {
    const raw = join(golden, 'annotations/train_raw_ids.csv');
    const { exitCode, stdout } = await run('dataset', 'validate', raw, '--subjects-from-ids');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('ids-differ-in-case  28 times');
    expect(stdout).toContain('length-shared  28 times');
    expect(stdout).toContain('irregular-id');
  });

  it('makes of the published scores the published submission', async () => {
    const clipNames = Array.from({ length: 5586 }, (_, i) => `test${String(i).padStart(4, '0')}.mp4 0\n`).join('');
    await writeFile(join(folder, 'test_list.txt'), clipNames);
    const scores = join(golden, 'recognition/manet_test.scores.npy');
    await run('submit', 'recognition', '--list', 'test_list.txt', '--scores', scores, '--out', 'manet.csv');
    const lines = (text: string) => text.trim().split(/\r?\n/);
    const published = await readFile(join(golden, 'recognition/manet_test.prediction.csv'), 'utf8');
    expect(lines(await readFile(join(folder, 'manet.csv'), 'utf8'))).toEqual(lines(published));
  });
});
