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

  /** Ctrl-C at the line of the first step. */
  const stoppedAtOnce = (out: string) =>
    runCommand(['train', 'detection', '--data', 'data', '--threads', '1', '--recipe', 'small.json', '--out', out], {
      cwd: folder,
      started: (child) => {
        child.stderr?.on('data', (text) => String(text).includes('step 1/') && child.kill('SIGINT'));
      },
    });

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
    await mkdir(join(folder, 'labels', 'none'), { recursive: true });
    await writeFile(join(folder, 'labels', 'train.csv'), table(['a']));
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
    const stopped = await stoppedAtOnce('stopped');
    expect(stopped).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('stopped: goes on with --resume') });
    const resumed = await train('stopped', '--resume', '--json', '--quiet');
    expect(resumed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(resumed.stdout)).toMatchObject({ recipe: 'small', steps: 8, skipped: [{}, {}] });
    for (const file of ['last/weights.safetensors', 'best/weights.safetensors']) {
      const of = (run: string) => readFile(join(folder, run, file));
      expect(await of('stopped'), file).toEqual(await of('run'));
    }
  });

  // A limit on the size of files stands for a disk that is full.
  it.skipIf(process.platform === 'win32')(
    'keeps the checkpoint before where the disk is full, and goes on from it to the same weights',
    { timeout: 90_000 },
    async () => {
      await stoppedAtOnce('full');
      const checkpoint = () => readFile(join(folder, 'full', 'last', 'weights.safetensors'));
      const before = await checkpoint();
      const limited = await runCommand(['train', 'detection', '--data', 'data', '--out', 'full', '--resume'], {
        cwd: folder,
        largestFileKibibytes: 16,
      });
      expect(limited).toMatchObject({ exitCode: 1, stdout: '' });
      expect(limited.stderr).toMatch(/^microaction: full\/\.(last|best)\.next\/.*: cannot be written: /m);
      expect(limited.stderr).toContain('full: what was saved before is whole; with --resume it goes on from there');
      expect(await checkpoint()).toEqual(before);
      expect(await train('full', '--resume', '--quiet')).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await checkpoint()).toEqual(await readFile(join(folder, 'run', 'last', 'weights.safetensors')));
    },
  );

  it('does not go on from a checkpoint of another model', { timeout: 60_000 }, async () => {
    await train('wider', '--recipe', 'small.json', '--set', 'detector.features=24', '--quiet');
    await writeFile(join(folder, 'wider', 'recipe.json'), await readFile(join(folder, 'run', 'recipe.json')));
    const { exitCode, stderr } = await train('wider', '--resume');
    expect([exitCode, stderr.includes('bug')]).toEqual([1, false]);
    expect(stderr).toContain('wider: its checkpoint is not of its recipe: these weights do not fit');
    expect(stderr).toContain('expected [16, 16, 3], got [24, 16, 3]');
  });

  it.each([
    [['--recipe', 'dsta-x'], 2, 'There is no recipe "dsta-x"; known: dsta-s,'],
    [['--recipe', 'tiny', '--set', 'training.epoch=3'], 1, 'did you mean training.epochs?'],
    [['--recipe', 'tiny', '--data', 'nowhere'], 1, 'nowhere: cannot be read: there is no such file or folder'],
    [['--recipe', 'tiny', '--data', 'labels'], 1, 'labels: there is no video called a in this folder; add it'],
    [['--recipe', 'tiny', '--data', 'labels/none'], 1, 'labels/none: found no annotated video; expected videos of'],
    [['--recipe', 'tiny', '--weights', 'small.json'], 1, 'small.json'],
    [['--resume'], 1, 'there is no run to go on with'],
  ])('refuses %j', async (more, exitCode, message) => {
    const { stderr, ...result } = await train('refused', ...more);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('bug');
    expect(result.exitCode).toBe(exitCode);
  });
});
