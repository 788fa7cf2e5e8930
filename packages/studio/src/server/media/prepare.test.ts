import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVideo } from 'microaction/video';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSound, makeVideo, movingSquare, silentWave, steadyTimes, type TestVideo } from './mediaTesting.ts';
import { prepareVideo } from './prepare.ts';
import { preparedFiles } from './preparedFiles.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-prepare-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function made(name: string, video: TestVideo): Promise<string> {
  await makeVideo(join(folder, name), video);
  return join(folder, name);
}
const newFolder = () => mkdtemp(join(folder, 'video-'));
async function numbers(folderPath: string, name: 'frames' | 'motion' | 'sound'): Promise<number[]> {
  const { buffer } = new Uint8Array(await readFile(join(folderPath, preparedFiles[name])));
  return [...(name === 'frames' ? new Float64Array(buffer) : new Float32Array(buffer))];
}

describe('frame times', () => {
  const varying = [0, 33, 100, 133, 167, 300, 333, 900, 933];
  const cases: [name: string, video: Partial<TestVideo>][] = [
    ['steady.mp4', { bFrames: 2 }],
    ['varying.mp4', { timesMs: varying, bFrames: 2 }],
    ['varying.mkv', { timesMs: varying }],
    ['late.mp4', { timesMs: steadyTimes(20, 25).map((time) => time + 480) }],
    ['mpeg4.avi', { encoder: 'mpeg4', bFrames: 2 }],
    ['stream.ts', { bFrames: 2 }],
    ['vp8.webm', { encoder: 'libvpx' }],
    ['turned.mov', { displayMatrix: [0, 1, -1, 0], bFrames: 2 }],
  ];
  it.each(cases)('of %s are those of the decoded frames', async (name, video) => {
    const path = await made(name, { ...movingSquare(20), ...video });
    const into = await newFolder();
    await prepareVideo(path, into);
    const decoded: number[] = [];
    await using opened = await openVideo(path);
    for await (const frame of opened.frames()) decoded.push(frame.timeSeconds);
    expect(await numbers(into, 'frames')).toEqual(decoded);
    expect(decoded).toHaveLength(video.timesMs?.length ?? 20);
    expect(decoded[0]).toBe(0);
  });
});

describe('the motion row', () => {
  /** Still, then moving from 1 to 2 s, then still; 3 s at 30 frames a second. */
  const moving = (frame: number) => Math.min(30, Math.max(0, frame - 30));
  const inTheMiddle = (more: Partial<TestVideo> = {}): TestVideo => {
    const square = movingSquare(90);
    return { ...square, paint: (frame, x, y) => square.paint!(moving(frame), x, y), ...more };
  };

  it.each(['mp4', 'mkv', 'avi'])('is high where something moves and low elsewhere (.%s)', async (ending) => {
    const path = await made(`middle.${ending}`, inTheMiddle({ encoder: ending === 'avi' ? 'mpeg4' : 'libx264' }));
    const into = await newFolder();
    const { motionRate } = await prepareVideo(path, into);
    expect(motionRate).toBeCloseTo(15, 2);
    const motion = await numbers(into, 'motion');
    expect(motion).toHaveLength(45);
    expect(Math.max(...motion)).toBeLessThanOrEqual(1);
    const during = motion.filter((_, i) => i / 15 > 1.05 && i / 15 < 1.95);
    const outside = motion.filter((_, i) => i / 15 < 0.95 || i / 15 > 2.05);
    expect(Math.min(...during)).toBeGreaterThan(0.5);
    expect(Math.max(...outside)).toBeLessThan(0.1);
  });

  it('has evenly spaced samples where frames come unevenly, 0 while none comes', async () => {
    const timesMs = [...steadyTimes(15, 30), ...steadyTimes(15, 30).map((time) => time + 1000)];
    const into = await newFolder();
    const { motionRate } = await prepareVideo(await made('pause.mkv', { ...movingSquare(30), timesMs }), into);
    const motion = await numbers(into, 'motion');
    expect(motion.length).toBe(Math.ceil(motionRate * 1.5 - 0.1));
    expect(motion.filter((_, i) => i / motionRate > 0.6 && i / motionRate < 0.95).every((value) => value === 0)).toBe(
      true,
    );
    expect(motion.some((value, i) => i / motionRate > 1 && value > 0.3)).toBe(true);
  });

  it('is 0 throughout a still video, and a single frame', async () => {
    for (const count of [1, 30]) {
      const still = { ...movingSquare(count), paint: () => [90, 128, 128] as const };
      const into = await newFolder();
      await prepareVideo(await made(`still${count}.mp4`, still), into);
      expect(new Set(await numbers(into, 'motion'))).toEqual(new Set([0]));
    }
  });
});

describe('the sound row', () => {
  const cases = [
    { name: 'aac.mp4', codec: 'aac', channels: 2, within: 0.08 },
    { name: 'pcm.mov', codec: 'pcm-s16', channels: 1, within: 1e-3 },
    { name: 'deep.mov', codec: 'pcm-s24', channels: 2, within: 1e-3 },
    { name: 'coarse.mov', codec: 'pcm-u8', channels: 1, within: 0.02 },
    { name: 'float.mkv', codec: 'pcm-f32', channels: 2, within: 1e-3 },
    { name: 'opus.mkv', codec: 'opus', channels: 2, within: 0.08 },
  ] as const;
  it.each(cases)('is the peak of each 20 ms ($name)', async ({ name, codec, channels, within }) => {
    // A tone at half level from 0.4 to 0.6 s, silence elsewhere.
    const level = (seconds: number) =>
      seconds >= 0.4 && seconds < 0.6 ? 0.5 * Math.sin(2 * Math.PI * 500 * seconds) : 0;
    const path = join(folder, name);
    await addSound(await made(`for-${name.replace(/\.\w+$/, '.mp4')}`, movingSquare(30)), path, {
      codec,
      channels,
      seconds: 1,
      level,
    });
    const into = await newFolder();
    expect(await prepareVideo(path, into)).toMatchObject({ soundRate: 50 });
    const sound = await numbers(into, 'sound');
    expect(sound).toHaveLength(50);
    for (const [i, peak] of sound.entries()) {
      if (i >= 21 && i < 29) expect(Math.abs(peak - 0.5)).toBeLessThan(within);
      if (i < 18 || i >= 32) expect(peak).toBeLessThan(0.02);
    }
  });

  it('mixes channels: what is opposite on two is not heard', async () => {
    const path = join(folder, 'opposite.mkv');
    const level = (seconds: number, channel: number) => (channel === 0 ? 0.5 : -0.5) * Math.sin(3000 * seconds);
    await addSound(await made('opposite.mp4', movingSquare(30)), path, {
      codec: 'pcm-f32',
      channels: 2,
      seconds: 1,
      level,
    });
    const into = await newFolder();
    await prepareVideo(path, into);
    expect(Math.max(...(await numbers(into, 'sound')))).toBeLessThan(1e-6);
  });

  it('keeps its place beside the pictures where sound begins later', async () => {
    const path = join(folder, 'later.mkv');
    await addSound(await made('later.mp4', movingSquare(30)), path, {
      codec: 'pcm-s16',
      startSeconds: 0.5,
      seconds: 0.2,
      level: () => 0.25,
    });
    const into = await newFolder();
    await prepareVideo(path, into);
    const sound = await numbers(into, 'sound');
    // Its times are rounded to milliseconds there.
    for (const [i, peak] of sound.entries()) if (i !== 35) expect(peak).toBeCloseTo(i >= 25 && i < 35 ? 0.25 : 0, 3);
  });

  it('is absent without sound, and goes when the sound has gone', async () => {
    const silent = await made('silent.mp4', movingSquare(30));
    const path = join(folder, 'heard.mp4');
    await addSound(silent, path, { codec: 'aac', seconds: 1, level: () => 0.1 });
    const into = await newFolder();
    await prepareVideo(path, into);
    expect(await readdir(into)).toContain('sound.f32');
    expect(await prepareVideo(silent, into)).toMatchObject({ soundRate: null });
    expect(await readdir(into)).not.toContain('sound.f32');
  });
});

describe('the thumbnail', () => {
  it('is at most 480 pixels long, as the video is displayed', async () => {
    const wide = { ...movingSquare(3), width: 640, height: 360, displayMatrix: [0, 1, -1, 0] as const };
    const into = await newFolder();
    await prepareVideo(await made('wide.mp4', wide), into);
    const { format, width, height } = await sharp(join(into, preparedFiles.thumbnail)).metadata();
    expect({ format, width, height }).toEqual({ format: 'webp', width: 270, height: 480 });
  });

  it.each([
    ['a tenth into the video', (frame: number) => (frame < 3 ? 80 : 180), 180],
    ['the first after a black beginning', (frame: number) => (frame < 15 ? 16 : 180), 180],
    ['from before, where all is black later', (frame: number) => (frame < 2 ? 120 : 16), 120],
    ['black where all is', () => 16, 16],
  ])('shows a picture %s', async (what, luma, expected) => {
    const video: TestVideo = { ...movingSquare(30), paint: (frame) => [luma(frame), 128, 128] };
    const into = await newFolder();
    await prepareVideo(await made(`${what}.mp4`, video), into);
    const { channels } = await sharp(join(into, preparedFiles.thumbnail)).stats();
    expect(Math.abs(channels[0].mean - ((expected - 16) * 255) / 219)).toBeLessThan(5);
  });
});

describe('preparing a video', () => {
  it('says how to read its files, in a file that comes last', async () => {
    const into = join(await newFolder(), 'made', 'on the way');
    const path = await made('plain.mp4', movingSquare(30));
    const prepared = await prepareVideo(path, into);
    expect(JSON.parse(await readFile(join(into, preparedFiles.meta), 'utf8'))).toEqual(prepared);
    expect((await readdir(into)).sort()).toEqual(['frames.f64', 'meta.json', 'motion.f32', 'thumbnail.webp']);
  });

  it('tells how far it is', async () => {
    const told: { done: number; total: number; stage: string }[] = [];
    await prepareVideo(await made('told.mp4', movingSquare(60)), await newFolder(), {
      onProgress: (one) => told.push(one),
    });
    const measuring = told.filter(({ stage }) => stage === 'measuring').map(({ done }) => done);
    expect(measuring).toEqual(measuring.toSorted((a, b) => a - b));
    expect(told.at(-1)).toEqual({ done: expect.closeTo(2, 3), total: expect.closeTo(2, 3), stage: 'measuring' });
    expect(measuring.length).toBeGreaterThan(20);
  });

  it('stops when told, and leaves nothing', async () => {
    const into = await newFolder();
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => done > 0.5 && stop.abort(new Error('enough'));
    const path = await made('long.mp4', movingSquare(60));
    await expect(prepareVideo(path, into, { signal: stop.signal, onProgress })).rejects.toThrow('enough');
    expect(await readdir(into)).toEqual([]);
  });

  it('refuses one whose damaged times make it days long, before it fills the memory', async () => {
    const path = await made('days.mkv', { ...movingSquare(3), timesMs: [0, 40, 500 * 3600 * 1000] });
    await expect(prepareVideo(path, await newFolder())).rejects.toMatchObject({ code: 'bad-times' });
  });

  it('takes a damaged video, whose frames keep their times', async () => {
    const path = await made('damaged.mkv', movingSquare(60));
    const bytes = await readFile(path);
    const from = Math.round(bytes.length * 0.5);
    await writeFile(path, bytes.fill(0xff, from, from + 300));
    const into = await newFolder();
    await prepareVideo(path, into);
    const times = await numbers(into, 'frames');
    for (const time of times) expect(Math.abs(time * 30 - Math.round(time * 30))).toBeLessThan(0.05);
  });

  it('refuses what is no video', async () => {
    await writeFile(join(folder, 'sound.mp4'), silentWave());
    await expect(prepareVideo(join(folder, 'sound.mp4'), await newFolder())).rejects.toMatchObject({
      code: 'no-video',
    });
  });
});
