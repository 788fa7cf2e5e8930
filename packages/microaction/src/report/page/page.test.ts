import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findChromium, launch } from '../../../../../scripts/chromium.ts';
import { syntheticDetection, writeFilm } from '../../../test/syntheticDetection.ts';
import type { Detection } from '../../inference/detection.ts';
import { relativeUrl } from '../relativeUrl.ts';
import { reportPage } from '../reportPage.ts';

const detection = syntheticDetection({ seconds: 20 });
const headHue = [0x56, 0xb4, 0xe9];

describe.skipIf(!findChromium())('the result page in Chromium (skipped where none is found)', () => {
  let browser: Browser;
  let folder: string;
  let film: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'result page #'));
    film = join(folder, '50% drawn film?.mp4');
    await writeFilm(film, detection.pose);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a page of a detection from its file, and collects what it complains of and asks for. */
  async function open(shown: Detection, video = film, colorScheme: 'light' | 'dark' = 'light') {
    const file = join(folder, `${crypto.randomUUID()}.html`);
    writeFileSync(file, reportPage({ detection: shown, videoUrl: relativeUrl(file, video), title: 'drawn film.mp4' }));
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme });
    onTestFinished(() => page.close());
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    await page.waitForFunction(() => document.querySelectorAll('#part-labels label').length > 0);
    return { page, complaints, requests };
  }

  // biome-ignore lint/performance/useDomNodeTextContent: as a reader sees it, line by line
  const text = (page: Page, selector: string) => page.locator(selector).innerText();
  const videoTime = (page: Page) => page.evaluate(() => document.querySelector('video')?.currentTime ?? Number.NaN);
  const loaded = (page: Page) => page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);

  /** A point of the rows' canvas: so many seconds in, in the row of a body part. */
  async function clickRows(page: Page, seconds: number, part: number): Promise<void> {
    const canvas = (await page.locator('#rows').boundingBox())!;
    const label = (await page.locator('#part-labels label').nth(part).boundingBox())!;
    await page.mouse.click(canvas.x + (seconds / 20) * canvas.width, label.y + 10);
  }

  /** How many pixels of a canvas are near a colour; of any colour at all without one. */
  const pixelsOf = (page: Page, selector: string, colour?: number[]) =>
    page.evaluate(
      ([selector, colour]) => {
        const canvas = document.querySelector(selector as string) as HTMLCanvasElement;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let i = 0; i < data.length; i += 4) {
          const near = !colour || [0, 1, 2].every((k) => Math.abs(data[i + k] - Number(colour[k])) < 12);
          if (data[i + 3] > 200 && near) count++;
        }
        return count;
      },
      [selector, colour] as const,
    );

  it('shows a row a body part, every instance in the table, and asks for nothing but the video', async () => {
    const { page, complaints, requests } = await open(detection);
    await loaded(page);
    const rows = await page.locator('#part-labels label').allInnerTexts();
    expect(rows.map((row) => row.replace(/\s+/g, ' '))).toEqual([
      'A body 1',
      'B head 4',
      'C upper limb 2',
      'D lower limb 1',
      'E body-hand 0',
      'F head-hand 1',
      'G leg-hand 1',
    ]);
    expect(await page.locator('#table tbody tr:not(.spacer)').count()).toBe(detection.instances.length);
    expect(await pixelsOf(page, '#rows', headHue)).toBeGreaterThan(100);
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('shows what was found without key points and curves, and nothing of those', async () => {
    const instances = detection.instances.map(({ curve: _, ...instance }) => instance);
    const { page, complaints } = await open({ ...detection, model: 'dsta-s', pose: undefined, curves: [], instances });
    await loaded(page);
    expect(await page.locator('#table tbody tr:not(.spacer)').count()).toBe(instances.length);
    await clickRows(page, 3, 1);
    expect(await text(page, '#detail h2')).toBe('B1 nodding head');
    for (const hidden of ['#overlay-choice', '#curve-label', '#curve-plot']) {
      expect(await page.locator(hidden).isVisible(), hidden).toBe(false);
    }
    expect(await pixelsOf(page, '#overlay')).toBe(0);
    expect(complaints).toEqual([]);

    const nothing = await open({ ...detection, pose: undefined, curves: [], instances: [] });
    const advice = await text(nothing.page, '#detail');
    expect(advice).toContain('--min-score 0.05');
    expect(advice).not.toMatch(/key points|--person/);
    expect(nothing.complaints).toEqual([]);
  });

  it('selects a clicked instance and goes to its start', async () => {
    const { page } = await open(detection);
    await loaded(page);
    await clickRows(page, 3, 1);
    expect(await text(page, '#detail h2')).toBe('B1 nodding head');
    expect(await text(page, '#detail')).toContain('0:02.000 – 0:04.600');
    expect(await text(page, '#detail .reason')).toBe('head pitch oscillates at 2.1 Hz, 9.0 degrees peak to peak');
    expect(await page.locator('#curve-choice').inputValue()).toBe('headPitch');
    expect(await pixelsOf(page, '#curve', [196, 229, 247])).toBeGreaterThan(1000); // the shaded span
    expect(await text(page, '#readout')).toBe('0:02.000  frame 30');
    expect(await videoTime(page)).toBeCloseTo(2, 2);
  });

  it('shows the very frame that an instance starts with', async () => {
    const starts = [4, 61, 62, 64, 128, 254].map((frame) => ({
      ...detection.instances[0],
      start: frame / 15,
      end: (frame + 6) / 15,
    }));
    const { page } = await open({ ...detection, instances: starts });
    await loaded(page);
    for (const frame of [4, 61, 62, 64, 128, 254]) {
      await page.keyboard.press('Tab');
      expect(await text(page, '#readout')).toMatch(new RegExp(`frame ${frame}$`));
    }
  });

  it('seeks where the time line is clicked', async () => {
    const { page } = await open(detection);
    await loaded(page);
    await clickRows(page, 10, 4);
    expect(await videoTime(page)).toBeCloseTo(10, 1);
    await page.mouse.move(0, 0);
    expect(await text(page, '#readout')).toMatch(/^0:(09\.9|10\.0)\d\d {2}frame 1(49|50)$/);
  });

  it('goes through instances and frames by key', async () => {
    const { page } = await open(detection);
    await loaded(page);
    await page.keyboard.press('Tab');
    expect(await text(page, '#detail h2')).toBe('B1 nodding head');
    await page.keyboard.press('Tab');
    expect(await text(page, '#detail h2')).toBe('D3 shaking legs lower limb');
    await page.keyboard.press('Shift+Tab');
    expect(await text(page, '#detail h2')).toBe('B1 nodding head');
    await page.keyboard.press('.');
    expect(await text(page, '#readout')).toContain('frame 31');
    await page.keyboard.press('Shift+Period');
    expect(await text(page, '#readout')).toContain('frame 41');
    await page.keyboard.press(',');
    expect(await text(page, '#readout')).toContain('frame 40');
    await page.keyboard.press('+');
    await expect.poll(() => text(page, '#window-text')).toBe('10.0 s');
    await page.keyboard.press('0');
    await expect.poll(() => text(page, '#window-text')).toBe('20.0 s');
    await page.keyboard.press('?');
    expect(await page.locator('#help').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('#help').isVisible()).toBe(false);
  });

  it('lets the tab key out of the time line after escape', async () => {
    const { page } = await open(detection);
    await page.locator('#rows').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('rows');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).not.toBe('rows');
  });

  it('plays, changes speed, and stops at the end of a played instance', async () => {
    const { page } = await open(detection);
    await loaded(page);
    await page.keyboard.press('Space');
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.1);
    expect(await text(page, '#play')).toBe('Pause');
    await page.keyboard.press('l');
    expect(await page.locator('#speed').inputValue()).toBe('1.5');
    await page.keyboard.press('k');
    expect(await page.evaluate(() => document.querySelector('video')?.paused)).toBe(true);
    await page.getByRole('row', { name: 'stretching arms' }).click();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('video')?.paused === false);
    await page.waitForFunction(() => document.querySelector('video')?.paused === true);
    expect(await videoTime(page)).toBeGreaterThanOrEqual(5.7);
    expect(await videoTime(page)).toBeLessThan(6.5);
  });

  it('draws the key points where the film shows them, until they are turned off', async () => {
    const { page } = await open(detection);
    await loaded(page);
    await page.keyboard.press('Tab');
    expect(await pixelsOf(page, '#overlay', headHue)).toBeGreaterThan(30);
    await page.keyboard.press('p');
    expect(await page.locator('#overlay').isVisible()).toBe(false);
  });

  it('filters by score and body part, sorts, and says so when nothing is left', async () => {
    const { page } = await open(detection);
    await page.locator('#least-score').fill('0.7');
    expect(await text(page, '#shown-count')).toBe('4 of 10 instances');
    await page.locator('#part-1').uncheck();
    expect(await text(page, '#shown-count')).toBe('1 of 10 instances');
    await page.locator('#part-5').uncheck();
    expect(await text(page, '#nothing')).toContain('lower the least score');
    await page.locator('#least-score').fill('0');
    await page.getByRole('button', { name: 'Score' }).click();
    const scores = (await page.locator('#table tbody td:nth-child(7)').allInnerTexts()).map(Number);
    expect(scores).toEqual([0.28, 0.31, 0.35, 0.55, 0.64]);
  });

  it('saves what is shown', async () => {
    const { page } = await open(detection);
    await page.locator('#least-score').fill('0.9');
    const save = async (id: string) => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator(id).click()]);
      return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
    };
    const csv = await save('#save-csv');
    expect(csv.name).toBe('drawn film.micro-actions.csv');
    expect(csv.text.split('\r\n')[1]).toMatch(/^drawn film.mp4,bowing head,B5,head,13,15.8,2.8,0.93,/);
    const json = await save('#save-json');
    expect(JSON.parse(json.text).videos[0].instances).toHaveLength(1);
  });

  it('follows the system to dark, and the button back to light', async () => {
    const { page } = await open(detection, film, 'dark');
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await ground()).toBe('rgb(22, 24, 27)');
    await page.getByRole('button', { name: 'Light' }).click();
    expect(await ground()).toBe('rgb(255, 255, 255)');
  });

  it('says that a video is missing, works without it, and takes a chosen file', async () => {
    const { page } = await open(detection, join(folder, 'gone away.mp4'));
    await page.locator('#video-message').waitFor();
    expect(await text(page, '#video-message')).toContain('gone away.mp4 is not where it was');
    await clickRows(page, 10, 4);
    expect(await text(page, '#readout')).toMatch(/frame 1(49|50)$/);
    await page.keyboard.press('Space');
    await page.waitForFunction(() => /frame 15[3-9]/.test(document.getElementById('readout')?.textContent ?? ''));
    await page.keyboard.press('Space');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByText('Choose the file').click()]);
    await chooser.setFiles(film);
    await loaded(page);
    expect(await page.locator('#video-message').isVisible()).toBe(false);
    expect(await videoTime(page)).toBeGreaterThan(9.9);
  });

  it('says what it means that nothing was found', async () => {
    const { page, complaints } = await open({ ...detection, instances: [] });
    expect(await text(page, '#detail')).toContain('No micro-action was found');
    expect(await text(page, '#detail')).toContain('--person X,Y,W,H');
    await page.keyboard.press('Tab');
    expect(complaints).toEqual([]);
  });

  it('keeps only the rows in view in the document, of however many', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({
      ...detection.instances[0],
      start: i / 101,
      end: i / 101 + 0.1,
    }));
    const { page, complaints } = await open({ ...detection, instances: many });
    expect(await page.locator('#table tbody tr').count()).toBeLessThan(60);
    await page.keyboard.press('Shift+Tab');
    expect(await page.locator('#table tr[aria-selected=true]').getAttribute('aria-rowindex')).toBe('2');
    await page.locator('#table-frame').evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
    await page.locator('#table tr[aria-rowindex="2001"]').waitFor();
    expect(complaints).toEqual([]);
  });
});
