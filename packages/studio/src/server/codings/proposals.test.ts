import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CodedInstance } from '../../contract/coding.ts';
import { type TestPerson, type TestStudio, testStudio } from '../serverTesting.ts';
import { addVideo, body, change } from './codingsTesting.ts';

let studio: TestStudio;
let mei: TestPerson;
let video: string;
beforeAll(async () => {
  studio = await testStudio();
  mei = await studio.person('mei');
});
afterAll(() => studio.close());
beforeEach(() => {
  video = addVideo(studio.context, studio.project);
});

const found = (start: number, changes = {}) => ({ action: 'nodding', start, end: start + 1, score: 0.5, ...changes });
const predict = (instances: unknown[], model = 'kinematics', of = video) =>
  studio.solo.post(`/videos/${of}/predictions`, { model, instances });
const codingOf = async (person: TestPerson, of = video) => (await person.post(`/videos/${of}/codings`)).body;
const instancesOf = async (coding: string): Promise<CodedInstance[]> =>
  (await mei.get(`/codings/${coding}`)).body.instances;
const send = (coding: string, ...changes: unknown[]) => mei.post(`/codings/${coding}/changes`, { changes });

describe('predictions', () => {
  it('become the coding of a model, in place of what it found before', async () => {
    const first = await predict([found(5), found(1)]);
    expect(first).toMatchObject({
      status: 201,
      body: { kind: 'model', title: 'kinematics', status: 'submitted', instanceCount: 2 },
    });
    const second = await predict([found(1, { score: 0.9, reason: 'twice down and up' }), found(7)]);
    expect(second.body).toMatchObject({ id: first.body.id, instanceCount: 2 });
    expect(await instancesOf(second.body.id)).toMatchObject([
      { start: 1, score: 0.9, reason: 'twice down and up', state: 'coded' },
      { start: 7, score: 0.5, reason: null },
    ]);
  });

  it('keep the comments on what is found again, and on what is not', async () => {
    const { id } = (await predict([found(1), found(5)])).body;
    const [one, five] = await instancesOf(id);
    for (const instance of [one.id, five.id]) {
      await mei.post(`/codings/${id}/comments`, { id: randomUUID(), instance, text: 'why?' });
    }
    await predict([found(1)]);
    const { instances, comments } = (await mei.get(`/codings/${id}`)).body;
    expect(instances).toMatchObject([{ id: one.id }]);
    expect(comments).toMatchObject([{ instance: one.id }, { instance: five.id }]);
  });

  it('are taken from owners only, and only with actions and times of the video', async () => {
    expect((await mei.post(`/videos/${video}/predictions`, { model: 'm', instances: [] })).status).toBe(403);
    expect((await predict([found(1), found(1, { action: 'flying' })])).body.error.code).toBe('unknown-action');
    expect((await predict([found(60)])).body.error.code).toBe('outside-video');
    expect((await mei.get(`/videos/${video}/codings`)).body).toEqual([]);
  });
});

describe('proposals', () => {
  it('come into open codings, and into those made later', async () => {
    const early = await codingOf(mei);
    await predict([found(1), found(5)]);
    const late = await codingOf(studio.solo);
    for (const coding of [early.id, late.id]) {
      expect(await instancesOf(coding)).toMatchObject([
        { start: 1, state: 'proposed', score: 0.5, version: 1 },
        { start: 5, state: 'proposed' },
      ]);
    }
    expect(late).toMatchObject({ instanceCount: 0, proposalCount: 2 });
  });

  it('do not come into submitted ones', async () => {
    const { id } = await codingOf(mei);
    await mei.post(`/codings/${id}/submit`);
    await predict([found(1)]);
    expect(await instancesOf(id)).toEqual([]);
  });

  it('are not offered again once offered, whatever became of them', async () => {
    const { id } = await codingOf(mei);
    await predict([found(1), found(5), found(9), found(13)]);
    const [accepted, rejected, deleted, moved] = await instancesOf(id);
    const edit = ({ id: instance, version: _, ...rest }: CodedInstance, changes: object | null) =>
      change({ instance, base: 1, after: changes && { ...rest, ...changes } });
    await send(
      id,
      edit(accepted, { state: 'coded' }),
      edit(rejected, { state: 'rejected' }),
      edit(deleted, null),
      edit(moved, { start: 20, end: 21, action: 'shaking legs', state: 'coded' }),
    );
    const before = await instancesOf(id);
    const { body: model } = await predict([found(1), found(5), found(9), found(13)]);
    const { body: offered } = await mei.post(`/codings/${id}/proposals`, { from: model.id });
    expect(offered.instances).toEqual(before);
  });

  it('leave out what the coder has coded already, or another model proposed', async () => {
    const { id } = await codingOf(mei);
    await send(id, change({ after: body({ start: 1.1, end: 2.1 }) }));
    await predict([found(1), found(1, { action: 'shaking legs' }), found(5)]);
    await predict([found(5.1)], 'another');
    const proposals = (await instancesOf(id)).filter(({ state }) => state === 'proposed');
    expect(proposals).toMatchObject([{ start: 1, action: 'shaking legs' }, { start: 5 }]);
  });

  it('are withdrawn when the model does not make them any more, unless somebody touched them', async () => {
    const { id } = await codingOf(mei);
    await predict([found(1), found(5), found(9)]);
    const [one, five] = await instancesOf(id);
    await mei.post(`/codings/${id}/comments`, { id: randomUUID(), instance: one.id, text: 'look' });
    const { id: instance, version: base, ...rest } = five;
    await send(id, change({ instance, base, after: { ...rest, state: 'rejected' } }));
    await predict([found(30)]);
    expect(await instancesOf(id)).toMatchObject([
      { start: 1, state: 'proposed' },
      { start: 5, state: 'rejected' },
      { start: 30, state: 'proposed' },
    ]);
  });

  it('say which model they came from where an edit of them conflicts', async () => {
    const { id } = await codingOf(mei);
    await predict([found(1)]);
    const [{ id: instance }] = await instancesOf(id);
    const { body: refused } = await send(id, change({ instance, base: 3 }));
    expect(refused.error.details).toMatchObject([{ by: 'kinematics', current: { state: 'proposed' } }]);
  });

  it('that nobody decided are counted when a coding is submitted, and do not count as coded', async () => {
    const { id } = await codingOf(mei);
    await predict([found(1)]);
    const { body: submitted } = await mei.post(`/codings/${id}/submit`);
    expect(submitted).toMatchObject({ status: 'submitted', instanceCount: 0, proposalCount: 1 });
  });

  it('come only from models of the same video', async () => {
    const { id } = await codingOf(mei);
    const elsewhere = (await predict([found(1)], 'kinematics', addVideo(studio.context, studio.project))).body;
    expect((await mei.post(`/codings/${id}/proposals`, { from: elsewhere.id })).status).toBe(404);
    const { body: refused } = await mei.post(`/codings/${id}/proposals`, { from: id });
    expect(refused.error.code).toBe('not-a-model');
  });
});

describe('a blind project', () => {
  let blind: string;
  let coder: TestPerson;
  beforeAll(async () => {
    blind = (await studio.solo.post('/projects', { name: 'Blind', blind: true })).body.id;
    coder = await studio.person('blind coder', 'coder', blind);
  });
  beforeEach(() => {
    video = addVideo(studio.context, blind);
  });

  it('offers no proposals, not even on demand', async () => {
    const early = await codingOf(coder);
    const { body: model } = await predict([found(1)]);
    expect((await coder.get(`/codings/${early.id}`)).body.instances).toEqual([]);
    const asked = await coder.post(`/codings/${early.id}/proposals`, { from: model.id });
    expect(asked).toMatchObject({ status: 403, body: { error: { code: 'hidden' } } });
  });

  it('hides content, history and comments of others until one’s own is submitted', async () => {
    const { body: model } = await predict([found(1)]);
    const own = await codingOf(coder);
    const about = [`/codings/${model.id}`, `/codings/${model.id}/changes`];
    for (const path of about) expect(await coder.get(path)).toMatchObject({ status: 403 });
    const comment = await coder.post(`/codings/${model.id}/comments`, { id: 'c9', instance: 'x', text: 'hm' });
    expect(comment.body.error.code).toBe('hidden');
    expect((await coder.get(`/videos/${video}/codings`)).body).toMatchObject([
      { kind: 'model', hidden: true, instanceCount: null, proposalCount: null, revision: 0 },
      { id: own.id, hidden: false },
    ]);
    await coder.post(`/codings/${own.id}/submit`);
    for (const path of about) expect((await coder.get(path)).status).toBe(200);
  });

  it('lets nobody code what they have looked into', async () => {
    const { body: model } = await predict([found(1)]);
    const hasLooked = async (who: TestPerson) => (await who.get(`/videos/${video}`)).body.looked;
    expect(await hasLooked(studio.solo)).toBe(false);
    expect((await studio.solo.get(`/codings/${model.id}`)).status).toBe(200);
    expect([await hasLooked(studio.solo), await hasLooked(coder)]).toEqual([true, false]);
    const refused = await studio.solo.post(`/videos/${video}/codings`);
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'looked' } } });
  });

  it('lets an owner who only opened the editor review, and then neither code nor submit', async () => {
    const { body: model } = await predict([found(1)]);
    const { body: own } = await studio.solo.post(`/videos/${video}/codings`);
    expect(own.mayWrite).toBe(true);
    expect((await studio.solo.get(`/codings/${model.id}`)).status).toBe(200);
    expect((await studio.solo.get(`/codings/${own.id}`)).body.mayWrite).toBe(false);
    const late = await studio.solo.post(`/codings/${own.id}/changes`, { changes: [change()] });
    const submitted = await studio.solo.post(`/codings/${own.id}/submit`);
    for (const refused of [late, submitted]) {
      expect(refused).toMatchObject({ status: 409, body: { error: { code: 'looked' } } });
    }
  });

  it('says in the history when a coding was reopened to somebody who had seen the others’', async () => {
    const { body: model } = await predict([found(1)]);
    const own = await codingOf(coder);
    await coder.post(`/codings/${own.id}/submit`);
    await coder.get(`/codings/${model.id}`);
    expect((await studio.solo.post(`/codings/${own.id}/reopen`)).body.status).toBe('open');
    const { store } = studio.context;
    const entries = store.sql.selectFrom('history').select('details').where('video', '=', video);
    const { details } = store.first(entries.where('what', '=', 'reopened'))!;
    expect(JSON.parse(details)).toEqual({ coding: own.id, coder: coder.account.id, hadLooked: true });
    expect((await coder.get(`/codings/${model.id}`)).status).toBe(403);
  });
});
