import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeVideo, steadyTimes } from '../../../test/testVideo.ts';
import { openVideo } from '../../video/node.ts';
import { sampleCount, slidingWindows } from '../windows.ts';
import { pictureVideo } from './toyTesting.ts';
import { type VideoWindowOptions, videoWindows } from './videoWindows.ts';

/** One pixel whose red says which frame it is of. */
const numbered = (frameCount: number, isLost = (_frame: number) => false) =>
  pictureVideo({
    frameCount,
    frameRate: 30,
    sizePixels: 1,
    picture: (frame) => (isLost(frame) ? undefined : Uint8Array.of(frame, frame + 1, frame + 2)),
  });

async function collect(video: Parameters<typeof videoWindows>[0], options: VideoWindowOptions) {
  const all: { start: number; end: number; length: number; reds: number[]; blues: number[] }[] = [];
  for await (const { frames, ...window } of videoWindows(video, options)) {
    const { length } = window;
    all.push({ ...window, reds: [...frames.subarray(0, length)], blues: [...frames.subarray(2 * length)] });
  }
  return all;
}

describe('videoWindows', () => {
  it('gives the windows that slide along the samples, filled up with the last picture, however long the video is', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 120 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(0, 0.25, 0.5, 0.8),
      fc.boolean(),
      async (frameCount, strideFrames, length, part, coverEnd) => {
        const overlap = Math.trunc(length * (1 - part)) >= 1 ? part : 0;
        const filledTo = (steps: number) => steps + 3;
        const options = { sizePixels: 1, strideFrames, length, overlap, coverEnd, filledTo };
        const samples = sampleCount({ frames: frameCount, strideFrames });
        const expected = slidingWindows(samples, options).map(({ start, end }) => {
          const reds = Array.from({ length: end - start + 3 }, (_, i) => Math.min(start + i, end - 1) * strideFrames);
          return { start, end, length: reds.length, reds, blues: reds.map((red) => red + 2) };
        });
        expect(await collect(numbered(frameCount), options)).toEqual(expected);
      },
    );
    await fc.assert(property, { seed: 3, numRuns: 200 });
  });

  it('shows the picture before where a frame does not decode, and at the start the one after', async () => {
    const lost = new Set([0, 2, 8, 10, 14]);
    const video = numbered(16, (frame) => lost.has(frame));
    const options = { sizePixels: 1, strideFrames: 2, length: 8, overlap: 0.5, coverEnd: true, filledTo: () => 8 };
    const [{ reds }] = await collect(video, options);
    expect(reds).toEqual([4, 4, 4, 6, 6, 6, 12, 12]);
    await expect(
      collect(
        numbered(16, () => true),
        options,
      ),
    ).rejects.toThrow('none of its frames decodes');
  });

  it('shrinks the short side and keeps the middle', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'microaction-windows-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'bars.mp4');
    // Grey, with what is outside of the middle square in white.
    const paint = (_: number, x: number): [number, number, number] => [x < 32 || x >= 96 ? 235 : 80, 128, 128];
    await makeVideo(path, { width: 128, height: 64, timesMs: steadyTimes(6, 30), paint });
    await using video = await openVideo(path);
    const options = { sizePixels: 16, strideFrames: 2, length: 4, overlap: 0, coverEnd: true, filledTo: () => 4 };
    let windows = 0;
    for await (const { frames, end } of videoWindows(video, options)) {
      windows++;
      expect([end, frames.length]).toEqual([3, 3 * 4 * 16 * 16]);
      expect(Math.max(...frames)).toBeLessThan(120);
      expect(Math.min(...frames)).toBeGreaterThan(50);
    }
    expect(windows).toBe(1);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const options = { sizePixels: 1, strideFrames: 1, length: 4, overlap: 0, filledTo: () => 4, signal: stop.signal };
    const windows = videoWindows(numbered(50), options);
    await windows.next();
    stop.abort(new Error('enough'));
    await expect(windows.next()).rejects.toThrow('enough');
  });
});
