import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../contract/account.ts';
import type { Video } from '../../contract/video.ts';
import { chromiumPath, type PageStudio, pageStudio } from '../pageTesting.ts';
import { tourSteps } from './steps.ts';

describe.skipIf(!chromiumPath)('the tour in a browser', () => {
  let at: PageStudio;
  let demonstration: Video;
  beforeAll(async () => {
    at = await pageStudio();
    demonstration = (await at.studio.solo.post(`/projects/${at.studio.project}/demonstration`)).body;
  });
  afterAll(() => at?.close());
  const isDone = async () => {
    const { account } = (await at.studio.solo.get('/session')).body as Session;
    return account?.preferences.tourDone ?? false;
  };

  it('goes through all its notes by the keyboard alone, and does not come back', async () => {
    const page = await at.open(`/videos/${demonstration.id}`, at.studio.solo);
    for (const [index] of tourSteps.entries()) {
      await page.getByText(`${index + 1} of ${tourSteps.length}`).waitFor();
      expect(await isDone()).toBe(false);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
    }
    await expect.poll(isDone).toBe(true);
    await page.reload();
    await page.locator('[data-tour="timeline"]').waitFor();
    await page.waitForTimeout(500);
    expect(await page.locator('.tour-note').count()).toBe(0);
  });

  it('lets keys through to the editor, and is left with Escape', async () => {
    await at.studio.solo.patch('/account/preferences', { tourDone: false });
    const page = await at.open(`/videos/${demonstration.id}`, at.studio.solo);
    await page.getByText(`1 of ${tourSteps.length}`).waitFor();
    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.tour-note').focus();
    await page.keyboard.press('Escape');
    await page.locator('.tour-note').waitFor({ state: 'detached' });
    await expect.poll(isDone).toBe(true);
    expect(at.complaints).toEqual([]);
  });
});
