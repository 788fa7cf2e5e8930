import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { saveState } from 'onnxgrad/nn';
import { readNpy } from 'onnxgrad/weights';
import { saveWeights } from 'onnxgrad/weights/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toyModel, toyRecipe } from '../src/inference/model/toyTesting.ts';
import { microActions52 } from '../src/taxonomy/microActions52.ts';
import { parseRecipe } from '../src/training/recipe.ts';
import { runCommand } from './runCommand.ts';
import { makeVideo, steadyTimes } from './testVideo.ts';

const recipe = parseRecipe({ ...toyRecipe, taxonomy: microActions52.toJSON() }, 'toy');

const paint = (frame: number, x: number, y: number): [number, number, number] => [
  128 + 90 * Math.sin(x / 5 + frame / 4) * Math.cos(y / 7),
  110,
  140,
];

describe('commands of a trained network', () => {
  let folder: string;
  const run = (...args: string[]) => runCommand(args, { cwd: folder });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-predict-'));
    await saveWeights(join(folder, 'weights.safetensors'), saveState(toyModel(recipe)), {
      metadata: { recipe: JSON.stringify(recipe) },
    });
    const videos = join(folder, 'data', 'videos');
    await mkdir(videos, { recursive: true });
    await makeVideo(join(videos, 'one.mp4'), { width: 64, height: 64, timesMs: steadyTimes(60, 30), paint });
    for (const id of ['two', 'four']) await copyFile(join(videos, 'one.mp4'), join(videos, `${id}.mp4`));
    await writeFile(join(videos, 'three.mp4'), 'no video');
    const rows = ['one', 'two', 'three', 'lost'].map((id, i) => `${i},${id},0,30,${i},60,30`);
    await writeFile(
      join(folder, 'data', 'test.csv'),
      `id,video_id,start_frame,end_frame,class,total_frames,fps\n${rows.join('\n')}\n`,
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  const predict = (out: string, ...more: string[]) =>
    run('predict', '--data', 'data', '--split', 'testing', '--model', 'weights.safetensors', '--out', out, ...more);
  const resultsOf = async (out: string) => {
    const bytes = await readFile(join(folder, out));
    return JSON.parse((out.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
  };

  it('predicts for a subset, counts what it skips, and evaluates what it wrote', async () => {
    const { exitCode, stderr, stdout } = await predict('out/predictions.json');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^microaction: data\/videos\/three\.mp4: /m);
    expect(stderr).toContain('microaction: lost: the data set has no video of this name\n');
    expect(stderr).toContain('wrote out/predictions.json: 2 videos, 2 skipped\n');
    const { results, external_data } = await resultsOf('out/predictions.json');
    expect(Object.keys(results)).toEqual(['one', 'two']);
    expect(results.two).toEqual(results.one);
    expect(results.one.length).toBeGreaterThan(3);
    expect(results.one[0]).toEqual({
      segment: [expect.any(Number), expect.any(Number)],
      label: expect.any(String),
      score: expect.any(Number),
    });
    expect(external_data).toMatchObject({ model: 'toy', videos: { one: { duration: 2, fps: 30 } } });
    expect(Object.keys(external_data.skipped)).toEqual(['three', 'lost']);
    expect(await readdir(join(folder, 'out'))).toEqual(['predictions.json']);

    const truth = ['--truth', 'data/test.csv', '--predictions', 'out/predictions.json'];
    const scored = await run('evaluate', 'detection', ...truth, '--json');
    expect(scored.exitCode).toBe(0);
    expect(JSON.parse(scored.stdout).counts).toMatchObject({ videos: 4, predictions: 2 * results.one.length });
    const again = await predict('out/predictions.json');
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('add --overwrite') });
  });

  it('goes on where it was stopped, behind a line that was cut off, with the same result', async () => {
    await predict('whole.json.gz', '--quiet');
    const { promise: stopped, resolve } = Promise.withResolvers<void>();
    const first = await runCommand(
      ['predict', '--data', 'data', '--split', 'test', '--model', 'weights.safetensors', '--out', 'parts.json.gz'],
      {
        cwd: folder,
        started: (child) =>
          child.stderr?.on('data', (chunk: string) => {
            if (!chunk.includes('two: started')) return;
            child.kill('SIGINT');
            resolve();
          }),
      },
    );
    await stopped;
    expect(first.exitCode).toBe(130);
    expect(await readdir(folder)).toContain('parts.partial.jsonl');
    await appendFile(join(folder, 'parts.partial.jsonl'), '{"id":"two","dura');
    const second = await predict('parts.json.gz');
    expect(second.stderr).toContain('parts.partial.jsonl: goes on after 1 video that an earlier run looked at\n');
    expect(second.stderr).not.toContain(' one: started');
    const [whole, parts] = [await resultsOf('whole.json.gz'), await resultsOf('parts.json.gz')];
    expect(parts.results).toEqual(whole.results);
    expect(parts.external_data).toEqual({ ...whole.external_data, split: 'testing' });
    expect(await readdir(folder)).not.toContain('parts.partial.jsonl');
  });

  it('predicts by class priors alone, without looking, as the floor that detectors have to beat', async () => {
    const table = (row: string) => `id,video_id,start_frame,end_frame,class,total_frames,fps\n${row}\n`;
    await mkdir(join(folder, 'coded'));
    await writeFile(join(folder, 'coded', 'train.csv'), table('0,seen,30,90,5,300,30'));
    await writeFile(join(folder, 'coded', 'test.csv'), table('0,unseen,0,30,5,150,30'));
    const args = ['--data', 'coded', '--split', 'test', '--model', 'class-priors', '--out', 'priors.json'];
    expect(await run('predict', ...args)).toMatchObject({ exitCode: 0, stdout: '' });
    const { results, external_data } = await resultsOf('priors.json');
    expect(external_data).toMatchObject({ model: 'class-priors', videos: { unseen: { duration: 5, fps: 30 } } });
    expect(results.unseen.map(({ segment }: { segment: number[] }) => segment)).toEqual([
      [0, 2],
      [1, 3],
      [2, 4],
      [3, 5],
    ]);
    const { name: label } = microActions52.actions[5];
    for (const found of results.unseen) {
      expect(found).toMatchObject({ label, score: expect.closeTo(1 - Math.exp(-1 / 10), 3) });
    }
    const none = await run('predict', '--data', 'data', '--model', 'class-priors', '--out', 'none.json');
    expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('there is no subset "training"') });
  });

  it('does not mix the predictions of two models', async () => {
    await writeFile(join(folder, 'mixed.partial.jsonl'), '{"made":"other"}\n');
    const { exitCode, stderr } = await predict('mixed.json');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('mixed.partial.jsonl: holds predictions of another model');
  });

  it('says which subsets there are, and what a model file is called', async () => {
    const args = ['--data', 'data', '--model', 'weights.safetensors', '--out', 'no.json'];
    expect(await run('predict', ...args, '--split', 'val')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('data: there is no subset "val"; there are test'),
    });
    const wrong = await run('predict', '--data', 'data', '--model', 'weights.bin', '--out', 'no.json');
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('.safetensors or .onnx') });
  });

  it('makes features once, and tells how a recipe is to read them', async () => {
    const args = ['features', '--data', 'data', '--out', 'features', '--model', 'weights.safetensors'];
    const { exitCode, stderr } = await run(...args);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('wrote features of 2 videos into features, 2 skipped\n');
    const bytes = await readFile(join(folder, 'features', 'one.npy'));
    expect(readNpy(bytes, 'one.npy')).toMatchObject({ dtype: 'float32', shape: [16, 30] });
    const manifest = JSON.parse(await readFile(join(folder, 'features', 'features.json'), 'utf8'));
    expect(manifest).toMatchObject({ of: 'toy', channels: 16, strideFrames: 2, offsetFrames: 0 });
    const again = await run(...args);
    expect(again.stderr).toContain('wrote features of 0 videos into features, 2 were there, 2 skipped\n');
    await writeFile(join(folder, 'features', 'features.json'), '{}');
    expect((await run(...args)).stderr).toContain('holds features of another kind');
    const other = await run('features', '--data', 'data', '--out', 'snippets', '--weights', 'weights.safetensors');
    expect(other.stderr).toContain('weights.safetensors: found tokens of 16 numbers; expected VideoMAE');
  });

  it('predicts from stored features what it predicts from the pictures that they are of', async () => {
    const { backbone: _, adapter: __, ...rest } = recipe;
    const fromFeatures = parseRecipe(
      {
        ...rest,
        name: 'toy head',
        backbone: null,
        tuned: 'nothing',
        data: { ...recipe.data, features: { channels: 16, strideFrames: 2, offsetFrames: 0 } },
      },
      'toy head',
    );
    await saveWeights(join(folder, 'head.safetensors'), saveState(toyModel(recipe).detector), {
      metadata: { recipe: JSON.stringify(fromFeatures) },
    });
    await mkdir(join(folder, 'full'));
    // As many frames as fill a window: behind the end of a video, pictures are repeated, and features are zeros.
    await makeVideo(join(folder, 'full', 'one.mp4'), { width: 64, height: 64, timesMs: steadyTimes(64, 30), paint });
    const head = 'id,video_id,start_frame,end_frame,class,total_frames,fps';
    await writeFile(join(folder, 'full', 'test.csv'), `${head}\n0,one,0,30,1,64,30\n1,lost,0,30,1,64,30\n`);
    const full = ['--data', 'full', '--split', 'test'];
    await run('features', ...full, '--out', 'full/features', '--model', 'weights.safetensors');
    await run('predict', ...full, '--model', 'weights.safetensors', '--out', 'by-pictures.json');
    const args = [...full, '--model', 'head.safetensors', '--out', 'by-features.json'];
    const { exitCode, stderr } = await run('predict', ...args);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'there are no stored features called lost.npy or .npz; make them with microaction features',
    );
    const [{ results }, pictures] = [await resultsOf('by-features.json'), await resultsOf('by-pictures.json')];
    expect(results.one.length).toBeGreaterThan(3);
    expect(results).toEqual(pictures.results);

    const refused = await run('detect', 'data/videos/one.mp4', '--model', 'head.safetensors');
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('by microaction predict --data') });
  });

  it('exports one .onnx, by which detect writes files and a page', async () => {
    const exported = await run('export', 'weights.safetensors', '--out', 'toy.onnx', '--steps', '32');
    expect(exported).toMatchObject({ exitCode: 0, stderr: 'wrote toy.onnx\n' });
    const args = ['--model', 'toy.onnx', '--min-score', '0', '--format', 'json', '--report', '--out', 'shown'];
    const { exitCode } = await run('detect', 'data/videos/one.mp4', ...args);
    expect(exitCode).toBe(0);
    const document = JSON.parse(await readFile(join(folder, 'shown', 'one.json'), 'utf8'));
    expect(document).toMatchObject({ model: 'toy' });
    expect(document.videos[0].instances[0].reason).toBe('found by the network toy, toy.onnx');
    expect(await readFile(join(folder, 'shown', 'one.html'), 'utf8')).toContain('found by the network toy');
    const refused = await run('detect', 'data/videos/one.mp4', '--model', 'toy.onnx', '--fps', '5');
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--fps is of detectors') });
  });

  it('lists the models, aligned or as JSON', async () => {
    const { stdout } = await run('models');
    expect(stdout).toMatch(
      /^adatad-s +AdaTAD \(TIA\), VideoMAE-S +adatad-s .* 0\.960 +0\.96 +21\.21 +16\.25 +27\.35 +5 pass$/m,
    );
    expect(stdout).toMatch(/^manet +MANet.* 32\.77 +32\.28 +78\.95 +61\.33 +88\.83 +65\.59 +10 pass$/m);
    const { models, recognisers, unit } = JSON.parse((await run('models', '--json')).stdout);
    expect(unit).toBe(2 ** 20);
    expect(recognisers.find(({ name }: { name: string }) => name === 'i3d').parameters).toBe(27_330_420);
    expect(models.find(({ name }: { name: string }) => name === 'dsta-s').parameters.tuned).toBe(1_904_292);
  });
});
