import { randomUUID } from 'node:crypto';
import { sql as rawSql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StudioEvent } from '../../contract/event.ts';
import { type TestPerson, type TestStudio, testStudio } from '../serverTesting.ts';
import { addVideo, body, change } from './codingsTesting.ts';

let studio: TestStudio;
let mei: TestPerson;
let jan: TestPerson;
let video: string;
beforeAll(async () => {
  studio = await testStudio();
  mei = await studio.person('mei');
  jan = await studio.person('jan', 'reviewer');
});
afterAll(() => studio.close());
beforeEach(() => {
  video = addVideo(studio.context, studio.project);
});

const codingOf = async (person: TestPerson, of = video): Promise<string> =>
  (await person.post(`/videos/${of}/codings`)).body.id;
const send = (person: TestPerson, coding: string, ...changes: unknown[]) =>
  person.post(`/codings/${coding}/changes`, { changes });
const instancesOf = async (person: TestPerson, coding: string) =>
  (await person.get(`/codings/${coding}`)).body.instances;

describe('one’s own coding', () => {
  it('is made once, and is the same one when it is asked for again', async () => {
    const first = await mei.post(`/videos/${video}/codings`);
    const second = await mei.post(`/videos/${video}/codings`);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ video, kind: 'coder', title: 'mei', status: 'open', revision: 0 });
    expect(first.body).toMatchObject({ mayWrite: true, instances: [], comments: [] });
    expect(second.body).toEqual(first.body);
  });

  it('is shown in the list of the video beside the others’', async () => {
    await codingOf(mei);
    await codingOf(jan);
    const { body } = await jan.get(`/videos/${video}/codings`);
    expect(body).toMatchObject([
      { title: 'mei', hidden: false },
      { title: 'jan', hidden: false },
    ]);
  });
});

describe('changes', () => {
  it('make, edit, delete and bring back an instance, whose version counts on', async () => {
    const coding = await codingOf(mei);
    const instance = randomUUID();
    const version = async (base: number, after: ReturnType<typeof body> | null) =>
      (await send(mei, coding, change({ instance, base, after }))).body;
    expect(await version(0, body())).toEqual({ revision: 1, versions: [{ instance, version: 1 }] });
    expect(await version(1, body({ end: 3 }))).toEqual({ revision: 2, versions: [{ instance, version: 2 }] });
    expect(await instancesOf(mei, coding)).toEqual([{ ...body({ end: 3 }), id: instance, version: 2 }]);
    expect(await version(2, null)).toEqual({ revision: 3, versions: [{ instance, version: 0 }] });
    expect(await instancesOf(mei, coding)).toEqual([]);
    expect(await version(0, body())).toEqual({ revision: 4, versions: [{ instance, version: 4 }] });
  });

  it('may build on one another inside one request', async () => {
    const coding = await codingOf(mei);
    const instance = randomUUID();
    const edits = [change({ instance }), change({ instance, base: 1, after: body({ end: 5 }) })];
    expect((await send(mei, coding, ...edits)).body.versions).toEqual([
      { instance, version: 1 },
      { instance, version: 2 },
    ]);
  });

  it('are answered as the first time when they are sent again, also together with new ones', async () => {
    const coding = await codingOf(mei);
    const first = change();
    const answer = await send(mei, coding, first);
    expect((await send(mei, coding, first)).body).toEqual(answer.body);
    const second = change({ instance: first.instance, base: 1, after: body({ end: 4 }) });
    const both = await send(mei, coding, first, second);
    expect(both.body).toEqual({
      revision: 2,
      versions: [{ ...answer.body.versions[0] }, { instance: first.instance, version: 2 }],
    });
    expect((await send(mei, coding, first)).body.versions).toEqual(answer.body.versions);
    expect((await mei.get(`/codings/${coding}/changes`)).body).toHaveLength(2);
  });

  it('are refused where an id was used for something else', async () => {
    const coding = await codingOf(mei);
    const first = change();
    await send(mei, coding, first);
    const other = await send(mei, coding, { ...first, after: body({ end: 9 }) });
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'id-taken' } } });
  });

  it('tell the second writer of all that somebody else was quicker with, and apply nothing', async () => {
    const coding = await codingOf(mei);
    const [a, b] = [change(), change({ after: body({ action: 'shaking legs' }) })];
    await send(mei, coding, a, b);
    await send(mei, coding, change({ instance: a.instance, base: 1, after: body({ end: 2.5 }) }));
    await send(mei, coding, change({ instance: b.instance, base: 1, after: null }));
    const late = [
      change({ instance: a.instance, base: 1, after: body({ end: 9 }) }),
      // Fits by its number, but builds on the one before.
      change({ instance: a.instance, base: 2, after: body({ end: 10 }) }),
      change({ instance: b.instance, base: 1, after: body({ end: 9 }) }),
      change(),
    ];
    const { status, body: answer } = await send(mei, coding, ...late);
    expect(status).toBe(409);
    expect(answer.error.code).toBe('conflict');
    const at = expect.any(String);
    expect(answer.error.details).toEqual([
      {
        instance: a.instance,
        change: late[0].id,
        by: 'mei',
        at,
        current: { ...body({ end: 2.5 }), id: a.instance, version: 2 },
      },
      {
        instance: a.instance,
        change: late[1].id,
        by: 'mei',
        at,
        current: { ...body({ end: 2.5 }), id: a.instance, version: 2 },
      },
      { instance: b.instance, change: late[2].id, by: 'mei', at, current: null },
    ]);
    expect(await instancesOf(mei, coding)).toEqual([{ ...body({ end: 2.5 }), id: a.instance, version: 2 }]);
  });

  it('are all refused where one is wrong', async () => {
    const coding = await codingOf(mei);
    const wrong = [
      [body({ action: 'flying' }), 'unknown-action'],
      [body({ start: 2, end: 2 }), 'bad-times'],
      [body({ start: 59, end: 60.05 }), 'outside-video'],
    ] as const;
    for (const [after, code] of wrong) {
      const { status, body: answer } = await send(mei, coding, change(), change({ after }));
      expect({ status, code: answer.error.code }).toEqual({ status: 422, code });
    }
    const nothing = await send(mei, coding, change({ after: null }));
    expect(nothing.body.error.code).toBe('nothing-to-delete');
    expect(await instancesOf(mei, coding)).toEqual([]);
  });

  it('may end one frame after the video, and anywhere while nobody knows how long it is', async () => {
    const coding = await codingOf(mei);
    expect((await send(mei, coding, change({ after: body({ end: 60.04 }) }))).status).toBe(200);
    const unknown = await codingOf(mei, addVideo(studio.context, studio.project, { durationSeconds: null }));
    expect((await send(mei, unknown, change({ after: body({ end: 4000 }) }))).status).toBe(200);
  });

  it('take a code or another known name of an action for its canonical one', async () => {
    const coding = await codingOf(mei);
    const first = change({ after: body({ action: 'B1' }) });
    await send(mei, coding, first);
    expect(await instancesOf(mei, coding)).toMatchObject([{ action: 'nodding' }]);
    expect((await send(mei, coding, first)).status).toBe(200);
  });

  it('never reach into another coding', async () => {
    const [meis, jans] = [await codingOf(mei), await codingOf(jan)];
    const first = change();
    await send(mei, meis, first);
    const through = await send(jan, jans, change({ instance: first.instance, base: 1, after: null }));
    expect(through).toMatchObject({ status: 409, body: { error: { code: 'id-taken' } } });
    const direct = await send(jan, meis, change({ instance: first.instance, base: 1, after: null }));
    expect(direct).toMatchObject({ status: 403, body: { error: { code: 'not-yours' } } });
    expect(await instancesOf(mei, meis)).toHaveLength(1);
  });

  it('are told to whoever listens, with the tab that sent them', async () => {
    const coding = await codingOf(mei);
    const heard: StudioEvent[] = [];
    const stop = studio.context.events.subscribe(studio.project, (event) => heard.push(event));
    const first = change();
    await mei.post(`/codings/${coding}/changes`, { changes: [first], client: 'tab-1' });
    await mei.post(`/codings/${coding}/changes`, { changes: [first], client: 'tab-1' });
    stop();
    expect(heard).toEqual([{ type: 'coding', coding, video, revision: 1, client: 'tab-1' }]);
  });

  it('are all refused while the disk is full, and taken once there is room', async () => {
    const coding = await codingOf(mei);
    const { store } = studio.context;
    const pragma = (text: string) =>
      store.all({ compile: () => rawSql.raw(`pragma ${text}`).compile(store.sql) as never });
    const [{ page_count: pages }] = pragma('page_count') as [{ page_count: number }];
    pragma(`max_page_count = ${pages + 2}`);
    const many = Array.from({ length: 500 }, () => change());
    expect(await send(mei, coding, ...many)).toMatchObject({ status: 507, body: { error: { code: 'disk-full' } } });
    expect(await mei.get(`/codings/${coding}`)).toMatchObject({ status: 200, body: { instances: [], revision: 0 } });
    pragma('max_page_count = 1000000');
    expect(await send(mei, coding, ...many)).toMatchObject({ status: 200, body: { revision: 1 } });
    expect(await instancesOf(mei, coding)).toHaveLength(500);
  });

  it('go into the history with before and after', async () => {
    const coding = await codingOf(mei);
    const instance = randomUUID();
    await send(mei, coding, change({ instance }));
    await send(mei, coding, change({ instance, base: 1, after: null }));
    const { body: past } = await mei.get(`/codings/${coding}/changes`);
    expect(past).toMatchObject([
      { instance, by: 'mei', before: null, after: { ...body(), version: 1 } },
      { instance, by: 'mei', before: { ...body(), version: 1 }, after: null },
    ]);
    const { body: rest } = await mei.get(`/codings/${coding}/changes?after=${past[0].sequence}&limit=1`);
    expect(rest).toEqual([past[1]]);
  });
});

describe('a clock that runs backwards', () => {
  it('changes nothing in the order of codings, history and comments', async () => {
    let seconds = 1e9;
    const now = () => new Date((seconds -= 3600) * 1000).toISOString();
    const backwards = await testStudio({ now });
    try {
      // Signed in for 30 days from each hour before the last.
      const early = await backwards.person('early');
      const late = await backwards.person('late');
      const clip = addVideo(backwards.context, backwards.project);
      const coding = await codingOf(early, clip);
      await codingOf(late, clip);
      const { body: summaries } = await late.get(`/videos/${clip}/codings`);
      expect(summaries.map(({ title }: { title: string }) => title)).toEqual(['early', 'late']);
      const instance = randomUUID();
      for (const base of [0, 1, 2])
        await send(early, coding, change({ instance, base, after: body({ end: 3 + base }) }));
      for (const text of ['one', 'two']) await early.post(`/codings/${coding}/comments`, { id: text, instance, text });
      const { body: past } = await early.get(`/codings/${coding}/changes`);
      expect(past.map(({ after }: { after: { end: number } }) => after.end)).toEqual([3, 4, 5]);
      const { comments } = (await early.get(`/codings/${coding}`)).body;
      expect(comments.map(({ text }: { text: string }) => text)).toEqual(['one', 'two']);
    } finally {
      await backwards.close();
    }
  });
});

describe('a settled coding', () => {
  it('is changed by owners and reviewers, not by coders; a model’s by nobody', async () => {
    const made = { video, revision: 0, createdAt: '', account: null, submittedAt: null, status: 'submitted' } as const;
    const [final, model] = [randomUUID(), randomUUID()];
    const { store } = studio.context;
    const rows = [
      { ...made, id: final, kind: 'final', model: null },
      { ...made, id: model, kind: 'model', model: 'kinematics' },
    ] as const;
    for (const row of rows) store.run(store.sql.insertInto('coding').values(row));
    const statusOf = async (person: TestPerson, coding: string) => (await send(person, coding, change())).status;
    expect(await statusOf(jan, final)).toBe(200);
    expect(await statusOf(studio.solo, final)).toBe(200);
    expect(await statusOf(mei, final)).toBe(403);
    expect(await statusOf(studio.solo, model)).toBe(403);
    expect((await mei.get(`/codings/${final}`)).body.mayWrite).toBe(false);
  });
});

describe('submission', () => {
  it('closes a coding, and still acknowledges what had been applied before', async () => {
    const coding = await codingOf(mei);
    const first = change();
    await send(mei, coding, first);
    const submitted = await mei.post(`/codings/${coding}/submit`);
    expect(submitted.body).toMatchObject({ status: 'submitted', submittedAt: expect.any(String), instanceCount: 1 });
    expect((await mei.post(`/codings/${coding}/submit`)).body).toEqual(submitted.body);
    const late = await send(mei, coding, change());
    expect(late).toMatchObject({ status: 409, body: { error: { code: 'submitted' } } });
    expect((await send(mei, coding, first)).status).toBe(200);
    expect((await mei.get(`/codings/${coding}`)).body).toMatchObject({ mayWrite: false, instances: [{}] });
  });

  it('is for whoever coded it; a reviewer reopens it, and the history says who', async () => {
    const coding = await codingOf(mei);
    expect((await jan.post(`/codings/${coding}/submit`)).status).toBe(403);
    await mei.post(`/codings/${coding}/submit`);
    expect((await mei.post(`/codings/${coding}/reopen`)).status).toBe(403);
    expect((await jan.post(`/codings/${coding}/reopen`)).body).toMatchObject({ status: 'open', submittedAt: null });
    expect((await send(mei, coding, change())).status).toBe(200);
    const { store } = studio.context;
    const history = store.all(
      store.sql.selectFrom('history').selectAll().where('video', '=', video).orderBy('sequence'),
    );
    expect(history.map(({ what, account }) => ({ what, account }))).toEqual([
      { what: 'submitted', account: mei.account.id },
      { what: 'reopened', account: jan.account.id },
    ]);
  });

  it('is not taken back while the video is settled', async () => {
    const coding = await codingOf(mei);
    await mei.post(`/codings/${coding}/submit`);
    const { store } = studio.context;
    const final = { id: randomUUID(), video, kind: 'final', account: null, model: null, createdAt: '' } as const;
    store.run(store.sql.insertInto('coding').values({ ...final, status: 'submitted', revision: 0 }));
    const refused = await jan.post(`/codings/${coding}/reopen`);
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'settled' } } });
  });
});

describe('comments', () => {
  it('are written once, in order, also by others and after submission', async () => {
    const coding = await codingOf(mei);
    const first = change();
    await send(mei, coding, first);
    await mei.post(`/codings/${coding}/submit`);
    const comment = { id: randomUUID(), instance: first.instance, text: '<b>sure?</b>' };
    const made = await jan.post(`/codings/${coding}/comments`, comment);
    expect(made).toMatchObject({ status: 201, body: { ...comment, author: 'jan' } });
    expect((await jan.post(`/codings/${coding}/comments`, comment)).body).toEqual(made.body);
    await mei.post(`/codings/${coding}/comments`, { id: 'answer', instance: first.instance, text: 'yes' });
    const { comments } = (await mei.get(`/codings/${coding}`)).body;
    expect(comments).toMatchObject([{ text: '<b>sure?</b>' }, { text: 'yes', author: 'mei' }]);
  });

  it('need an instance of the coding, and an id of their own', async () => {
    const coding = await codingOf(mei);
    const first = change();
    await send(mei, coding, first);
    const nowhere = await mei.post(`/codings/${coding}/comments`, { id: 'c1', instance: 'x', text: 'hm' });
    expect(nowhere.status).toBe(404);
    await mei.post(`/codings/${coding}/comments`, { id: 'c2', instance: first.instance, text: 'one' });
    const taken = await jan.post(`/codings/${coding}/comments`, { id: 'c2', instance: first.instance, text: 'two' });
    expect(taken).toMatchObject({ status: 409, body: { error: { code: 'id-taken' } } });
  });
});
