import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findChromium, launch } from '../../../../../scripts/chromium.ts';
import type { CodedInstance, Coding } from '../../contract/coding.ts';
import type { Video } from '../../contract/video.ts';
import { type OpenStudio, openStudio } from '../../server/openStudio.ts';
import { ask } from '../pageTesting.ts';

const frameSeconds = 1 / 30;

describe.skipIf(!findChromium())('the editor in Chromium (skipped where none is found)', () => {
  let folder: string;
  let studio: OpenStudio;
  let browser: Browser;
  let context: BrowserContext;
  let video: string;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'microaction-editor-'));
    [studio, browser] = await Promise.all([openStudio({ folder, port: 0 }), launch()]);
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(15_000);
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(studio.url);
    // The tour lies over what is clicked.
    await call('PATCH', '/account/preferences', { tourDone: true });
    const [{ id: project }] = await call<{ id: string }[]>('GET', '/projects');
    const demonstration = await call<Video>('POST', `/projects/${project}/demonstration`);
    video = demonstration.id;
    // What the test proposes itself is known beforehand.
    for (const { id, kind } of demonstration.jobs) if (kind === 'detect') await call('POST', `/jobs/${id}/cancel`);
    await until(async () => (await call<Video>('GET', `/videos/${video}`)).has.frames);
  });
  afterAll(async () => {
    await browser?.close();
    await studio?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    complaints.length = 0;
    const { id, instances } = await coding();
    const changes = instances.map((instance, i) => ({
      id: `clear-${Date.now()}-${i}`,
      instance: instance.id,
      base: instance.version,
      after: null,
    }));
    if (changes.length > 0) await call('POST', `/codings/${id}/changes`, { changes });
    await openEditor();
  });

  it('shows the frame that is asked for, and steps by one and by ten', async () => {
    for (const key of ['.', '.', '.', ',']) await page.keyboard.press(key);
    expect(await clock()).toEqual({ frame: 2, seconds: expect.closeTo(2 * frameSeconds, 3) });
    await page.keyboard.press('Shift+.');
    expect((await clock()).frame).toBe(12);
    // In the middle of the frame's time, where rounding shows no other.
    await expect.poll(currentTime).toBeCloseTo(12.5 * frameSeconds, 3);
  });

  it('codes with two strokes at the playhead, undoes and redoes it', async () => {
    for (let i = 0; i < 10; i++) await page.keyboard.press('Shift+.');
    await page.keyboard.press('b');
    await page.getByText('head: now the second key').waitFor();
    await page.keyboard.press('1');
    await saved();
    expect(await instances()).toMatchObject([
      { action: 'nodding', state: 'coded', start: expect.closeTo(100 * frameSeconds, 3) },
    ]);
    await page.keyboard.press('Control+z');
    await saved();
    expect(await instances()).toEqual([]);
    await page.keyboard.press('Control+Shift+z');
    await saved();
    expect(await instances()).toMatchObject([{ action: 'nodding' }]);
  });

  it('codes an instance as long as its key is held while the video plays', async () => {
    await page.keyboard.press('Space');
    await expect.poll(currentTime).toBeGreaterThan(0.2);
    await page.keyboard.press('f');
    await page.keyboard.down('1');
    const from = await currentTime();
    await page.waitForTimeout(700);
    const to = await currentTime();
    await page.keyboard.up('1');
    await page.keyboard.press('k');
    await saved();
    const [made, ...more] = await instances();
    expect(more).toEqual([]);
    expect(made.action).toBe('touching nose');
    expect(Math.abs(made.start - from)).toBeLessThan(0.25);
    expect(Math.abs(made.end - to)).toBeLessThan(0.25);
    expect(await currentTime()).toBeGreaterThan(made.start);
  });

  it('sets start and end with I and O, moves edges by frames, and keeps to the frames', async () => {
    await page.keyboard.press('i');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+.');
    await page.keyboard.press('o');
    for (const key of ['c', '2']) await page.keyboard.press(key);
    await page.keyboard.press(']');
    await page.keyboard.press('Shift+]');
    await saved();
    expect(await instances()).toMatchObject([
      {
        action: 'other finger movements',
        start: expect.closeTo(1 * frameSeconds, 3),
        end: expect.closeTo(33 * frameSeconds, 3),
      },
    ]);
  });

  it('relabels what is selected, by typing a search', async () => {
    for (const key of ['b', '1', 'r', '/']) await page.keyboard.press(key);
    await page.keyboard.type('nose');
    await page.keyboard.press('Enter');
    await saved();
    expect(await instances()).toMatchObject([{ action: 'touching nose' }]);
    // The keyboard is back at the time line: no letter goes into the search.
    await page.keyboard.press('Delete');
    await saved();
    expect(await instances()).toEqual([]);
  });

  it('draws an instance with the mouse, drags its edge, and undoes the drag', async () => {
    const { x, width } = (await page.locator('.time-line canvas').first().boundingBox())!;
    await page.keyboard.press('b');
    await page.keyboard.press('1');
    await saved();
    const [before] = await instances();
    const seconds = (await call<Video>('GET', `/videos/${video}`)).facts!.durationSeconds;
    const at = (moment: number) => x + (moment / seconds) * width;
    const head = (await page.getByRole('button', { name: 'Unfold head', exact: true }).boundingBox())!;
    const row = head.y + head.height / 2;
    await page.mouse.move(at(before.end) - 1, row);
    await page.mouse.down();
    await page.mouse.move(at(4), row, { steps: 8 });
    await page.mouse.up();
    await saved();
    const [dragged] = await instances();
    expect(dragged.end).toBeGreaterThan(3.8);
    expect(dragged.end).toBeLessThan(4.2);
    expect(Math.abs(dragged.end / frameSeconds - Math.round(dragged.end / frameSeconds))).toBeLessThan(0.01);
    await page.keyboard.press('Control+z');
    await saved();
    expect(await instances()).toMatchObject([{ end: before.end }]);
  });

  it('accepts, rejects and relabels proposals in one key each, as they come in', async () => {
    await call('POST', `/videos/${video}/predictions`, {
      model: `test ${Date.now()}`,
      instances: [
        { action: 'nodding', start: 1, end: 2, score: 0.9, reason: 'down and up 3 times' },
        { action: 'touching nose', start: 3, end: 4, score: 0.6 },
        { action: 'waving', start: 5, end: 6, score: 0.3 },
      ],
    });
    await page.getByText('3 proposals to decide').waitFor();
    await page.keyboard.press('n');
    await page.getByText('down and up 3 times').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Backspace');
    for (const key of ['r', 'c', '7']) await page.keyboard.press(key);
    await saved();
    expect((await instances()).map(({ action, state }) => [action, state])).toEqual([
      ['nodding', 'coded'],
      ['touching nose', 'rejected'],
      ['spreading hands', 'coded'],
    ]);
  });

  it('keeps everything over a reload, and can still undo it', async () => {
    for (const key of ['b', '1', '.', 'd', '3']) await page.keyboard.press(key);
    await saved();
    await openEditor();
    expect(await instances()).toHaveLength(2);
    await expect.poll(() => page.getByRole('button', { name: 'Undo' }).isEnabled()).toBe(true);
    await page.keyboard.press('Control+z');
    await saved();
    expect(await instances()).toHaveLength(1);
  });

  it('keeps edits while the studio is away, and saves them when it is back', async () => {
    await page.keyboard.press('b');
    await page.keyboard.press('1');
    await saved();
    const port = Number(new URL(studio.address).port);
    await studio.close();
    for (const key of ['g', '1']) await page.keyboard.press(key);
    await page.getByText(/1 edit not saved/).waitFor();
    studio = await openStudio({ folder, port });
    await saved();
    expect((await instances()).map(({ action }) => action).sort()).toEqual(['nodding', 'touching legs']);
  });

  it('reads a message out again when it is the same', async () => {
    const live = page.locator('p[aria-live=polite].visually-hidden');
    const texts: (string | null)[] = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('n');
      texts.push(await live.textContent());
    }
    expect(texts).toEqual(['No proposal to decide', 'No proposal to decide\u00a0', 'No proposal to decide']);
  });

  it('says why key points cannot be shown', async () => {
    const points = page.getByRole('button', { name: 'Key points' });
    expect(await points.isDisabled()).toBe(true);
    expect(await points.getAttribute('title')).toContain('No key points yet');
  });

  it('leaves the playhead where it was when the coding is submitted and reopened', async () => {
    await page.keyboard.press('Shift+.');
    await page.keyboard.press('Shift+.');
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Submit', exact: true }).click();
    await page.getByRole('button', { name: 'Reopen' }).waitFor();
    await expect.poll(currentTime).toBeCloseTo(20.5 * frameSeconds, 3);
    expect((await clock()).frame).toBe(20);
    await page.getByRole('button', { name: 'Reopen' }).click();
    await page.getByRole('button', { name: 'Submit', exact: true }).waitFor();
    await expect.poll(currentTime).toBeCloseTo(20.5 * frameSeconds, 3);
  });

  it('lets everything be reached in a table, and tells keys and their clashes', async () => {
    await page.keyboard.press('b');
    await page.keyboard.press('1');
    await page.keyboard.press('t');
    await page.getByRole('table').getByRole('button', { name: 'nodding' }).click();
    await page.keyboard.press('t');
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    await dialog.getByRole('button', { name: /^Play, pause: / }).click();
    await page.keyboard.press('b');
    await dialog.getByText('B is the first key of a label').waitFor();
    await dialog.getByRole('button', { name: 'All as delivered' }).click();
    await expect.poll(() => dialog.getByText('B is the first key of a label').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Space');
    await expect.poll(currentTime).toBeGreaterThan(0.1);
  });

  it('never throws', () => expect(complaints).toEqual([]));

  // ---- below: internals ----

  const call = <T>(method: string, path: string, body?: unknown) => ask<T>(page, method, path, body);

  async function openEditor(): Promise<void> {
    await page.goto(`${studio.address}/videos/${video}`);
    await page.locator('.time-line canvas').first().waitFor();
    await until(() => page.evaluate(() => (document.querySelector('video')?.readyState ?? 0) >= 2));
  }

  const clock = async () => {
    const text = (await page.locator('.clock').textContent()) ?? '';
    const [, minutes, seconds, frame] = /(\d+):([\d.]+)\s+frame ([\d,]+)/.exec(text) ?? [];
    return { frame: Number(frame.replace(',', '')), seconds: Number(minutes) * 60 + Number(seconds) };
  };

  const currentTime = () => page.evaluate(() => document.querySelector('video')?.currentTime ?? 0);

  const saved = async () => {
    await expect.poll(() => page.locator('.save-state').textContent(), { timeout: 20_000 }).toMatch(/^saved/);
  };

  const coding = () => call<Coding>('POST', `/videos/${video}/codings`);

  const instances = async (): Promise<CodedInstance[]> => (await coding()).instances.sort((a, b) => a.start - b.start);

  const until = (holds: () => Promise<boolean>) =>
    vi.waitFor(async () => expect(await holds()).toBe(true), { timeout: 60_000, interval: 50 });
});
