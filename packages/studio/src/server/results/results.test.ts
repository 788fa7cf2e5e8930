import { SaxesParser } from 'saxes';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison, Results } from '../../contract/results.ts';
import { figureNames } from '../../contract/results.ts';
import { type TestPerson, type TestStudio, testStudio } from '../serverTesting.ts';
import { addVideo, code, detect, type Made, ok } from './codingsTesting.ts';

let studio: TestStudio;
let ann: TestPerson;
let bo: TestPerson;
let videos: string[];

const annsFirst: Made[] = [
  ['nodding', 0, 10],
  ['nodding', 8, 12],
  ['waving', 5, 9],
  ['turning head', 11, 20],
];
const bosFirst: Made[] = [
  ['nodding', 0, 10],
  ['waving', 5, 9.5],
];

beforeAll(async () => {
  studio = await testStudio();
  [ann, bo] = [await studio.person('Ann'), await studio.person('Bo')];
  videos = ['one.mp4', 'two.mp4'].map((name) => addVideo(studio.context, studio.project, { name }));
  await code(ann, videos[0], annsFirst);
  await code(ann, videos[1], [['waving', 1, 4]]);
  await code(bo, videos[0], bosFirst);
  await code(bo, videos[1], [['waving', 1, 4]]);
  detect(studio.context, { id: videos[0], project: studio.project }, 'guesser', [
    ['nodding', 0, 10, 0.9],
    ['waving', 30, 40, 0.8],
  ]);
});
afterAll(() => studio.close());

const path = (rest: string, query: Record<string, string> = {}, project = studio.project) =>
  `/projects/${project}/${rest}?${new URLSearchParams(query)}`;
const results = async (query?: Record<string, string>) => ok(await ann.get(path('results', query))).body as Results;
const coder = (person: TestPerson) => `coder:${person.account.id}`;

describe('results', () => {
  it('list whose codings there are', async () => {
    const { sources, source } = await results();
    expect(sources).toEqual([
      { key: coder(ann), title: 'Ann', kind: 'coder', videos: 2, openVideos: 0, instances: 5 },
      { key: coder(bo), title: 'Bo', kind: 'coder', videos: 2, openVideos: 0, instances: 3 },
      { key: 'model:guesser', title: 'guesser', kind: 'model', videos: 1, openVideos: 0, instances: 2 },
    ]);
    expect(source).toBe(coder(ann)); // the asker's own, since nothing is settled
  });

  it('leave out what was opened and not begun', async () => {
    const { body: project } = ok(await studio.solo.post('/projects', { name: 'Opened' }));
    const [opened, coded] = ['a.mp4', 'b.mp4'].map((name) => addVideo(studio.context, project.id, { name }));
    ok(await studio.solo.post(`/videos/${opened}/codings`));
    await code(studio.solo, coded, [['waving', 1, 4]]);
    const { sources, totalSeconds } = ok(await studio.solo.get(path('results', {}, project.id))).body as Results;
    expect(sources).toMatchObject([{ videos: 1, instances: 1 }]);
    expect(totalSeconds).toBe(60);
  });

  it('tell how many videos of a coder are not submitted', async () => {
    const { body: project } = ok(await studio.solo.post('/projects', { name: 'Half-coded' }));
    const [open, done] = ['a.mp4', 'b.mp4'].map((name) => addVideo(studio.context, project.id, { name }));
    await code(studio.solo, open, [['waving', 1, 4]], false);
    await code(studio.solo, done, [['waving', 1, 4]]);
    detect(studio.context, { id: open, project: project.id }, 'guesser', [['nodding', 0, 10, 0.9]]);
    const { sources } = ok(await studio.solo.get(path('results', {}, project.id))).body as Results;
    expect(sources.map(({ kind, videos: count, openVideos }) => [kind, count, openVideos])).toEqual([
      ['coder', 2, 1],
      ['model', 1, 0],
    ]);
  });

  it('give the budget, transitions and shared time of one of them', async () => {
    const { videos: count, totalSeconds, budget, transitions, cooccurrence } = await results({ source: coder(ann) });
    expect([count, totalSeconds]).toEqual([2, 120]);
    expect(
      budget.filter(({ count: n }) => n > 0).map((row) => [row.bodyPart, row.action, row.count, row.totalSeconds]),
    ).toEqual([
      ['head', null, 3, 20],
      ['head', 'turning head', 1, 9],
      ['head', 'nodding', 2, 12],
      ['upper limb', null, 2, 7],
      ['upper limb', 'waving', 2, 7],
    ]);
    const labels = ['turning head', 'nodding', 'waving'];
    expect(transitions).toEqual({
      labels,
      counts: [
        [0, 0, 0],
        [1, 0, 1],
        [0, 1, 0],
      ],
    });
    expect(cooccurrence).toEqual({
      labels,
      seconds: [
        [9, 1, 0],
        [1, 12, 4],
        [0, 4, 7],
      ],
    });
  });

  it('are those of one video or at body level when asked', async () => {
    const one = await results({ source: coder(bo), video: videos[1], level: 'body' });
    expect(one).toMatchObject({
      videos: 1,
      totalSeconds: 60,
      cooccurrence: { labels: ['upper limb'], seconds: [[3]] },
    });
    expect(one.figures).toContain('ethogram');
    expect((await results()).figures).not.toContain('ethogram');
  });

  it('tell how far the coders agree, with what each figure means', async () => {
    const { agreement } = await results();
    expect(agreement).toMatchObject({ coders: ['Ann', 'Bo'], videos: 2 });
    const f1 = agreement!.figures.find(({ name, level }) => name === 'F1 of events' && level === 'action')!;
    // Of Ann's 5 and Bo's 3 events, 3 are the same: 2 * 3 / (5 + 3).
    expect(f1.estimate.value).toBeCloseTo(0.75, 12);
    expect(f1.estimate.low).toBeLessThan(0.75);
    for (const { meaning } of agreement!.figures) expect(meaning).toMatch(/^[A-Z].+\.$/);
    // Agreed are the long nodding and the waving of the second video; 4 more codings stand against these 2.
    const all = agreement!.figures.find(({ name, level }) => name === 'Agreed by all' && level === 'action')!;
    expect(all.estimate.value).toBeCloseTo(2 / 6, 12);
  });

  it('without any coding are empty, not an error', async () => {
    const project = ok(await studio.solo.post('/projects', { name: 'empty' })).body.id;
    const { body } = ok(await studio.solo.get(path('results', {}, project)));
    expect(body).toMatchObject({ sources: [], source: null, videos: 0, budget: [], agreement: null, figures: [] });
  });

  it('follow every change of a coding', async () => {
    const project = ok(await studio.solo.post('/projects', { name: 'changing' })).body.id;
    const video = addVideo(studio.context, project);
    const coding = await code(studio.solo, video, [['nodding', 1, 3]], false);
    const seconds = async () => {
      const { body } = ok(await studio.solo.get(path('results', {}, project)));
      return [body.cooccurrence.seconds, body.sources[0].instances];
    };
    expect([await seconds(), await seconds()]).toEqual([
      [[[2]], 1],
      [[[2]], 1],
    ]);
    const { instances } = ok(await studio.solo.get(`/codings/${coding}`)).body;
    const { id, version, ...after } = instances[0];
    const change = { id: 'longer', instance: id, base: version, after: { ...after, end: 4 } };
    ok(await studio.solo.post(`/codings/${coding}/changes`, { changes: [change] }));
    expect(await seconds()).toEqual([[[3]], 1]);
  });

  it('name the sources there are when asked for another', async () => {
    const answer = await ann.get(path('results', { source: 'coder:nobody' }));
    expect([answer.status, answer.body.error.code]).toEqual([422, 'no-such-source']);
    expect(answer.body.error.message).toContain(coder(bo));
  });

  it('compare most pairs of codings where not everybody coded the same videos', async () => {
    const project = ok(await studio.solo.post('/projects', { name: 'mixed' })).body.id;
    const cy = await studio.person('Cy', 'coder', project);
    for (const who of [ann, bo])
      ok(await studio.solo.put(`/projects/${project}/members/${who.account.id}`, { role: 'coder' }));
    const [a, b, c] = ['a', 'b', 'c'].map((name) => addVideo(studio.context, project, { name }));
    for (const [who, some] of [
      [ann, [a, b]],
      [bo, [a, b, c]],
      [cy, [c]],
    ] as const) {
      for (const video of some) await code(who, video, [['nodding', 1, 2]]);
    }
    const { body } = ok(await ann.get(path('results', {}, project)));
    expect(body.agreement).toMatchObject({ coders: ['Ann', 'Bo'], videos: 2 });
  });
});

describe('a comparison', () => {
  it('scores a model against a coder, of the videos that both have', async () => {
    const query = { model: 'model:guesser', against: coder(ann) };
    const { map, perAction, videos: count, note } = ok(await ann.get(path('comparison', query))).body as Comparison;
    expect([count, note]).toEqual([1, null]);
    // One of two nods is found, at any threshold; turning head and waving are not: (0.5 + 0 + 0) / 3.
    for (const { value } of map.filter(({ level }) => level === 'action')) expect(value).toBeCloseTo(0.5 / 3, 12);
    expect(map.filter(({ threshold }) => threshold === null)).toHaveLength(2);
    expect(perAction).toEqual([
      { action: 'turning head', truth: 1, predictions: 0, averagePrecision: 0 },
      { action: 'nodding', truth: 2, predictions: 1, averagePrecision: 0.5 },
      { action: 'waving', truth: 1, predictions: 1, averagePrecision: 0 },
    ]);
  });

  it('says so where there is nothing to find, and that only models are compared', async () => {
    const video = addVideo(studio.context, studio.project, { name: 'three.mp4' });
    await code(bo, video, []);
    detect(studio.context, { id: video, project: studio.project }, 'other', [['nodding', 0, 10, 0.9]]);
    const found = ok(await ann.get(path('comparison', { model: 'model:other', against: coder(bo) }))).body;
    expect(found).toMatchObject({ videos: 1, map: [], figures: [] });
    expect(found.note).toContain('nothing to find');
    const wrong = await ann.get(path('comparison', { model: coder(ann), against: coder(bo) }));
    expect([wrong.status, wrong.body.error.code]).toEqual([422, 'not-a-model']);
  });
});

describe('a figure', () => {
  const figure = (name: string, query: Record<string, string> = {}) =>
    ann.raw(path(`figures/${name}`, { video: videos[0], ...query }));

  it.each(figureNames)('%s is drawn as well-formed SVG, in the colours of the theme', async (name) => {
    const response = await figure(name, { theme: 'dark', level: 'body' });
    expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'image/svg+xml']);
    expect(response.headers.get('Content-Disposition')).toMatch(/^inline; filename="[a-z-]+\.svg"/);
    const svg = await response.text();
    const parser = new SaxesParser();
    parser.on('error', (error) => {
      throw error;
    });
    parser.write(svg).close();
    expect(svg).toContain('#e6e8eb');
    expect(svg).not.toMatch(/#1b1d20|fill="white"|NaN/);
  });

  it('of a comparison is asked for by its name and what the model is held against', async () => {
    const query = { source: 'model:guesser', against: coder(ann) };
    const { figures } = ok(await ann.get(path('comparison', { model: query.source, against: query.against }))).body;
    expect(figures.length).toBeGreaterThan(4);
    for (const name of figures) expect(await (await figure(name, query)).text(), name).not.toContain('nothing to show');
    expect((await figure('false-dawn', query)).status).toBe(422);
    expect((await figure('false-dawn')).status).toBe(422);
  });

  it('says its words in Chinese, and keeps its data as they are', async () => {
    const svg = await (await figure('time-budget', { language: 'zh' })).text();
    for (const text of ['各动作的时间分配', '点头', '头部', '占总时长的比例']) expect(svg).toContain(`>${text}<`);
    expect(svg).not.toContain('>nodding<');
    const csv = await (await figure('ethogram', { language: 'zh', as: 'csv' })).text();
    expect(csv).toContain('nodding (2),nodding,head,8,12');
    const lanes = await (await figure('ethogram', { language: 'zh' })).text();
    expect(lanes).toContain('>点头（2）<');
  });

  it('names in Chinese also the parts of its legend that nobody coded', async () => {
    const svg = await (await figure('durations', { language: 'zh' })).text();
    for (const part of ['躯干', '头部', '手与腿部']) expect(svg).toContain(`>${part}<`);
    expect(svg).not.toContain('>leg-hand<');
  });

  it('of how many instances there are shows what there is', async () => {
    const csv = await (await figure('instances', { as: 'csv', source: coder(ann) })).text();
    const [head, ...rows] = csv.trim().split(/\r?\n/);
    expect(head).toMatch(/^label,/);
    expect(rows.map((row) => row.split(',')[0])).toEqual(['nodding', 'turning head', 'waving']);
  });

  it('comes as a PNG on the ground of the theme', async () => {
    const png = Buffer.from(await (await figure('time-budget', { as: 'png', theme: 'dark' })).arrayBuffer());
    const { data } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).toEqual([0x16, 0x19, 0x1d]);
  });

  it('comes as a table and as a specification that hold what it shows', async () => {
    const csv = await (await figure('ethogram', { as: 'csv' })).text();
    expect(csv.trim().split(/\r?\n/)).toEqual([
      'row,action,bodyPart,start,end',
      'turning head,turning head,head,11,20',
      'nodding,nodding,head,0,10',
      'nodding (2),nodding,head,8,12',
      'waving,waving,upper limb,5,9',
    ]);
    const spec = await (await figure('ethogram', { as: 'json' })).json();
    expect(spec.$schema).toContain('vega-lite');
    expect(spec.data.values).toHaveLength(4);
  });

  it('of time needs one video', async () => {
    const answer = await ann.get(path('figures/ethogram'));
    expect([answer.status, answer.body.error.code]).toEqual([422, 'one-video']);
  });
});

describe('in a blind project', () => {
  it('a coder sees results of nobody else before submitting, and whoever sees them may not code any more', async () => {
    const project = ok(await studio.solo.post('/projects', { name: 'blind', blind: true })).body.id;
    for (const who of [ann, bo])
      ok(await studio.solo.put(`/projects/${project}/members/${who.account.id}`, { role: 'coder' }));
    const video = addVideo(studio.context, project);
    await code(ann, video, annsFirst);
    const before = ok(await bo.get(path('results', {}, project))).body as Results;
    expect([before.sources, before.videos, before.cooccurrence.labels]).toEqual([[], 0, []]);
    const refused = await bo.get(path('figures/ethogram', { source: coder(ann), video }, project));
    expect(refused.status).toBe(422);
    expect(refused.body.error.message).not.toContain('nodding');
    await code(bo, video, bosFirst);
    const after = ok(await bo.get(path('results', {}, project))).body as Results;
    expect(after.sources.map(({ title }) => title)).toEqual(['Ann', 'Bo']);
    ok(await studio.solo.get(path('results', { source: coder(ann) }, project)));
    expect((await studio.solo.post(`/videos/${video}/codings`)).body.error.code).toBe('looked');
  });
});
