import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Review } from '../../contract/review.ts';
import { addVideo, code, type Made, ok } from '../results/codingsTesting.ts';
import { type TestPerson, type TestStudio, testStudio } from '../serverTesting.ts';

let studio: TestStudio;
let [ann, bo, cy]: TestPerson[] = [];
let rita: TestPerson;

beforeAll(async () => {
  studio = await testStudio();
  [ann, bo, cy] = [await studio.person('Ann'), await studio.person('Bo'), await studio.person('Cy')];
  rita = await studio.person('Rita', 'reviewer');
});
afterAll(() => studio.close());

const newVideo = () => addVideo(studio.context, studio.project, { name: 'interview.mp4' });

/** A video that three people coded. */
async function coded(...codings: readonly (readonly Made[])[]): Promise<string> {
  const video = newVideo();
  for (const [i, made] of codings.entries()) await code([ann, bo, cy][i], video, made);
  return video;
}

const review = async (who: TestPerson, video: string) => ok(await who.get(`/videos/${video}/review`)).body as Review;
const span = (action: string, start: number, end: number) => ({ action, start, end });

/** Agreed nodding; waving with edges apart; pointing that one coder labelled otherwise; touching that one saw. */
const apart: Made[][] = [
  [
    ['nodding', 0, 10],
    ['waving', 20, 24],
    ['pointing oneself', 30, 32],
    ['touching nose', 40, 41],
  ],
  [
    ['nodding', 0.2, 10],
    ['waving', 20, 23],
    ['pointing oneself', 30, 32.5],
  ],
  [
    ['nodding', 0.1, 10.2],
    ['waving', 21, 24],
    ['crossing arms', 30, 32],
  ],
];

describe('a review', () => {
  it('tells what three coders agree on, with the medians, and each dispute with its vote', async () => {
    const video = await coded(...apart);
    const { agreed, disputes, coders, final, mayNotDecide } = await review(rita, video);
    expect(coders.map(({ title }) => title)).toEqual(['Ann', 'Bo', 'Cy']);
    expect(agreed).toEqual([span('nodding', 0.1, 10)]);
    expect(disputes.map(({ action, about, vote, proposed }) => [action, about, vote, proposed])).toEqual([
      ['waving', 'edges', 'kept', span('waving', 20, 24)],
      ['crossing arms', 'presence', 'dropped', span('crossing arms', 30, 32)],
      ['pointing oneself', 'presence', 'kept', span('pointing oneself', 30, 32.25)],
      ['touching nose', 'presence', 'dropped', span('touching nose', 40, 41)],
    ]);
    const pointing = disputes[2];
    expect(pointing.codings.map(({ instance, instead }) => [instance?.end ?? null, instead])).toEqual([
      [32, null],
      [32.5, null],
      [null, span('crossing arms', 30, 32)],
    ]);
    expect([final, mayNotDecide]).toEqual([null, null]);
  });

  it('names the very instances that a dispute is about', async () => {
    const video = await coded(...apart);
    const codings = ok(await rita.get(`/videos/${video}/codings`)).body as { id: string }[];
    const { disputes } = await review(rita, video);
    for (const { coding, instance } of disputes[0].codings) {
      const { instances } = ok(await rita.get(`/codings/${coding}`)).body;
      expect(instances).toContainEqual(instance);
    }
    expect(disputes[0].codings.map(({ coding }) => coding)).toEqual(codings.map(({ id }) => id));
  });

  it('takes no proposals and nothing rejected into account, and no open coding', async () => {
    const video = await coded([['nodding', 0, 10]], [['nodding', 0, 10]]);
    await code(cy, video, [['waving', 1, 2]], false);
    const { agreed, disputes, coders } = await review(rita, video);
    expect([agreed, disputes, coders.length]).toEqual([[span('nodding', 0, 10)], [], 2]);
  });

  it('needs two submitted codings to decide anything', async () => {
    const video = await coded([['nodding', 0, 10]]);
    expect(await review(rita, video)).toMatchObject({ agreed: [], disputes: [], mayNotDecide: 'few' });
    const answer = await rita.post(`/videos/${video}/final`, {});
    expect([answer.status, answer.body.error.code]).toEqual([409, 'too-few-codings']);
  });

  it('is read by coders, who may not decide', async () => {
    const video = await coded(...apart);
    const { disputes, mayNotDecide } = await review(ann, video);
    expect(mayNotDecide).toBe('role');
    const refused = await ann.post(`/videos/${video}/decisions`, majority(disputes[0]));
    expect(refused.status).toBe(403);
    expect((await ann.post(`/videos/${video}/final`, {})).status).toBe(403);
  });
});

type Dispute = Review['disputes'][number];

const majority = ({ key, vote, proposed, decision }: Dispute) => ({
  ...{ dispute: key, outcome: vote, settled: vote === 'kept' ? proposed : null, how: 'majority' },
  base: decision?.id ?? null,
});

describe('a decision', () => {
  it('keeps another span, another action, or drops; the last one counts', async () => {
    const video = await coded(...apart);
    const { disputes } = await review(rita, video);
    const decide = (body: object) => rita.post(`/videos/${video}/decisions`, body);
    const first = ok(await decide(majority(disputes[0]))).body;
    expect(first).toMatchObject({ by: 'Rita', how: 'majority', settled: span('waving', 20, 24) });
    const settled = span('pointing oneself', 20.5, 24);
    const discussed = { dispute: disputes[0].key, outcome: 'kept', settled, how: 'discussed', note: 'seen twice' };
    const second = ok(await decide({ ...discussed, base: first.id })).body;
    const after = await review(rita, video);
    expect(after.disputes[0].decision).toEqual(second);
    expect(after.disputes.slice(1).map(({ decision }) => decision)).toEqual([null, null, null]);
  });

  it('is refused where somebody else decided in between, and says what they decided', async () => {
    const video = await coded(...apart);
    const [dispute] = (await review(rita, video)).disputes;
    const first = ok(await rita.post(`/videos/${video}/decisions`, majority(dispute))).body;
    const late = await studio.solo.post(`/videos/${video}/decisions`, majority(dispute));
    expect([late.status, late.body.error.code, late.body.error.details]).toEqual([409, 'conflict', first]);
  });

  it.each([
    ['kept without what', { outcome: 'kept', settled: null }, 'what is not said'],
    ['as the majority against the vote', { outcome: 'dropped', settled: null }, 'the vote says kept'],
    ['as the majority with other edges', { settled: span('waving', 20, 25) }, 'the medians'],
    ['backwards', { how: 'discussed', settled: span('waving', 25, 20) }, 'found 25 s to 20 s'],
    ['past the end', { how: 'discussed', settled: span('waving', 61, 62) }, 'video of 60 s'],
    ['as an unknown action', { how: 'discussed', settled: span('flying', 20, 25) }, 'no action "flying"'],
  ])('is refused: %s', async (_, changes, message) => {
    const video = await coded(...apart);
    const [dispute] = (await review(rita, video)).disputes;
    const answer = await rita.post(`/videos/${video}/decisions`, { ...majority(dispute), ...changes });
    expect(answer.status).toBe(422);
    expect(answer.body.error.message).toContain(message);
    expect((await review(rita, video)).disputes[0].decision).toBeNull();
  });

  it('is about the codings as they were: of a coding that changed there is a new dispute', async () => {
    const video = await coded(...apart);
    const before = await review(rita, video);
    for (const dispute of before.disputes) ok(await rita.post(`/videos/${video}/decisions`, majority(dispute)));
    const [{ coding, instance }] = before.disputes[0].codings;
    ok(await rita.post(`/codings/${coding}/reopen`));
    const edit = { id: 'edit', instance: instance!.id, base: 1, after: { ...bodyOf(instance!), end: 25 } };
    ok(await ann.post(`/codings/${coding}/changes`, { changes: [edit] }));
    ok(await ann.post(`/codings/${coding}/submit`));
    const after = await review(rita, video);
    expect(after.disputes[0].key).not.toBe(before.disputes[0].key);
    expect(after.disputes.map(({ decision }) => decision !== null)).toEqual([false, true, true, true]);
    const history = ok(await rita.get(`/videos/${video}/history`)).body as { what: string }[];
    expect(history.filter(({ what }) => what === 'decided')).toHaveLength(4);
    const gone = await rita.post(`/videos/${video}/decisions`, majority(before.disputes[0]));
    expect([gone.status, gone.body.error.code]).toEqual([409, 'conflict']);
  });
});

const bodyOf = ({ id: _, version: __, ...body }: NonNullable<Dispute['codings'][number]['instance']>) => body;

describe('settling', () => {
  it('refuses while disputes are open, or lets the majority decide the rest', async () => {
    const video = await coded(...apart);
    const { disputes } = await review(rita, video);
    const refused = await rita.post(`/videos/${video}/final`, {});
    expect([refused.status, refused.body.error.code]).toEqual([409, 'open-disputes']);
    expect(refused.body.error.details).toEqual(disputes.map(({ key }) => key));
    const settled = span('touching nose', 40, 41.5);
    const decision = { dispute: disputes[3].key, outcome: 'kept', settled, how: 'discussed', note: 'short, but there' };
    ok(await rita.post(`/videos/${video}/decisions`, { ...decision, base: null }));
    const summary = ok(await rita.post(`/videos/${video}/final`, { majorityForRest: true })).body;
    expect(summary).toMatchObject({ kind: 'final', title: 'final', status: 'submitted', instanceCount: 4 });
    const { instances } = ok(await rita.get(`/codings/${summary.id}`)).body;
    expect(
      instances.map(({ action, start, end, reason }: Record<string, unknown>) => [action, start, end, reason]),
    ).toEqual([
      ['nodding', 0.1, 10, 'agreed by 3'],
      ['waving', 20, 24, 'majority 3 of 3'],
      ['pointing oneself', 30, 32.25, 'majority 2 of 3'],
      ['touching nose', 40, 41.5, 'discussed by Rita: short, but there'],
    ]);
    const after = await review(rita, video);
    expect(after.disputes.map(({ decision: one }) => [one?.how, one?.outcome])).toEqual([
      ['majority', 'kept'],
      ['majority', 'dropped'],
      ['majority', 'kept'],
      ['discussed', 'kept'],
    ]);
    expect([after.final?.id, after.finalOutdated]).toEqual([summary.id, false]);
  });

  it('tells that the final coding is out of date once somebody decides otherwise, until it is settled again', async () => {
    const video = await coded(...apart);
    const first = ok(await rita.post(`/videos/${video}/final`, { majorityForRest: true })).body;
    const [dispute] = (await review(rita, video)).disputes;
    const drop = {
      dispute: dispute.key,
      outcome: 'dropped',
      settled: null,
      how: 'discussed',
      base: dispute.decision!.id,
    };
    ok(await rita.post(`/videos/${video}/decisions`, drop));
    expect((await review(rita, video)).finalOutdated).toBe(true);
    const second = ok(await rita.post(`/videos/${video}/final`, {})).body;
    expect([second.id, second.instanceCount]).toEqual([first.id, first.instanceCount - 1]);
    expect((await review(rita, video)).finalOutdated).toBe(false);
    const history = ok(await rita.get(`/videos/${video}/history`)).body;
    expect(history.at(-1).details.replaced).toHaveLength(first.instanceCount);
  });

  it('can be taken back; codings, decisions and the history stay', async () => {
    const video = await coded(...apart);
    const final = ok(await rita.post(`/videos/${video}/final`, { majorityForRest: true })).body;
    ok(
      await rita.post(`/codings/${final.id}/comments`, {
        id: 'remark',
        instance: await anInstance(final.id),
        text: 'hm',
      }),
    );
    expect((await ann.delete(`/videos/${video}/final`)).status).toBe(403);
    ok(await rita.delete(`/videos/${video}/final`));
    const after = await review(rita, video);
    expect(after.final).toBeNull();
    expect(after.disputes.every(({ decision }) => decision !== null)).toBe(true);
    expect((await rita.get(`/codings/${final.id}`)).status).toBe(404);
    expect((await rita.delete(`/videos/${video}/final`)).status).toBe(404);
    const history = ok(await rita.get(`/videos/${video}/history`)).body;
    expect(history.map(({ what, by }: Record<string, string>) => `${by} ${what}`)).toEqual([
      ...['Ann submitted', 'Bo submitted', 'Cy submitted'],
      ...['Rita decided', 'Rita decided', 'Rita decided', 'Rita decided', 'Rita finalised', 'Rita unsettled'],
    ]);
    const { instances, comments } = history.at(-1).details;
    expect([instances.length, comments[0].text]).toEqual([3, 'hm']);
  });
});

async function anInstance(coding: string): Promise<string> {
  return ok(await rita.get(`/codings/${coding}`)).body.instances[0].id;
}

describe('in a blind project, a review', () => {
  let project: string;
  beforeAll(async () => {
    project = ok(await studio.solo.post('/projects', { name: 'blind', blind: true })).body.id;
    for (const [who, role] of [
      [ann, 'coder'],
      [bo, 'coder'],
      [cy, 'coder'],
      [rita, 'reviewer'],
    ] as const) {
      ok(await studio.solo.put(`/projects/${project}/members/${who.account.id}`, { role }));
    }
  });

  async function blindVideo(): Promise<string> {
    const video = addVideo(studio.context, project);
    await code(ann, video, apart[0]);
    await code(bo, video, apart[1]);
    return video;
  }

  it('shows coders nothing before they submitted, and then all', async () => {
    const video = await blindVideo();
    expect(await review(cy, video)).toMatchObject({ coders: [], agreed: [], disputes: [] });
    await code(cy, video, apart[2], false);
    expect(await review(cy, video)).toMatchObject({ coders: [], agreed: [], disputes: [] });
    ok(await cy.post(`/codings/${await code(cy, video, [])}/submit`));
    expect((await review(cy, video)).coders).toHaveLength(3);
  });

  it('is closed to a reviewer who codes the video and has not submitted', async () => {
    const video = await blindVideo();
    const own = await code(rita, video, apart[2], false);
    expect(await review(rita, video)).toMatchObject({ coders: [], disputes: [], mayNotDecide: 'blind' });
    const answer = await rita.post(`/videos/${video}/final`, { majorityForRest: true });
    expect([answer.status, answer.body.error.code]).toEqual([409, 'blind']);
    ok(await rita.post(`/codings/${own}/submit`));
    expect(await review(rita, video)).toMatchObject({ mayNotDecide: null, agreed: [span('nodding', 0.1, 10)] });
  });

  it('keeps whoever has looked into it from coding the video afterwards', async () => {
    const video = await blindVideo();
    await review(rita, video);
    const answer = await rita.post(`/videos/${video}/codings`);
    expect([answer.status, answer.body.error.code]).toEqual([409, 'looked']);
  });

  it('gives coders who have not submitted a history without what was decided', async () => {
    const video = await blindVideo();
    ok(await rita.post(`/videos/${video}/final`, { majorityForRest: true }));
    const seen = ok(await cy.get(`/videos/${video}/history`)).body as { what: string; details: object }[];
    const content = seen.filter(({ what }) => what === 'decided' || what === 'finalised');
    expect(content.length).toBeGreaterThan(1);
    for (const { details } of content) expect(details).toEqual({});
    const open = ok(await ann.get(`/videos/${video}/history`)).body as { what: string; details: object }[];
    expect(open.at(-1)!.details).toMatchObject({ coders: 2, agreed: 1 });
    ok(await cy.post(`/videos/${video}/codings`)); // reading the bare history is no look
  });
});
