import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launch } from '../../../scripts/chromium.ts';
import type { Results } from '../src/contract/results.ts';
import type { Review } from '../src/contract/review.ts';
import { openPages } from '../src/server/pages.ts';
import { addVideo, code, detect, ok } from '../src/server/results/codingsTesting.ts';
import { type TestPerson, type TestStudio, testStudio } from '../src/server/serverTesting.ts';

/** Four disputes: of one both saw something, the others only one did. */
const codings = {
  Ann: [
    ['nodding', 1, 3],
    ['touching nose', 5, 6.4],
    ['shaking legs', 8, 10],
    ['waving', 20, 22],
  ],
  Bo: [
    ['nodding', 1, 3],
    ['touching nose', 5, 6],
    ['turning head', 12, 13],
  ],
} as const;

describe.skipIf(!findChromium())('review and results in Chromium (skipped where none is found)', () => {
  let studio: TestStudio;
  let browser: Browser;
  let mei: TestPerson;
  let rui: TestPerson;
  let ann: TestPerson;
  let video: string;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    [studio, browser] = await Promise.all([testStudio({}, { pages: openPages() }), launch()]);
    [mei, rui] = [await studio.person('Mei', 'reviewer'), await studio.person('Rui', 'reviewer')];
    ann = await studio.person('Ann', 'coder');
    const bo = await studio.person('Bo', 'coder');
    video = addVideo(studio.context, studio.project);
    await code(ann, video, codings.Ann);
    await code(bo, video, codings.Bo);
    detect(studio.context, { id: video, project: studio.project }, 'guesser', [
      ['nodding', 1, 3, 0.9],
      ['waving', 5, 6, 0.4],
    ]);
    page = await pageOf(mei);
    await page.goto(`${studio.url}/videos/${video}/review`);
  });
  afterAll(async () => {
    await browser?.close();
    await studio?.close();
  });

  it('settles by keys: the focus and what is read out go on with the disputes', async () => {
    await page.getByText('1 agreed · 4 disputed · 0 of them decided').waitFor();
    await page.keyboard.press('m');
    // Nobody waits for the first decision to be saved.
    await page.keyboard.press('d');
    await page.getByText('Dropped: shaking legs, 0:08.000').waitFor({ state: 'attached' });
    expect(await focused()).toContain('turning head');
    await page.getByText('2 of them decided').waitFor();
    const { disputes } = await review();
    expect(disputes.map(({ decision }) => decision?.outcome)).toEqual(['kept', 'dropped', undefined, undefined]);
    expect(disputes[0].decision?.settled).toEqual({ action: 'touching nose', start: 5, end: 6.2 });
  });

  it('keeps what is typed for one dispute while others are looked at', async () => {
    await note().fill('half a turn');
    await page.getByLabel('End', { exact: true }).fill('12.5');
    await page.locator('.dispute', { hasText: 'waving' }).click();
    expect(await note().inputValue()).toBe('');
    await page.keyboard.press('ArrowUp');
    expect([await note().inputValue(), await page.getByLabel('End', { exact: true }).inputValue()]).toEqual([
      'half a turn',
      '0:12.500',
    ]);
    expect(await focused()).toContain('turning head');
  });

  it('shows a decision that somebody made in between, beside what is typed, and replaces nothing unseen', async () => {
    // The page does not hear of it before it decides.
    await page.route(/\/review$/, (route) => route.abort());
    const [, , turning] = (await review()).disputes;
    const theirs = { dispute: turning.key, outcome: 'dropped', settled: null, how: 'discussed', base: null };
    ok(await rui.post(`/videos/${video}/decisions`, theirs));
    const refused = page.waitForResponse((response) => response.url().endsWith('/decisions'));
    await page.getByRole('button', { name: 'Keep as above' }).click();
    expect((await refused).status()).toBe(409);
    await page.unroute(/\/review$/);
    await page.getByRole('alert').getByText('Rui decided this dispute in between').waitFor();
    expect(await note().inputValue()).toBe('half a turn');
    expect((await review()).disputes[2].decision?.by).toBe('Rui');
    await page.getByRole('button', { name: 'Keep as above' }).click();
    await page.getByText('Kept: turning head, 0:12.000').waitFor({ state: 'attached' });
    expect((await review()).disputes[2].decision).toMatchObject({
      ...{ by: 'Mei', note: 'half a turn', settled: { action: 'turning head', start: 12, end: 12.5 } },
    });
  });

  it('asks before the majority decides the rest', async () => {
    await page.getByRole('button', { name: 'Settle; the majority decides the other 1' }).click();
    expect((await review()).disputes[3].decision).toBe(null);
    await page.getByRole('dialog').getByRole('button', { name: 'Settle', exact: true }).click();
    await page.getByText('Settled. The final coding').first().waitFor();
    expect(await focused()).toContain('4 disputed · 4 of them decided');
  });

  it('lets a coder look, and decide nothing', async () => {
    const look = await pageOf(ann);
    const sent: string[] = [];
    look.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    await look.goto(`${studio.url}/videos/${video}/review`);
    await look.getByText('You may look, but not decide').waitFor();
    expect(await look.getByRole('button', { name: /Keep|Drop|Majority|Settle/ }).count()).toBe(0);
    for (const key of ['m', 'k', 'd', '1']) await look.keyboard.press(key);
    expect(sent).toEqual([]);
    await look.close();
  });

  it('every control of the review has a name', async () => expect(await namelessControls()).toEqual([]));

  it('the results are the numbers of the server', async () => {
    await page.getByRole('link', { name: 'Results and export' }).click();
    await page.getByRole('heading', { name: 'Time budget' }).first().waitFor();
    const { budget, agreement } = ok(await mei.get(`/projects/${studio.project}/results`)).body as Results;
    const shown = budget.filter(({ action, count }) => action !== null && count > 0);
    expect(shown.length).toBeGreaterThan(2);
    const table = page.getByRole('table', { name: 'Time budget' });
    for (const { action, count, totalSeconds, shareOfTime } of shown) {
      const cells = await table
        .getByRole('row', { name: new RegExp(`^${action}`) })
        .getByRole('cell')
        .allTextContents();
      expect([cells[0], cells[2], cells[3]]).toEqual([
        ...[String(count), totalSeconds.toFixed(2), `${(shareOfTime * 100).toFixed(1)} %`],
      ]);
    }
    const kappa = agreement!.figures.find(({ name, level }) => name === "Cohen's kappa" && level === 'action')!;
    const row = page.getByRole('row', { name: /^Cohen's kappa/ }).getByRole('cell');
    expect(await row.first().textContent()).toBe(kappa.estimate.value!.toFixed(2));
  });

  it('a figure is a picture on the page, and can be saved as PNG and as data', async () => {
    const picture = page.getByRole('img', { name: /^Time budget/ });
    await picture.scrollIntoViewIfNeeded();
    const width = () => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth);
    await expect.poll(width, { timeout: 15_000 }).toBeGreaterThan(300);
    const saved = async (kind: string) => {
      const link = page.getByRole('link', { name: `Save “Time budget” as ${kind}` });
      return (await page.request.get(`${studio.url}${await link.getAttribute('href')}`)).body();
    };
    expect((await saved('PNG')).subarray(1, 4).toString()).toBe('PNG');
    const [head, ...rows] = (await saved('data, CSV')).toString().trim().split(/\r?\n/);
    expect(head).toContain('seconds');
    expect(rows.some((row) => row.startsWith('nodding,'))).toBe(true);
  });

  it('every control of the results has a name', async () => expect(await namelessControls()).toEqual([]));

  it('no page complained', () => expect(complaints).toEqual([]));

  // ---- below: internals ----

  async function pageOf({ cookie }: TestPerson): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    context.setDefaultTimeout(15_000);
    const [name, value] = cookie.split('=');
    await context.addCookies([{ name, value, url: studio.url }]);
    const made = await context.newPage();
    made.on('pageerror', (error) => complaints.push(error.message));
    return made;
  }

  const review = async () => ok(await mei.get(`/videos/${video}/review`)).body as Review;
  const note = () => page.getByLabel('What was discussed');
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');

  /** What the browser tells assistive technology, without what has a name. */
  async function namelessControls(): Promise<string[]> {
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const controls = nodes.filter(({ ignored, role }) => !ignored && controlRoles.has(role?.value));
    expect(controls.length).toBeGreaterThan(10);
    return controls
      .filter(({ name }) => !name?.value)
      .map(({ role, properties }) => JSON.stringify([role, properties]));
  }
});

const controlRoles = new Set([
  'button',
  'link',
  'combobox',
  'textbox',
  'checkbox',
  'image',
  'table',
  'DisclosureTriangle',
]);
