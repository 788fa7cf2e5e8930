import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findChromium, launch } from '../../../../../scripts/chromium.ts';
import { bundledTimeLine, prepare } from './testing.ts';
import type { TimeLineInstance } from './types.ts';

const gutter = 168;
const size = { width: gutter + 1000 + 12, height: 400 }; // 1000 pixels of plot between gutter and scroll bar
const secondsShown = 20; // so 50 pixels a second
const instances: readonly TimeLineInstance[] = [
  { id: 'nod', action: 'nodding', start: 2, end: 5, state: 'coded' },
  { id: 'turn', action: 'turning head', start: 4, end: 6, state: 'proposed', score: 0.8 },
  { id: 'touch', action: 'touching nose', start: 10, end: 12, state: 'coded' },
];

describe.skipIf(!findChromium())('the time line in Chromium (skipped where none is found)', () => {
  let browser: Browser;
  let usual: Page;
  let script: string;

  beforeAll(async () => {
    [browser, script] = await Promise.all([launch(), bundledTimeLine()]);
    usual = await browser.newPage({ viewport: { width: 1200, height: 420 } });
  });
  afterAll(() => browser?.close());

  /** A time line of 20 seconds, on the page that all share unless it must be of another kind. */
  async function open(shown = instances, context?: Parameters<Browser['newPage']>[0]) {
    const page = context ? await browser.newPage(context) : usual;
    if (context) onTestFinished(() => page.close());
    const complaints: string[] = [];
    const complain = (what: { text(): string } | Error) => {
      complaints.push(what instanceof Error ? what.message : what.text());
    };
    page.on('console', complain).on('pageerror', complain);
    onTestFinished(() => void page.off('console', complain).off('pageerror', complain));
    await prepare(page, script, size);
    await page.evaluate(
      ([shown, seconds]) => {
        const host = document.querySelector('#host') as HTMLElement;
        globalThis.opened = globalThis.timeLine.openTimeLine(host, seconds, shown);
      },
      [shown, secondsShown] as const,
    );
    await frame(page);
    return { page, complaints };
  }

  /** What the time line has told since the last time, by name. */
  const told = (page: Page, name: string) =>
    page.evaluate((name) => {
      const { told } = globalThis.opened;
      return told.splice(0).flatMap(([said, ...values]) => (said === name ? values : []));
    }, name);

  const view = (page: Page) => page.evaluate(() => globalThis.opened.timeLine.view);

  it('tells the new end of an instance whose edge is dragged, on a frame, and previews it on the way', async () => {
    const { page, complaints } = await open();
    const y = await barMiddle(page, 'F');
    await drag(page, at(12), y, at(13.51), y);
    const all = await page.evaluate(() => globalThis.opened.told.splice(0));
    expect(all.filter(([name]) => name === 'change')).toEqual([['change', [{ id: 'touch', start: 10, end: 13.5 }]]]);
    const previews = all.filter(([name]) => name === 'preview').map(([, preview]) => preview);
    expect(previews[0]).toMatchObject({ id: 'touch', start: 10 });
    expect(previews.at(-2)).toEqual({ id: 'touch', start: 10, end: 13.5, seconds: 13.5 });
    expect(previews.at(-1)).toBeNull();
    expect(all.find(([name]) => name === 'select')).toEqual(['select', ['touch']]);
    expect(complaints).toEqual([]);
  });

  it('moves a body with its length, and catches on the edge of another instance', async () => {
    const { page } = await open();
    const y = await barMiddle(page, 'F');
    await drag(page, at(11), y, at(7.07), y); // its start comes to 6.07 s, 3.5 pixels from where `turn` ends
    expect(await told(page, 'change')).toEqual([[{ id: 'touch', start: 6, end: 8 }]]);
    await page.evaluate(() => globalThis.opened.timeLine.setSnap(false));
    await drag(page, at(11), y, at(7.07), y);
    const [[free]] = (await told(page, 'change')) as [[{ start: number }]];
    expect(free.start).toBeCloseTo(182 / 30, 9);
  });

  it('moves all that are selected together', async () => {
    const { page } = await open();
    await page.evaluate(() => globalThis.opened.timeLine.setSelection(['nod', 'touch']));
    const y = await barMiddle(page, 'F');
    await drag(page, at(11), y, at(13), y);
    const [edits] = await told(page, 'change');
    expect(edits).toEqual([
      { id: 'touch', start: 12, end: 14 },
      { id: 'nod', start: 4, end: 7 },
    ]);
  });

  it('draws an instance in an empty place of a tier, of the part or of the action that it unfolds to', async () => {
    const { page } = await open();
    const y = await barMiddle(page, 'D');
    await drag(page, at(14), y, at(15), y);
    expect(await told(page, 'create')).toEqual([{ part: 'D', start: 14, end: 15 }]);
    await page.locator('button[data-part="F"]').click();
    expect(await told(page, 'fold')).toEqual(['F', true]);
    const action = (await page.getByText('touching nose', { exact: true }).first().boundingBox())!;
    await drag(page, at(16), action.y + 10, at(15), action.y + 10);
    expect(await told(page, 'create')).toEqual([{ part: 'F', action: 'touching nose', start: 15, end: 16 }]);
  });

  it('forgets a drag at Escape, and the page never hears of the key', async () => {
    const { page } = await open();
    await page.evaluate(() => addEventListener('keydown', ({ key }) => globalThis.opened.told.push(['key', key])));
    const y = await barMiddle(page, 'F');
    await page.mouse.move(at(12), y);
    await page.mouse.down();
    await page.mouse.move(at(14), y, { steps: 4 });
    await page.keyboard.press('Escape');
    await page.mouse.up();
    const all = await page.evaluate(() => globalThis.opened.told.splice(0));
    expect(all.filter(([name]) => name === 'change' || name === 'key')).toEqual([]);
    expect(all.filter(([name]) => name === 'preview').at(-1)).toEqual(['preview', null]);
    await page.keyboard.press('Escape');
    expect(await told(page, 'key')).toEqual(['Escape']);
  });

  it('changes nothing while it is read-only', async () => {
    const { page } = await open();
    await page.evaluate(() => globalThis.opened.timeLine.setReadOnly(true));
    await drag(page, at(12), await barMiddle(page, 'F'), at(14), await barMiddle(page, 'F'));
    await drag(page, at(14), await barMiddle(page, 'D'), at(15), await barMiddle(page, 'D'));
    const all = await page.evaluate(() => globalThis.opened.told.splice(0));
    expect(all.filter(([name]) => name === 'change' || name === 'create')).toEqual([]);
    expect(all.filter(([name]) => name === 'seek').at(-1)).toEqual(['seek', 15]);
  });

  it('zooms around the pointer with ctrl and the wheel, pans with the wheel, and both stay in the video', async () => {
    const { page } = await open();
    const y = await barMiddle(page, 'D');
    await page.mouse.move(at(15), y);
    await page.keyboard.down('Control');
    for (let i = 0; i < 5; i++) await page.mouse.wheel(0, -60);
    await page.keyboard.up('Control');
    await frame(page);
    const zoomed = await view(page);
    expect(zoomed.end - zoomed.start).toBeLessThan(secondsShown / 4);
    expect(zoomed.start + 0.75 * (zoomed.end - zoomed.start)).toBeCloseTo(15, 3);
    await page.mouse.wheel(0, 100);
    await frame(page);
    const panned = await view(page);
    expect(panned.start - zoomed.start).toBeCloseTo(0.1 * (zoomed.end - zoomed.start), 6);
    await page.mouse.wheel(0, 100_000);
    await frame(page);
    expect((await view(page)).end).toBeCloseTo(secondsShown, 9);
  });

  it('scrubs on the axis, seeks at a click, and opens an instance at a double click', async () => {
    const { page } = await open();
    const axis = size.height - 40;
    await drag(page, at(3), axis, at(8), axis);
    const seeks = (await told(page, 'seek')) as number[];
    expect(seeks[0]).toBeCloseTo(3, 6);
    expect(seeks.at(-1)).toBeCloseTo(8, 6);
    await page.mouse.click(at(18), await barMiddle(page, 'A'));
    expect(await told(page, 'seek')).toEqual([18]);
    await page.mouse.dblclick(at(11), await barMiddle(page, 'F'));
    expect(await told(page, 'open')).toEqual(['touch']);
  });

  it('goes on through the video while an edge is held at the border', async () => {
    const { page } = await open();
    await page.evaluate(() => globalThis.opened.timeLine.showSpan(9, 13));
    await frame(page);
    const before = await view(page);
    const x = gutter + ((12 - before.start) / (before.end - before.start)) * 1000;
    const y = await barMiddle(page, 'F');
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(gutter + 998, y, { steps: 4 });
    await page.waitForFunction((end) => globalThis.opened.timeLine.view.end > end + 1, before.end);
    await page.mouse.up();
    const [[edit]] = (await told(page, 'change')) as [[{ start: number; end: number }]];
    expect(edit.start).toBe(10);
    expect(edit.end).toBeGreaterThan(before.end + 0.9);
  });

  it('moves the window of the overview', async () => {
    const { page } = await open();
    await page.evaluate(() => globalThis.opened.timeLine.showSpan(2, 4));
    await frame(page);
    const before = await view(page);
    await drag(page, at(3), size.height - 10, at(13), size.height - 10);
    const after = await view(page);
    expect(after.start - before.start).toBeCloseTo(10, 6);
    expect(after.end - before.end).toBeCloseTo(10, 6);
  });

  it('pinches with two fingers, and one finger never draws', async () => {
    const { page } = await open(instances, { hasTouch: true });
    const y = await barMiddle(page, 'D');
    await fingers(page, [[at(8), y]], [[at(5), y]]);
    expect(await told(page, 'create')).toEqual([]);
    await fingers(
      page,
      [
        [at(8), y],
        [at(12), y],
      ],
      [
        [at(6), y],
        [at(14), y],
      ],
    );
    await frame(page);
    const { start, end } = await view(page);
    expect(end - start).toBeCloseTo(secondsShown / 2, 1);
    expect((start + end) / 2).toBeCloseTo(10, 1);
  });

  it('tells a screen reader the selected instance, its place, and its new times, with few elements', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({
      ...instances[0],
      id: `i${i}`,
      start: i * 0.009,
      end: i * 0.009 + 1,
    }));
    const { page } = await open(many);
    const list = page.getByRole('listbox', { name: 'Time line' });
    expect(await list.getAttribute('aria-activedescendant')).toBeNull();
    await page.evaluate(() => globalThis.opened.timeLine.setSelection(['i700']));
    const active = page.locator(`#${await list.getAttribute('aria-activedescendant')}`);
    expect(await active.getAttribute('aria-posinset')).toBe('701');
    expect(await active.getAttribute('aria-setsize')).toBe('2000');
    expect(await active.getAttribute('aria-selected')).toBe('true');
    expect(await active.evaluate((option) => option.textContent)).toContain('B1 nodding, 0:06.300 to 0:07.300, coded');
    expect(await page.getByRole('option').count()).toBe(7);
    await page.evaluate(
      (list) => {
        globalThis.opened.timeLine.setInstances(list);
        globalThis.opened.timeLine.setSelection(['i700']); // as an editor may do, to be sure
      },
      many.map((instance) => (instance.id === 'i700' ? { ...instance, end: 8 } : instance)),
    );
    expect(await page.getByRole('status').evaluate((news) => news.textContent)).toContain('0:06.300 to 0:08.000');
    expect(await page.locator('#host *').count()).toBeLessThan(80);
  });

  it('runs under a content security policy that forbids inline styles', async () => {
    const { page, complaints } = await open(instances, {});
    await page.evaluate(() => {
      const policy = document.createElement('meta');
      policy.httpEquiv = 'Content-Security-Policy';
      policy.content = "default-src 'none'; style-src 'self'; script-src 'self'";
      document.head.append(policy);
      const host = document.querySelector('#host') as HTMLElement;
      globalThis.opened.timeLine.destroy();
      globalThis.opened = globalThis.timeLine.openTimeLine(host, 20, []);
      globalThis.opened.timeLine.unfold('B');
    });
    await frame(page);
    expect(await page.locator('button[data-part="B"]').getAttribute('aria-expanded')).toBe('true');
    expect(complaints).toEqual([]);
    const inlined = page.evaluate(() => {
      document.body.setAttribute('style', 'color: red');
      return document.body.style.color;
    });
    expect(await inlined, 'the policy holds').toBe('');
  });

  it('turns the page when the playhead that it follows leaves it', async () => {
    const { page } = await open();
    const views = await page.evaluate(() => {
      const { timeLine } = globalThis.opened;
      timeLine.showSpan(2, 6);
      return [5.9, 7, 7.1, 1].map((seconds) => {
        timeLine.setPlayhead(seconds, { follow: true });
        return timeLine.view;
      });
    });
    expect(views[0].start).toBeLessThan(2);
    expect(views[1].start).toBeGreaterThan(6);
    expect(views[2]).toEqual(views[1]);
    expect(views[3].start).toBeLessThan(1);
  });

  it('shows what others coded below, to be selected but not moved', async () => {
    const { page } = await open();
    await page.evaluate(() =>
      globalThis.opened.timeLine.setLayers([
        {
          id: 'mei',
          title: 'Mei',
          instances: [{ id: 'm', action: 'touching nose', start: 10.5, end: 12, state: 'coded' }],
        },
      ]),
    );
    expect(await page.getByText('Mei', { exact: true }).count()).toBe(1);
    const title = (await page.getByText('Mei', { exact: true }).boundingBox())!;
    await drag(page, at(11.3), title.y + 8, at(14), title.y + 8);
    const all = await page.evaluate(() => globalThis.opened.told.splice(0));
    expect(all.filter(([name]) => name === 'select')).toEqual([['select', ['m']]]);
    expect(all.filter(([name]) => name === 'change' || name === 'create')).toEqual([]);
  });

  it('lets a pending instance grow with the playhead, in the tier of its action', async () => {
    const { page } = await open();
    await page.evaluate(() => globalThis.opened.timeLine.setPending({ start: 14, action: 'shaking legs' }));
    const y = await barMiddle(page, 'D');
    const widths: number[] = [];
    for (const seconds of [14, 15, 17]) {
      await page.evaluate((seconds) => globalThis.opened.timeLine.setPlayhead(seconds), seconds);
      await frame(page);
      widths.push(await paintedAcross(page, y));
    }
    expect(widths[0]).toBeLessThan(4);
    expect(widths[1] - 50).toBeLessThan(4);
    expect(widths[2] - widths[1]).toBe(100);
    await page.evaluate(() => globalThis.opened.timeLine.setPending(null));
    await frame(page);
    expect(await paintedAcross(page, y)).toBe(0);
  });

  it('answers what the keys ask, and leaves nothing behind when it goes', async () => {
    const { page } = await open();
    const answers = await page.evaluate(() => {
      const { timeLine } = globalThis.opened;
      timeLine.setPlayhead(3);
      const all: unknown[] = [
        timeLine.next(null, 'forwards'),
        timeLine.next('turn', 'backwards'),
        timeLine.next(null, 'forwards', ({ state }) => state === 'coded'),
        timeLine.nearestEdge(9),
        timeLine.nudged('touch', 'end', -3)?.end,
      ];
      timeLine.setSelection(['nod', 'gone']);
      all.push(timeLine.selection, timeLine.nearestEdge(9));
      timeLine.destroy();
      return [...all, document.querySelector('#host')!.childElementCount];
    });
    expect(answers).toEqual([
      'turn',
      'nod',
      'touch',
      { id: 'touch', edge: 'start', seconds: 10 },
      (360 - 3) / 30,
      ['nod'],
      { id: 'nod', edge: 'end', seconds: 5 },
      0,
    ]);
  });

  it('draws bars in the hue of their part, pixel for pixel on a fine screen, and in the colours of the theme', async () => {
    const { page } = await open(instances, { deviceScaleFactor: 2, colorScheme: 'dark' });
    const canvas = await page.evaluate(() => {
      const { width, height, clientWidth, clientHeight } = document.querySelector('canvas')!;
      return { width, height, clientWidth, clientHeight };
    });
    expect([canvas.width, canvas.clientWidth, canvas.height]).toEqual([2000, 1000, 2 * canvas.clientHeight]);
    expect(await pixel(page, 11.9 * 100, (await barMiddle(page, 'F')) * 2 + 12)).toEqual([0xd5, 0x5e, 0x00]);
    const proposal = async () => pixel(page, 5.5 * 100, ((await barMiddle(page, 'B')) + 22) * 2 + 12);
    const dark = await proposal();
    await page.emulateMedia({ colorScheme: 'light' });
    await frame(page);
    const light = await proposal();
    expect(Math.max(...dark)).toBeLessThan(Math.min(...light));
  });
});

// ---- below: internals ----

declare global {
  var timeLine: typeof import('./testingPage.ts');
  var opened: ReturnType<typeof import('./testingPage.ts').openTimeLine>;
}

/** Where a moment stands on the page while all is in view. */
const at = (seconds: number) => gutter + seconds * 50;

/** After the next painting. */
function frame(page: Page): Promise<void> {
  return page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
}

/** The height of the first lane of a body part's tier on the page. */
async function barMiddle(page: Page, part: string): Promise<number> {
  return (await page.locator(`button[data-part="${part}"]`).boundingBox())!.y + 12;
}

async function drag(page: Page, fromX: number, fromY: number, toX: number, toY: number): Promise<void> {
  await page.mouse.move(fromX, fromY);
  await page.mouse.down();
  await page.mouse.move(toX, toY, { steps: 5 });
  await page.mouse.up();
  await frame(page);
}

/** Puts fingers down, moves them in four steps, and lifts them. */
async function fingers(page: Page, from: [number, number][], to: [number, number][]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const points = (share: number) =>
    from.map(([x, y], id) => ({ x: x + share * (to[id][0] - x), y: y + share * (to[id][1] - y), id }));
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points(0) });
  for (const share of [0.25, 0.5, 0.75, 1]) {
    await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: points(share) });
  }
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await session.detach();
}

/** Red, green and blue of a pixel of the bottom canvas, in its own pixels. */
function pixel(page: Page, x: number, y: number): Promise<number[]> {
  return page.evaluate(
    ([x, y]) => [...document.querySelector('canvas')!.getContext('2d')!.getImageData(x, y, 1, 1).data.slice(0, 3)],
    [Math.round(x), Math.round(y)],
  );
}

/** How many pixels of a line of the upper canvas are painted, with pixels of the screen as big as those of CSS. */
function paintedAcross(page: Page, y: number): Promise<number> {
  return page.evaluate((y) => {
    const canvas = document.querySelectorAll('canvas')[1];
    if (canvas.style.display === 'none') return 0;
    const { data } = canvas.getContext('2d')!.getImageData(0, Math.round(y), canvas.width, 1);
    return data.filter((value, i) => i % 4 === 3 && value > 0).length;
  }, y);
}
