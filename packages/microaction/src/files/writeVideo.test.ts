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

  it.each([30, 29, 30000 / 1001])('shows frame i at i / %d s', async (frameRate) => {
    const path = join(folder, 'bars.mp4');
    await writeVideo(path, bars(25), { ...size, frameRate });
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

  it.each([48, 800])(
    'keeps colours, whether players take %d lines for high definition or not',
    async (heightPixels) => {
      const colours = [
        [200, 40, 30],
        [40, 180, 60],
        [30, 60, 210],
      ]; // prettier-ignore
      const frame = new Uint8Array(96 * heightPixels * 4);
      for (let at = 0; at < 96 * heightPixels; at++) frame.set(colours[Math.floor((at % 96) / 32)], 4 * at);
      const path = join(folder, 'colours.mp4');
      await writeVideo(path, [frame], { widthPixels: 96, heightPixels, frameRate: 30 });
      await using video = await openVideo(path);
      const { data } = await video.frameAtIndex(0);
      for (const [i, colour] of colours.entries()) {
        const at = 3 * (96 * (heightPixels >> 1) + 32 * i + 16);
        for (let channel = 0; channel < 3; channel++) {
          expect(Math.abs(data[at + channel] - colour[channel])).toBeLessThan(8);
        }
      }
    },
  );

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

  it('encodes on one thread, since the bytes depend on how many there are', async () => {
    const path = join(folder, 'bars.mp4');
    await writeVideo(path, bars(5), { ...size, frameRate: 30 });
    const settings = (await readFile(path)).toString('latin1'); // x264 writes them into its first picture
    expect(settings).toContain(' threads=1 ');
    expect(settings).toContain(' qp=24 ');
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
