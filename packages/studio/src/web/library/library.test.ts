import { readFileSync } from 'node:fs';
import { demonstrationVideo } from 'microaction/files';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Video } from '../../contract/video.ts';
import { chromiumPath, type PageStudio, pageStudio } from '../pageTesting.ts';

describe.skipIf(!chromiumPath)('the library in a browser', () => {
  let at: PageStudio;
  let page: Page;
  const videos = async () => (await at.studio.solo.get(`/projects/${at.studio.project}/videos`)).body as Video[];
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  beforeAll(async () => {
    at = await pageStudio();
  });
  afterAll(() => at?.close());

  it('is, when empty, one sentence, one button and one link', async () => {
    page = await at.open('/', at.studio.solo);
    await page.getByRole('button', { name: 'Open a video' }).waitFor();
    const main = page.getByRole('main');
    expect(await main.locator('p:visible').count()).toBe(1);
    expect(await main.getByRole('button').allTextContents()).toEqual(['Open a video', 'Try the demonstration']);
  });

  it('opens the editor on a file that was chosen, once it has arrived', async () => {
    await page.getByLabel('Open a video').last().setInputFiles(demonstrationVideo);
    await page.waitForURL('**/videos/*');
    const [video] = await videos();
    expect(video.name).toBe('demonstration.mp4');
    expect(page.url()).toContain(video.id);
  });

  it('takes a video that is dropped anywhere', async () => {
    await page.goto(at.studio.url);
    await row('demonstration.mp4').waitFor();
    const bytes = readFileSync(demonstrationVideo).toString('base64');
    const transfer = await page.evaluateHandle((base64) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      data.items.add(new File([content], 'second <b>video</b>.mp4', { type: 'video/mp4' }));
      return data;
    }, bytes);
    await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
    await page.getByText('Drop videos to open them').waitFor();
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await page.waitForURL('**/videos/*');
    expect(await videos()).toHaveLength(2);
  });

  it('is used with the keyboard alone: arrows, space, E, Enter', async () => {
    await page.goto(at.studio.url);
    await row('demonstration.mp4').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    await page.getByText('1 selected').waitFor();
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Subject').fill('P07');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('cell', { name: 'P07' }).waitFor();
    // The focus is back where it was.
    await page.keyboard.press('Enter');
    await page.waitForURL('**/videos/*');
    expect((await videos()).find(({ subject }) => subject === 'P07')?.id).toBe(page.url().split('/').at(-1));
  });

  it('finds videos by their words, and says when none fits', async () => {
    await page.goto(at.studio.url);
    await page.getByRole('searchbox').fill('p07');
    await page.getByText('1 of 2 videos').waitFor();
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('No video fits the search.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('2 videos', { exact: true }).waitFor();
  });

  it('shows what a file of annotations holds, then imports it as one’s own', async () => {
    await page
      .getByLabel('Import annotations')
      .last()
      .setInputFiles({
        name: 'mine.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('clip,action,start,end\ndemonstration,nodding,1,2.5\ndemonstration,shrugging,3,4\n'),
      });
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Import 2 instances' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await row('demonstration.mp4').getByText('me', { exact: false }).first().waitFor();
    const video = (await videos()).find(({ name }) => name === 'demonstration.mp4');
    expect(video?.codings).toMatchObject([{ kind: 'coder', instanceCount: 2 }]);
  });

  it('says when the studio does not answer any more, and when it does again', async () => {
    await page.route('**/api/**', (route) => route.abort());
    await page.getByRole('link', { name: 'Project' }).click();
    await page.getByText('The studio does not answer').first().waitFor();
    await page.unroute('**/api/**');
    await page.getByText('Your changes are kept here').waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Library' }).click();
    await row('demonstration.mp4').waitFor();
  });

  it('changes its language and colours without a new load', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.evaluate(() => Object.assign(window, { isSameDocument: true }));
    await page.getByLabel('Colours').selectOption('dark');
    await page.getByLabel('Language').selectOption('zh');
    await page.getByRole('heading', { name: '设置' }).waitFor();
    expect(await page.evaluate(() => 'isSameDocument' in window)).toBe(true);
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.reload();
    await page.getByRole('heading', { name: '设置' }).waitFor();
  });

  it('lets people of a team in by name and password, in place', async () => {
    const ann = await at.studio.person('Ann', 'coder');
    const other = await at.open('/', null);
    await other.getByLabel('Name').fill('Ann');
    await other.getByLabel('Password').fill('wrong password');
    await other.keyboard.press('Enter');
    await other.getByRole('alert').waitFor();
    await other.getByLabel('Password').fill('correct horse battery');
    await other.keyboard.press('Enter');
    await other.getByRole('link', { name: 'demonstration.mp4' }).waitFor();
    // A coder neither adds nor searches videos.
    expect(await other.getByRole('button', { name: 'Open a video' }).count()).toBe(0);
    expect(ann.account.name).toBe('Ann');
  });

  it('breaks no rule of the security policy and throws nothing', () => {
    expect(at.complaints).toEqual([]);
  });
});
