import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launch } from '../../../../scripts/chromium.ts';
import { examplePage } from '../../examples/classifier/serve.ts';
import { servePage } from '../../examples/classifier/servePage.ts';

describe.skipIf(!findChromium())('the example page in Chromium (skipped where none is found)', () => {
  const complaints: string[] = [];
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePage>>;
  let page: Page;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), servePage(examplePage)]);
    page = await browser.newPage({ viewport: { width: 1200, height: 1000 }, colorScheme: 'light' });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(server.url);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const text = (id: string) => page.locator(`#${id}`).textContent();
  const stepReached = async () => Number((await text('step'))?.split(' ')[0]);
  const until = (label: string) => page.locator('#start', { hasText: label }).waitFor();

  it('trains when asked, draws the loss as it falls, and stops when asked', async () => {
    await page.click('#start');
    await page.waitForFunction(() => Number(document.getElementById('step')?.textContent?.split(' ')[0]) > 5);
    await page.click('#start');
    await until('Start again');
    expect(await stepReached()).toBeLessThan(300);
    expect(await page.locator('#curve .raw').getAttribute('points')).toMatch(/^[\d.]+,[\d.]+( [\d.]+,[\d.]+){5,}$/);
  });

  it('trains to the end, and takes most tracks for what they are', async () => {
    await page.click('#start');
    await until('Start again');
    expect(await text('step')).toBe('300 of 300');
    expect(Number.parseFloat((await text('accuracy')) ?? '')).toBeGreaterThan(85);
    const tiles = page.locator('.tile');
    expect(await tiles.count()).toBe(40);
    expect(await page.locator('.tile[data-right="true"]').count()).toBeGreaterThan(30);
    expect(await text('message')).toBe('');
  });

  it('asks the model what the pointer does', async () => {
    const box = (await page.locator('#pad').boundingBox())!;
    await page.mouse.move(box.x + 100, box.y + 100);
    await page.waitForFunction(() => [...document.querySelectorAll('meter')].some(({ value }) => value > 0.5));
    const shares = await page
      .locator('meter')
      .evaluateAll((meters) => meters.map((meter) => (meter as HTMLMeterElement).value));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
  });

  it('changes between light and dark, and fits a telephone', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.click('#theme');
    expect(await ground()).not.toBe(light);
    await page.setViewportSize({ width: 360, height: 700 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const overflowing = await page
      .locator('.tile p')
      .evaluateAll((captions) => captions.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length);
    expect(overflowing).toBe(0);
  });

  it('meets no error on the way', () => {
    expect(complaints).toEqual([]);
  });
});
