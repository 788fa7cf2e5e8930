import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVideo, steadyTimes } from '../../../test/testVideo.ts';
import { UserError } from '../../errors.ts';
import { noAugmentation, officialAugmentation } from '../augment/augment.ts';
import { FrameStore } from './frameStore.ts';

/** Each frame is of one grey, a little brighter than the one before. */
const brightening = (count: number) => ({
  width: 96,
  height: 64,
  timesMs: steadyTimes(count, 25),
  bFrames: 2,
  framesPerKey: 40,
  paint: (frame: number): [number, number, number] => [20 + 2 * frame, 128, 128],
});

/** What a frame of it looks like once it is red, green and blue. */
const greyOf = (frame: number) => ((4 + 2 * frame) * 255) / 219;

describe('a store of frames', () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-frames-'));
    path = join(folder, 'brightening.mp4');
    await makeVideo(path, brightening(100));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives the frames asked for, whatever the stride and where they begin, shrunk to a short side', async () => {
    await using store = new FrameStore({ shortSidePixels: 32, threads: 1 });
    const video = await store.measure(path);
    expect(video).toEqual({ path, frames: 100, durationSeconds: expect.closeTo(4) });
    for (const [strideFrames, start, end] of [
      [1, 0, 100],
      [1, 61, 70],
      [3, 30, 34],
      [2, 0, 50],
    ]) {
      const { pictures, ...size } = await store.pictures({ video, strideFrames, range: { start, end } });
      expect(size).toEqual({ widthPixels: 48, heightPixels: 32 });
      expect(pictures.length).toBe(end - start);
      pictures.forEach((picture, i) => {
        expect(Math.abs(picture[3000] - greyOf((start + i) * strideFrames))).toBeLessThan(2);
      });
    }
  });

  it('gives single frames in any order, also several times, decoded once', async () => {
    await using store = new FrameStore({ shortSidePixels: 32, threads: 1 });
    const video = await store.measure(path);
    const wanted = [70, 3, 3, 99, 40];
    const { pictures } = await store.pictures({ video, frames: wanted });
    expect(pictures.length).toBe(5);
    pictures.forEach((picture, i) => {
      expect(Math.abs(picture[3000] - greyOf(wanted[i]))).toBeLessThan(2);
    });
    const again = await store.pictures({ video, frames: Int32Array.of(40) });
    expect(again.pictures[0].buffer).toBe(pictures[4].buffer);
    const clip = await store.clip({ video, frames: wanted }, { sizePixels: 16, augment: noAugmentation, seed: 1 });
    expect(clip.frames).toBe(5);
    expect(Math.abs(clip.data[0] - greyOf(70))).toBeLessThan(2);
  });

  it('does not enlarge smaller videos', async () => {
    await using store = new FrameStore({ shortSidePixels: 182, threads: 1 });
    const range = { start: 98, end: 100 };
    const { pictures, ...size } = await store.pictures({ video: await store.measure(path), strideFrames: 1, range });
    expect(size).toEqual({ widthPixels: 96, heightPixels: 64 });
    expect(pictures.length).toBe(2);
  });

  it('keeps what fits in its bytes, and no more', async () => {
    const bytes = 32 * 48 * 32 * 3; // of a piece
    await using store = new FrameStore({ shortSidePixels: 32, cacheBytes: 2 * bytes, threads: 2 });
    const video = await store.measure(path);
    const excerpt = { video, strideFrames: 1, range: { start: 0, end: 64 } };
    const { pictures } = await store.pictures(excerpt);
    expect(store.cachedBytes).toBe(2 * bytes);
    expect((await store.pictures(excerpt)).pictures[40].buffer).toBe(pictures[40].buffer); // not decoded again
    await store.pictures({ ...excerpt, range: { start: 64, end: 96 } });
    expect(store.cachedBytes).toBe(2 * bytes);
    expect((await store.pictures(excerpt)).pictures[0].buffer).not.toBe(pictures[0].buffer);
    expect(pictures[63].at(-1)).toBeGreaterThan(100); // what somebody holds stays
  });

  it('decodes once what two ask for at a time', async () => {
    await using store = new FrameStore({ shortSidePixels: 32, threads: 2 });
    const excerpt = { video: await store.measure(path), strideFrames: 1, range: { start: 10, end: 30 } };
    const [one, other] = await Promise.all([store.pictures(excerpt), store.pictures(excerpt)]);
    expect(other.pictures[0].buffer).toBe(one.pictures[0].buffer);
  });

  it('makes clips that depend on the seed alone', async () => {
    await using store = new FrameStore({ shortSidePixels: 40, threads: 2 });
    const excerpt = { video: await store.measure(path), strideFrames: 2, range: { start: 5, end: 12 } };
    const plain = await store.clip(excerpt, { sizePixels: 16, augment: noAugmentation, seed: 1 });
    expect({ ...plain, data: plain.data.length }).toEqual({
      data: 3 * 7 * 256,
      frames: 7,
      widthPixels: 16,
      heightPixels: 16,
      drawn: { box: { left: 10, top: 0, width: 40, height: 40 }, flipped: false, operations: [] },
    });
    for (let frame = 0; frame < 7; frame++) {
      expect(Math.abs(plain.data[(7 + frame) * 256] - greyOf(10 + 2 * frame))).toBeLessThan(2);
    }
    const drawn = (seed: number) => store.clip(excerpt, { sizePixels: 16, augment: officialAugmentation, seed });
    const [one, same, other] = await Promise.all([drawn(1), drawn(1), drawn(2)]);
    expect(same.data).toEqual(one.data);
    expect(other.data).not.toEqual(one.data);
  });

  describe('tells what cannot be used', () => {
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'none',
        (error) => (error instanceof UserError && error.message.includes(folder) ? error.code : error),
      );

    it('before it decodes: what is cut off, missing, or no video', async () => {
      const whole = await readFile(path);
      const files = { cut: whole.subarray(0, whole.length >> 1), text: 'no video at all', empty: '' };
      await using store = new FrameStore({ shortSidePixels: 32, threads: 1 });
      const codes = [];
      for (const [name, content] of Object.entries(files)) {
        await writeFile(join(folder, `${name}.mp4`), content);
        codes.push(await codeOf(store.measure(join(folder, `${name}.mp4`))));
      }
      expect(codes).toEqual(['incomplete-file', 'bad-file', 'bad-file']);
      expect(await codeOf(store.measure(join(folder, 'nowhere.mp4')))).toBe('no-file');
    });

    it('while it decodes: damage in the middle; and does not try again', async () => {
      const damaged = join(folder, 'damaged.mp4');
      const content = await readFile(path);
      await writeFile(damaged, content.fill(0xff, content.length >> 3, (content.length * 3) >> 3));
      await using store = new FrameStore({ shortSidePixels: 32, threads: 1 });
      const video = await store.measure(damaged);
      const excerpt = { video, strideFrames: 1, range: { start: 0, end: 100 } };
      expect(await codeOf(store.pictures(excerpt))).toBe('damaged-video');
      const { pictures } = await store.pictures({ ...excerpt, range: { start: 97, end: 100 } });
      expect(Math.abs(pictures[2][0] - greyOf(99))).toBeLessThan(2); // the end is whole
      await writeFile(damaged, await readFile(path));
      expect(await codeOf(store.pictures(excerpt))).toBe('damaged-video');
    });
  });
});
