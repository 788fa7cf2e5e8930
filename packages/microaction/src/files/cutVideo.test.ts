import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeVideo, movingSquare, squareLeft } from '../../test/testVideo.ts';
import { openVideo } from '../video/node.ts';
import { cutVideo } from './cutVideo.ts';

describe('cutting a video', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-cut-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps the very frames of the part, counted from its start', async () => {
    const [whole, part] = [join(folder, 'whole.mp4'), join(folder, 'part.mp4')];
    await makeVideo(whole, movingSquare(36));
    await cutVideo(whole, { start: 0.4, end: 0.9 }, part);
    await using video = await openVideo(part);
    const lefts: number[] = [];
    for await (const frame of video.frames()) lefts.push(squareLeft(frame));
    expect(video.info.durationSeconds).toBeCloseTo(0.5, 2);
    expect(lefts).toEqual(Array.from({ length: 15 }, (_, i) => 4 * (12 + i)));
  });

  it('leaves nothing behind when it is stopped, or the file is no video', async () => {
    const [whole, text] = [join(folder, 'whole.mp4'), join(folder, 'text.mp4')];
    await makeVideo(whole, movingSquare(36));
    await writeFile(text, 'hello');
    const stopped = cutVideo(whole, { start: 0, end: 1 }, join(folder, 'part.mp4'), { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow('abort');
    const failed = cutVideo(text, { start: 0, end: 1 }, join(folder, 'part.mp4'));
    await expect(failed).rejects.toMatchObject({ code: 'cannot-cut', message: expect.stringContaining('text.mp4') });
    expect((await readdir(folder)).sort()).toEqual(['text.mp4', 'whole.mp4']);
  });
});
