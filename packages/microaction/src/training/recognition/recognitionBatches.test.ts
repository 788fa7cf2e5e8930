import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVideo, steadyTimes } from '../../../test/testVideo.ts';
import type { BatchSource } from '../batches.ts';
import { FrameStore } from '../frames/frameStore.ts';
import type { LabelledClip } from './labelledClips.ts';
import type { RecognitionBatch } from './recognitionBatch.ts';
import { judgedClips, type RecognitionBatchOptions, recognitionBatches } from './recognitionBatches.ts';

const classes = 4;
const lengths = [40, 30, 33, 3, 48, 20, 25, 64, 17];

/** Each frame is of one grey, a little brighter than the one before. */
const brightening = (count: number) => ({
  width: 64,
  height: 48,
  timesMs: steadyTimes(count, 25),
  bFrames: 0,
  framesPerKey: 40,
  paint: (frame: number): [number, number, number] => [40 + 3 * frame, 128, 128],
});

/** What a frame of it looks like once it is red, green and blue. */
const greyOf = (frame: number) => ((24 + 3 * frame) * 255) / 219;

const options: RecognitionBatchOptions = {
  classes,
  sampling: { kind: 'segments', segments: 8 },
  sizePixels: 8,
  batchSize: 4,
  augment: { crop: { scales: [1, 0.75] }, flip: 0.5 },
  seed: 5,
};

describe('batches of clips', () => {
  let folder: string;
  let clips: LabelledClip[];
  let store: FrameStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-recognition-'));
    clips = await Promise.all(
      lengths.map(async (length, i) => {
        const path = join(folder, `clip${i}.mp4`);
        await makeVideo(path, brightening(length));
        return { id: `clip${i}`, path, classId: i < 6 ? 0 : 1 + (i % 3) };
      }),
    );
    store = new FrameStore({ shortSidePixels: 32, threads: 1 });
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const make = (changes: Partial<RecognitionBatchOptions> = {}, from = clips) =>
    recognitionBatches(from, store, { ...options, ...changes });

  it('are the same for the same seed and epoch, and go on where a run stopped', async () => {
    const keep = { incomplete: 'keep' } as const;
    const [one, same, other] = [await make(keep), await make(keep), await make({ ...keep, seed: 6 })];
    const [first, second] = [await all(one, 0), await all(one, 1)];
    expect(first.map(({ inputShape }) => inputShape[0])).toEqual([4, 4, 1]);
    expect(first.map(({ input }) => input.length)).toEqual([4, 4, 1].map((count) => count * 3 * 8 * 64));
    expect(await all(same, 0)).toEqual(first);
    expect(second).not.toEqual(first);
    expect(await all(other, 0)).not.toEqual(first);
    expect(await all(one, 1, 1)).toEqual(second.slice(1));
    expect(await all(same, 1, 3)).toEqual([]);
    for (const epoch of [first, second]) {
      const order = epoch.flatMap(({ videos }) => videos);
      expect([...order].sort()).toEqual(clips.map(({ id }) => id));
    }
  });

  it('say what each clip shows, and leave out what does not fill one', async () => {
    const source = await make();
    expect(source.batchCount(0)).toBe(2);
    for (const { videos, targets, inputShape } of await all(source)) {
      expect(inputShape).toEqual([4, 3, 8, 8, 8]);
      const wanted = videos.map((id) => clips.find((clip) => clip.id === id)?.classId);
      expect([...targets]).toEqual(wanted.flatMap((classId) => [0, 1, 2, 3].map((each) => Number(each === classId))));
    }
  });

  it('show a frame of each segment, and of clips that are too short some again', async () => {
    for (const { videos, input } of await all(await make({ incomplete: 'keep' }))) {
      for (const [i, id] of videos.entries()) {
        const length = lengths[Number(id.slice(4))];
        const greys = Array.from({ length: 8 }, (_, frame) => input[(i * 24 + frame) * 64]);
        for (const [segment, grey] of greys.entries()) {
          const part = Math.floor(length / 8);
          const [low, high] = part > 0 ? [segment * part, (segment + 1) * part - 1] : shortOf[segment];
          expect(grey).toBeGreaterThan(greyOf(low) - 2);
          expect(grey).toBeLessThan(greyOf(high) + 2);
        }
      }
    }
  });

  it('have rare classes as often as common ones where told', async () => {
    const counts = new Map<number, number>();
    const source = await make({ balance: 1, incomplete: 'keep', batchSize: 3 });
    for (let epoch = 0; epoch < 40; epoch++) {
      for (const { targets } of await all(source, epoch)) {
        targets.forEach((share, i) => {
          if (share) counts.set(i % classes, (counts.get(i % classes) ?? 0) + 1);
        });
      }
    }
    // 9 clips in each of 40 epochs, four classes: 90 of each.
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(360);
    for (const classId of [0, 1, 2, 3]) expect(Math.abs((counts.get(classId) ?? 0) - 90)).toBeLessThan(25);
  });

  it('are mixed where told: targets still sum to 1, pictures lie between', async () => {
    const plain = await all(await make({ batchSize: 9 }));
    const [{ targets, input }] = await all(await make({ batchSize: 9, mixup: { alpha: 1 } }));
    const rows = Array.from({ length: 9 }, (_, i) => [...targets.subarray(i * classes, (i + 1) * classes)]);
    for (const row of rows) expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(rows.some((row) => row.filter((share) => share > 0).length === 2)).toBe(true);
    expect(input).not.toEqual(plain[0].input);
    const least = plain[0].input.reduce((a, b) => Math.min(a, b));
    expect(input.every((value) => value >= least)).toBe(true);
    const parts = [0, 0, 1, 1];
    const [within] = await all(await make({ batchSize: 9, mixup: { alpha: 1, parts } }));
    for (let i = 0; i < 9; i++) {
      const [a, b, c, d] = within.targets.subarray(i * classes, (i + 1) * classes);
      expect([a + b, c + d].map((sum) => Math.round(1e5 * sum)).sort()).toEqual([0, 1e5]);
    }
  });

  it('follow actions that name a side when left and right change places', async () => {
    const mirrored = { 0: 1, 1: 0 };
    const batches = await all(await make({ augment: { flip: 1 }, mirrored }));
    for (const { videos, targets } of batches) {
      const shown = videos.map((_, i) => targets.subarray(i * classes, (i + 1) * classes).indexOf(1));
      const own = videos.map((id) => clips.find((clip) => clip.id === id)?.classId as number);
      expect(shown).toEqual(own.map((classId) => [1, 0, 2, 3][classId]));
    }
    await expect(make({ mirrored: { 0: 1 } })).rejects.toThrow('mirrored: found 0 for 1, expected 1 for 0 too');
  });

  it('of stretches are every so many frames of one', async () => {
    const sampling = { kind: 'dense', frames: 4, strideFrames: 3 } as const;
    const [{ input }] = await all(await make({ sampling, augment: {}, batchSize: 1 }, clips.slice(4, 5)));
    const greys = Array.from({ length: 4 }, (_, frame) => input[frame * 64]);
    for (const i of [1, 2, 3]) expect(Math.abs(greys[i] - greys[i - 1] - greyOf(3) + greyOf(0))).toBeLessThan(4);
  });

  describe('of clips that cannot be read', () => {
    const broken = async (name: string) => {
      const path = join(folder, `${name}.mp4`);
      const content = await readFile(clips[7].path);
      if (name === 'cut') await writeFile(path, content.subarray(0, content.length >> 1));
      if (name === 'damaged') await writeFile(path, content.fill(0xff, content.length >> 3, content.length >> 1));
      return { id: name, path, classId: 2 };
    };

    it('skip them, tell them once, and take others in their place', async () => {
      const given = [...clips.slice(0, 2), await broken('cut'), await broken('damaged'), await broken('absent')];
      const source = await make({ incomplete: 'keep', skipped: [{ video: 'before', reason: 'gone' }] }, given);
      const skipped = () => source.skipped.map(({ video }) => video).sort();
      expect(skipped()).toEqual(['absent', 'before', 'cut']);
      const batches = [...(await all(source, 0)), ...(await all(source, 1))];
      expect(batches.map(({ videos }) => videos.length)).toEqual([3, 3]);
      for (const { videos } of batches) for (const id of videos) expect(['clip0', 'clip1']).toContain(id);
      expect(skipped()).toEqual(['absent', 'before', 'cut', 'damaged']);
      expect(source.skipped.find(({ video }) => video === 'cut')?.reason).toContain('cut.mp4');
    });

    it('fail where none or too few are left', async () => {
      await expect(make({}, [await broken('cut')])).rejects.toMatchObject({
        code: 'no-videos',
        message: expect.stringMatching(/none of 1 clips can be read; the last problem: .*cut\.mp4/),
      });
      await expect(make({}, clips.slice(0, 3))).rejects.toMatchObject({ code: 'too-few-videos' });
      const source = await make({ batchSize: 1 }, [await broken('damaged')]);
      await expect(all(source)).rejects.toMatchObject({ code: 'no-videos' });
    });

    it('judge by the others, in order', async () => {
      const told: string[] = [];
      const given = [clips[0], await broken('cut'), clips[3], await broken('damaged'), clips[7]];
      const judged = judgedClips(given, store, {
        ...options,
        batchSize: 2,
        centre: 0.5,
        onSkipped: ({ video }) => told.push(video),
      });
      for (const _ of [0, 1]) {
        const batches: RecognitionBatch[] = [];
        for await (const batch of judged.batches()) batches.push(batch);
        expect(batches.map(({ videos }) => videos)).toEqual([['clip0'], ['clip3'], ['clip7']]);
        const [long, short] = batches.map(({ input }) => Array.from({ length: 8 }, (_, frame) => input[frame * 64]));
        long.forEach((grey, i) => {
          expect(Math.abs(grey - greyOf(5 * i + 2))).toBeLessThan(2);
        });
        short.forEach((grey, i) => {
          expect(Math.abs(grey - greyOf([0, 0, 0, 1, 1, 2, 2, 2][i]))).toBeLessThan(2);
        });
      }
      expect(told).toEqual(['cut', 'damaged']);
    });
  });

  it('judge by the middle of the pictures, as large as they are kept', async () => {
    const path = join(folder, 'framed.mp4');
    const paint = (_: number, x: number, y: number): [number, number, number] => {
      return [Math.max(Math.abs(x - 31.5), Math.abs(y - 23.5)) < 14 ? 200 : 30, 128, 128];
    };
    await makeVideo(path, { ...brightening(8), paint });
    const given = [{ id: 'framed', path, classId: 0 }];
    const least = async (changes: { readonly centre?: number }) => {
      const judged = judgedClips(given, store, { ...options, sizePixels: 16, ...changes });
      for await (const { input } of judged.batches()) return input.reduce((a, b) => Math.min(a, b));
      return undefined;
    };
    expect(await least({})).toBeGreaterThan(180); // 16 of the 32 pixels of the short side
    expect(await least({ centre: 1 })).toBeLessThan(60);
    // In training too, where nothing is drawn.
    const [{ input }] = await all(await make({ augment: {}, batchSize: 1, sizePixels: 16 }, given));
    expect(input.reduce((a, b) => Math.min(a, b))).toBeGreaterThan(180);
  });

  it('refuse options that make no sense', async () => {
    await expect(make({ batchSize: 0 })).rejects.toThrow('batchSize: found 0');
    await expect(make({ classes: 2 })).rejects.toThrow('clip7: found the class 2, expected 0 to 1');
    await expect(make({ mixup: { alpha: 0 } })).rejects.toThrow('mixup.alpha: found 0');
    await expect(make({ mixup: { alpha: 1, parts: [0] } })).rejects.toThrow('mixup.parts: found 1');
  });
});

/** Frames of a clip of three, by segment. */
const shortOf = [0, 0, 1, 1, 2, 2, 2, 0].map((frame) => [frame, frame] as const);

async function all(source: BatchSource<RecognitionBatch>, epoch = 0, from?: number): Promise<RecognitionBatch[]> {
  const batches: RecognitionBatch[] = [];
  for await (const batch of source.epoch(epoch, from)) batches.push(batch);
  return batches;
}
