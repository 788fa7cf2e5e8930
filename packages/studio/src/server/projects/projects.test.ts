import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StudioEvent } from '../../contract/event.ts';
import { type TestPerson, type TestStudio, testStudio } from '../serverTesting.ts';

let studio: TestStudio;
let reviewer: TestPerson;
beforeAll(async () => {
  studio = await testStudio();
  reviewer = await studio.person('reviewer', 'reviewer');
});
afterAll(() => studio.close());

describe('a project', () => {
  it('begins with the data set’s protocol: three coders, agreed above an IoU of 0.9', async () => {
    const { status, body } = await studio.solo.post('/projects', { name: ' Interviews ' });
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        name: 'Interviews',
        codersWanted: 3,
        agreedAboveIou: 0.9,
        blind: false,
        role: 'owner',
      }),
    ]);
  });

  it('keeps a coding scheme of its own', async () => {
    const taxonomy = {
      name: 'lab',
      bodyParts: [{ code: 'K', name: 'Kopf' }],
      actions: [{ id: 0, code: 'K1', name: 'Nicken', description: '', bodyPart: 'K' }],
    };
    const { body } = await studio.solo.post('/projects', { name: 'Own scheme', taxonomy, blind: true });
    expect((await studio.solo.get(`/projects/${body.id}`)).body).toMatchObject({ taxonomy, blind: true });
  });

  it('refuses a coding scheme that is none, and says all that is wrong with it', async () => {
    const taxonomy = { name: 'lab', bodyParts: [{ code: 'K', name: 'Kopf' }], actions: [{ id: 0, bodyPart: 'L' }] };
    const { status, body } = await studio.solo.post('/projects', { name: 'Own scheme', taxonomy });
    expect([status, body.error.code]).toEqual([422, 'bad-annotations']);
    expect(body.error.message).toContain('actions[0].code');
  });

  it('tells everybody when its settings change, and only owners change them', async () => {
    const events: StudioEvent[] = [];
    const stop = studio.context.events.subscribe(studio.project, (event) => events.push(event));
    const { body } = await studio.solo.patch(`/projects/${studio.project}`, { blind: true, name: 'Renamed' });
    expect(body).toMatchObject({ blind: true, name: 'Renamed', codersWanted: 3 });
    expect(events).toEqual([{ type: 'project' }]);
    stop();
    const refused = await reviewer.patch(`/projects/${studio.project}`, { blind: false });
    expect([refused.status, refused.body.error.message]).toEqual([403, expect.stringContaining('yours is reviewer')]);
  });

  it.each([{ agreedAboveIou: 1 }, { sameFromIou: 0 }, { codersWanted: 0 }, { name: ' ' }, { name: 'a\u0000b' }])(
    'refuses settings that make no sense: %j',
    async (change) => {
      const { status, body } = await studio.solo.patch(`/projects/${studio.project}`, change);
      expect([status, body.error.code]).toEqual([400, 'bad-request']);
      expect(body.error.message).toContain(Object.keys(change)[0]);
    },
  );
});

describe('members', () => {
  const role = async () => {
    const { body } = await studio.solo.get(`/projects/${studio.project}`);
    return body.members.find(({ name }: { name: string }) => name === 'reviewer')?.role;
  };

  it('change roles and leave by an owner’s hand', async () => {
    const path = `/projects/${studio.project}/members/${reviewer.account.id}`;
    expect((await reviewer.put(path, { role: 'owner' })).status).toBe(403);
    await studio.solo.put(path, { role: 'coder' });
    expect(await role()).toBe('coder');
    expect((await studio.solo.delete(path)).status).toBe(204);
    expect(await role()).toBeUndefined();
    expect((await reviewer.get(`/projects/${studio.project}`)).status).toBe(404);
    expect((await studio.solo.delete(path)).status).toBe(404);
    expect((await studio.solo.put(`/projects/${studio.project}/members/nobody`, { role: 'coder' })).status).toBe(404);
  });

  it('always have an owner among them, one who may come in', async () => {
    const own = `/projects/${studio.project}/members/${studio.solo.account.id}`;
    for (const refused of [await studio.solo.delete(own), await studio.solo.put(own, { role: 'coder' })])
      expect([refused.status, refused.body.error.code]).toEqual([409, 'last-owner']);
    const second = await studio.person('second owner', 'owner');
    await studio.solo.patch(`/accounts/${second.account.id}`, { disabled: true });
    expect((await studio.solo.delete(own)).body.error.code).toBe('last-owner');
    await studio.solo.patch(`/accounts/${second.account.id}`, { disabled: false });
    expect((await studio.solo.delete(own)).status).toBe(204);
  });
});
