import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AVCOL_RANGE_JPEG } from 'node-av/constants';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVideo, steadyTimes, type TestVideo } from '../../test/testVideo.ts';
import { openVideo } from './node.ts';
import type { Frame, Video } from './video.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-video-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A bright square of 16 pixels on grey that moves 4 pixels to the right with each frame. */
const movingSquare = (count: number, frameRate = 30): TestVideo => ({
  width: 160,
  height: 96,
  timesMs: steadyTimes(count, frameRate),
  paint: (frame, x, y) =>
    x >= 4 * frame && x < 4 * frame + 16 && y >= 40 && y < 56 ? [220, 128, 128] : [60, 128, 128],
});

/** Where the left edge of the bright square is. */
function squareLeft({ data, widthPixels, heightPixels }: Frame): number {
  const row = Math.floor(heightPixels / 2) * widthPixels;
  for (let x = 0; x < widthPixels; x++) if (data[(row + x) * 3] > 150) return x;
  return Number.NaN;
}

async function open(name: string, video: TestVideo): Promise<Video> {
  const path = join(folder, name);
  await makeVideo(path, video);
  return openVideo(path);
}

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
});
