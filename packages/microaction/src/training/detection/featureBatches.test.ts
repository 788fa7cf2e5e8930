import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNpy, writeNpz } from 'onnxgrad/weights';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DetectionBatch } from './detectionBatch.ts';
import { type FeatureBatchOptions, featureBatches } from './featureBatches.ts';
import type { LabelledVideo } from './labelledVideos.ts';

const channels = 3;
const settings: FeatureBatchOptions = {
  channels,
  strideFrames: 4,
  offsetFrames: 8,
  bucketSteps: [16, 32],
  batchSize: 1,
  seed: 1,
  windows: { kind: 'random', leastPart: 0.5, ratio: null },
};

async function collect(batches: AsyncIterable<DetectionBatch>): Promise<DetectionBatch[]> {
  const all = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

describe('batches of stored features', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-features-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Features whose value at a channel and step is 100 channel + step + 1. */
  const valueAt = (channel: number, step: number) => 100 * channel + step + 1;
  function features(steps: number, stepsFirst: boolean) {
    const place = (i: number) =>
      stepsFirst ? valueAt(i % channels, Math.floor(i / channels)) : valueAt(Math.floor(i / steps), i % steps);
    const data = Float32Array.from({ length: channels * steps }, (_, i) => place(i));
    return { dtype: 'float32' as const, shape: stepsFirst ? [steps, channels] : [channels, steps], data };
  }
  const labelled = (name: string, steps: number): LabelledVideo => ({
    id: name,
    path: join(folder, name),
    actions: [{ start: 2, end: 3.05, classId: 7 }],
    frameRate: 10,
    durationSeconds: (4 * steps) / 10,
  });

  it('reads either order of axes and either kind of file, with zeros behind the end', async () => {
    await writeFile(join(folder, 'a.npy'), writeNpy(features(12, false)));
    await writeFile(join(folder, 'b.npy'), writeNpy(features(13, true)));
    const archive = writeNpz(
      new Map([
        ['features', features(14, false)],
        ['times', { dtype: 'float32' as const, shape: [1], data: Float32Array.of(1) }],
      ]),
    );
    await writeFile(join(folder, 'c.npz'), archive);
    const source = await featureBatches(
      [labelled('a.npy', 12), labelled('b.npy', 13), labelled('c.npz', 14)],
      settings,
    );
    const batches = await collect(source.epoch(0));
    expect(source.skipped).toEqual([]);
    expect(batches.map(({ videos }) => videos[0]).sort()).toEqual(['a.npy', 'b.npy', 'c.npz']);
    for (const { input, inputShape, mask, truths, videos } of batches) {
      expect(inputShape).toEqual([1, channels, 16]);
      const steps = { 'a.npy': 12, 'b.npy': 13, 'c.npz': 14 }[videos[0]] as number;
      for (let i = 0; i < channels * 16; i++) {
        const step = i % 16;
        expect(input[i]).toBe(step < steps ? valueAt(Math.floor(i / 16), step) : 0);
      }
      expect([...mask]).toEqual(Array.from({ length: 16 }, (_, step) => (step < steps ? 1 : 0)));
      // Frames 20 to 30, 4 to a step, the first step at frame 8.
      expect(truths[0]).toEqual({ starts: Float32Array.of(3), ends: Float32Array.of(5.5), classes: Int32Array.of(7) });
    }
  });

  it('takes a part of what is longer than a window, the same for the same seed', async () => {
    await writeFile(join(folder, 'long.npy'), writeNpy(features(100, true)));
    const source = () => featureBatches([labelled('long.npy', 100)], settings);
    const [batch] = await collect((await source()).epoch(2));
    expect(await collect((await source()).epoch(2))).toEqual([batch]);
    expect(batch.inputShape).toEqual([1, channels, 32]);
    const start = batch.input[0] - 1;
    expect([...batch.input]).toEqual(
      Array.from({ length: channels * 32 }, (_, i) => valueAt(Math.floor(i / 32), start + (i % 32))),
    );
    expect(batch.truths[0].starts[0] + start).toBe(Math.max(3, start));
    const later = await Promise.all(
      [3, 4, 5].map(async (epoch) => (await collect((await source()).epoch(epoch)))[0].input[0]),
    );
    expect(new Set(later).size).toBeGreaterThan(1);
  });

  it('leaves out what is no file of features, and says why', async () => {
    await writeFile(join(folder, 'good.npy'), writeNpy(features(12, false)));
    await writeFile(join(folder, 'wide.npy'), writeNpy({ ...features(12, false), shape: [4, 9] }));
    await writeFile(join(folder, 'cut.npy'), writeNpy(features(12, false)).subarray(0, 150));
    await writeFile(join(folder, 'text.npy'), 'not numbers');
    const two = new Map([
      ['x', features(12, false)],
      ['y', features(12, false)],
    ]);
    await writeFile(join(folder, 'two.npz'), writeNpz(two));
    const { durationSeconds: _, ...endless } = labelled('good.npy', 12);
    const names = ['good.npy', 'wide.npy', 'cut.npy', 'text.npy', 'two.npz', 'gone.npy'];
    const source = await featureBatches(
      [...names.map((name) => labelled(name, 12)), { ...endless, id: 'endless' }],
      settings,
    );
    const batches = await collect(source.epoch(0));
    expect(new Set(batches.flatMap(({ videos }) => videos))).toEqual(new Set(['good.npy']));
    expect(source.skipped.map(({ video }) => video).sort()).toEqual([...names.slice(1), 'endless'].sort());
    const reasonOf = (name: string) => source.skipped.find(({ video }) => video === name)?.reason;
    expect(reasonOf('wide.npy')).toContain('found shape [4, 9]; expected [3, steps] or [steps, 3]');
    expect(reasonOf('two.npz')).toContain('found arrays x, y; expected one, or one called features');
    expect(reasonOf('endless')).toContain('its annotations name no duration');
  });
});
