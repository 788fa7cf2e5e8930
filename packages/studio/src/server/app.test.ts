import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestStudio, testStudio } from './serverTesting.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await testStudio();
});
afterAll(() => studio.close());

describe('a studio', () => {
  it('lets the solo person in by the link of the terminal', async () => {
    const { body } = await studio.solo.get('/session');
    expect(body).toMatchObject({ account: { name: 'me', administrator: true }, mode: 'solo', readOnly: null });
  });

  it('begins with a project for one’s own videos', async () => {
    const { body } = await studio.solo.get('/projects');
    expect(body).toMatchObject([{ id: studio.project, name: 'My videos', blind: false, role: 'owner', videoCount: 0 }]);
  });

  it('has people with roles as soon as it is a team’s', async () => {
    const mei = await studio.person('mei');
    const { body } = await mei.get('/projects');
    expect(body).toMatchObject([{ role: 'coder', members: [{ name: 'me' }, { name: 'mei', role: 'coder' }] }]);
    expect((await mei.get('/session')).body).toMatchObject({ mode: 'team', account: { name: 'mei' } });
  });
});
