import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVideo, steadyTimes } from '../../../test/testVideo.ts';
import type { Clip, Dataset } from '../../annotation/dataset.ts';
import { readDataset } from '../../files/readDataset.ts';
import { synthesize } from '../../synthesis/synthesizeNode.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { officialAugmentation } from '../augment/augment.ts';
import type { BatchSource } from '../batches.ts';
import { FrameStore } from '../frames/frameStore.ts';
import type { DetectionBatch } from './detectionBatch.ts';
import { type DetectionBatchOptions, detectionBatches } from './detectionBatches.ts';
import { type LabelledVideo, labelledVideos } from './labelledVideos.ts';
import type { WindowChoice } from './windowBatches.ts';

const frameRate = 25;
/** Frames of each video; each frame is of one grey, two brighter than the one before. */
const lengths = { a: 40, b: 44, c: 70, d: 100, e: 46 };
const names = microActions52.actions.map(({ name }) => name);

const random: WindowChoice = { kind: 'random', leastPart: 0.75, ratio: [0.9, 1] };
const settings = { sizePixels: 16, strideFrames: 1, bucketSteps: [48, 80], batchSize: 2, seed: 1, windows: random };

async function collect(batches: AsyncIterable<DetectionBatch>): Promise<DetectionBatch[]> {
  const all = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

/** Number of the frame at a step of a window, by its grey. */
function frameAt({ input, inputShape }: DetectionBatch, window: number, step: number): number {
  const [, , steps, height, width] = inputShape;
  const grey = input[((window * 3 + 1) * steps + step) * height * width];
  return Math.round(((grey * 219) / 255 - 4) / 2);
}

const validSteps = ({ mask, inputShape }: DetectionBatch, window: number) =>
  mask.subarray(window * inputShape[2], (window + 1) * inputShape[2]).indexOf(0) >>> 0;

describe('batches for a detector', () => {
  let folder: string;
  let videos: LabelledVideo[];
  let frames: FrameStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-batches-'));
    await mkdir(join(folder, 'videos'));
    for (const [id, count] of Object.entries(lengths)) {
      await makeVideo(join(folder, 'videos', `${id}.mp4`), {
        width: 64,
        height: 48,
        timesMs: steadyTimes(count, frameRate),
        paint: (frame) => [20 + 2 * frame, 128, 128],
      });
    }
    const action = (name: string, from: number, to: number) => ({
      action: name,
      start: (from + 0.1) / frameRate,
      end: (to + 0.1) / frameRate,
    });
    const clips = Object.entries(lengths).map(([id, count]) => ({
      id,
      instances: [action(names[3], 5, 15), action(names[51], count - 20, count - 10)],
    }));
    ({ videos } = await labelledVideos({ taxonomy: microActions52, clips }, folder));
    frames = new FrameStore({ shortSidePixels: 16, threads: 2 });
  });
  afterAll(async () => {
    await frames.close();
    await rm(folder, { recursive: true });
  });

  const made = (options: Partial<DetectionBatchOptions> = {}, of = videos): Promise<BatchSource<DetectionBatch>> =>
    detectionBatches(of, frames, { ...settings, ...options });

  it('holds what the labels say where the pictures show it', async () => {
    const source = await made();
    expect(source.batchCount(0)).toBe(2);
    const seen = new Set<string>();
    for (let epoch = 0; epoch < 6; epoch++) {
      const batches = await collect(source.epoch(epoch));
      expect(batches.length).toBe(2);
      for (const batch of batches) {
        const [count, channels, steps, height, width] = batch.inputShape;
        expect([count, channels, height, width]).toEqual([2, 3, 16, 16]);
        expect(settings.bucketSteps).toContain(steps);
        expect(batch.input.length).toBe(2 * 3 * steps * 256);
        expect(batch.mask.length).toBe(2 * steps);
        for (const [window, id] of batch.videos.entries()) {
          seen.add(id);
          const all = lengths[id as keyof typeof lengths];
          const valid = Math.min(validSteps(batch, window), steps);
          expect(valid).toBeGreaterThanOrEqual(Math.min(0.9 * all - 1, steps));
          expect(valid).toBeLessThanOrEqual(Math.min(all, steps));
          const start = frameAt(batch, window, 0);
          expect(frameAt(batch, window, valid - 1)).toBe(start + valid - 1);
          expect(frameAt(batch, window, steps - 1)).toBe(start + valid - 1); // the last one stays
          const { starts, ends, classes } = batch.truths[window];
          expect(classes.length).toBeGreaterThan(0);
          classes.forEach((classId, i) => {
            const [from, to] = classId === 3 ? [5, 15] : [all - 20, all - 10];
            expect(start + starts[i]).toBe(Math.max(from, start));
            expect(start + ends[i]).toBe(Math.min(to, start + valid));
            expect(ends[i] - starts[i]).toBeGreaterThanOrEqual(7.5);
          });
        }
      }
    }
    expect([...seen].sort()).toEqual(Object.keys(lengths));
    expect(source.skipped).toEqual([]);
  });

  it('puts short windows in short buckets', async () => {
    const [first, ...rest] = await collect((await made({ batchSize: 1 })).epoch(0));
    for (const batch of [first, ...rest]) {
      const all = lengths[batch.videos[0] as keyof typeof lengths];
      expect(batch.inputShape[2]).toBe(all <= 48 ? 48 : 80);
    }
  });

  it('is the same for the same seed and epoch, wherever it is gone on with', async () => {
    const options = { augment: officialAugmentation, batchSize: 1 };
    const whole = await collect((await made(options)).epoch(3));
    expect(await collect((await made(options)).epoch(3, 2))).toEqual(whole.slice(2));
    expect(await collect((await made({ ...options, ahead: 0 })).epoch(3))).toEqual(whole);
    expect(await collect((await made(options)).epoch(4))).not.toEqual(whole);
    expect(await collect((await made({ ...options, seed: 2 })).epoch(3))).not.toEqual(whole);
    expect(await collect((await made(options)).epoch(3, 5))).toEqual([]);
  });

  it('keeps a last batch that does not fill only where told', async () => {
    const kept = await made({ windows: { ...random, incomplete: 'keep' } });
    expect(kept.batchCount(1)).toBe(3);
    const all = (await collect(kept.epoch(1))).flatMap((batch) => batch.videos);
    expect(all.sort()).toEqual(Object.keys(lengths));
  });

  it('validates on windows that slide, always the same, with a stride of frames', async () => {
    const options = { strideFrames: 2, bucketSteps: [24, 32], windows: { kind: 'sliding', overlap: 0.5 } } as const;
    const source = await made(options);
    const batches = await collect(source.epoch(0));
    expect(await collect(source.epoch(7))).toEqual(batches);
    expect(batches.length).toBe(source.batchCount(0));
    const found = batches.flatMap((batch) => batch.videos.map((id, i) => [id, frameAt(batch, i, 0), batch.truths[i]]));
    const starts = Map.groupBy(found, ([id]) => id);
    expect([...(starts.get('d') ?? [])].map(([, start]) => start)).toEqual([0, 32, 36]); // 50 samples, 16 apart
    expect(starts.get('a')?.[0][2]).toEqual({
      starts: Float32Array.of(2.5, 10),
      ends: Float32Array.of(7.5, 15),
      classes: Int32Array.of(3, 51),
    });
  });

  describe('with videos that cannot be used', () => {
    it('leaves out from the beginning what cannot be opened, and says so', async () => {
      const bad = join(folder, 'bad.mp4');
      await writeFile(bad, 'no video');
      const source = await made({ skipped: [{ video: 'y', reason: 'gone' }] }, [
        { ...videos[0], id: 'x', path: bad },
        ...videos,
      ]);
      expect(source.batchCount(0)).toBe(2);
      expect(source.skipped).toEqual([
        { video: 'y', reason: 'gone' },
        { video: 'x', reason: expect.stringContaining(bad) },
      ]);
    });

    it('puts another in the place of one that turns out to be damaged, the same one when it is gone on with', async () => {
      const path = join(folder, 'damaged.mp4');
      const content = await readFile(videos[3].path);
      await writeFile(path, content.fill(0xff, content.length >> 3, (content.length * 3) >> 3));
      const some = videos.map((video) => (video.id === 'd' ? { ...video, path } : video));
      const source = await made({ batchSize: 1 }, some);
      const batches = await collect(source.epoch(0));
      expect(batches.length).toBe(5);
      expect(batches.flatMap((batch) => batch.videos)).not.toContain('d');
      for (const batch of batches) expect(batch.input.includes(0)).toBe(false); // nothing black
      expect(source.skipped).toEqual([
        { video: 'd', reason: expect.stringMatching(/damaged\.mp4: \d+ of \d+ frames/) },
      ]);
      await using fresh = new FrameStore({ shortSidePixels: 16, threads: 1 });
      const again = await detectionBatches(some, fresh, { ...settings, batchSize: 1 });
      for (const from of [1, 2, 3, 4]) expect(await collect(again.epoch(0, from))).toEqual(batches.slice(from));

      const sliding = await made({ windows: { kind: 'sliding', overlap: 0.5 } }, some);
      const ids = (await collect(sliding.epoch(0))).flatMap((batch) => batch.videos);
      expect([...new Set(ids)].sort()).toEqual(['a', 'b', 'c', 'e']);
      expect(sliding.skipped.length).toBe(1);
    });

    it('stops where nothing is left', async () => {
      const path = join(folder, 'soon.mp4');
      await copyFile(videos[0].path, path);
      const source = await made({ batchSize: 1 }, [{ ...videos[0], path }]);
      await rm(path);
      await expect(collect(source.epoch(0))).rejects.toMatchObject({ code: 'no-videos' });
    });

    it('refuses sets with nothing to learn from, and too few', async () => {
      await expect(made({}, [])).rejects.toMatchObject({ code: 'no-videos' });
      const nothing = videos.map((video) => ({ ...video, actions: [] }));
      await expect(made({}, nothing)).rejects.toThrow('no video with an action to learn from among 5');
      await expect(made({ batchSize: 6 })).rejects.toMatchObject({ code: 'too-few-videos' });
      await expect(made({ bucketSteps: [80, 48] })).rejects.toThrow('bucketSteps: found [80, 48]');
    });
  });

  it('reads a simulated set as it was written', async () => {
    const out = join(folder, 'simulated');
    for await (const _ of synthesize(
      out,
      { videos: 2, subjects: 2, seed: 1, sizePixels: 32, frameRate: 10 },
      { threads: 2 },
    ));
    const { dataset } = await readDataset(join(out, 'train.csv'), { taxonomy: microActions52 });
    const found = await labelledVideos(dataset, out);
    expect(found.missing).toEqual([]);
    expect(found.videos.length).toBe(dataset.clips.length);
    const source = await made({ strideFrames: 2, bucketSteps: [64, 128, 256], batchSize: 1 }, found.videos);
    for (const {
      truths,
      videos: [id],
      inputShape,
      mask,
    } of await collect(source.epoch(0))) {
      const clip = dataset.clips.find((one) => one.id === id) as Clip;
      const frameCount = (clip.durationSeconds as number) * (clip.frameRate as number);
      expect(mask.reduce((sum, valid) => sum + valid, 0)).toBeGreaterThanOrEqual(Math.floor((0.9 * frameCount) / 2));
      expect(inputShape[2]).toBe([64, 128, 256].find((length) => length >= frameCount / 2));
      const classes = new Set(clip.instances.map(({ action }) => microActions52.get(action).id));
      for (const classId of truths[0].classes) expect(classes).toContain(classId);
      expect(Math.max(...truths[0].ends)).toBeLessThanOrEqual(Math.ceil(frameCount / 2));
    }
    expect(source.skipped).toEqual([]);
  });

  it('tells which clips have no video', async () => {
    const clip = { instances: [{ action: names[0], start: 0, end: 1 }] };
    const dataset: Dataset = {
      taxonomy: microActions52,
      clips: [
        { ...clip, id: 'nobody' },
        { ...clip, id: 'a' },
      ],
    };
    const found = await labelledVideos(dataset, folder);
    expect(found.videos.map(({ id, path }) => [id, path])).toEqual([['a', join(folder, 'videos', 'a.mp4')]]);
    expect(found.missing.map(({ video }) => video)).toEqual(['nobody']);
  });
});
