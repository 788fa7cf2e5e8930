import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRoutes } from '../src/server/app.ts';
import { storeModelCoding } from '../src/server/codings/modelCoding.ts';
import { type TestPerson, type TestStudio, testStudio } from '../src/server/serverTesting.ts';
import { withOneOfEach } from './attackedStudio.ts';
import { pathWith } from './attacker.ts';

// A coder who has not submitted looks for what another or a model has coded in a blind project: by every route.

const marks = { coder: 'mark of the coder', comment: 'mark of the comment', model: 'mark of the model' };
const start = 12.3456;

let studio: TestStudio;
let ids: Record<string, string>;
let first: TestPerson;
let instance: string;
let model: string;

beforeAll(async () => {
  studio = await testStudio({ log: () => {} });
  ids = await withOneOfEach(studio);
  await studio.solo.patch(`/projects/${ids.project}`, { blind: true });
  first = await studio.person('first', 'coder');
  const { body: coding } = await first.post(`/videos/${ids.video}/codings`);
  ids = { ...ids, coding: coding.id };
  instance = randomUUID();
  const after = { action: 'nodding', start, end: 13.4567, state: 'coded', score: null, reason: marks.coder };
  await first.post(`/codings/${coding.id}/changes`, { changes: [{ id: randomUUID(), instance, base: 0, after }] });
  await first.post(`/codings/${coding.id}/comments`, { id: randomUUID(), instance, text: marks.comment });
  expect((await first.post(`/codings/${coding.id}/submit`)).status).toBe(200);
  const video = { id: ids.video, project: ids.project };
  const found = { action: 'nodding', start, end: 13.4567, score: 0.7654, reason: marks.model };
  model = storeModelCoding(studio.context, video, 'finder', [found]).id;
});
afterAll(() => studio.close());

/** Every route that reads, with all that its query can name. */
function addresses(): string[] {
  const sources = [`coder:${first.account.id}`, 'model:finder', 'final'];
  const queries: Record<string, string[]> = {
    '/projects/{project}/results': ['', ...sources.map((source) => `?source=${source}`)],
    '/projects/{project}/comparison': sources.map((against) => `?model=model:finder&against=${against}`),
    '/projects/{project}/figures/{figure}': sources.flatMap((source) =>
      ['csv', 'svg', 'json'].map((as) => `?source=${source}&as=${as}`),
    ),
    '/projects/{project}/exports': sources.flatMap((source) =>
      ['csv', 'json', 'eaf'].map((format) => `?format=${format}&source=${source}`),
    ),
    '/projects/{project}/codebook': ['?as=csv', '?as=md', '?as=html'],
  };
  const reading = allRoutes.filter(({ method, path }) => method === 'get' && !path.endsWith('/events'));
  return reading.flatMap(({ path }) =>
    [ids, { ...ids, coding: model }, { ...ids, figure: 'instances' }].flatMap((at) =>
      (queries[path] ?? ['']).map((query) => pathWith(path, at) + query),
    ),
  );
}

/** Addresses whose answer tells something of the codings. */
async function telling(person: TestPerson): Promise<string[]> {
  const told: string[] = [];
  for (const address of new Set(addresses())) {
    const response = await person.raw(address);
    const text = await response.text();
    const tells = [...Object.values(marks), String(start), '12.35', '12.346', '12345', '0.7654', '12346'];
    if (tells.some((mark) => text.includes(mark))) told.push(address);
  }
  return told;
}

describe('a coder of a blind project', () => {
  it('who has not begun is told nothing by any route', async () => {
    expect(await telling(await studio.person('second', 'coder'))).toEqual([]);
  });

  it('who has begun and not submitted is told nothing by any route, reviewers and owners neither', async () => {
    for (const role of ['coder', 'reviewer', 'owner'] as const) {
      const person = await studio.person(`begun as ${role}`, role);
      const { body: own } = await person.post(`/videos/${ids.video}/codings`);
      // Who has only opened the editor has not begun: an owner or reviewer may still choose to review instead.
      const after = { action: 'nodding', start: 1, end: 2, state: 'coded', score: null, reason: null };
      const changes = [{ id: `begun-${role}`, instance: `begun-${role}`, base: 0, after }];
      expect((await person.post(`/codings/${own.id}/changes`, { changes })).status).toBe(200);
      expect([role, await telling(person)]).toEqual([role, []]);
    }
  });

  it('is told only that the others’ codings are there', async () => {
    const second = await studio.person('curious', 'coder');
    const { body } = await second.get(`/videos/${ids.video}/codings`);
    const others = body.filter(({ account }: { account: string }) => account !== second.account.id);
    expect(others.length).toBeGreaterThan(1);
    for (const coding of others)
      expect(coding).toMatchObject({ hidden: true, revision: 0, instanceCount: null, proposalCount: null });
  });

  it('does not get at them by asking for proposals, by comments or by changes', async () => {
    const second = await studio.person('inventive', 'coder');
    const { body: own } = await second.post(`/videos/${ids.video}/codings`);
    const tries = [
      await second.post(`/codings/${own.id}/proposals`, { from: model }),
      await second.post(`/codings/${own.id}/proposals`, { from: ids.coding }),
      await second.post(`/codings/${ids.coding}/proposals`, { from: model }),
      await second.post(`/codings/${ids.coding}/comments`, { id: randomUUID(), instance, text: 'x' }),
      await second.post(`/codings/${own.id}/comments`, { id: randomUUID(), instance, text: 'x' }),
      await second.post(`/codings/${ids.coding}/changes`, {
        changes: [{ id: randomUUID(), instance, base: 1, after: null }],
      }),
      await second.post(`/codings/${own.id}/changes`, {
        changes: [{ id: randomUUID(), instance, base: 0, after: null }],
      }),
      await second.post(`/codings/${ids.coding}/submit`),
      await second.post(`/codings/${ids.coding}/reopen`),
    ];
    for (const { status } of tries) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
    const told = JSON.stringify(tries.map(({ body }) => body));
    for (const mark of [...Object.values(marks), '12.3456', '0.7654']) expect(told).not.toContain(mark);
  });

  it('hears of others’ work by events only that there is some', async () => {
    const second = await studio.person('listening', 'coder');
    const response = await second.raw(`/projects/${ids.project}/events`);
    const reader = response.body!.getReader();
    let heard = '';
    const listening = (async () => {
      while (!heard.includes('"coding"')) heard += Buffer.from((await reader.read()).value ?? []).toString();
    })();
    const busy = await studio.person('busy', 'coder');
    const { body: coding } = await busy.post(`/videos/${ids.video}/codings`);
    const after = { action: 'waving', start, end: 20, state: 'coded', score: null, reason: marks.coder };
    const changes = [{ id: randomUUID(), instance: randomUUID(), base: 0, after }];
    expect((await busy.post(`/codings/${coding.id}/changes`, { changes })).status).toBe(200);
    await listening;
    await reader.cancel();
    expect(heard).not.toMatch(/mark of|waving|12\.34/);
  });

  it('sees them once they have submitted: the marks that were looked for are told then', async () => {
    const last = await studio.person('done', 'coder');
    const { body: own } = await last.post(`/videos/${ids.video}/codings`);
    expect((await last.post(`/codings/${own.id}/submit`)).status).toBe(200);
    const told = (await telling(last)).map((address) => address.replace(/\?.*/, '').split('/').at(-1));
    expect(told).toEqual(expect.arrayContaining(['exports', 'changes', 'review']));
    expect(told.length).toBeGreaterThan(8);
  });
});
