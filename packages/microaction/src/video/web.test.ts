import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AVCOL_RANGE_MPEG, AVCOL_SPC_BT709 } from 'node-av/constants';
import type { Browser, Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launch } from '../../../../scripts/chromium.ts';
import { makeVideo, steadyTimes, type TestVideo } from '../../test/testVideo.ts';
import { openVideo as openInNode } from './node.ts';
import type { Frame, FrameOptions } from './video.ts';
import type { openVideo as OpenInBrowser } from './web.ts';

/** Smooth colours that drift, and a bright square in them. */
const scene: TestVideo = {
  width: 176,
  height: 112,
  timesMs: steadyTimes(20, 25),
  colorSpace: AVCOL_SPC_BT709,
  colorRange: AVCOL_RANGE_MPEG,
  paint: (frame, x, y) =>
    x >= 6 * frame && x < 6 * frame + 24 && y >= 40 && y < 64
      ? [200, 110, 150]
      : [90 + 30 * Math.sin((x + 2 * frame) / 40), 128 + 30 * Math.sin(y / 30), 128 + 30 * Math.cos(x / 50)],
};

const videos: Record<string, TestVideo> = {
  'vp9.webm': { ...scene, encoder: 'libvpx-vp9' },
  'h264.mp4': { ...scene, bFrames: 2 },
  'uneven.mp4': { ...scene, timesMs: [0, 40, 100, 400, 420, 900] },
  'turned.mp4': { ...scene, displayMatrix: [0, 1, -1, 0] },
  'late.mp4': { ...scene, bFrames: 2, timesMs: steadyTimes(12, 25).map((time) => time + 320) },
};

const requests: [video: string, options: FrameOptions][] = [
  ['vp9.webm', {}],
  ['h264.mp4', { longSidePixels: 64 }],
  [
    'h264.mp4',
    { sampleRate: 10, startSeconds: 0.2, region: { x: -20, y: 30, width: 81, height: 101 }, widthPixels: 60 },
  ],
  ['uneven.mp4', { sampleRate: 8, widthPixels: 200 }],
  ['turned.mp4', { region: { x: 7, y: 20, width: 90, height: 120 }, longSidePixels: 60 }],
  ['late.mp4', { heightPixels: 40 }],
];

declare global {
  var openVideo: typeof OpenInBrowser;
}

describe.skipIf(!findChromium())('a video in a browser (skipped where there is no Chromium)', () => {
  let folder: string;
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-web-'));
    for (const [name, video] of Object.entries(videos)) await makeVideo(join(folder, name), video);
    await writeFile(join(folder, 'notes.mp4'), 'a text that someone wrote about a video\n'.repeat(50));
    await writeFile(join(folder, 'page.js'), await bundle('./web.ts'));
    await writeFile(join(folder, 'page.html'), '<!doctype html><script src="page.js"></script>');
    server = createServer(async ({ url }, response) => {
      const bytes = await readFile(join(folder, new URL(url!, 'http://localhost').pathname)).catch(() => undefined);
      response.writeHead(bytes === undefined ? 404 : 200, { 'content-type': url!.endsWith('html') ? 'text/html' : '' });
      response.end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await launch();
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/page.html`);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
    await rm(folder, { recursive: true });
  });

  it.each(requests)('shows the frames of %s with %j as Node does', async (name, options) => {
    const found = await page.evaluate(
      async ([name, options]) => {
        const video = await globalThis.openVideo(await (await fetch(name)).blob());
        const frames: (Omit<Frame, 'data'> & { base64: string })[] = [];
        for await (const { data, ...frame } of video.frames(options)) {
          frames.push({ ...frame, base64: btoa(data.reduce((text, byte) => text + String.fromCharCode(byte), '')) });
        }
        await video.close();
        return { info: video.info, frames };
      },
      [name, options] as const,
    );
    await using video = await openInNode(join(folder, name));
    for (const [key, value] of Object.entries(video.info)) {
      if (typeof value === 'number') expect(found.info[key as 'frameRate'], key).toBeCloseTo(value, 2);
      else expect(found.info[key as 'codec'], key).toBe(value);
    }
    let count = 0;
    for await (const { data, ...frame } of video.frames(options)) {
      const { base64, ...other } = found.frames[count++];
      expect(other.timeSeconds).toBeCloseTo(frame.timeSeconds, 3);
      expect({ ...other, timeSeconds: 0 }).toEqual({ ...frame, timeSeconds: 0 });
      expect(meanDifference(Buffer.from(base64, 'base64'), data)).toBeLessThan(1);
    }
    expect(found.frames.length).toBe(count);
    expect(count).toBeGreaterThan(4);
  });

  it('gives the frame at a moment by its address, and stops when it is told to', async () => {
    const found = await page.evaluate(async () => {
      const video = await globalThis.openVideo(new URL('vp9.webm', location.href));
      const { index } = await video.frameAt(0.5);
      const stop = new AbortController();
      let frames = 0;
      try {
        for await (const _ of video.frames({ signal: stop.signal }))
          if (++frames === 3) stop.abort(new Error('enough'));
      } catch (error) {
        return { index, frames, message: (error as Error).message };
      } finally {
        await video.close();
      }
    });
    expect(found).toEqual({ index: 12, frames: 3, message: 'enough' });
  });

  it('says in one line what is wrong with a file', async () => {
    const messages = await page.evaluate(async () => {
      const files = [new File([], 'empty.mp4'), new File([await (await fetch('notes.mp4')).blob()], 'notes.mp4')];
      return Promise.all(
        files.map((file) => globalThis.openVideo(file).catch((error) => `${error.code}: ${error.message}`)),
      );
    });
    expect(messages).toEqual([
      'bad-file: empty.mp4: the file is empty; copy or export it again',
      'bad-file: notes.mp4: this is not a video file that browsers can read; convert it to MP4 with H.264',
    ]);
  });
});

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY;
  return one.reduce((sum, value, i) => sum + Math.abs(value - other[i]), 0) / one.length;
}

/** A script that puts what a module exports on the page. */
async function bundle(module: string): Promise<string> {
  const input = fileURLToPath(new URL(module, import.meta.url));
  const built = await rolldown({ input, logLevel: 'silent', platform: 'browser' });
  const { output } = await built.generate({ format: 'iife', name: 'globalThis', extend: true });
  await built.close();
  return output[0].code;
}
