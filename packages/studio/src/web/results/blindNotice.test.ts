import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addVideo, detect } from '../../server/results/codingsTesting.ts';
import { chromiumPath, type PageStudio, pageStudio } from '../pageTesting.ts';

describe.skipIf(!chromiumPath)('results of a blind project in a browser', () => {
  let at: PageStudio;
  beforeAll(async () => {
    at = await pageStudio();
  });
  afterAll(() => at?.close());

  it('ask for nothing before the owner has agreed to see what costs the right to code', async () => {
    const { solo, context } = at.studio;
    const { id: project } = (await solo.post('/projects', { name: 'Blind', blind: true })).body;
    const video = addVideo(context, project, { name: 'seen by a model.mp4' });
    addVideo(context, project, { name: 'not seen by anybody.mp4' });
    detect(context, { id: video, project }, 'guesser', [['nodding', 1, 3, 0.75]]);
    const hasLooked = async () => (await solo.get(`/videos/${video}`)).body.looked;

    const page = await at.open(`/projects/${project}/results`, solo);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByText('seen by a model.mp4').waitFor();
    expect(await page.getByText('not seen by anybody.mp4').count()).toBe(0);
    await page.reload();
    await page.getByText('seen by a model.mp4').waitFor();
    expect(asked.filter((path) => path.endsWith('/results') && path.startsWith('/api/'))).toEqual([]);
    expect(await hasLooked()).toBe(false);

    await page.getByRole('button', { name: 'Show results all the same' }).click();
    await page.getByRole('heading', { name: 'Time budget', level: 2 }).waitFor();
    expect(await hasLooked()).toBe(true);
    // There is nothing left to lose.
    await page.reload();
    await page.getByRole('heading', { name: 'Time budget', level: 2 }).waitFor();
    expect(at.complaints).toEqual([]);
  });
});
