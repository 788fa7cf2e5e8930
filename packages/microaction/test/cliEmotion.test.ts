import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNpy } from 'onnxgrad/weights';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dice } from '../src/dice.ts';
import { labelsOf } from '../src/synthesis/plan/labelsOf.ts';
import { planVideos } from '../src/synthesis/plan/planVideos.ts';
import { microActions52 } from '../src/taxonomy/microActions52.ts';
import { runCommand } from './runCommand.ts';

// An invented world, only to test the machinery: the "uneasy" touch their faces and move their legs, the "calm" do as
// people do in MMA-52. No claim about people.
describe('microaction emotion', () => {
  let folder: string;
  const run = (...args: string[]) => runCommand(['emotion', ...args], { cwd: folder });
  const inputs = ['actions.json', '--emotions', 'emotions.csv'];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-emotion-'));
    const face = microActions52.actions.filter(({ bodyPart }) => bodyPart === 'F' || bodyPart === 'D');
    const plans = [
      planVideos({ videos: 24, subjects: 8, seed: 1, only: face.map(({ name }) => name) }),
      planVideos({ videos: 24, subjects: 8, seed: 2 }),
    ];
    const dice = new Dice(3);
    const found = plans.flatMap((some, k) =>
      some.map((plan, i) => ({
        emotion: ['uneasy', 'calm'][k],
        subject: `person ${plan.subject}`,
        id: `${['u', 'c'][k]}${i}`,
        duration: plan.frameCount / plan.frameRate,
        instances: labelsOf(plan).map((one) => ({ ...one, score: dice.uniform(0.4, 0.9) })),
      })),
    );
    const row = ({ id, subject, emotion }: (typeof found)[number]) => `${id},${subject},${emotion}\n`;
    await writeFile(
      join(folder, 'emotions.csv'),
      `video_id,subject,emotion\n${found.map(row).join('')}still,person 0,calm\n`,
    );
    const videos = [
      ...found.map(({ id, duration, instances }) => ({ id, duration, instances })),
      { id: 'still', duration: 10, instances: [] },
      { id: 'nobody rated', duration: 10, instances: [] },
    ];
    await writeFile(join(folder, 'actions.json'), JSON.stringify({ version: 1, videos }));
    await writeFile(join(folder, 'new.json'), JSON.stringify({ version: 1, videos: videos.slice(0, 2) }));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('trains a model that predicts, and says why', async () => {
    const trained = await run('train', ...inputs, '--out', 'emotion.json');
    expect([trained.exitCode, trained.stdout]).toEqual([0, '']);
    expect(trained.stderr).toContain('emotions.csv: 1 video without a row, such as nobody rated, left out\n');
    expect(trained.stderr).toContain('1 video without micro-actions, such as still: kept, as zeros\n');
    expect(trained.stderr).toMatch(
      /wrote emotion\.json: 2 emotions, 49 videos of 8 subjects, 258 features, L2 (100|10|1|0\.1|0\.01)\n$/,
    );
    const predicted = await run('predict', 'new.json', '--model', 'emotion.json', '--reasons', '3', '--out', 'p.csv');
    expect(predicted.exitCode).toBe(0);
    expect(predicted.stdout).toMatch(/no diagnosis/);
    expect(predicted.stdout).toMatch(/\nu0\nuneasy \d+\.\d %, calm \d+\.\d %\nfeature +value +usual +contribution\n/);
    const [header, first] = (await readFile(join(folder, 'p.csv'), 'utf8')).split('\n');
    expect(header).toBe('video_id,emotion,calm,uneasy');
    expect(first).toMatch(/^u0,uneasy,0\.\d+,0\.\d+$/);
    const { predictions } = JSON.parse(
      (await run('predict', 'new.json', '--model', 'emotion.json', '--json', '--reasons', '2')).stdout,
    );
    expect(predictions.map(({ video, reasons }: { video: string; reasons: [] }) => [video, reasons.length])).toEqual([
      ['u0', 2],
      ['u1', 2],
    ]);
  });

  it('evaluates by subject, as a table and as files', async () => {
    const { exitCode, stdout } = await run('evaluate', ...inputs, '--permutations', '19', '--out', 'out');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('49 videos of 8 subjects in 5 folds; 19 permutations; L2 ');
    expect(stdout).toContain('no diagnosis');
    expect(stdout).toMatch(/\naccuracy +\d+\.\d +\d+\.\d to \d+\.\d +\d+\.\d +0\.\d{3} +\d+\.\d\n/);
    const result = JSON.parse(await readFile(join(folder, 'out', 'emotion.json'), 'utf8'));
    expect(result.measures.balancedAccuracy.value).toBeGreaterThan(0.7);
    expect(result.measures.balancedAccuracy.pValue).toBeCloseTo(0.05, 12);
    expect(result.predictions).toHaveLength(49);
    const held: { subject: string; fold: number }[] = result.predictions;
    const foldsOf = Map.groupBy(held, ({ subject }) => subject);
    for (const own of foldsOf.values()) expect(new Set(own.map(({ fold }) => fold)).size).toBe(1);
    expect(await readFile(join(folder, 'out', 'emotion-confusion.svg'), 'utf8')).toContain('uneasy');
    const again = await run('evaluate', ...inputs, '--permutations', '0', '--folds', 'subjects', '--json');
    expect(JSON.parse(again.stdout).settings.folds).toBe(8);
  });

  it('writes the features as a table, those of a network beside them', async () => {
    await run('features', ...inputs, '--only', 'part', '--out', 'features.csv');
    const lines = (await readFile(join(folder, 'features.csv'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(50);
    expect(lines[0]).toMatch(/^video_id,subject,emotion,all\/per_minute,part\/body\/per_minute,part\/body\/share,/);
    expect(lines[1]).toMatch(/^u0,person \d,uneasy,\d/);
    for (const id of ['u0', 'u1']) {
      const data = Float32Array.of(1, 3, 0, 5);
      await writeFile(join(folder, `${id}.npy`), writeNpy({ dtype: 'float32', shape: [2, 2], data }));
    }
    const { exitCode } = await run('features', 'new.json', '--clip-features', '.', '--out', 'wide.csv');
    expect(exitCode).toBe(0);
    const [header, row] = (await readFile(join(folder, 'wide.csv'), 'utf8')).split('\n');
    expect([header.split(',').slice(-2), row.split(',').slice(-2)]).toEqual([
      ['clip/0', 'clip/1'],
      ['2', '2.5'],
    ]);
  });

  it('says what is wrong with its input', async () => {
    await writeFile(join(folder, 'lost.csv'), 'video_id,subject,emotion\nlost,a,joy\n');
    const lost = await run('train', 'actions.json', '--emotions', 'lost.csv', '--out', 'x.json');
    expect([lost.exitCode, lost.stderr]).toEqual([
      1,
      'microaction: lost.csv: line 2, video_id: found "lost", which no annotation has; expected one video of this id among them\n',
    ]);
    await writeFile(join(folder, 'columns.csv'), 'video_id,emotion\nu0,joy\n');
    const columns = await run('evaluate', 'actions.json', '--emotions', 'columns.csv');
    expect(columns.stderr).toMatch(/columns\.csv: found the columns "video_id", "emotion"; .* missing: subject\n$/);
    await writeFile(join(folder, 'single.csv'), 'video_id,subject,emotion\nu0,a,joy\nu1,b,joy\nu2,b,fear\n');
    const single = await run('evaluate', 'actions.json', '--emotions', 'single.csv');
    expect(single.stderr).toMatch(/the emotion fear is shown by one subject only, b;/);
    const noModel = await run('predict', 'new.json', '--model', 'actions.json');
    expect(noModel.stderr).toMatch(/^microaction: actions\.json has \d+ problems:\n {2}format: found nothing/);
    const folds = await run('evaluate', ...inputs, '--folds', '1');
    expect([folds.exitCode, folds.stderr]).toEqual([2, expect.stringContaining('from 2 on, or "subjects"')]);
  });
});
