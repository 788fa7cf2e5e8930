import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from 'microaction';
import {
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV422P10LE,
  AVCOL_RANGE_JPEG,
} from 'node-av/constants';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSound, makeVideo, movingSquare, silentWave, type TestVideo } from './mediaTesting.ts';
import { probeVideo } from './probe.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-probe-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function made(name: string, more: Partial<TestVideo> = {}): Promise<string> {
  const path = join(folder, name);
  await makeVideo(path, { ...movingSquare(12), ...more });
  return path;
}
async function written(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}
const thrownBy = (path: string) =>
  probeVideo(path).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('what a video file is', () => {
  it('tells size, times, codec and container', async () => {
    expect(await probeVideo(await made('plain.mp4'))).toEqual({
      durationSeconds: expect.closeTo(0.4, 2),
      frameRate: expect.closeTo(30, 1),
      variableFrameRate: false,
      frameCount: 12,
      widthPixels: 160,
      heightPixels: 96,
      codec: 'h264',
      container: 'MP4',
      hasAudio: false,
      startSeconds: 0,
      browserPlays: true,
      warnings: [],
    });
  });

  it('tells the size as displayed, after turning', async () => {
    const path = await made('turned.mp4', { displayMatrix: [0, 1, -1, 0] });
    expect(await probeVideo(path)).toMatchObject({ widthPixels: 96, heightPixels: 160, browserPlays: true });
  });

  it('tells that the time between frames varies', async () => {
    const path = await made('varying.mkv', { timesMs: [0, 33, 100, 133, 300] });
    expect(await probeVideo(path)).toMatchObject({ frameCount: 5, variableFrameRate: true });
  });

  it('tells when a player shows the first frame', async () => {
    const path = await made('late.mp4', { timesMs: [480, 520, 560] });
    expect(await probeVideo(path)).toMatchObject({
      startSeconds: expect.closeTo(0.48, 6),
      durationSeconds: expect.closeTo(0.12, 6),
    });
  });

  it('goes by the content, whatever the name says', async () => {
    const path = await written('notes.txt', await readFile(await made('real.webm', { encoder: 'libvpx' })));
    expect(await probeVideo(path)).toMatchObject({ container: 'WebM', codec: 'vp8', browserPlays: true });
  });

  it('follows a link', async () => {
    await symlink(await made('linked.mp4'), join(folder, 'link'));
    expect(await probeVideo(join(folder, 'link'))).toMatchObject({ frameCount: 12 });
  });
});

describe('whether every browser plays a video', () => {
  const plays: [name: string, video: Partial<TestVideo>, container: string][] = [
    ['h264.mp4', { bFrames: 2 }, 'MP4'],
    ['h264.mov', {}, 'QuickTime'],
    ['vp8.webm', { encoder: 'libvpx' }, 'WebM'],
    ['vp9.webm', { encoder: 'libvpx-vp9' }, 'WebM'],
    ['av1.webm', { encoder: 'libsvtav1' }, 'WebM'],
  ];
  it.each(plays)('says yes to %s', async (name, video, container) => {
    const facts = await probeVideo(await made(name, video));
    expect(facts).toMatchObject({ container, browserPlays: true });
    expect(facts.browserPlaysNot).toBeUndefined();
  });

  const not: [name: string, video: Partial<TestVideo>, why: RegExp][] = [
    ['h264.mkv', {}, /do not play Matroska/],
    ['h264.ts', {}, /do not play MPEG-TS/],
    ['mpeg4.avi', { encoder: 'mpeg4' }, /do not play AVI/],
    ['mjpeg.mov', { encoder: 'mjpeg', colorRange: AVCOL_RANGE_JPEG }, /plays mjpeg in QuickTime/],
    ['wmv2.wmv', { encoder: 'wmv2' }, /do not play Windows Media/],
    ['hevc.mp4', { encoder: 'libx265' }, /plays hevc in MP4/],
    ['vp9.mp4', { encoder: 'libvpx-vp9' }, /plays vp9 in MP4/],
    ['prores.mov', { encoder: 'prores', pixelFormat: AV_PIX_FMT_YUV422P10LE }, /plays prores in QuickTime/],
    ['deep.mp4', { pixelFormat: AV_PIX_FMT_YUV420P10LE }, /other than 8-bit 4:2:0 \(yuv420p10le\)/],
    ['422.mp4', { pixelFormat: AV_PIX_FMT_YUV422P }, /other than 8-bit 4:2:0 \(yuv422p\)/],
    ['mirrored.mp4', { displayMatrix: [-1, 0, 0, 1] }, /mirrored/],
  ];
  it.each(not)('says no to %s, and why', async (name, video, why) => {
    const facts = await probeVideo(await made(name, video));
    expect(facts.browserPlays).toBe(false);
    expect(facts.browserPlaysNot).toMatch(why);
  });

  const sounds = [
    { pictures: 'a.mp4', more: {}, name: 'sound.mp4', codec: 'aac', plays: true },
    { pictures: 'b.mp4', more: {}, name: 'mp3.mp4', codec: 'mp3', plays: true },
    { pictures: 'c.mp4', more: {}, name: 'opus.mp4', codec: 'opus', plays: false },
    { pictures: 'd.mp4', more: {}, name: 'pcm.mov', codec: 'pcm-s16', plays: false },
    { pictures: 'e.webm', more: { encoder: 'libvpx' }, name: 'opus.webm', codec: 'opus', plays: true },
  ] as const;
  it.each(sounds)('says $plays to sound as $codec in $name', async ({ pictures, more, name, codec, plays }) => {
    await addSound(await made(pictures, more), join(folder, name), { codec, seconds: 0.4, level: () => 0.1 });
    const facts = await probeVideo(join(folder, name));
    expect(facts).toMatchObject({
      hasAudio: true,
      audioCodec: codec.replace('pcm-s16', 'pcm_s16le'),
      browserPlays: plays,
    });
    expect(facts.browserPlaysNot ?? '').toMatch(plays ? /^$/ : /plays sound as (opus|pcm_s16le)/);
  });
});

describe('what is no video', () => {
  const picture = sharp({ create: { width: 32, height: 32, channels: 3, background: 'teal' } });
  const lines = Array.from({ length: 200 }, (_, i) => `line ${i} of an interview, 写下来的`).join('\n');
  const cases: [what: string, make: () => Promise<string>, found: string][] = [
    ['an empty file', () => written('empty.mp4', ''), 'an empty file'],
    ['a text', () => written('text.mp4', lines), 'a text file'],
    [
      'a text of two-byte characters',
      () => written('utf16.mp4', Buffer.from(`\ufeff${lines}`, 'utf16le')),
      'a text file',
    ],
    ['a play list', () => written('list.m3u8', '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n'), 'a text file'],
    ['a page', () => written('page.mp4', '<!DOCTYPE html><script>alert(1)</script>'), 'a text file'],
    ['a photograph', async () => written('photo.mp4', await picture.jpeg().toBuffer()), 'an image (JPEG)'],
    ['a drawing', async () => written('drawing.mp4', await picture.png().toBuffer()), 'an image (PNG)'],
    ['a small image', async () => written('icon.mp4', await picture.webp().toBuffer()), 'an image (WebP)'],
    ['a moving image', async () => written('moving.mp4', await picture.gif().toBuffer()), 'an image (GIF)'],
    ['a bitmap', () => written('bitmap.mp4', bitmap()), 'an image'],
    ['a document', () => written('paper.mp4', Buffer.from('%PDF-1.7\n\x00\x01')), 'a PDF document'],
    ['an archive', () => written('pack.mp4', Buffer.from('PK\x03\x04\x14\x00')), 'a ZIP archive'],
    ['sound', () => written('sound.mp4', silentWave()), 'no video track'],
    [
      'noise',
      () =>
        written(
          'noise.mp4',
          Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 7919) >> 5),
        ),
      'no format that is known',
    ],
    ['a folder', () => mkdtemp(join(folder, 'videos-')), 'a folder'],
    ['a device', async () => '/dev/null', 'a device or a pipe'],
    ['a video without frames', () => made('none.avi', movingSquare(0)), 'a video track without frames'],
  ];
  it.each(cases)('is refused, saying what was found: %s', async (_, make, found) => {
    const path = await make();
    const error = await thrownBy(path);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      code: 'not-a-video',
      message: expect.stringContaining(`${path}: this is no video: found ${found}`),
    });
    expect(error).toMatchObject({
      message: expect.stringMatching(/Choose another file; this one is left as it is\.$/),
    });
  });

  it('is called by the name that people know', async () => {
    const path = await written('upload-7f3a.part', lines);
    await expect(probeVideo(path, { name: 'talk.mp4' })).rejects.toThrow(/^talk\.mp4: this is no video/);
    const cut = await made('upload-7f3b.mp4');
    await writeFile(cut, (await readFile(cut)).subarray(0, 700));
    await expect(probeVideo(cut, { name: 'walk.mp4' })).rejects.toThrow(/^walk\.mp4: the file is incomplete/);
  });
});

describe('a video that is not whole, or not there', () => {
  it('is refused where its index is missing', async () => {
    const path = await made('cut.mp4');
    await writeFile(path, (await readFile(path)).subarray(0, 700));
    expect(await thrownBy(path)).toMatchObject({ code: 'incomplete-file' });
  });

  it('is taken with a warning where only its end is missing', async () => {
    const path = await made('short.mp4', { ...movingSquare(60), muxerOptions: { movflags: 'faststart' } });
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, Math.round(whole.length * 0.7)));
    const facts = await probeVideo(path, { name: 'short film' });
    expect(facts.frameCount).toBeLessThan(60);
    expect(facts.warnings).toEqual([expect.stringMatching(/^short film: the file is incomplete, \d+ of 60 frames/)]);
  });

  it('is refused where a codec is unknown', async () => {
    const bytes = await readFile(await made('known.mp4'));
    const path = await written(
      'unknown.mp4',
      Buffer.from(bytes.toString('latin1').replaceAll('avc1', 'zzzz'), 'latin1'),
    );
    expect(await thrownBy(path)).toMatchObject({ code: 'unsupported-codec' });
  });

  it('is refused where damaged times make it days long', async () => {
    const path = await made('days.mkv', { timesMs: [0, 40, 500 * 3600 * 1000] });
    expect(await thrownBy(path)).toMatchObject({
      code: 'bad-times',
      message: expect.stringMatching(/lie 500 hours apart/),
    });
  });

  it.skipIf(process.getuid?.() === 0)('is refused where it may not be read (skipped for root, who may)', async () => {
    const path = await made('locked.mp4');
    await chmod(path, 0);
    expect(await thrownBy(path)).toMatchObject({ code: 'unreadable' });
  });

  it('is refused where it is missing, also at the end of a link', async () => {
    expect(await thrownBy(join(folder, 'missing.mp4'))).toMatchObject({ code: 'no-file' });
    await symlink(join(folder, 'missing.mp4'), join(folder, 'dangling.mp4'));
    expect(await thrownBy(join(folder, 'dangling.mp4'))).toMatchObject({ code: 'no-file' });
    await symlink(join(folder, 'circle'), join(folder, 'circle'));
    expect(await thrownBy(join(folder, 'circle'))).toMatchObject({ code: 'unreadable' });
  });

  it('is let go of at once when the caller says so', async () => {
    const path = await made('stopped.mp4');
    await expect(probeVideo(path, { signal: AbortSignal.abort(new Error('never mind')) })).rejects.toThrow(
      'never mind',
    );
  });
});

/** 2 x 2 pixels of 24 bits, which FFmpeg takes for a video of one frame. */
function bitmap(): Buffer {
  const bytes = Buffer.alloc(54 + 16);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  [40, 2, 2, 1 | (24 << 16)].forEach((value, i) => {
    bytes.writeUInt32LE(value, 14 + 4 * i);
  });
  return bytes;
}
