import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Initializer, saveState } from 'onnxgrad/nn';
import { readNpy } from 'onnxgrad/weights';
import { saveWeights } from 'onnxgrad/weights/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTrainedModel } from '../src/inference/model/modelDetector.ts';
import { detectorOf } from '../src/inference/model/trainedModel.ts';
import type { VideoDetector } from '../src/models/detection/index.ts';
import { parseRecipe } from '../src/training/recipe.ts';
import { runCommand } from './runCommand.ts';
import { makeVideo, steadyTimes } from './testVideo.ts';

const small = parseRecipe(
  {
    task: 'detection',
    name: 'small',
    backbone: { width: 16, depth: 1, heads: 2, patchPixels: 8, picturePixels: 16, clipFrames: 8 },
    tuned: 'all',
    detector: { features: 16, convolutions: 1, levels: 2, heads: 2, headConvolutions: 1 },
    data: { sizePixels: 16, frameStride: 4, windowSteps: 16, bucketSteps: [16], batchSize: 2 },
    training: { epochs: 2, warmUpEpochs: 1, learningRate: { head: 1e-2, backbone: 1e-2 } },
    evaluation: { everyEpochs: 1 },
  },
  'small',
);

describe('microaction reproduce table4', () => {
  let folder: string;
  const given = detectorOf(small, new Initializer(5)) as VideoDetector;
  const command = ['reproduce', 'table4', '--data', 'data', '--recipe', 'small.json', '--threads', '1'];
  const run = (...args: string[]) => runCommand([...command, ...args], { cwd: folder });
  const weights = ['--weights', 'full.safetensors'];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-reproduce-'));
    const videos = join(folder, 'data', 'videos');
    await mkdir(videos, { recursive: true });
    for (const id of ['a', 'b']) {
      const paint = (frame: number): [number, number, number] =>
        frame >= 15 && frame < 40 ? [220, 200, 40] : [60, 60, 90];
      await makeVideo(join(videos, `${id}.mp4`), { width: 64, height: 48, timesMs: steadyTimes(60, 30), paint });
    }
    const table = (id: string) => `id,video_id,start_frame,end_frame,class,total_frames,fps\n0,${id},15,40,3,60,30\n`;
    await writeFile(join(folder, 'data', 'train.csv'), table('a'));
    await writeFile(join(folder, 'data', 'val.csv'), table('b'));
    await writeFile(join(folder, 'small.json'), JSON.stringify(small));
    await saveWeights(join(folder, 'full.safetensors'), saveState(given));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('goes on where it stopped, and prints what it measured beside the paper', { timeout: 120_000 }, async () => {
    const stopped = await runCommand([...command, ...weights, '--out', 'out'], {
      cwd: folder,
      started: (child) => {
        // In the third run, after its first step.
        let lines = '';
        child.stderr?.on('data', function stop(text) {
          lines += text;
          if (!/standard \(3 of 5\).*step 1\//s.test(lines)) return;
          child.stderr?.off('data', stop);
          child.kill('SIGINT');
        });
      },
    });
    expect(stopped).toMatchObject({ exitCode: 130, stdout: '' });
    expect(stopped.stderr).toContain('out: the same command goes on where it stopped');
    const whole = await run(...weights, '--out', 'out');
    expect(whole.exitCode).toBe(0);
    expect(whole.stderr).not.toMatch(/snippet \(1|full \(2/);
    expect(whole.stderr).toMatch(/standard \(3 of 5\).*goes on after step/s);
    const row = (title: string, ...numbers: string[]) => new RegExp(`^${title} +${numbers.join(' +')}$`, 'm');
    expect(whole.stdout).toMatch(row('snippet features', '-', '10\\.60', '-', '-', '\\d+\\.\\d\\d', '-'));
    expect(whole.stdout).toMatch(row('DSTA', '1\\.80', '18\\.16', '\\+7\\.56', '0\\.000', '\\d+\\.\\d\\d', '\\S+'));

    const again = await run(...weights, '--out', 'out', '--json', '--only', 'tia');
    expect(again).toMatchObject({ exitCode: 0, stderr: '' });
    const { settings, unit } = JSON.parse(again.stdout);
    expect([settings.length, unit]).toEqual([5, 2 ** 20]);
    expect(settings[3]).toMatchObject({
      setting: 'tia',
      published: { tunedParameters: 0.96, map: 16.25, gain: 5.65 },
      measured: { map: expect.any(Number), gain: expect.any(Number), weights: 'out/tia/best/weights.safetensors' },
    });

    // What is not trained is as it was given.
    for (const setting of ['standard', 'tia', 'dsta']) {
      const { model } = await loadTrainedModel(join(folder, 'out', setting, 'best', 'weights.safetensors'));
      const trained = saveState(model.backbone);
      for (const [name, tensor] of saveState(given.backbone)) expect(trained.get(name), name).toEqual(tensor);
    }
    const features = await readFile(join(folder, 'out', 'snippets', 'b.npy'));
    expect(readNpy(features, 'b.npy').shape).toEqual([16, 14]); // clips of 8 frames, one each 4, in 60
  });

  it('keeps runs of different kinds apart', { timeout: 60_000 }, async () => {
    const first = await run(...weights, '--out', 'kept', '--only', 'snippet', '--quiet');
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    const other = await run(...weights, '--out', 'kept', '--set', 'full:training.learningRate.backbone=1e-3');
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toContain('recipes.full.training.learningRate.backbone: 0.01 and 0.001');
    await mkdir(join(folder, 'foreign', 'full'), { recursive: true });
    const foreign = await run(...weights, '--out', 'foreign');
    expect(foreign).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('holds full that this command did') });
  });

  it.each([
    [[], 2, 'expected either --weights FILE'],
    [['--from-nothing', ...weights], 2, 'one of both'],
    [['--from-nothing', '--recipe', 'snippet-s'], 2, 'it is of stored features; name one with a backbone'],
    [['--from-nothing', '--set', 'tai:training.epochs=2'], 2, 'there is no setting "tai"; there are snippet, full,'],
    [[...weights, '--recipe', 'tiny'], 1, 'missing blocks.1.norm1.weight [128]'],
  ])('refuses %j, and writes nothing', async (more, exitCode, message) => {
    const { stderr, ...result } = await run('--out', 'refused', ...more);
    expect(stderr).toContain(message);
    expect(result.exitCode).toBe(exitCode);
    await expect(stat(join(folder, 'refused'))).rejects.toThrow('ENOENT');
  });
});
