import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findChromium, launch } from '../../../../../scripts/chromium.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { sheetPage } from './sheetPage.ts';
import { plainStrips } from './testing.ts';

describe('the text of the page of all actions', () => {
  it('has a figure for each, with its name, code and what it is, and asks for nothing from elsewhere', () => {
    const html = sheetPage(plainStrips(16));
    expect(html.match(/<figure /g)).toHaveLength(52);
    for (const { name, code } of microActions52.actions) {
      expect(html).toContain(`alt="Film strip of ${name}: `);
      expect(html).toContain(`· ${code}</span>`);
    }
    expect(html).not.toMatch(/https?:|src="(?!data:)/);
  });

  it('writes names and descriptions as text, whatever is in them', () => {
    const [strip] = plainStrips(16);
    const action = { ...strip.action, name: 'a<b>&"c"', description: '</figure><script>alert(1)</script>' };
    const html = sheetPage([{ ...strip, action }]);
    expect(html).not.toMatch(/<script|alt="[^"]*</);
    expect(html.match(/<h2>.*/g)).toEqual(['<h2>A body</h2>']);
    expect(html).toContain('a&#60;b&#62;&#38;&#34;c&#34;');
  });
});

describe.skipIf(!findChromium())('the page of all actions in Chromium (skipped where none is found)', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'microaction sheet #'));
    writeFileSync(join(folder, 'sheet.html'), sheetPage(plainStrips(160)));
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(colorScheme: 'light' | 'dark' = 'light', width = 1280) {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    onTestFinished(() => page.close());
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(join(folder, 'sheet.html')).href);
    return { page, complaints };
  }

  it('shows all strips under their body parts, without complaint', async () => {
    const { page, complaints } = await open();
    expect(await page.locator('h2').allInnerTexts()).toEqual(
      microActions52.bodyParts.map(({ code, name }) => `${code} ${name}`),
    );
    const drawn = await page.evaluate(() => [...document.images].filter((image) => image.naturalWidth === 960).length);
    expect(drawn).toBe(52);
    expect(await page.locator('.reel:visible').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('plays the strip under the pointer, and the one that Tab comes to', async () => {
    const { page } = await open();
    const playing = () =>
      page.evaluate(() => {
        const [reel, ...others] = [...document.querySelectorAll<HTMLElement>('.reel')].filter(
          ({ offsetParent }) => offsetParent !== null,
        );
        if (!reel || others.length > 0) return undefined;
        const { backgroundPositionX, animationName } = getComputedStyle(reel);
        return { name: reel.closest('figure')?.querySelector('b')?.textContent, animationName, backgroundPositionX };
      });
    await page.locator('figure').nth(9).hover();
    const first = await playing();
    expect(first).toMatchObject({ name: 'nodding', animationName: 'play' });
    await expect.poll(async () => (await playing())?.backgroundPositionX).not.toBe(first?.backgroundPositionX);
    await page.mouse.move(2, 2);
    expect(await playing()).toBeUndefined();
    await page.evaluate(() => scrollTo(0, 0));
    await page.keyboard.press('Tab');
    expect(await playing()).toMatchObject({ name: 'shaking body' });
    await page.keyboard.press('Tab');
    expect(await playing()).toMatchObject({ name: 'sitting straightly' });
  });

  it.each([1280, 390])('fits a window of %i pixels', async (width) => {
    const { page } = await open('light', width);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });

  it.each(['light', 'dark'] as const)('is readable in the %s scheme', async (scheme) => {
    const { page } = await open(scheme);
    const contrasts = await page.evaluate(() => {
      const luminance = (colour: string) => {
        const linear = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((text) => {
          const value = Number(text) / 255;
          return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
      };
      const ground = luminance(getComputedStyle(document.body).backgroundColor);
      return ['h1', 'h2', 'p', 'figcaption b', 'figcaption span'].map((selector) => {
        const text = luminance(getComputedStyle(document.querySelector(selector)!).color);
        return (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05);
      });
    });
    // WCAG 2.2, 1.4.3: contrast of 4.5 at least.
    expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(ground).toBe(scheme === 'dark' ? 'rgb(22, 24, 27)' : 'rgb(255, 255, 255)');
  });
});
