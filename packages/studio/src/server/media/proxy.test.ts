import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexVideo, openVideo } from 'microaction/video';
import {
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P10LE,
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_SMPTE170M,
} from 'node-av/constants';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSound, makeVideo, movingSquare, squareLeft, steadyTimes, type TestVideo } from './mediaTesting.ts';
import { prepareVideo } from './prepare.ts';
import { probeVideo } from './probe.ts';
import { writeProxy } from './proxy.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-proxy-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function made(name: string, more: Partial<TestVideo> = {}): Promise<string> {
  await makeVideo(join(folder, name), { ...movingSquare(30), ...more });
  return join(folder, name);
}

/** Writes the proxy of a video beside it. */
async function proxyOf(path: string, options: Parameters<typeof writeProxy>[2] = {}): Promise<string> {
  const proxy = `${path}.proxy.mp4`;
  await writeProxy(path, proxy, options);
  return proxy;
}

async function timesOf(path: string): Promise<Float64Array> {
  const { container, times } = await indexVideo(path);
  await container.close();
  return times.seconds;
}

async function expectSameTimes(path: string, proxy: string): Promise<void> {
  const [original, copied] = [await timesOf(path), await timesOf(proxy)];
  expect(copied.length).toBe(original.length);
  const farthest = original.reduce((most, seconds, i) => Math.max(most, Math.abs(seconds - copied[i])), 0);
  expect(farthest).toBeLessThan(0.001);
}

async function picturesOf(path: string) {
  const left: number[] = [];
  await using video = await openVideo(path);
  for await (const frame of video.frames()) left.push(squareLeft(frame));
  return left;
}

describe('the proxy of a video', () => {
  const varying = [0, 33, 100, 133, 167, 300, 333, 900, 933, 2000];
  const cases: [name: string, video: Partial<TestVideo>][] = [
    ['mpeg4.avi', { encoder: 'mpeg4', bFrames: 2 }],
    ['mjpeg.avi', { encoder: 'mjpeg', colorRange: AVCOL_RANGE_JPEG }],
    ['hevc.mkv', { encoder: 'libx265', bFrames: 2 }],
    ['varying.mkv', { timesMs: varying }],
    ['fast.mp4', { timesMs: steadyTimes(30, 120), encoder: 'libx265' }],
    ['ntsc.mp4', { timesMs: steadyTimes(30, 30000 / 1001), bFrames: 2 }],
    ['late.mkv', { timesMs: steadyTimes(30, 25).map((time) => time + 480) }],
    ['stream.ts', { bFrames: 2 }],
    ['wmv2.wmv', { encoder: 'wmv2' }],
    ['deep.mp4', { pixelFormat: AV_PIX_FMT_YUV420P10LE }],
    ['prores.mov', { encoder: 'prores', pixelFormat: AV_PIX_FMT_YUV422P10LE }],
  ];
  it.each(cases)('plays in browsers and shows the same frames at the same times (%s)', async (name, video) => {
    const path = await made(name, video);
    const proxy = await proxyOf(path);
    expect(await probeVideo(proxy)).toMatchObject({
      container: 'MP4',
      codec: 'h264',
      browserPlays: true,
      widthPixels: 160,
      heightPixels: 96,
      hasAudio: false,
      warnings: [],
    });
    await expectSameTimes(path, proxy);
    const [original, copied] = [await picturesOf(path), await picturesOf(proxy)];
    for (const [i, left] of original.entries()) expect(Math.abs(copied[i] - left)).toBeLessThanOrEqual(1);
  });

  it('gives the same frames.f64', async () => {
    const path = await made('rows.mkv', { timesMs: varying });
    const read = async (source: string, into: string) => {
      await prepareVideo(source, into);
      return new Float64Array(new Uint8Array(await readFile(join(into, 'frames.f64'))).buffer);
    };
    const original = await read(path, join(folder, 'rows-original'));
    const copied = await read(await proxyOf(path), join(folder, 'rows-proxy'));
    expect(copied).toHaveLength(varying.length);
    for (const [i, seconds] of original.entries()) expect(Math.abs(copied[i] - seconds)).toBeLessThan(0.001);
  });

  it('is turned, not told to be', async () => {
    const path = await made('turned.mov', {
      displayMatrix: [0, 1, -1, 0],
      encoder: 'libx265',
      timesMs: steadyTimes(30, 25),
    });
    const proxy = await proxyOf(path);
    await using copied = await openVideo(proxy);
    expect(copied.info).toMatchObject({ widthPixels: 96, heightPixels: 160, rotationDegrees: 0 });
    await using original = await openVideo(path);
    const [a, b] = [await original.frameAt(0.5), await copied.frameAt(0.5)];
    const difference = a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]), 0) / a.data.length;
    expect(difference).toBeLessThan(3);
  });

  it('has even sides, 1280 pixels at most, and square pixels', async () => {
    const still = { ...movingSquare(2), paint: () => [90, 128, 128] as const };
    const sizeOf = async (name: string, video: Partial<TestVideo>, options?: { longSidePixels: number }) => {
      const { widthPixels, heightPixels } = await probeVideo(
        await proxyOf(await made(name, { ...still, ...video }), options),
      );
      return [widthPixels, heightPixels];
    };
    expect(await sizeOf('large.mkv', { width: 1920, height: 1080 })).toEqual([1280, 720]);
    expect(await sizeOf('wide-pixels.mkv', { width: 360, height: 288, pixelAspect: [16, 11] })).toEqual([524, 288]);
    expect(await sizeOf('odd.mkv', { width: 322, height: 242 }, { longSidePixels: 161 })).toEqual([162, 122]);
  });

  it('keeps the colours, whatever the matrix and range they were coded in', async () => {
    const colours = { paint: () => [110, 90, 190] as const, colorSpace: AVCOL_SPC_SMPTE170M };
    for (const more of [{ encoder: 'ffv1' }, { encoder: 'mjpeg', colorRange: AVCOL_RANGE_JPEG }]) {
      const path = await made(`colours-${more.encoder}.mkv`, { ...colours, ...more, timesMs: [0, 40, 80] });
      await using original = await openVideo(path);
      await using copied = await openVideo(await proxyOf(path));
      const [a, b] = [await original.frameAt(0), await copied.frameAt(0)];
      for (let i = 0; i < 3; i++) expect(Math.abs(a.data[3 * 999 + i] - b.data[3 * 999 + i])).toBeLessThanOrEqual(4);
    }
  });

  it('can be entered every half second, also where frames come unevenly, and has its index in front', async () => {
    const timesMs = [...steadyTimes(60, 30), 2400, 2800, 3500, ...steadyTimes(40, 60).map((time) => time + 3600)];
    const proxy = await proxyOf(await made('keys.mkv', { ...movingSquare(timesMs.length), timesMs }));
    const { container, index, times } = await indexVideo(proxy);
    await container.close();
    const keys = new Set(index.keyFrames.map(({ shownTicks }) => shownTicks));
    let key = 0;
    for (const [i, ticks] of index.shownTicks.entries()) {
      if (keys.has(ticks)) key = times.seconds[i];
      const end = i + 1 < times.seconds.length ? times.seconds[i + 1] : times.durationSeconds;
      expect(Math.min(end - key, times.seconds[i] - key)).toBeLessThanOrEqual(0.5 + 1e-4);
    }
    expect(keys.size).toBeLessThan(timesMs.length / 3);
    const bytes = await readFile(proxy, 'latin1');
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  it('shows the frame before in place of one that does not decode, so that all keep their numbers', async () => {
    const path = await made('damaged.mkv', movingSquare(60));
    const bytes = await readFile(path);
    const from = Math.round(bytes.length * 0.5);
    await writeFile(path, bytes.fill(0xff, from, from + 300));
    const proxy = await proxyOf(path);
    await expectSameTimes(path, proxy);
  });
});

describe('the sound of a proxy', () => {
  const cases = [
    { name: 'pcm.mkv', codec: 'pcm-s16', channels: 1 },
    { name: 'opus.mkv', codec: 'opus', channels: 2 },
    { name: 'six.mov', codec: 'pcm-s16', channels: 6 },
    { name: 'aac.mkv', codec: 'aac', channels: 2 },
  ] as const;
  it.each(cases)('is AAC, and heard when it was ($name)', async ({ name, codec, channels }) => {
    const level = (seconds: number) =>
      seconds >= 0.5 && seconds < 0.7 ? 0.4 * Math.sin(2 * Math.PI * 500 * seconds) : 0;
    const path = join(folder, name);
    await addSound(await made(`for-${name}.mp4`), path, { codec, channels, seconds: 1, level });
    const proxy = await proxyOf(path);
    expect(await probeVideo(proxy)).toMatchObject({ audioCodec: 'aac', browserPlays: true });
    const into = join(folder, `${name}.rows`);
    await prepareVideo(proxy, into);
    const sound = new Float32Array(new Uint8Array(await readFile(join(into, 'sound.f32'))).buffer);
    for (const [i, peak] of sound.entries()) {
      if (i >= 26 && i < 34) expect(peak).toBeGreaterThan(0.2);
      if (i < 23 || i >= 37) expect(peak).toBeLessThan(0.03);
    }
    await expectSameTimes(path, proxy);
  });

  it('keeps its place where it begins after the pictures', async () => {
    const path = join(folder, 'later.mkv');
    await addSound(await made('for-later.mp4'), path, {
      codec: 'pcm-s16',
      startSeconds: 0.6,
      seconds: 0.2,
      level: () => 0.25,
    });
    const into = join(folder, 'later.rows');
    await prepareVideo(await proxyOf(path), into);
    const sound = new Float32Array(new Uint8Array(await readFile(join(into, 'sound.f32'))).buffer);
    expect(Math.max(...sound.subarray(0, 27))).toBeLessThan(0.03);
    expect(Math.max(...sound.subarray(31, 39))).toBeGreaterThan(0.15);
  });
});

describe('writing a proxy', () => {
  it('stops when told, and leaves nothing', async () => {
    const into = await mkdtemp(join(folder, 'stopped-'));
    const path = await made('long.mkv', movingSquare(90));
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => done > 1 && stop.abort(new Error('enough'));
    await expect(writeProxy(path, join(into, 'proxy.mp4'), { signal: stop.signal, onProgress })).rejects.toThrow(
      'enough',
    );
    expect(await readdir(into)).toEqual([]);
  });

  it('tells how far it is', async () => {
    const told: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => told.push(total && done / total);
    await proxyOf(await made('told.mkv', movingSquare(60)), { onProgress });
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect([told[0], told.at(-1)]).toEqual([0, 1]);
    expect(told.length).toBeGreaterThan(50);
  });

  it('leaves what was there where it fails, and says what to do', async () => {
    const into = await mkdtemp(join(folder, 'kept-'));
    await writeFile(join(into, 'proxy.mp4'), 'from before');
    await writeFile(join(into, 'notes.avi'), 'no video at all');
    await expect(writeProxy(join(into, 'notes.avi'), join(into, 'proxy.mp4'))).rejects.toMatchObject({
      name: 'UserError',
    });
    expect(await readFile(join(into, 'proxy.mp4'), 'utf8')).toBe('from before');
    expect((await readdir(into)).sort()).toEqual(['notes.avi', 'proxy.mp4']);
  });

  it('says why where the file cannot be written', async () => {
    const path = await made('plain.mkv');
    await writeFile(join(folder, 'a file'), '');
    await expect(writeProxy(path, join(folder, 'a file', 'proxy.mp4'))).rejects.toMatchObject({ code: 'no-such-file' });
  });
});
