import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AVCOL_RANGE_JPEG } from 'node-av/constants';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVideo, movingSquare, squareLeft, steadyTimes, type TestVideo } from '../../test/testVideo.ts';
import { UsageError } from '../errors.ts';
import { openVideo } from './node.ts';
import { readAhead } from './readAhead.ts';
import type { Frame, Video } from './video.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-video-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function open(name: string, video: TestVideo): Promise<Video> {
  const path = join(folder, name);
  await makeVideo(path, video);
  return openVideo(path);
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

async function collect(frames: AsyncIterable<Frame>): Promise<Frame[]> {
  const all: Frame[] = [];
  for await (const frame of frames) all.push({ ...frame, data: frame.data.slice() });
  return all;
}

describe('opening a video in Node', () => {
  const containers: [ending: string, video: Partial<TestVideo>][] = [
    ['mp4', {}],
    ['b.mp4', { bFrames: 2 }],
    ['mov', { bFrames: 2 }],
    ['mkv', { bFrames: 2 }],
    ['hevc.mkv', { encoder: 'libx265', bFrames: 2 }],
    ['webm', { encoder: 'libvpx-vp9' }],
    ['vp8.webm', { encoder: 'libvpx' }],
    ['av1.mp4', { encoder: 'libsvtav1' }],
    ['ts', { bFrames: 2 }],
    ['flv', { bFrames: 2 }],
    ['avi', { encoder: 'mpeg4' }],
    ['b.avi', { encoder: 'mpeg4', bFrames: 2 }],
    ['h264.avi', { bFrames: 2 }],
    ['mjpeg.avi', { encoder: 'mjpeg', colorRange: AVCOL_RANGE_JPEG }],
  ];
  it.each(containers)('numbers and times every frame of .%s truly', async (ending, more) => {
    await using video = await open(`square.${ending}`, { ...movingSquare(30), ...more });
    expect(video.info).toMatchObject({ frameCount: 30, widthPixels: 160, heightPixels: 96, variableFrameRate: false });
    expect(video.info.durationSeconds).toBeCloseTo(1, 2);
    const frames = await collect(video.frames());
    expect(frames.map(({ index }) => index)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    for (const frame of frames) {
      expect(Math.abs(frame.timeSeconds - frame.index / 30)).toBeLessThan(0.002);
      expect(Math.abs(squareLeft(frame) - 4 * frame.index)).toBeLessThanOrEqual(1);
    }
    const late = await video.frameAt(20.5 / 30);
    expect([late.index, squareLeft(late)]).toEqual([20, squareLeft(frames[20])]);
  });

  it('gives the true times of a variable frame rate', async () => {
    const timesMs = [0, 40, 90, 400, 410, 1200, 1240];
    await using video = await open('variable.mkv', { ...movingSquare(0), timesMs });
    expect(video.info.variableFrameRate).toBe(true);
    const frames = await collect(video.frames());
    expect(frames.map(({ timeSeconds }) => Math.round(timeSeconds * 1000))).toEqual(timesMs);
    const onDisplay = await collect(video.frames({ sampleRate: 5 }));
    expect(onDisplay.map(({ index }) => index)).toEqual([0, 2, 3, 4, 4, 4, 5]);
  });

  it.each(['mp4', 'mkv', 'ts'])(
    'shows the first frame of .%s at 0 although the stream starts later',
    async (ending) => {
      const late = { ...movingSquare(12), timesMs: steadyTimes(12, 30).map((time) => time + 500) };
      await using video = await open(`late.${ending}`, late);
      expect(video.info.durationSeconds).toBeCloseTo(0.4, 2);
      const [first, second] = await collect(video.frames());
      expect([first.timeSeconds, squareLeft(first)]).toEqual([0, 0]);
      expect(second.timeSeconds).toBeCloseTo(1 / 30, 2);
    },
  );

  it('opens a video of one frame, which lasts a moment', async () => {
    await using video = await open('one.mp4', movingSquare(1));
    expect(video.info).toMatchObject({ frameCount: 1, variableFrameRate: false });
    expect(video.info.durationSeconds).toBeGreaterThan(0);
    expect(await collect(video.frames())).toHaveLength(1);
    expect((await video.frameAt(99)).index).toBe(0);
  });

  it('says whether there is sound', async () => {
    await using silent = await open('silent.mov', movingSquare(3));
    await using sounding = await open('sounding.mov', { ...movingSquare(3), audioSeconds: 0.1 });
    expect([silent.info.hasAudio, sounding.info.hasAudio]).toEqual([false, true]);
  });
});

describe('frames of a video in Node', () => {
  it('agrees, in any order, with reading all of them', async () => {
    await using video = await open('order.mp4', { ...movingSquare(30), bFrames: 3, framesPerKey: 10 });
    const all = await collect(video.frames());
    for (const index of [17, 3, 29, 0, 18, 9, 10]) {
      const frame = await video.frameAtIndex(index);
      expect([frame.index, Buffer.compare(frame.data, all[index].data)]).toEqual([index, 0]);
    }
  });

  it('gives the samples that skipping through all frames would', async () => {
    await using video = await open('sampled.mp4', { ...movingSquare(30), bFrames: 3 });
    const all = await collect(video.frames());
    const sampled = await collect(video.frames({ sampleRate: 10, startSeconds: 0.1, endSeconds: 0.9 }));
    expect(sampled.map(({ index }) => index)).toEqual([3, 6, 9, 12, 15, 18, 21, 24]);
    for (const { index, data } of sampled) expect(Buffer.compare(data, all[index].data)).toBe(0);
  });

  it('gives every fourth frame of the video, wherever it is begun', async () => {
    await using video = await open('stridden.mp4', { ...movingSquare(30), bFrames: 3 });
    const all = await collect(video.frames());
    const some = await collect(video.frames({ strideFrames: 4, startSeconds: 0.2 }));
    expect(some.map(({ index }) => index)).toEqual([8, 12, 16, 20, 24, 28]);
    for (const { index, data } of some) expect(Buffer.compare(data, all[index].data)).toBe(0);
  });

  it('gives every frame that begins between two moments', async () => {
    await using video = await open('between.mp4', movingSquare(30));
    const frames = await collect(video.frames({ startSeconds: 0.31, endSeconds: 0.5 }));
    expect(frames.map(({ index }) => index)).toEqual([10, 11, 12, 13, 14]);
    expect(await collect(video.frames({ startSeconds: 5 }))).toEqual([]);
  });

  it('reads two loops over one video at once', async () => {
    await using video = await open('twice.mp4', movingSquare(20));
    const [one, two] = await Promise.all([collect(video.frames()), collect(video.frames({ startSeconds: 0.3 }))]);
    expect([one.length, two.length]).toEqual([20, 11]);
    expect(two[0].data).toEqual(one[9].data);
  });

  it('reports progress from little to all', async () => {
    await using video = await open('progress.mp4', movingSquare(15));
    const seen: number[] = [];
    const onProgress = ({ doneSeconds, totalSeconds }: { doneSeconds: number; totalSeconds: number }) => {
      expect(totalSeconds).toBeCloseTo(0.5, 3);
      seen.push(doneSeconds);
    };
    await collect(video.frames({ onProgress }));
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.at(-1)).toBeCloseTo(0.5, 3);
  });

  it('stops when it is aborted, before, between and within frames', async () => {
    await using video = await open('abort.mp4', movingSquare(30));
    const reason = new Error('enough');
    await expect(collect(video.frames({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    const controller = new AbortController();
    let count = 0;
    const read = async () => {
      for await (const _ of video.frames({ signal: controller.signal })) if (++count === 3) controller.abort(reason);
    };
    await expect(read()).rejects.toBe(reason);
    expect(count).toBe(3);
    const later = new AbortController();
    const pending = collect(video.frames({ signal: later.signal }));
    later.abort(reason);
    await expect(pending).rejects.toBe(reason);
    expect(await collect(video.frames())).toHaveLength(30);
    await expect(openVideo(join(folder, 'abort.mp4'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('can be left half-way, again and again, and closed within a loop', async () => {
    const video = await open('left.mp4', movingSquare(30));
    for (let round = 0; round < 20; round++) {
      for await (const frame of video.frames()) if (frame.index === round) break;
    }
    const read = async () => {
      for await (const frame of video.frames()) if (frame.index === 4) await Promise.race([video.close(), tick()]);
    };
    await expect(read()).rejects.toThrow(/left.mp4: the video was closed/);
    await video.close();
    await expect(collect(video.frames())).rejects.toThrow(/has been closed/);
  });

  it('never holds more than a few frames, however slowly they are taken', async () => {
    let asked = 0;
    async function* endless() {
      for (;;) yield asked++;
    }
    for await (const value of readAhead(endless(), 3)) {
      await tick();
      expect(asked - value).toBeLessThanOrEqual(3);
      if (value === 50) break;
    }
  });

  it('refuses what makes no sense', async () => {
    await using video = await open('refuse.mp4', movingSquare(3));
    for (const options of [
      { startSeconds: -1 },
      { startSeconds: 2, endSeconds: 1 },
      { sampleRate: 0 },
      { strideFrames: 1.5 },
      { strideFrames: 2, sampleRate: 5 },
      { widthPixels: 0 },
      { widthPixels: 10.5 },
      { longSidePixels: 10, widthPixels: 10 },
      { region: { x: 0, y: 0, width: 0, height: 5 } },
      { region: { x: Number.NaN, y: 0, width: 5, height: 5 } },
    ]) {
      expect(() => video.frames(options), JSON.stringify(options)).toThrow(UsageError);
    }
    await expect(video.frameAtIndex(3)).rejects.toThrow('expected a frame from 0 to 2, got 3');
    await expect(video.frameAt(-1)).rejects.toThrow(UsageError);
  });
});
