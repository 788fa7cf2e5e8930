import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findChromium, launch } from '../../../../../scripts/chromium.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { diagnosisPage } from './diagnosisPage.ts';
import { madeDiagnosis } from './testing.ts';

const diagnosis = madeDiagnosis();
const title = 'a </title><script>alert(1)</script> "model" $& %css%';
const html = await diagnosisPage(diagnosis, {
  title,
  taxonomy: microActions52,
  videoUrl: (video) => (video.startsWith('clip 1') ? undefined : `videos/${encodeURIComponent(video)}.html`),
});

it('carries any text without letting it become markup', () => {
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).not.toMatch(/<b>/); // the names of the made clips hold one
});

it('refers to nothing on a network', () => {
  const links = [...html.matchAll(/(?:href|src|url)\s*[=(]\s*["']?([^"')\s>]*)/g)].map(([, target]) => target);
  expect(links.length).toBeGreaterThan(10);
  for (const target of links) expect(target).toMatch(/^(#|data:|videos\/)/);
});

it('draws every id but once', () => {
  const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.skipIf(!findChromium())('the page in Chromium (skipped where none is found)', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'diagnosis '));
    writeFileSync(join(folder, 'page.html'), html);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(options: { width?: number; colorScheme?: 'light' | 'dark' } = {}) {
    const { width = 1280, colorScheme = 'light' } = options;
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    onTestFinished(() => page.close());
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(folder, 'page.html')).href);
    return { page, complaints, requests };
  }

  it('opens without complaint or request, with all figures of both levels', async () => {
    const { page, complaints, requests } = await open();
    expect(await page.title()).toBe(`${title} – diagnosis`);
    expect(await page.locator('#action figure svg').count()).toBe(7);
    expect(await page.locator('#body figure svg').count()).toBe(7);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
  });

  it('gives text and ground the colours of the theme, also inside the figures', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open({ colorScheme });
      const colours = await page.evaluate(() => {
        const figureTitle = [...document.querySelectorAll('svg text')].find(
          (text) => text.textContent === 'Sensitivity',
        )!;
        const ground = document.querySelector('figure svg > rect')!;
        return [
          getComputedStyle(figureTitle).fill === getComputedStyle(document.body).color,
          getComputedStyle(ground).fill,
        ];
      });
      expect(colours).toEqual([true, 'none']);
    }
  });

  it('does not scroll sideways as a whole, down to 900 pixels and to a phone', async () => {
    for (const width of [1280, 900, 400]) {
      const { page } = await open({ width });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  });

  it('sorts a table by the head that is pressed, numbers from the largest, then reversed', async () => {
    const { page } = await open();
    const table = page.locator('#action .table-frame table').last();
    const values = () =>
      table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => Number(row.children[2].textContent)));
    const sorted = [...diagnosis.action.worstVideos].map(({ missed }) => missed).sort((a, b) => b - a);
    await table.locator('th button').nth(2).click();
    expect(await values()).toEqual(sorted);
    expect(await table.locator('th').nth(2).getAttribute('aria-sort')).toBe('descending');
    await table.locator('th button').nth(2).click();
    expect(await values()).toEqual(sorted.reverse());
  });

  it('marks each class with the hue of its body part', async () => {
    const { page } = await open();
    const hues = await page
      .locator('#body tr:has(.swatch)')
      .evaluateAll((rows) =>
        rows.map((row) => [
          row.children[0].textContent,
          getComputedStyle(row.querySelector('.swatch')!).backgroundColor,
        ]),
      );
    expect(hues).toHaveLength(diagnosis.body.classes.length);
    expect(Object.fromEntries(hues)).toMatchObject({ head: 'rgb(86, 180, 233)', 'leg-hand': 'rgb(204, 121, 167)' });
  });

  it('links the worst videos that have a page', async () => {
    const { page } = await open();
    const names = diagnosis.action.worstVideos.map(({ video }) => video);
    const linked = await page.locator('#action td a').evaluateAll((links) => links.map((link) => link.textContent));
    expect(linked).toEqual(names.filter((name) => !name.startsWith('clip 1')));
    const href = await page.locator('#action td a').first().getAttribute('href');
    expect(href).toBe(`videos/${encodeURIComponent(linked[0]!)}.html`);
  });
});
