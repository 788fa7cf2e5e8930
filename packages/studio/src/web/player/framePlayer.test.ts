import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodedInstance } from '../../contract/coding.ts';
import type { Video } from '../../contract/video.ts';
import { hasEnded, jobWhen, startWork } from '../../server/jobs/jobsTesting.ts';
import { addSound, makeVideo, movingSquare, steadyTimes, type TestVideo } from '../../server/media/mediaTesting.ts';
import { chromiumPath, type PageStudio, pageStudio } from '../pageTesting.ts';

describe.skipIf(!chromiumPath)('videos that begin late or end soon (skipped where there is no Chromium)', () => {
  let at: PageStudio;
  beforeAll(async () => {
    at = await pageStudio();
    // So that nothing is detected.
    await at.studio.solo.patch(`/projects/${at.studio.project}`, { blind: true });
    await at.studio.solo.patch('/account/preferences', { tourDone: true });
    startWork(at.studio);
  });
  afterAll(() => at?.close());

  const frames = 30;
  const late = steadyTimes(frames, 25).map((time) => time + 480);
  const files: [name: string, startSeconds: number, video: Partial<TestVideo>, sound?: boolean][] = [
    ['heard-before.mp4', 0.48, { timesMs: late }, true],
    ['without-edit-list.mp4', 2 / 30, { bFrames: 2, muxerOptions: { use_editlist: '0' } }],
  ];
  it.each(files)('are stepped and coded by the times of their frames: %s', async (name, startSeconds, made, sound) => {
    const { solo, folder } = at.studio;
    await writeVideo(join(folder, name), { ...movingSquare(frames), ...made }, sound);
    const video = await prepared(name);
    expect(video.startSeconds).toBeCloseTo(startSeconds, 6);
    const binary = await (await solo.raw(`/videos/${video.id}/frames`)).arrayBuffer();
    const times = new Float64Array(binary);

    const page = await at.open(`/videos/${video.id}`, solo);
    await page.locator('.time-line canvas').first().waitFor();
    await expect.poll(() => frameShown(page)).toBe(0);
    for (const key of ['Shift+.', ',', ',', '.']) await page.keyboard.press(key);
    await expect.poll(() => frameShown(page)).toBe(9);
    expect(await page.locator('.clock').textContent()).toContain('frame 9');
    await page.keyboard.press('i');
    for (const key of ['.', '.', '.']) await page.keyboard.press(key);
    await expect.poll(() => frameShown(page)).toBe(12);
    for (const key of ['o', 'b', '1']) await page.keyboard.press(key);
    const coded = async (): Promise<CodedInstance[]> => (await solo.post(`/videos/${video.id}/codings`)).body.instances;
    await expect.poll(coded).toMatchObject([{ action: 'nodding', start: times[9] }]);
    const [{ end }] = await coded();
    // Where the frame that is shown last ends.
    expect(end).toBe(times[13]);

    await page.keyboard.press('Home');
    await expect.poll(() => frameShown(page)).toBe(0);
    await page.close();
  });

  it('that end sooner than their frames say are not sought without end', async () => {
    const { solo, folder } = at.studio;
    await makeVideo(join(folder, 'short.mp4'), movingSquare(frames));
    const video = await prepared('short.mp4');
    const page = await at.open('/', solo);
    const longer = Float64Array.from(steadyTimes(frames + 5, 30), (time) => time / 1000);
    await page.route('**/frames', (route) => route.fulfill({ body: Buffer.from(longer.buffer) }));
    await page.goto(`${at.studio.url}/videos/${video.id}`);
    await expect.poll(() => frameShown(page)).toBe(0);
    await page.keyboard.press('End');
    await expect.poll(() => frameShown(page)).toBe(frames - 1);
    const seeks = await page.evaluate(async () => {
      let count = 0;
      document.querySelector('video')!.addEventListener('seeking', () => count++);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return count;
    });
    expect(seeks).toBe(0);
    await page.keyboard.press('Home');
    await expect.poll(() => frameShown(page)).toBe(0);
    await page.close();
  });

  it('never make the page complain', () => expect(at.complaints).toEqual([]));

  // ---- below: internals ----

  async function prepared(path: string): Promise<Video> {
    const { solo, project } = at.studio;
    const { body } = await solo.post(`/projects/${project}/videos`, { paths: [path] });
    const [{ id, jobs }] = body as Video[];
    await jobWhen(at.studio, jobs[0].id, hasEnded);
    return (await solo.get(`/videos/${id}`)).body;
  }
});

async function writeVideo(path: string, video: TestVideo, sound = false): Promise<void> {
  if (!sound) return makeVideo(path, video);
  const silent = path.replace('.mp4', '.silent.mp4');
  await makeVideo(silent, video);
  await addSound(silent, path, { codec: 'aac', seconds: 2, level: (seconds) => 0.2 * Math.sin(2000 * seconds) });
  await rm(silent);
}

/** Which frame is on the screen: the bright square moves 4 pixels with each. */
const frameShown = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const video = document.querySelector('video')!;
    if (video.videoWidth === 0 || video.seeking) return Number.NaN;
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight).getContext('2d')!;
    canvas.drawImage(video, 0, 0);
    const { data } = canvas.getImageData(0, video.videoHeight / 2, video.videoWidth, 1);
    return Math.round(data.findIndex((value, i) => i % 4 === 0 && value > 150) / 4 / 4);
  });
