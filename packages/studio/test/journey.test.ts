import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { microActions52 } from 'microaction';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findChromium, launch } from '../../../scripts/chromium.ts';
import type { Account } from '../src/contract/account.ts';
import type { Project } from '../src/contract/project.ts';
import type { Video } from '../src/contract/video.ts';
import { type OpenStudio, openStudio } from '../src/index.ts';
import { ask } from '../src/web/pageTesting.ts';

const password = 'a long enough password';
/** Of the demonstration video. */
const frameRate = 30;

/** What both are asked to code: each 11 frames long, 12 frames apart. */
const codes = ['A1', 'B1', 'B2', 'C3', 'C4', 'D1', 'D3', 'E1', 'F1', 'G1'];
const nameOf = (code: string) => microActions52.actions.find((action) => action.code === code)!.name;

const proposals = [
  { action: 'nodding', start: 5, end: 6, score: 0.9, reason: 'down and up 3 times' },
  { action: 'touching nose', start: 7, end: 8, score: 0.6 },
  { action: 'waving', start: 9, end: 10, score: 0.3 },
];

/**
 * The way of a video through a lab: one codes it with a model's help, another blind to both, a third settles what they
 * see differently, and the result leaves the studio. People do with the keyboard and the mouse what people do; only what
 * an administrator and a model do goes by the interface for programs.
 */
describe.skipIf(!findChromium())('from two coders to a settled file (skipped where there is no Chromium)', () => {
  let folder: string;
  let studio: OpenStudio;
  let browser: Browser;
  let mei: Page;
  let project: Project;
  let video: Video;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'microaction-journey-'));
    [studio, browser] = await Promise.all([openStudio({ folder, port: 0 }), launch()]);
    mei = await newPage();
    await mei.goto(studio.url);
    [project] = await ask<Project[]>(mei, 'GET', '/projects');
    const added = await ask<Video>(mei, 'POST', `/projects/${project.id}/demonstration`);
    for (const { id, kind } of added.jobs) if (kind === 'detect') await ask(mei, 'POST', `/jobs/${id}/cancel`);
    await vi.waitFor(async () => {
      video = await ask<Video>(mei, 'GET', `/videos/${added.id}`);
      expect(video.has.frames).toBe(true);
    }, 60_000);
    await ask(mei, 'POST', `/videos/${video.id}/predictions`, { model: 'reference', instances: proposals });
    await ask(mei, 'POST', '/team', { name: 'Mei', password });
    for (const name of ['Anna', 'Ben']) {
      const { id } = await ask<Account>(mei, 'POST', '/accounts', { name, password });
      await ask(mei, 'PUT', `/projects/${project.id}/members/${id}`, { role: 'coder' });
    }
  });
  afterAll(async () => {
    await browser?.close();
    await studio?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('Anna opens the project, codes ten instances, corrects three proposals, and submits', async () => {
    const anna = await signIn('Anna');
    await openFromLibrary(anna);
    await anna.getByText('3 proposals to decide').waitFor();
    for (const [position, code] of codes.entries()) await codeAt(anna, 12 * position, 12 * position + 10, code);
    await anna.keyboard.press('Home');
    await anna.keyboard.press('n');
    await anna.getByText('down and up 3 times').waitFor();
    await anna.keyboard.press('Enter');
    await anna.keyboard.press('Backspace');
    for (const key of ['r', 'c', '7']) await anna.keyboard.press(key);
    await expect.poll(() => anna.getByText(/[1-9]\d* proposals? to decide/).count()).toBe(0);
    await submit(anna);
  });

  it('Ben codes blind: he sees neither the proposals nor what Anna coded', async () => {
    await ask(mei, 'PATCH', `/projects/${project.id}`, { blind: true });
    const ben = await signIn('Ben');
    const answers: string[] = [];
    ben.on('response', async (response) => {
      if (response.headers()['content-type']?.includes('json')) answers.push(await response.text().catch(() => ''));
    });
    await openFromLibrary(ben);
    for (const [position, code] of codes.entries()) {
      const first = 12 * position;
      // Sees the fourth last two frames longer, and another action than Anna in the sixth.
      await codeAt(ben, first, first + (code === 'C3' ? 12 : 10), code === 'D1' ? 'D2' : code);
    }
    await codeAt(ben, 150, 179, 'B1');
    expect(await ben.getByText(/[1-9]\d* proposals? to decide/).count()).toBe(0);
    await expect.poll(() => ben.locator('.save-state').textContent()).toMatch(/^saved/);
    expect(answers.length).toBeGreaterThan(3);
    // No answer of the server held a word of the model's or of Anna's: Ben himself codes neither.
    expect(answers.filter((text) => /spreading hands|waving|down and up/.test(text))).toEqual([]);
    await submit(ben);
  });

  it('Mei settles what they see differently, by keys and with a note', async () => {
    await mei.goto(`${studio.address}/videos/${video.id}/review`);
    await mei.getByText('9 agreed · 4 disputed · 0 of them decided').waitFor();
    const dispute = (action: string) => mei.locator('.dispute', { hasText: action });
    const decided = (count: number) => mei.getByText(`${count} of them decided`).waitFor();
    await dispute(nameOf('C3')).click();
    await mei.keyboard.press('m');
    await decided(1);
    await dispute(nameOf('D1')).click();
    await mei.keyboard.press('1');
    await decided(2);
    await dispute(nameOf('D2')).click();
    await mei.keyboard.press('d');
    await decided(3);
    await dispute('spreading hands').click();
    await mei.getByLabel('What was discussed').fill('the palm turns');
    await mei.getByRole('button', { name: 'Keep as above' }).click();
    await decided(4);
    await mei.getByRole('button', { name: 'Settle', exact: true }).click();
    await mei.getByText('Settled. The final coding').first().waitFor();
  });

  it('the export is the file that these decisions make', async () => {
    await mei.getByRole('link', { name: 'Results and export' }).click();
    const section = mei.locator('section', { has: mei.getByRole('heading', { name: 'Export' }) });
    await section.getByLabel('Format').selectOption('csv');
    await section.getByLabel('Codings').selectOption('final');
    const [download] = await Promise.all([
      mei.waitForEvent('download'),
      section.getByRole('link', { name: 'Export', exact: true }).click(),
    ]);
    const table = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split(/\r?\n/);
    const [head, ...rows] = table.map((line) => line.split(','));
    const column = (name: string) => rows.map((row) => row[head.indexOf(name)]);
    const expected = [
      ...codes.map((code, i) => {
        // The medians of 47 and 49 frames.
        const end = code === 'C3' ? 48 : 12 * i + 11;
        const why = code === 'C3' ? 'majority 2 of 2' : code === 'D1' ? 'discussed by Mei' : 'agreed by 2';
        return [nameOf(code), (12 * i) / frameRate, end / frameRate, why] as const;
      }),
      ['nodding', 5, 6, 'agreed by 2'] as const,
      [nameOf('C7'), 9, 10, 'discussed by Mei: the palm turns'] as const,
    ];
    expect(column('action')).toEqual(expected.map(([action]) => action));
    expect(column('reason')).toEqual(expected.map(([, , , reason]) => reason));
    expect(column('start').map(Number)).toEqual(expected.map(([, start]) => expect.closeTo(start, 3)));
    expect(column('end').map(Number)).toEqual(expected.map(([, , end]) => expect.closeTo(end, 3)));
    expect(new Set(column('video'))).toEqual(new Set(['demonstration']));
  });

  it('no page complained on the way', () => expect(complaints).toEqual([]));

  // ---- below: internals ----

  async function newPage(): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    return page;
  }

  async function signIn(name: string): Promise<Page> {
    const page = await newPage();
    await page.goto(studio.address);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'demonstration.mp4' }).waitFor();
    return page;
  }

  async function openFromLibrary(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'demonstration.mp4' }).click();
    await page.locator('.time-line canvas').first().waitFor();
    await page.getByRole('button', { name: 'Skip the tour' }).click();
    await vi.waitFor(async () => {
      expect(await page.evaluate(() => (document.querySelector('video')?.readyState ?? 0) >= 2)).toBe(true);
    }, 30_000);
  }

  /** Marks start and end at two frames, both included, and gives the label by its two strokes. */
  async function codeAt(page: Page, first: number, last: number, code: string): Promise<void> {
    await page.keyboard.press('Home');
    await step(page, first);
    // Of a new instance, not of the one that was made last.
    await page.keyboard.press('Escape');
    await page.keyboard.press('i');
    await step(page, last - first);
    await page.keyboard.press('o');
    for (const key of code.toLowerCase()) await page.keyboard.press(key);
  }

  async function step(page: Page, frames: number): Promise<void> {
    for (let i = 0; i < Math.floor(frames / 10); i++) await page.keyboard.press('Shift+.');
    for (let i = 0; i < frames % 10; i++) await page.keyboard.press('.');
  }

  async function submit(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Submit' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Submit' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await expect.poll(() => page.getByRole('button', { name: 'Submit' }).count()).toBe(0);
  }
});
