import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, type PageStudio, pageStudio } from '../pageTesting.ts';

describe.skipIf(!chromiumPath)('the people in the settings', () => {
  let at: PageStudio;
  beforeAll(async () => {
    at = await pageStudio();
  });
  afterAll(() => at?.close());

  it('become a team whose first member is told how to sign in, and nothing typed while a person is added is lost', async () => {
    const { solo } = at.studio;
    const page = await at.open('/settings', solo);
    const password = page.getByLabel('Password', { exact: false }).first();
    await page.getByLabel('Your name').fill('Mei Lin');
    await password.fill('several plain words');
    expect(await password.getAttribute('type')).toBe('password');
    await page.getByLabel('Show the password').check();
    expect(await password.getAttribute('type')).toBe('text');
    await page.getByRole('button', { name: 'Work as a team' }).click();
    await page.getByText('From now on you sign in as “Mei Lin”').waitFor();

    const name = page.getByLabel('Name', { exact: true });
    await name.fill('Ann');
    await page.getByLabel('Their first password').fill('several plain words');
    await page.getByLabel('Show the password').last().check();
    let answer = () => {};
    const isHeld = new Promise<void>((done) => {
      answer = done;
    });
    await page.route('**/api/accounts', async (route) => {
      if (route.request().method() === 'POST') await isHeld;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.locator('input[name=name][readonly]').waitFor();
    await name.pressSequentially('Bo');
    expect(await name.inputValue()).toBe('Ann');
    answer();
    await page.getByText('Ann can sign in now.').waitFor();
    expect(await name.inputValue()).toBe('');
    expect(await page.getByLabel('Their first password').getAttribute('type')).toBe('password');
    expect(await page.getByLabel('Show the password').last().isChecked()).toBe(false);
    expect(at.complaints).toEqual([]);
  });
});
