import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveState } from 'onnxgrad/nn';
import { numbersOf, readNpy } from 'onnxgrad/weights';
import { saveWeights } from 'onnxgrad/weights/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toyRecogniser, toyRecognition } from '../src/inference/recognition/toyRecogniserTesting.ts';
import { microActions52 } from '../src/taxonomy/microActions52.ts';
import { parseRecipe, type RecognitionRecipe } from '../src/training/recipe.ts';
import { runCommand } from './runCommand.ts';
import { makeVideo, steadyTimes } from './testVideo.ts';

const recipe: RecognitionRecipe = parseRecipe(
  { ...toyRecognition, hierarchical: true, taxonomy: microActions52.toJSON() },
  'toy',
);

describe('commands of a recogniser', () => {
  let folder: string;
  const run = (...args: string[]) => runCommand(args, { cwd: folder });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-recognize-'));
    await saveWeights(join(folder, 'weights.safetensors'), saveState(toyRecogniser(recipe)), {
      metadata: { recipe: JSON.stringify(recipe) },
    });
    const test = join(folder, 'data', 'test');
    await mkdir(test, { recursive: true });
    for (const [i, name] of ['one', 'two', 'four'].entries()) {
      const paint = (frame: number, x: number, y: number): [number, number, number] => [
        128 + 90 * Math.sin((x + 9 * i) / (3 + 4 * i) + frame / 4) * Math.cos(y / 7),
        90 + 40 * i,
        140,
      ];
      await makeVideo(join(test, `${name}.mp4`), { width: 64, height: 48, timesMs: steadyTimes(30, 30), paint });
    }
    await writeFile(join(test, 'three.mp4'), 'no video');
    await writeFile(
      join(folder, 'data', 'test_list_videos.txt'),
      ['four', 'three', 'one', 'two', 'lost'].map((name) => `${name}.mp4 0\n`).join(''),
    );
    await mkdir(join(folder, 'data', 'val'));
    for (const name of ['one', 'two']) {
      await copyFile(join(test, `${name}.mp4`), join(folder, 'data', 'val', `${name}.mp4`));
    }
    await writeFile(join(folder, 'data', 'val_list_videos.txt'), 'one.mp4 3\ntwo.mp4 7\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const clip = (name: string) => `data/test/${name}.mp4`;

  it('shows the likeliest actions of each clip, and goes on behind one that is broken', async () => {
    const clips = ['one', 'three', 'two'].map(clip);
    const { exitCode, stdout, stderr } = await run(
      'recognize',
      ...clips,
      '--model',
      'weights.safetensors',
      '--top',
      '3',
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^microaction: data\/test\/three\.mp4: this is not a video/m);
    expect(stderr).toContain('2 clips recognised, 1 failed\n');
    expect(stdout).toMatch(
      /^data\/test\/one\.mp4 {2}1\.00 s\n\n +% +code +action +body part\n( *\d+\.\d .*\n){3}\ndata\/test\/two/,
    );
    const json = await run('recognize', clip('one'), '--model', 'weights.safetensors', '--top', '100', '--json');
    const document = JSON.parse(json.stdout);
    expect(document).toMatchObject({
      model: 'toy-manet',
      weights: 'weights.safetensors',
      clips: [{ file: clip('one') }],
    });
    const probabilities = document.clips[0].actions.map(({ probability }: { probability: number }) => probability);
    expect(probabilities).toHaveLength(52);
    expect(probabilities.reduce((a: number, b: number) => a + b)).toBeCloseTo(1, 6);
    expect(probabilities.toSorted((a: number, b: number) => b - a)).toEqual(probabilities);
  });

  it('predicts the clips of a list in its order, to be evaluated and submitted', async () => {
    const args = [
      'predict',
      '--data',
      'data',
      '--split',
      'testing',
      '--model',
      'weights.safetensors',
      '--views',
      'ten',
    ];
    const predicted = await run(...args, '--out', 'out/scores.npy');
    expect(predicted.exitCode).toBe(1);
    expect(predicted.stderr).toContain('microaction: lost.mp4: the data set has no video of this name\n');
    expect(predicted.stderr).toMatch(
      /wrote out\/scores\.npy: 5 clips, in the order of data\/test_list_videos\.txt; 2 could not be read and have equal/,
    );
    expect(await readdir(join(folder, 'out'))).toEqual(['scores.npy']);
    const table = readNpy(await readFile(join(folder, 'out', 'scores.npy')), 'scores.npy');
    expect(table).toMatchObject({ dtype: 'float32', shape: [5, 52] });
    const rows = Array.from({ length: 5 }, (_, row) => [...numbersOf(table)].slice(row * 52, (row + 1) * 52));
    for (const row of [rows[1], rows[4]]) expect(new Set(row)).toEqual(new Set([Math.fround(1 / 52)]));
    expect(new Set(rows.map((row) => row.join())).size).toBe(4);

    const { stdout } = await run(
      'recognize',
      clip('two'),
      '--model',
      'weights.safetensors',
      '--views',
      'ten',
      '--json',
    );
    const [best] = JSON.parse(stdout).clips[0].actions;
    expect(rows[3][best.id]).toBeCloseTo(best.probability, 6);
    expect(Math.max(...rows[3])).toBe(rows[3][best.id]);

    const list = 'data/test_list_videos.txt';
    const scored = await run('evaluate', 'recognition', '--truth', list, '--scores', 'out/scores.npy', '--json');
    expect(JSON.parse(scored.stdout)).toMatchObject({ clips: 5, action: { top1: expect.any(Number) } });
    const submit = ['submit', 'recognition', '--list', list, '--scores', 'out/scores.npy', '--out', 'out/table.csv'];
    expect((await run(...submit)).exitCode).toBe(0);
    const lines = (await readFile(join(folder, 'out', 'table.csv'), 'utf8')).split('\r\n');
    expect(lines[4].startsWith(`two.mp4,${best.id},`)).toBe(true);
    expect(await run(...args, '--out', 'out/scores.npy')).toMatchObject({
      stderr: expect.stringContaining('--overwrite'),
    });
  });

  it('goes on where it was stopped, but not by other views', async () => {
    const args = ['predict', '--data', 'data', '--split', 'val', '--model', 'weights.safetensors'];
    await run(...args, '--out', 'whole.npy', '--quiet');
    const stopped = await runCommand([...args, '--out', 'parts.npy'], {
      cwd: folder,
      started: (child) =>
        child.stderr?.on('data', (chunk: string) => chunk.includes('two.mp4: started') && child.kill('SIGINT')),
    });
    expect(stopped.exitCode).toBe(130);
    await appendFile(join(folder, 'parts.partial.jsonl'), '{"id":"two.mp4","prob');
    const other = await run(...args, '--out', 'parts.npy', '--views', 'three');
    expect([other.exitCode, other.stderr]).toEqual([1, expect.stringContaining('another model or by other options')]);
    const { stderr } = await run(...args, '--out', 'parts.npy');
    expect(stderr).toContain('parts.partial.jsonl: goes on after 1 clip that an earlier run looked at\n');
    const [whole, parts] = await Promise.all(['whole.npy', 'parts.npy'].map((name) => readFile(join(folder, name))));
    expect(parts).toEqual(whole);
    expect(await readdir(folder)).not.toContain('parts.partial.jsonl');
  });

  it('says which lists there are, and what belongs to detectors', async () => {
    const args = ['predict', '--data', 'data', '--model', 'weights.safetensors', '--out'];
    expect(await run(...args, 'no.npy')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('data: there are 2 lists; name one by --split: test, val'),
    });
    expect((await run(...args, 'no.txt')).stderr).toContain('no.txt: expected .npy for the scores of clips, or .json');
    expect(await run('export', 'weights.safetensors', '--out', 'no.onnx', '--steps', '32')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--steps is of detectors'),
    });
  });

  it('exports one .onnx, which recognizes alike and finds actions in a longer video', async () => {
    expect((await run('export', 'weights.safetensors', '--out', 'toy.onnx')).stderr).toBe('wrote toy.onnx\n');
    const actionsBy = async (model: string) =>
      JSON.parse((await run('recognize', clip('one'), '--model', model, '--json', '--top', '2')).stdout).clips[0]
        .actions;
    const [there, here] = [await actionsBy('toy.onnx'), await actionsBy('weights.safetensors')];
    expect(there.map(({ id }: { id: number }) => id)).toEqual(here.map(({ id }: { id: number }) => id));
    expect(there[0].probability).toBeCloseTo(here[0].probability, 4);
    const refused = await run('recognize', clip('one'), '--model', 'toy.onnx', '--views', 'three');
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('expected centre or ten') });

    const paint = (frame: number, x: number): [number, number, number] => {
      const acts = frame >= 60 && frame < 120;
      return [acts ? 128 + 100 * Math.sin(x / 3 + frame) : 60, acts ? 200 : 128, 128];
    };
    await makeVideo(join(folder, 'long.mp4'), { width: 64, height: 48, timesMs: steadyTimes(200, 20), paint });
    const found = await run('detect', 'long.mp4', '--model', 'toy.onnx', '--json', '--min-score', '0');
    const { videos, model } = JSON.parse(found.stdout);
    expect(model).toBe('toy-manet');
    const surest = videos[0].instances.toSorted((a: { score: number }, b: { score: number }) => b.score - a.score)[0];
    expect(Math.abs(surest.start - 3)).toBeLessThan(0.75);
    expect(Math.abs(surest.end - 6)).toBeLessThan(0.75);
    expect(surest.reason).toBe('found by the recogniser toy-manet, toy.onnx, in windows');

    await mkdir(join(folder, 'videos'));
    await copyFile(join(folder, 'long.mp4'), join(folder, 'videos', 'long.mp4'));
    const predicted = await run('predict', '--data', 'videos', '--model', 'toy.onnx', '--out', 'sliding.json');
    expect(predicted.exitCode).toBe(0);
    const [first] = JSON.parse(await readFile(join(folder, 'sliding.json'), 'utf8')).results.long;
    expect(first).toEqual({ segment: [surest.start, surest.end], label: surest.action, score: surest.score });
  });
});
