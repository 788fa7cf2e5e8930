import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVideo, movingSquare, silentWave, squareLeft } from '../../test/testVideo.ts';
import { UserError } from '../errors.ts';
import { openVideo } from './node.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-bad-video-'));
});
afterAll(() => rm(folder, { recursive: true }));

const made = async (name: string, change: (bytes: Buffer) => Buffer, muxerOptions: Record<string, string> = {}) => {
  const path = join(folder, name);
  await makeVideo(path, { ...movingSquare(60), muxerOptions });
  await writeFile(path, change(await readFile(path)));
  return path;
};
const written = async (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const lines = Array.from({ length: 200 }, (_, i) => `line ${i} of an interview, written down by hand`).join('\n');

describe('opening what is no good video', () => {
  const cases: [what: string, make: () => Promise<string>, code: string, message: RegExp][] = [
    ['a missing file', async () => join(folder, 'missing.mp4'), 'no-file', /no such file; check the path/],
    ['a file below a file', async () => join(await written('a.mp4', 'x'), 'b.mp4'), 'no-file', /no such file/],
    [
      'a directory',
      async () => {
        await mkdir(join(folder, 'videos'));
        return join(folder, 'videos');
      },
      'bad-file',
      /directory; name a video file in it/,
    ],
    ['an empty file', () => written('empty.mp4', ''), 'bad-file', /empty; copy or export it again/],
    ['a text file named .mp4', () => written('notes.mp4', lines), 'bad-file', /not a video file/],
    ['a text file', () => written('notes.txt', lines), 'bad-file', /video/],
    ['a play list', () => written('list.m3u8', '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n'), 'bad-file', /video/],
    ['noise', () => written('noise.mp4', Buffer.from(lines.repeat(9)).fill(0x9d, 7)), 'bad-file', /video/],
    ['a sound file', () => written('sound.wav', silentWave()), 'no-video', /no video track/],
    [
      'MP4 without its index',
      () => made('cut.mp4', (b) => b.subarray(0, b.length >> 1)),
      'incomplete-file',
      /incomplete/,
    ],
    [
      'an unknown codec',
      () => made('codec.mp4', (b) => Buffer.from(b.toString('latin1').replaceAll('avc1', 'zzzz'), 'latin1')),
      'unsupported-codec',
      /cannot decode its video codec .*; convert it to MP4 with H.264/,
    ],
    [
      'a video track without frames',
      async () => {
        await makeVideo(join(folder, 'none.avi'), movingSquare(0));
        return join(folder, 'none.avi');
      },
      'no-frames',
      /holds no frames/,
    ],
  ];
  it.each(cases)('says of %s, in one line, what to do', async (_, make, code, message) => {
    const path = await make();
    const error = await openVideo(path).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(UserError);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message.startsWith(`${path}: `)).toBe(true);
    expect(error.message).not.toContain('\n');
  });

  it.skipIf(process.getuid?.() === 0)(
    'says that a file is not readable (skipped for root, who may read all)',
    async () => {
      const path = await written('locked.mp4', 'x');
      await chmod(path, 0);
      await expect(openVideo(path)).rejects.toThrow(/cannot be read \(EACCES\); check its permissions/);
    },
  );
});

describe('a video whose end is missing', () => {
  it.each([
    ['mp4', { movflags: 'faststart' }, /incomplete, \d+ of 60 frames are missing; read the first [01]\.\d+ s/],
    ['mkv', {}, /ends [01]\.\d s before the end that its header gives; read the first [01]\.\d+ s/],
  ])('gives the frames that .%s has, and a warning', async (ending, muxerOptions, warning) => {
    const path = await made(`short.${ending}`, (b) => b.subarray(0, Math.round(b.length * 0.7)), muxerOptions);
    await using video = await openVideo(path);
    expect(video.warnings).toEqual([expect.stringMatching(warning)]);
    expect(video.info.frameCount).toBeGreaterThan(15);
    expect(video.info.frameCount).toBeLessThan(60);
    let count = 0;
    for await (const frame of video.frames()) {
      expect(frame.index).toBe(count++);
      if (frame.index < 36) expect(Math.abs(squareLeft(frame) - 4 * frame.index)).toBeLessThanOrEqual(1);
    }
    expect(count).toBe(video.info.frameCount);
  });

  it('warns of nothing where nothing is missing', async () => {
    await using video = await openVideo(await made('whole.mp4', (b) => b));
    expect(video.warnings).toEqual([]);
  });

  it.each(['mp4', 'mkv'])('warns of nothing where the first picture comes late in .%s', async (ending) => {
    const path = join(folder, `late.${ending}`);
    await makeVideo(path, { ...movingSquare(3), timesMs: [2000, 2033, 2067] });
    await using video = await openVideo(path);
    expect(video.warnings).toEqual([]);
  });
});

describe('a video with damaged frames', () => {
  it('goes on after them, as a player does, and fills samples with what is on display', async () => {
    const path = await made('damaged.mkv', (bytes) => {
      const from = Math.round(bytes.length * 0.5);
      return Buffer.from(bytes.fill(0xff, from, from + 300));
    });
    await using video = await openVideo(path);
    const seen: number[] = [];
    for await (const { timeSeconds } of video.frames({ sampleRate: 15 })) seen.push(timeSeconds);
    expect(seen.length).toBe(Math.ceil(video.info.durationSeconds * 15 - 1e-3));
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });
});

it('says that a file vanished while it was open', async () => {
  const path = await made('vanishing.mp4', (b) => b);
  await using video = await openVideo(path);
  const first = video.frames()[Symbol.asyncIterator]();
  await first.next();
  await rm(path);
  await expect(video.frameAt(0)).rejects.toThrow(`${path}: the file was moved or changed while it was read`);
  await first.return?.();
});

it('lets the native libraries print nothing', async () => {
  const cut = await made('quiet.mkv', (b) => Buffer.from(b.fill(0xff, b.length >> 1)));
  const bad = await written('quiet.mp4', lines);
  const script = `
    const { openVideo } = await import(${JSON.stringify(new URL('./node.ts', import.meta.url).href)});
    await openVideo(${JSON.stringify(bad)}).catch(() => {});
    await using video = await openVideo(${JSON.stringify(cut)});
    for await (const _ of video.frames({ longSidePixels: 64 }));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});
