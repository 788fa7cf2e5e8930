import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexVideo } from 'microaction/video';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launch } from '../../../../../scripts/chromium.ts';
import { addSound, makeVideo, movingSquare, steadyTimes, type TestVideo } from './mediaTesting.ts';
import { prepareVideo } from './prepare.ts';
import { probeVideo } from './probe.ts';
import { writeProxy } from './proxy.ts';
import { framesOutOfReach } from './reach.ts';

interface Expected {
  /** By the player's clock. */
  readonly moment: number;
  /** Of the square's left edge, in pixels. */
  readonly left: number;
}

describe.skipIf(!findChromium())('frames in a browser (skipped where there is no Chromium)', () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-player-'));
    browser = await launch();
    page = await browser.newPage();
    await page.setContent('<!doctype html><video muted></video>');
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  async function made(name: string, more: Partial<TestVideo> = {}): Promise<string> {
    await makeVideo(join(folder, name), { ...movingSquare(30), ...more });
    return join(folder, name);
  }

  /**
   * Where the player shows the left edge of the square, at moments of its own clock. Some frames are drawn later than
   * they are announced, so each has a second to become what is expected.
   */
  async function squaresAt(path: string, expected: readonly Expected[]): Promise<number[]> {
    const type = path.endsWith('.webm') ? 'video/webm' : 'video/mp4';
    const source = `data:${type};base64,${(await readFile(path)).toString('base64')}`;
    return page.evaluate(
      async ({ source, expected }) => {
        const player = document.querySelector('video')!;
        const heard = (event: string) =>
          new Promise<unknown>((resolve, reject) => {
            player.addEventListener(event, resolve, { once: true });
            player.addEventListener('error', () => reject(new Error(player.error?.message)), { once: true });
          });
        const loaded = heard('loadeddata');
        player.src = source;
        await loaded;
        const canvas = new OffscreenCanvas(player.videoWidth, player.videoHeight).getContext('2d')!;
        const squareLeft = () => {
          canvas.drawImage(player, 0, 0);
          const { data } = canvas.getImageData(0, player.videoHeight / 2, player.videoWidth, 1);
          return data.findIndex((value, i) => i % 4 === 0 && value > 150) / 4;
        };
        const found: number[] = [];
        for (const { moment, left } of expected) {
          const sought = heard('seeked');
          player.currentTime = moment;
          await sought;
          const endMs = performance.now() + 1000;
          while (Math.abs(squareLeft() - left) > 1 && performance.now() < endMs) {
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
          found.push(squareLeft());
        }
        return found;
      },
      { source, expected },
    );
  }

  /** Seeks to the middle of each frame's time, as `frames.f64` and `startSeconds` say, and expects just that frame. */
  async function expectEveryFrame(path: string, outOfReach: readonly number[] = []): Promise<void> {
    const into = await mkdtemp(join(folder, 'rows-'));
    const { startSeconds } = await prepareVideo(path, into);
    const times = [...new Float64Array(new Uint8Array(await readFile(join(into, 'frames.f64'))).buffer)];
    const { durationSeconds } = await probeVideo(path);
    expect(times).toHaveLength(30);
    const expected = times
      .map((time, frame) => ({
        frame,
        moment: startSeconds + (time + (times[frame + 1] ?? durationSeconds)) / 2,
        left: 4 * frame,
      }))
      .filter(({ frame }) => !outOfReach.includes(frame));
    const found = await squaresAt(path, expected);
    for (const [i, { frame, left }] of expected.entries()) {
      expect(Math.abs(found[i] - left), `frame ${frame}`).toBeLessThanOrEqual(1);
    }
  }

  const uneven = Array.from({ length: 30 }, (_, i) => 40 * i + (i > 10 ? 300 : 0) + (i % 3) * 7);
  const originals: [name: string, video: Partial<TestVideo>][] = [
    ['plain.mp4', { bFrames: 2 }],
    ['uneven.mp4', { timesMs: uneven, bFrames: 2 }],
    ['late.mp4', { timesMs: steadyTimes(30, 25).map((time) => time + 480) }],
    ['without-edit-list.mp4', { bFrames: 2, muxerOptions: { use_editlist: '0' } }],
    ['late.webm', { timesMs: steadyTimes(30, 25).map((time) => time + 480), encoder: 'libvpx' }],
    ['vp9.webm', { encoder: 'libvpx-vp9' }],
  ];
  it.each(originals)('are found by their times: %s', async (name, video) => {
    const path = await made(name, video);
    const { container, index } = await indexVideo(path);
    await container.close();
    const outOfReach = framesOutOfReach(index);
    await expectEveryFrame(path, outOfReach);
    const listed: Readonly<Record<string, number[]>> = {
      'uneven.mp4': [10, 11],
      'without-edit-list.mp4': [10, 11, 22, 23],
    };
    expect(outOfReach).toEqual(listed[name] ?? []);
    const { warnings } = await probeVideo(path);
    expect(warnings).toHaveLength(outOfReach.length > 0 ? 1 : 0);
    if (warnings[0]) expect(warnings[0]).toContain(`cannot step to ${outOfReach.length} of its 30 frames`);
  });

  const converted: [name: string, video: Partial<TestVideo>][] = [
    ['mpeg4.avi', { encoder: 'mpeg4', bFrames: 2 }],
    ['hevc.mkv', { encoder: 'libx265', bFrames: 2, timesMs: uneven }],
    ['late.mkv', { timesMs: steadyTimes(30, 25).map((time) => time + 480) }],
  ];
  it.each(converted)('of a proxy are found by their times: %s', async (name, video) => {
    const proxy = `${await made(name, video)}.mp4`;
    await writeProxy(join(folder, name), proxy);
    await expectEveryFrame(proxy);
  });

  it('of a proxy with sound are found by their times', async () => {
    const path = join(folder, 'heard.mkv');
    const pictures = await made('for-heard.mp4', { timesMs: uneven });
    await addSound(pictures, path, {
      codec: 'opus',
      channels: 2,
      seconds: 2,
      level: (at) => 0.2 * Math.sin(2000 * at),
    });
    await writeProxy(path, `${path}.mp4`);
    await expectEveryFrame(`${path}.mp4`);
  });
});
