import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVideo } from '../video/node.ts';
import { writeVideo } from './writeVideo.ts';

const size = { widthPixels: 64, heightPixels: 48 };

/** A bright bar that moves 2 pixels with each frame over a slope of grey, always in one array. */
function* bars(count: number) {
  const { widthPixels, heightPixels } = size;
  const frame = new Uint8Array(widthPixels * heightPixels * 4);
  for (let i = 0; i < count; i++) {
    for (let at = 0; at < widthPixels * heightPixels; at++) {
      const x = at % widthPixels;
      frame.fill(x >= 2 * i && x < 2 * i + 8 ? 230 : 30 + x, 4 * at, 4 * at + 3);
    }
    yield frame;
  }
}

describe('writing a video', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-write-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    [30, false],
    [29, true],
    [30000 / 1001, true],
  ])('shows frame i at i / %d s (fast: %s)', async (frameRate, fast) => {
    const path = join(folder, 'bars.mp4');
    await writeVideo(path, bars(25), { ...size, frameRate, fast });
    await using video = await openVideo(path);
    expect(video.info).toMatchObject({ ...size, frameCount: 25 });
    let i = 0;
    for await (const { data, timeSeconds } of video.frames()) {
      expect(timeSeconds).toBeCloseTo(i / frameRate, 6);
      const row = Array.from({ length: 64 }, (_, x) => data[(20 * 64 + x) * 3]);
      expect(row.findIndex((grey) => grey > 165)).toBe(2 * i);
      i += 1;
    }
    expect(i).toBe(25);
  });

  it('gives the same bytes for the same frames, also later', async () => {
    const [first, second] = [join(folder, 'first.mp4'), join(folder, 'second.mp4')];
    await writeVideo(first, bars(20), { ...size, frameRate: 30 });
    await new Promise((resolve) => setTimeout(resolve, 1100)); // MP4 counts seconds
    await writeVideo(second, bars(20), { ...size, frameRate: 30 });
    const bytes = await readFile(first);
    expect(bytes.equals(await readFile(second))).toBe(true);
    await writeVideo(second, bars(20), { ...size, frameRate: 30, quantizer: 40 });
    expect(bytes.equals(await readFile(second))).toBe(false);
  });

  it.each([
    ['widthPixels: found 63', { widthPixels: 63, heightPixels: 48 }, 3],
    ['frame 0 has 12288 bytes, expected 64 x 50 x 4', { widthPixels: 64, heightPixels: 50 }, 3],
    ['no frames', size, 0],
    ['quantizer: found 60', { ...size, quantizer: 60 }, 3],
    ['frameRate: found 0', { ...size, frameRate: 0 }, 3],
  ])('refuses what makes no video: %s', async (message, options, count) => {
    const writing = writeVideo(join(folder, 'no.mp4'), bars(count), { frameRate: 30, ...options });
    await expect(writing).rejects.toMatchObject({ code: 'wrong-use', message: expect.stringContaining(message) });
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing behind when frames end in an error, or it is stopped', async () => {
    function* failing() {
      yield* bars(5);
      throw new Error('out of paint');
    }
    await expect(writeVideo(join(folder, 'a.mp4'), failing(), { ...size, frameRate: 30 })).rejects.toThrow('paint');
    const stop = new AbortController();
    function* stopping() {
      yield* bars(5);
      stop.abort();
      yield* bars(5);
    }
    const options = { ...size, frameRate: 30, signal: stop.signal };
    await expect(writeVideo(join(folder, 'b.mp4'), stopping(), options)).rejects.toThrow('abort');
    expect(await readdir(folder)).toEqual([]);
  });
});
