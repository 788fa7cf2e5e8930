import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTrainedModel } from '../src/inference/model/modelDetector.ts';
import type { RecipeSource } from '../src/training/recipe.ts';
import { runCommand } from './runCommand.ts';
import { makeVideo, steadyTimes } from './testVideo.ts';

const small: RecipeSource = {
  task: 'detection',
  name: 'small',
  backbone: { width: 16, depth: 1, heads: 2, patchPixels: 8, picturePixels: 16, clipFrames: 8 },
  tuned: 'all',
  detector: { features: 16, convolutions: 1, levels: 2, heads: 2, dropPath: 0.1, headConvolutions: 1 },
  data: { sizePixels: 16, frameStride: 4, windowSteps: 16, bucketSteps: [16], batchSize: 2 },
  training: { epochs: 4, warmUpEpochs: 1, learningRate: { head: 1e-2, backbone: 1e-2 }, logSteps: 1 },
  evaluation: { everyEpochs: 2 },
};

describe('microaction train detection', () => {
  let folder: string;
  const train = (out: string, ...more: string[]) =>
    runCommand(['train', 'detection', '--data', 'data', '--out', out, '--threads', '1', ...more], { cwd: folder });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-train-'));
    const videos = join(folder, 'data', 'videos');
    await mkdir(videos, { recursive: true });
    for (const [i, id] of ['a', 'b', 'c', 'd'].entries()) {
      const paint = (frame: number, x: number): [number, number, number] =>
        frame >= 15 && frame < 40 && x < 32 === i < 2 ? [220, 200, 40] : [60, 60, 90];
      await makeVideo(join(videos, `${id}.mp4`), { width: 64, height: 48, timesMs: steadyTimes(60, 30), paint });
    }
    await writeFile(join(videos, 'broken.mp4'), 'no video');
    const table = (ids: readonly string[]) => {
      const rows = ids.map((id, i) => `${i},${id},15,40,${id < 'c' ? 3 : 9},60,30`);
      return `id,video_id,start_frame,end_frame,class,total_frames,fps\n${rows.join('\n')}\n`;
    };
    await writeFile(join(folder, 'data', 'train.csv'), table(['a', 'b', 'broken', 'c', 'd', 'lost']));
    await writeFile(join(folder, 'data', 'val.csv'), table(['a', 'c']));
    await writeFile(join(folder, 'small.json'), JSON.stringify(small));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('trains, skips what is no video, validates, and leaves weights, log and page', { timeout: 60_000 }, async () => {
    const { exitCode, stdout, stderr } = await train('run', '--recipe', 'small.json');
    expect([exitCode, stderr.includes('bug')]).toEqual([0, false]);
    expect(stdout).toMatch(
      /^Best after epoch \d: Detection-mAP in percent, by temporal IoU\nlevel +0\.2 +0\.5 +0\.7 +average/,
    );
    expect(stderr).toContain('2 videos left out; run/log.jsonl says why');
    expect(stderr).toMatch(/^epoch 4 {2}mAP: action \d/m);
    expect(stderr).toMatch(/^epoch 4\/4, step 8\/8, loss .* left$/m);
    const found = await readdir(join(folder, 'run'));
    expect(found.sort()).toEqual(['best', 'last', 'log.jsonl', 'recipe.json', 'training.html']);
    const { recipe } = await loadTrainedModel(join(folder, 'run', 'best', 'weights.safetensors'));
    expect(recipe.taxonomy?.actions).toHaveLength(52);

    const again = await train('run', '--recipe', 'small.json');
    expect(again).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('there is a run already; add --resume'),
    });
    const other = await train('run', '--resume', '--set', 'training.seed=3');
    expect(other).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('training.seed: 0 and 3') });
  });

  it('stops at Ctrl-C, and goes on to the same weights', { timeout: 60_000 }, async () => {
    const args = ['train', 'detection', '--data', 'data', '--threads', '1', '--recipe', 'small.json'];
    const stopped = await runCommand([...args, '--out', 'stopped'], {
      cwd: folder,
      started: (child) => {
        // The first line is that of the first step.
        child.stderr?.on('data', (text) => String(text).includes('step 1/') && child.kill('SIGINT'));
      },
    });
    expect(stopped).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('stopped: goes on with --resume') });
    const resumed = await train('stopped', '--resume', '--json', '--quiet');
    expect(resumed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(resumed.stdout)).toMatchObject({ recipe: 'small', steps: 8, skipped: [{}, {}] });
    for (const file of ['last/weights.safetensors', 'best/weights.safetensors']) {
      const of = (run: string) => readFile(join(folder, run, file));
      expect(await of('stopped'), file).toEqual(await of('run'));
    }
  });

  it.each([
    [['--recipe', 'dsta-x'], 2, 'There is no recipe "dsta-x"; known: dsta-s,'],
    [['--recipe', 'tiny', '--set', 'training.epoch=3'], 1, 'did you mean training.epochs?'],
    [['--recipe', 'tiny', '--data', 'nowhere'], 1, 'nowhere: cannot be read: there is no such file or folder'],
    [['--recipe', 'tiny', '--weights', 'small.json'], 1, 'small.json'],
    [['--resume'], 1, 'there is no run to go on with'],
  ])('refuses %j', async (more, exitCode, message) => {
    const { stderr, ...result } = await train('refused', ...more);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('bug');
    expect(result.exitCode).toBe(exitCode);
  });
});
