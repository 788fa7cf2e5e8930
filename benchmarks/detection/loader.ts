/**
 * Windows of videos for training a detector, beside bare decoding of the same frames to the same size: six videos of 320
 * frames, 854 x 480, H.264; windows of 256 frames of 160 x 160, one at a time.
 *
 *   node benchmarks/detection/loader.ts [--threads 2] [--epochs 2]
 *
 * Bare decoding opens each video, decodes as many frames as a window has and throws them away; both use as many threads,
 * and take turns. Then the same from the cache, where what is left is augmentation, and augmentation alone.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Dice } from '../../packages/microaction/src/dice.ts';
import {
  type AugmentOptions,
  augmented,
  drawAugmentation,
  noAugmentation,
  officialAugmentation,
} from '../../packages/microaction/src/training/augment/augment.ts';
import { detectionBatches } from '../../packages/microaction/src/training/detection/detectionBatches.ts';
import type { LabelledVideo } from '../../packages/microaction/src/training/detection/labelledVideos.ts';
import { FrameStore } from '../../packages/microaction/src/training/frames/frameStore.ts';
import { openVideo } from '../../packages/microaction/src/video/node.ts';
import { makeVideo, steadyTimes } from '../../packages/microaction/test/testVideo.ts';

const { values } = parseArgs({
  options: { threads: { type: 'string', default: '2' }, epochs: { type: 'string', default: '2' } },
});
const [threads, epochs] = [values.threads, values.epochs].map(Number);
const [count, frameCount, steps, shortSidePixels, sizePixels] = [6, 320, 256, 182, 160];
const [width, height] = [854, 480];

const folder = await mkdtemp(join(tmpdir(), 'microaction-loader-'));
try {
  const videos = await makeVideos();
  const cacheBytes = 2 * 2 ** 30;
  const kinds = { bare: bare, 'no augmentation': loader(0, noAugmentation), official: loader(0, officialAugmentation) };
  const seconds: Record<string, number[]> = {};
  for (let round = 0; round < 3; round++) {
    for (const [name, run] of Object.entries(kinds)) (seconds[name] ??= []).push(await run(videos));
  }
  seconds['cached, none'] = [await loader(cacheBytes, noAugmentation, 1)(videos)];
  seconds['cached, official'] = [await loader(cacheBytes, officialAugmentation, 1)(videos)];
  console.log(
    `${threads} threads, ${count} videos of ${frameCount} frames of ${width} x ${height}, windows of ${steps}`,
  );
  for (const [name, times] of Object.entries(seconds)) {
    const rate = (count * epochs) / median(times);
    const ratio = (median(seconds.bare) / median(times)).toFixed(2);
    console.log(
      `${name.padEnd(18)} ${rate.toFixed(2)} windows/s, ${(rate * steps).toFixed(0)} frames/s, ${ratio} of bare`,
    );
  }
  console.log(
    `official augmentation alone: ${(await augmentation()).toFixed(0)} ms of processor time for 96 x 160 x 160`,
  );
} finally {
  await rm(folder, { recursive: true });
}

// ---- below: internals ----

/** Seconds for all windows of the epochs. */
function loader(cacheBytes: number, augment: AugmentOptions, warmUpEpochs = 0) {
  return async (videos: readonly LabelledVideo[]): Promise<number> => {
    await using frames = new FrameStore({ shortSidePixels, cacheBytes, threads });
    const windows = { kind: 'random', leastPart: 0, ratio: null } as const;
    const options = { windows, bucketSteps: [steps], batchSize: 1, seed: 1, sizePixels, strideFrames: 1, augment };
    const source = await detectionBatches(videos, frames, options);
    let begin = performance.now();
    for (let epoch = 0; epoch < warmUpEpochs + epochs; epoch++) {
      if (epoch === warmUpEpochs) begin = performance.now();
      for await (const { inputShape } of source.epoch(epoch)) if (inputShape[2] !== steps) throw new Error('too short');
    }
    return (performance.now() - begin) / 1000;
  };
}

async function bare(videos: readonly LabelledVideo[]): Promise<number> {
  const begin = performance.now();
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { path } of videos) {
      await using video = await openVideo(path, { threads });
      let left = steps;
      for await (const _ of video.frames({ heightPixels: shortSidePixels })) if (--left === 0) break;
    }
  }
  return (performance.now() - begin) / 1000;
}

/** Milliseconds of processor time for a clip. */
async function augmentation(): Promise<number> {
  const size = { widthPixels: 324, heightPixels: 182 };
  const picture = Uint8Array.from(
    { length: 324 * 182 * 3 },
    (_, i) => textureAt((i / 3) % 324, i / 972) + (i % 3) * 20,
  );
  const pictures = { pictures: Array.from({ length: 96 }, () => picture), ...size };
  const once = (seed: number) =>
    augmented(pictures, drawAugmentation(size, officialAugmentation, sizePixels, new Dice(seed)), sizePixels);
  for (let seed = 0; seed < 20; seed++) once(seed);
  const before = process.cpuUsage();
  for (let seed = 0; seed < 30; seed++) once(seed);
  return process.cpuUsage(before).user / 1000 / 30;
}

function textureAt(x: number, y: number): number {
  return 100 + 40 * Math.sin(x / 17 + Math.sin(y / 29)) + 30 * Math.sin(y / 7 - x / 61);
}

/** Texture that drifts. */
async function makeVideos(): Promise<LabelledVideo[]> {
  const texture = new Uint8Array((width + 64) * height);
  for (let i = 0; i < texture.length; i++) texture[i] = textureAt(i % (width + 64), i / (width + 64));
  const planes = new Uint8Array(width * height * 1.5).fill(120);
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const path = join(folder, `${i}.mp4`);
      await makeVideo(path, {
        width,
        height,
        timesMs: steadyTimes(frameCount, 30),
        bFrames: 2,
        framesPerKey: 60,
        encoderOptions: { preset: 'veryfast' },
        bitRate: 1_500_000,
        planes(frame) {
          const left = Math.round(32 + 32 * Math.sin(frame / 20 + i));
          for (let y = 0; y < height; y++) {
            const from = y * (width + 64) + left;
            planes.set(texture.subarray(from, from + width), y * width);
          }
          return planes;
        },
      });
      return { id: `${i}`, path, actions: [{ start: 1, end: 9, classId: 0 }] };
    }),
  );
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}
