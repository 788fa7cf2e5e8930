import { gzipSync } from 'node:zlib';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { type Dataset, microActions52 } from 'microaction';
import { formatNamed, formats, writeAnnotations } from 'microaction/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportPreview } from '../../contract/results.ts';
import { addVideo, code, detect, type Made, ok } from '../results/codingsTesting.ts';
import { type TestPerson, type TestStudio, testStudio } from '../serverTesting.ts';

let studio: TestStudio;
let owner: TestPerson;
let ann: TestPerson;

beforeAll(async () => {
  studio = await testStudio();
  ann = await studio.person('Ann');
  owner = studio.solo;
});
afterAll(() => studio.close());

/** A project of its own with these videos, in which Ann codes. */
async function projectWith(...names: string[]): Promise<{ project: string; videos: string[] }> {
  const project = ok(await owner.post('/projects', { name: 'Büro "Study" 1/2' })).body.id;
  ok(await owner.put(`/projects/${project}/members/${ann.account.id}`, { role: 'coder' }));
  return { project, videos: names.map((name) => addVideo(studio.context, project, { name })) };
}

const download = async (who: TestPerson, project: string, query: Record<string, string>) => {
  const response = await who.raw(`/projects/${project}/exports?${new URLSearchParams(query)}`);
  if (!response.ok) throw new Error(await response.text());
  return { bytes: new Uint8Array(await response.arrayBuffer()), headers: response.headers };
};

/** @param clips - ids of videos by clip */
const send = async (
  who: TestPerson,
  project: string,
  content: string | Uint8Array,
  query: Record<string, string>,
  clips?: Record<string, string>,
) => {
  const body = typeof content === 'string' ? content : new Uint8Array(content);
  const path = `/projects/${project}/imports?${new URLSearchParams(query)}`;
  const headers = { 'Content-Type': 'application/octet-stream' };
  const init = clips ? { body: formOf(body, JSON.stringify(clips)) } : { body, headers };
  const response = await who.raw(path, { method: 'POST', ...init });
  return { status: response.status, body: await response.json() };
};

function formOf(content: string | Uint8Array<ArrayBuffer>, clips: string): FormData {
  const form = new FormData();
  form.append('file', new Blob([content]), 'of no account');
  form.append('clips', clips);
  return form;
}

const instancesOf = async (who: TestPerson, coding: string) =>
  (
    ok(await who.get(`/codings/${coding}`)).body.instances as {
      action: string;
      start: number;
      end: number;
      state: string;
    }[]
  )
    .filter(({ state }) => state === 'coded')
    .map(({ action, start, end }) => [action, start, end]);

const codingOf = async (who: TestPerson, video: string, kind: string) =>
  (ok(await who.get(`/videos/${video}/codings`)).body as { id: string; kind: string }[]).find(
    (one) => one.kind === kind,
  )!.id;

const made: Made[] = [
  ['nodding', 1, 3],
  ['waving', 2.5, 4.25],
];

describe('an export', () => {
  it('is the very file that the format writes', async () => {
    const { project, videos } = await projectWith('one.mp4', 'Two.MOV');
    await code(ann, videos[0], made);
    await code(ann, videos[1], []);
    const { bytes, headers } = await download(ann, project, { format: 'csv', source: `coder:${ann.account.id}` });
    expect(strFromU8(bytes)).toBe(
      [
        'video,action,code,body_part,start,end,score,reason,file,video_duration,fps,width,height,subset,subject',
        'one,nodding,B1,head,1,3,,,one.mp4,60,25,640,360,,',
        'one,waving,C5,upper limb,2.5,4.25,,,one.mp4,60,25,640,360,,',
        'Two,,,,,,,,Two.MOV,60,25,640,360,,',
        '',
      ].join('\n'),
    );
    expect(headers.get('Content-Disposition')).toBe(
      `attachment; filename="B_ro _Study_ 1_2 Ann.csv"; filename*=UTF-8''B%C3%BCro%20_Study_%201_2%20Ann.csv`,
    );
  });

  it('says which model, and keeps its scores', async () => {
    const { project, videos } = await projectWith('one.mp4');
    detect(studio.context, { id: videos[0], project }, 'guesser', [['nodding', 1, 3, 0.75]]);
    const { bytes } = await download(ann, project, { format: 'json', source: 'model:guesser' });
    expect(JSON.parse(strFromU8(bytes))).toMatchObject({
      model: 'guesser',
      videos: [{ file: 'one.mp4', id: 'one', instances: [{ action: 'nodding', score: 0.75 }] }],
    });
  });

  it('is an archive where a format has a file a video, with different names for videos of one name', async () => {
    const { project, videos } = await projectWith('a.mp4', 'A.mkv');
    for (const video of videos) await code(ann, video, made);
    const { bytes } = await download(ann, project, { format: 'eaf', source: `coder:${ann.account.id}` });
    expect(Object.keys(unzipSync(bytes)).sort()).toEqual(['A.eaf', 'a-2.eaf']);
  });

  it('of everything has a folder for each source, the decisions and the codebook', async () => {
    const { project, videos } = await projectWith('one.mp4');
    await code(ann, videos[0], made);
    await code(owner, videos[0], [made[0]]);
    detect(studio.context, { id: videos[0], project }, '../evil', [['nodding', 1, 3, 0.5]]);
    const { disputes } = ok(await owner.get(`/videos/${videos[0]}/review`)).body;
    const kept = {
      dispute: disputes[0].key,
      outcome: 'kept',
      settled: disputes[0].proposed,
      how: 'discussed',
      base: null,
    };
    ok(await owner.post(`/videos/${videos[0]}/decisions`, { ...kept, note: '=HYPERLINK("http://evil")' }));
    ok(await owner.post(`/videos/${videos[0]}/final`, {}));
    const files = unzipSync((await download(ann, project, { format: 'csv', source: 'all' })).bytes);
    expect(Object.keys(files).sort()).toEqual([
      'codebook.html',
      'coder Ann/one Ann.csv',
      'coder me/one me.csv',
      'decisions.csv',
      'final/one final.csv',
      'model .._evil/one .._evil.csv',
    ]);
    const [header, decision] = strFromU8(files['decisions.csv']).split('\r\n');
    expect(header).toBe('video,dispute,outcome,action,start,end,how,decided_by,decided_at,note,counts');
    expect(decision).toContain(`"'=HYPERLINK(""http://evil"")",yes`);
    expect(strFromU8(files['final/one final.csv'])).toContain('discussed by me: =HYPERLINK');
  });

  it('of a format that is none, or cannot be written, says so', async () => {
    const { project, videos } = await projectWith('one.mp4');
    await code(ann, videos[0], made);
    const source = `coder:${ann.account.id}`;
    expect((await ann.get(`/projects/${project}/exports?format=word&source=${source}`)).body.error.message).toContain(
      'eaf',
    );
    const readOnly = formats.find((format) => format.readOnly);
    if (readOnly)
      expect((await ann.get(`/projects/${project}/exports?format=${readOnly.name}&source=${source}`)).status).toBe(422);
  });

  it('in a blind project holds nothing that the asker may not read', async () => {
    const { project, videos } = await projectWith('one.mp4');
    ok(await owner.patch(`/projects/${project}`, { blind: true }));
    await code(owner, videos[0], made);
    expect((await ann.get(`/projects/${project}/exports?format=csv&source=coder:${owner.account.id}`)).status).toBe(
      422,
    );
    const files = unzipSync((await download(ann, project, { format: 'csv', source: 'all' })).bytes);
    expect(Object.keys(files).sort()).toEqual(['codebook.html', 'decisions.csv']);
    expect(strFromU8(files['codebook.html'])).not.toContain('coder</td>');
  });
});

const dataset = (...clips: Dataset['clips']): Dataset => ({ taxonomy: microActions52, clips });
const instances = made.map(([action, start, end]) => ({ action, start, end }));
const fileOf = (format: string, data: Dataset) =>
  writeAnnotations(data, formatNamed(format), 'file', { frameRate: 25 })[0];

describe('an import', () => {
  const writable = formats.filter(({ readOnly, parts }) => !readOnly && !parts).map(({ name }) => name);

  it.each(writable)('of what was exported as %s gives the same codings', async (format) => {
    const { project, videos } = await projectWith('one.mp4');
    await code(ann, videos[0], made);
    const { bytes, headers } = await download(ann, project, { format, source: `coder:${ann.account.id}` });
    const name = /filename="(.*)"/.exec(headers.get('Content-Disposition')!)![1].replace(/^.*(?=\.)/, 'one');
    const there = await projectWith('one.mp4');
    const applied = await send(ann, there.project, bytes, { name, apply: 'true' });
    expect([applied.status, applied.body.format ?? applied.body]).toEqual([200, format]);
    const found = await instancesOf(ann, await codingOf(ann, there.videos[0], 'coder'));
    expect(found.map(([action]) => action)).toEqual(['nodding', 'waving']);
    found.forEach(([, start, end], i) => {
      expect(start).toBeCloseTo(made[i][1], 1);
      expect(end).toBeCloseTo(made[i][2], 1);
    });
  });

  it('of an archive of files gives all their codings', async () => {
    const { project, videos } = await projectWith('one.mp4', 'two.mp4');
    await code(ann, videos[0], made);
    await code(ann, videos[1], [made[1]]);
    const source = `coder:${ann.account.id}`;
    const { bytes } = await download(ann, project, { format: 'textgrid', source, codebook: 'true' });
    expect(Object.keys(unzipSync(bytes)).sort()).toEqual(['codebook.html', 'one.TextGrid', 'two.TextGrid']);
    const there = await projectWith('One.mov', 'two.mp4');
    const applied = await send(ann, there.project, bytes, { name: 'export.zip', apply: 'true' });
    expect([applied.status, applied.body.format]).toEqual([200, 'textgrid']);
    const found = await Promise.all(
      there.videos.map(async (video) => instancesOf(ann, await codingOf(ann, video, 'coder'))),
    );
    expect(found).toEqual([made, [made[1]]]);
  });

  it('of an archive of two formats, or of nothing, is refused', async () => {
    const { project } = await projectWith('one.mp4');
    const file = (format: string) => {
      const { name, content } = fileOf(format, dataset({ id: 'one', durationSeconds: 60, instances }));
      return [name, typeof content === 'string' ? strToU8(content) : content] as const;
    };
    const mixed = zipSync(Object.fromEntries([file('csv'), file('eaf')]));
    const refused = await send(ann, project, mixed, { name: 'mixed.zip' });
    expect([refused.status, refused.body.error.code]).toEqual([422, 'bad-annotations']);
    const empty = await send(ann, project, zipSync({ '.DS_Store': strToU8('x') }), { name: 'empty.zip' });
    expect([empty.status, empty.body.error.code]).toEqual([422, 'unknown-format']);
  });

  it('first tells what it would do, and does nothing', async () => {
    const { project, videos } = await projectWith('One.mp4', 'two.mp4');
    const clip = { durationSeconds: 60, instances };
    const { content } = fileOf(
      'csv',
      dataset({ ...clip, id: 'ONE' }, { ...clip, id: 'other', file: 'films/two.avi' }, { ...clip, id: 'none' }),
    );
    const { status, body } = await send(ann, project, content, { name: 'table.csv' });
    expect([status, body]).toEqual([
      200,
      {
        format: 'csv',
        warnings: [],
        clips: [
          { clip: 'ONE', instances: 2, video: videos[0], videoName: 'One.mp4' },
          { clip: 'other', instances: 2, video: videos[1], videoName: 'two.mp4' },
          { clip: 'none', instances: 2, video: null, videoName: null },
        ],
      } satisfies ImportPreview,
    ]);
    expect(ok(await ann.get(`/videos/${videos[0]}/codings`)).body).toEqual([]);
  });

  it('goes where it is told to, and leaves out what it is told to', async () => {
    const { project, videos } = await projectWith('one.mp4', 'two.mp4');
    const { content } = fileOf('csv', dataset({ id: 'one', instances }, { id: 'two', instances }));
    ok((await send(ann, project, content, { name: 't.csv', apply: 'true' }, { one: videos[1] })) as never);
    expect(ok(await ann.get(`/videos/${videos[0]}/codings`)).body).toEqual([]);
    expect(await instancesOf(ann, await codingOf(ann, videos[1], 'coder'))).toEqual(made);
    const both = await send(ann, project, content, { name: 't.csv' }, { one: videos[1], two: videos[1] });
    expect([both.status, both.body.error.code]).toEqual([422, 'same-video']);
  });

  it('is told of a thousand clips where each is to go', async () => {
    const { project, videos } = await projectWith('one.mp4');
    const { content } = fileOf('csv', dataset({ id: 'one', instances }));
    const others = Array.from({ length: 1000 }, (_, i) => [`interview ${i}`, videos[0]]);
    const clips = { ...Object.fromEntries(others), one: videos[0] };
    const { status, body } = await send(ann, project, content, { name: 't.csv' }, clips);
    expect([status, body.clips]).toEqual([
      200,
      [{ clip: 'one', instances: 2, video: videos[0], videoName: 'one.mp4' }],
    ]);
  });

  it.each([
    ['damaged', 'bad-form', 'multipart/form-data', 'no form at all'],
    ['without a file', 'bad-request', undefined, new URLSearchParams()],
    ['whose clips are no JSON', 'bad-form', undefined, formOf('', '{one:')],
    ['whose clips are of no videos', 'bad-request', undefined, formOf('', '{"one": 1}')],
  ])('in a form that is %s says so and changes nothing', async (_, code, type, body) => {
    const { project } = await projectWith('one.mp4');
    const form = body instanceof URLSearchParams ? new FormData() : body;
    const headers: HeadersInit = type ? { 'Content-Type': type } : {};
    const path = `/projects/${project}/imports?name=t.csv`;
    const response = await ann.raw(path, { method: 'POST', body: form, headers });
    expect([response.status, (await response.json()).error.code]).toEqual([400, code]);
  });

  it('leaves to the person which of two clips is of a video that both fit', async () => {
    const { project, videos } = await projectWith('one.mp4');
    const { content } = fileOf('csv', dataset({ id: 'one', instances }, { id: 'ONE.avi', instances }));
    const { body } = await send(ann, project, content, { name: 't.csv' });
    expect(body.clips.map(({ video }: { video: string | null }) => video)).toEqual([videos[0], null]);
    expect(body.warnings).toEqual([expect.stringContaining('"one" and "ONE.avi"')]);
  });

  it('adds to an open coding without doubling, and nothing to a submitted one', async () => {
    const { project, videos } = await projectWith('one.mp4');
    const coding = await code(ann, videos[0], [made[0]], false);
    const { content } = fileOf('csv', dataset({ id: 'one', instances }));
    ok((await send(ann, project, content, { name: 't.csv', apply: 'true' })) as never);
    expect(await instancesOf(ann, coding)).toEqual(made);
    expect(ok(await ann.get(`/codings/${coding}/changes`)).body).toHaveLength(2);
    ok(await ann.post(`/codings/${coding}/submit`));
    const late = fileOf('csv', dataset({ id: 'one', instances: [{ action: 'nodding', start: 20, end: 21 }] }));
    const { warnings } = (await send(ann, project, late.content, { name: 't.csv' })).body;
    expect(warnings).toEqual(['one.mp4: your coding is submitted and closed']);
    const refused = await send(ann, project, late.content, { name: 't.csv', apply: 'true' });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'submitted']);
  });

  it('as a model or as final is for owners, and goes into the history', async () => {
    const { project, videos } = await projectWith('one.mp4');
    const scored = instances.map((instance) => ({ ...instance, score: 0.5 }));
    const predictions = writeAnnotations(dataset({ id: 'one', instances: scored }), formatNamed('json'), 'f', {
      model: 'guesser',
    })[0];
    for (const as of ['model', 'final']) {
      expect((await send(ann, project, predictions.content, { name: 'f.json', apply: 'true', as })).status).toBe(403);
      expect((await send(owner, project, predictions.content, { name: 'f.json', apply: 'true', as })).status).toBe(200);
    }
    const summaries = ok(await owner.get(`/videos/${videos[0]}/codings`)).body as { kind: string; title: string }[];
    expect(summaries.map(({ kind, title }) => [kind, title])).toEqual([
      ['model', 'guesser'],
      ['final', 'final'],
    ]);
    expect(await instancesOf(owner, await codingOf(owner, videos[0], 'final'))).toEqual(made);
    const again = await send(owner, project, predictions.content, { name: 'f.json', apply: 'true', as: 'final' });
    expect([again.status, again.body.error.code]).toEqual([409, 'settled']);
    const history = ok(await owner.get(`/videos/${videos[0]}/history`)).body as {
      what: string;
      details: { as: string };
    }[];
    expect(history.map(({ what, details }) => [what, details.as])).toEqual([
      ['imported', 'model'],
      ['imported', 'final'],
    ]);
    expect(ok(await owner.get(`/videos/${videos[0]}/review`)).body).toMatchObject({ finalOutdated: false });
  });

  it.each([
    ['an unknown action', 'bad-annotations', 'video,action,start,end\none,flying,1,2\n', 'flying'],
    ['a damaged file', 'bad-annotations', '{"version": 1, "videos": [', 'not valid JSON'],
    ['a file that is none', 'unknown-format', 'Dear diary', 'no known annotation format'],
    ['an instance past the end', 'does-not-fit', 'video,action,start,end\none,nodding,1,99\n', 'only 60 s long'],
  ])('of %s says what is wrong and changes nothing', async (_, errorCode, content, message) => {
    const { project, videos } = await projectWith('one.mp4');
    const name = content.startsWith('{') ? 'f.json' : 'f.csv';
    const { status, body } = await send(ann, project, content, { name, apply: 'true' });
    expect([status, body.error.code]).toEqual([422, errorCode]);
    expect(body.error.message).toContain(message);
    expect(ok(await ann.get(`/videos/${videos[0]}/codings`)).body).toEqual([]);
  });

  it('of one bad clip among good ones changes none', async () => {
    const { project, videos } = await projectWith('one.mp4', 'two.mp4');
    const late = [{ action: 'nodding', start: 1, end: 99 }];
    const { content } = fileOf('csv', dataset({ id: 'one', instances }, { id: 'two', instances: late }));
    const preview = await send(ann, project, content, { name: 'f.csv' });
    expect(preview.body.warnings).toEqual([expect.stringContaining('two.mp4 is only 60 s long')]);
    expect((await send(ann, project, content, { name: 'f.csv', apply: 'true' })).status).toBe(422);
    for (const video of videos) expect(ok(await ann.get(`/videos/${video}/codings`)).body).toEqual([]);
  });

  it('of compressed files works, and of ones that unpack without end does not', async () => {
    const { project } = await projectWith('one.mp4');
    const text = String(fileOf('csv', dataset({ id: 'one', instances })).content);
    expect((await send(ann, project, gzipSync(text), { name: 't.csv.gz' })).body.clips[0].instances).toBe(2);
    const part = gzipSync(new Uint8Array(2 ** 24));
    const bomb = Buffer.concat(Array.from({ length: 17 }, () => part)); // 272 MiB, unpacked
    const refused = await send(ann, project, bomb, { name: 't.csv.gz' });
    expect([refused.status, refused.body.error.code]).toEqual([422, 'bad-annotations']);
  });
});

describe('the codebook', () => {
  it.each(['html', 'md', 'csv'])('as %s holds scheme, settings, protocol, agreement and counts', async (as) => {
    const { project, videos } = await projectWith('one.mp4', 'two.mp4');
    for (const video of videos) {
      await code(ann, video, made);
      await code(owner, video, [made[0]]);
    }
    const text = await (await ann.raw(`/projects/${project}/codebook?as=${as}`)).text();
    for (const part of [
      'micro-actions-52',
      'The face turns to one side or back, once.',
      'F1 of events',
      'instances: Ann',
      '0.9',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain({ html: '&#34;Study&#34;', md: '"Study"', csv: '"Codebook of Büro ""Study"" 1/2"' }[as]);
  });

  it('speaks Chinese', async () => {
    const { project, videos } = await projectWith('one.mp4');
    await code(ann, videos[0], made);
    await code(owner, videos[0], made);
    const text = await (await ann.raw(`/projects/${project}/codebook?as=md&language=zh`)).text();
    for (const part of ['编码体系', '谁编码了哪些视频', '事件 F1', '实例数：Ann', '全员一致'])
      expect(text).toContain(part);
    expect(text).not.toMatch(/How it was coded|Agreed by all/);
  });

  it('holds no markup that people typed', async () => {
    const { project } = await projectWith();
    addVideo(studio.context, project, { name: '<img src=x onerror=alert(1)>', subject: '=cmd' });
    const video = addVideo(studio.context, project, { name: '<script>|`*', subject: '=1+1' });
    await code(ann, video, made);
    const [html, md, csv] = await Promise.all(
      ['html', 'md', 'csv'].map(async (as) => (await ann.raw(`/projects/${project}/codebook?as=${as}`)).text()),
    );
    expect(html).not.toMatch(/<script|<img/);
    expect(md).toContain('\\<script\\>\\|\\`\\*');
    expect(csv).toContain("'=1+1");
  });
});

describe('the formats', () => {
  it('are listed', async () => {
    const { body } = ok(await ann.get('/formats'));
    expect(body).toHaveLength(formats.length);
    expect(body).toContainEqual({
      name: 'eaf',
      title: expect.any(String),
      fileEnding: '.eaf',
      readOnly: false,
      oneClipPerFile: true,
    });
  });
});
