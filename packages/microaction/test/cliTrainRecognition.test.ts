import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTrainedWeights } from '../src/training/checkpoint.ts';
import type { RecognitionRecipeSource } from '../src/training/recipe.ts';
import { runCommand } from './runCommand.ts';
import { makeVideo, steadyTimes } from './testVideo.ts';

const small: RecognitionRecipeSource = {
  task: 'recognition',
  name: 'small',
  model: { kind: 'manet', width: 8, depths: [1, 1, 1, 1] },
  loss: { embeddingWeight: 1 },
  data: {
    sizePixels: 32,
    shortSidePixels: 36,
    sampling: { kind: 'segments', segments: 4 },
    crop: { scales: [1, 0.9] },
    batchSize: 2,
  },
  training: { epochs: 2, warmUpEpochs: 0, learningRate: { head: 1e-3, backbone: 1e-3 }, logSteps: 1 },
};

describe('microaction train recognition', () => {
  let folder: string;
  const train = (out: string, ...more: string[]) =>
    runCommand(['train', 'recognition', '--data', 'data', '--out', out, '--threads', '1', ...more], { cwd: folder });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-train-'));
    const data = join(folder, 'data');
    for (const subset of ['train', 'val']) {
      await mkdir(join(data, subset), { recursive: true });
      for (const [i, id] of ['a', 'b', 'c', 'd'].entries()) {
        const paint = (_: number, x: number): [number, number, number] =>
          x < 32 === i < 2 ? [220, 200, 40] : [60, 60, 90];
        await makeVideo(join(data, subset, `${id}.mp4`), { width: 64, height: 48, timesMs: steadyTimes(9, 30), paint });
      }
      const others = subset === 'train' ? '\nbroken.mp4 3\nlost.mp4 3' : '\nlost.mp4 3';
      await writeFile(join(data, `${subset}_list_videos.txt`), `a.mp4 3\nb.mp4 3\nc.mp4 40\nd.mp4 40${others}\n`);
    }
    await writeFile(join(data, 'train', 'broken.mp4'), 'no video');
    await writeFile(join(folder, 'small.json'), JSON.stringify(small));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('trains, validates, stops and goes on, and leaves weights, log and page', { timeout: 60_000 }, async () => {
    const stopped = await runCommand(
      ['train', 'recognition', '--data', 'data', '--out', 'run', '--threads', '1', '--recipe', 'small.json'],
      {
        cwd: folder,
        started: (child) =>
          child.stderr?.on('data', (text) => String(text).includes('step 1/') && child.kill('SIGINT')),
      },
    );
    expect(stopped).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('run: goes on with --resume') });
    expect(stopped.stderr).toContain('50 of 52 actions have no clip to learn from');
    expect(stopped.stderr).toContain('No --word-vectors: labels mean alike where they share words');

    const { exitCode, stdout, stderr } = await train('run', '--resume');
    expect([exitCode, stderr.includes('bug')]).toEqual([0, false]);
    expect(stdout).toMatch(/^Best after epoch 2: accuracy and F1 in percent\nlevel +top-1 +top-5 +F1 macro +F1 micro/);
    expect(stdout).toContain('microaction recognize CLIP --model run/best/weights.safetensors');
    expect(stderr).toMatch(/^epoch 2 {2}action top-1 \d.*, body top-1 \d.*, F1 mean \d/m);
    expect(stderr).toContain('left out; run/log.jsonl says why');
    const found = await readdir(join(folder, 'run'));
    expect(found.sort()).toEqual([
      'best',
      'label-vectors.safetensors',
      'last',
      'log.jsonl',
      'recipe.json',
      'training.html',
    ]);
    const { recipe, tensors } = await loadTrainedWeights(join(folder, 'run', 'best', 'weights.safetensors'));
    expect(recipe).toMatchObject({ task: 'recognition', version: 1, name: 'small' });
    expect(tensors.get('cls_head.fc_cls.weight')?.shape[0]).toBe(52);
    expect(await readFile(join(folder, 'run', 'training.html'), 'utf8')).toContain(
      'Accuracy and F1 on the validation clips',
    );
  });

  it.each([
    [['--recipe', 'tiny'], 2, 'There is no recipe "tiny"; known: manet, tsm,'],
    [['--recipe', 'tiny-tsm', '--word-vectors', 'glove.txt'], 2, 'the recipe learns no meaning of labels'],
    [['--recipe', 'small.json', '--word-vectors', 'glove.txt'], 1, 'glove.txt'],
    [['--recipe', 'small.json', '--weights', 'small.json'], 1, 'small.json'],
  ])('refuses %j', async (more, exitCode, message) => {
    const { stderr, ...result } = await train('refused', ...more);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('bug');
    expect(result.exitCode).toBe(exitCode);
  });
});
