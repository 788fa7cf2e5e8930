import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demonstrationVideo } from 'microaction/files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StudioEvent } from '../../contract/event.ts';
import type { Job } from '../../contract/job.ts';
import { decodePoints } from '../../contract/points.ts';
import type { Video } from '../../contract/video.ts';
import { makeVideo, movingSquare, shorten } from '../media/mediaTesting.ts';
import { type TestPerson, type TestStudio, testStudio } from '../serverTesting.ts';
import { hasEnded, jobsOf, jobWhen, startWork } from './jobsTesting.ts';

describe('jobs', () => {
  let studio: TestStudio;
  let events: StudioEvent[];
  beforeEach(async () => {
    studio = await testStudio();
    events = [];
    studio.context.events.subscribe(studio.project, (event) => events.push(event));
    // So that nothing is detected unless a test asks for it.
    await studio.solo.patch(`/projects/${studio.project}`, { blind: true });
  });
  afterEach(() => studio.close());

  const add = async (path: string): Promise<Video> => {
    const { status, body } = await studio.solo.post(`/projects/${studio.project}/videos`, { paths: [path] });
    expect([status, body]).toEqual([201, expect.anything()]);
    return body[0];
  };
  const look = async ({ id }: Video): Promise<Video> => (await studio.solo.get(`/videos/${id}`)).body;
  const ask = (what: { kind: Job['kind']; videos: string[]; model?: string }, person: TestPerson = studio.solo) =>
    person.post(`/projects/${studio.project}/jobs`, what);
  const jobFor = async (video: Video, kind: Job['kind']) =>
    (await jobsOf(studio)).find((job) => job.video === video.id && job.kind === kind)!;
  const derivedFiles = ({ id }: Video) => {
    const folder = join(studio.folder, '.microaction', 'derived', id);
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  };
  const addPerson = async (seconds: number) => {
    await shorten(demonstrationVideo, join(studio.folder, 'person.mp4'), seconds);
    return add('person.mp4');
  };
  const detect = async (video: Video): Promise<Job> => (await ask({ kind: 'detect', videos: [video.id] })).body[0];
  const addSquare = async (name = 'square.mp4') => {
    await makeVideo(join(studio.folder, name), movingSquare(30));
    return add(name);
  };

  it('prepare a video and find what is in it, and tell how far they are', async () => {
    await studio.solo.patch(`/projects/${studio.project}`, { blind: false });
    const jobs = startWork(studio);
    const video = await addPerson(1);
    const prepare = await jobWhen(studio, (await jobFor(video, 'prepare')).id, hasEnded);
    expect(prepare).toMatchObject({ status: 'done', progress: 1, error: null, attempts: 1, model: null });
    expect(await look(video)).toMatchObject({
      status: 'ready',
      plays: 'original',
      facts: { frameCount: 30, codec: 'h264' },
      has: { thumbnail: true, frames: true, motion: true, sound: false },
      motionRate: 15,
    });
    const frames = await studio.solo.raw(`/videos/${video.id}/frames`);
    expect(new Float64Array(await frames.arrayBuffer()).slice(0, 2)).toEqual(Float64Array.of(0, 1 / 30));

    expect(await jobWhen(studio, (await jobFor(video, 'detect')).id, hasEnded)).toMatchObject({
      status: 'done',
      model: 'kinematic',
    });
    const seen = await look(video);
    expect(seen).toMatchObject({ jobs: [], has: { points: true }, codings: [{ kind: 'model', title: 'kinematic' }] });
    const points = await studio.solo.raw(`/videos/${video.id}/points`);
    expect(decodePoints(new Uint8Array(await points.arrayBuffer())).timesSeconds.length).toBeGreaterThan(10);
    const history = (await studio.solo.get(`/videos/${video.id}/history`)).body;
    expect(history.at(-1)).toMatchObject({ what: 'detected', details: { model: 'kinematic' } });

    const told = events.flatMap((event) => (event.type === 'job' && event.job.kind === 'detect' ? [event.job] : []));
    expect(told.map(({ stage }) => stage)).toContain('following the person');
    expect(told.at(-1)?.status).toBe('done');
    await jobs.close();
  });

  it('are cancelled while they work, and leave nothing half done', async () => {
    const jobs = startWork(studio);
    const video = await addPerson(3);
    const { id } = await detect(video);
    await jobWhen(studio, id, ({ stage }) => stage !== null);
    expect((await studio.solo.post(`/jobs/${id}/cancel`)).status).toBe(204);
    expect(await jobWhen(studio, id, hasEnded)).toMatchObject({ status: 'cancelled', error: null });
    expect(derivedFiles(video)).toEqual(['frames.f64', 'meta.json', 'motion.f32', 'thumbnail.webp']);
    expect(await look(video)).toMatchObject({ codings: [], jobs: [], has: { points: false } });
    expect((await studio.solo.post(`/jobs/${id}/retry`)).body).toMatchObject({ id, status: 'queued', attempts: 0 });
    await jobWhen(studio, id, ({ status }) => status === 'running');
    await jobs.close();
    expect((await jobFor(video, 'detect')).status).toBe('queued');
  });

  it('are cancelled while they wait; a video says that it was not prepared, until it is', async () => {
    const video = await addSquare();
    const { id } = await jobFor(video, 'prepare');
    expect((await studio.solo.post(`/jobs/${id}/cancel`)).status).toBe(204);
    expect((await jobFor(video, 'prepare')).status).toBe('cancelled');
    expect(await look(video)).toMatchObject({
      status: 'unusable',
      problem: expect.stringContaining('prepare it again'),
    });
    const jobs = startWork(studio);
    const [again] = (await ask({ kind: 'prepare', videos: [video.id] })).body;
    expect(await look(video)).toMatchObject({ status: 'preparing', problem: null });
    await jobWhen(studio, again.id, hasEnded);
    expect(await look(video)).toMatchObject({ status: 'ready', problem: null });
    await jobs.close();
  });

  it('of a video that is taken for another content while they work begin again with that', async () => {
    const jobs = startWork(studio);
    const video = await addPerson(3);
    const first = await jobFor(video, 'prepare');
    await jobWhen(studio, first.id, ({ status }) => status === 'running');
    await makeVideo(join(studio.folder, 'person.mp4'), movingSquare(20));
    const relink = { path: 'person.mp4', acceptsChange: true };
    expect((await studio.solo.post(`/videos/${video.id}/relink`, relink)).body.status).toBe('preparing');
    expect(await jobWhen(studio, first.id, hasEnded)).toMatchObject({ status: 'cancelled' });
    const second = (await jobsOf(studio)).find(({ id }) => id !== first.id)!;
    expect(await jobWhen(studio, second.id, hasEnded)).toMatchObject({ kind: 'prepare', status: 'done' });
    expect(await look(video)).toMatchObject({ status: 'ready', facts: { frameCount: 20 } });
    const frames = await studio.solo.raw(`/videos/${video.id}/frames`);
    expect((await frames.arrayBuffer()).byteLength).toBe(20 * 8);
    await jobs.close();
  });

  it('make again what somebody has tidied away', async () => {
    const jobs = startWork(studio);
    const video = await addSquare();
    const { id } = await jobFor(video, 'prepare');
    await jobWhen(studio, id, hasEnded);
    rmSync(join(studio.folder, '.microaction', 'derived', video.id), { recursive: true });
    const thumbnail = () => studio.solo.raw(`/videos/${video.id}/thumbnail`);
    const gone = await thumbnail();
    expect([gone.status, await gone.text()]).toEqual([404, expect.stringContaining('being made again')]);
    expect((await studio.solo.raw(`/videos/${video.id}/sound`)).status).toBe(404);
    const again = (await jobsOf(studio)).filter((job) => job.id !== id);
    expect(again).toHaveLength(1);
    await jobWhen(studio, again[0].id, hasEnded);
    const made = await thumbnail();
    expect([made.status, made.headers.get('Content-Type')]).toEqual([200, 'image/webp']);
    expect((await made.arrayBuffer()).byteLength).toBeGreaterThan(50);
    await jobs.close();
  });

  it('go on after the studio was started again', async () => {
    let jobs = startWork(studio);
    const video = await addSquare();
    await jobs.close();
    const { store } = studio.context;
    const prepare = await jobFor(video, 'prepare');
    expect(prepare).toMatchObject({ status: 'queued', attempts: 0 });
    // As it is after a power failure.
    store.run(store.sql.updateTable('job').set({ status: 'running', attempts: 1 }).where('id', '=', prepare.id));
    jobs = startWork(studio);
    expect(await jobWhen(studio, prepare.id, hasEnded)).toMatchObject({ status: 'done', attempts: 2 });
    await jobs.close();
    store.run(store.sql.updateTable('job').set({ status: 'running', attempts: 3 }).where('id', '=', prepare.id));
    const whole = derivedFiles(video);
    const half = '.motion.f32.0123abcd.tmp';
    writeFileSync(join(studio.folder, '.microaction', 'derived', video.id, half), 'half');
    expect(derivedFiles(video)).toEqual([half, ...whole]);
    jobs = startWork(studio);
    expect(derivedFiles(video)).toEqual(whole);
    const given = await jobFor(video, 'prepare');
    expect(given).toMatchObject({ status: 'failed', error: expect.stringContaining('3 times') });
    await jobs.close();
  });

  it('fail with the reason where the file is no video, and the video says so', async () => {
    writeFileSync(join(studio.folder, 'letter.mp4'), 'Dear reader');
    const jobs = startWork(studio);
    const video = await add('letter.mp4');
    const failed = await jobWhen(studio, (await jobFor(video, 'prepare')).id, hasEnded);
    expect(failed).toMatchObject({ status: 'failed', error: expect.stringContaining('text file') });
    const seen = await look(video);
    expect(seen).toMatchObject({ status: 'unusable', problem: failed.error, plays: 'none' });
    expect(seen.jobs.map(({ status, kind }) => [kind, status])).toContainEqual(['prepare', 'failed']);
    await jobs.close();
  });

  it.runIf(process.platform === 'linux')(
    'fail with the reason when their process ends, and the studio goes on',
    async () => {
      const jobs = startWork(studio);
      const { id } = await detect(await addSquare());
      await jobWhen(studio, id, ({ status }) => status === 'running');
      const working = () =>
        spawnSync('pgrep', ['-P', String(process.pid), '-f', 'jobProcess'], { encoding: 'utf8' }).stdout;
      await expect.poll(working).not.toBe('');
      process.kill(Number(working().split('\n')[0]), 'SIGKILL');
      const failed = await jobWhen(studio, id, hasEnded);
      expect(failed).toMatchObject({
        status: 'failed',
        error: expect.stringMatching(/square\.mp4.*SIGKILL.*Try again/),
      });
      const square = await addSquare('another.mp4');
      expect(await jobWhen(studio, (await jobFor(square, 'prepare')).id, hasEnded)).toMatchObject({ status: 'done' });
      await jobs.close();
    },
  );

  it('make a copy that browsers play of a video that they do not', async () => {
    const jobs = startWork(studio);
    await makeVideo(join(studio.folder, 'old.avi'), { ...movingSquare(15), encoder: 'mpeg4' });
    const video = await add('old.avi');
    await jobWhen(studio, (await jobFor(video, 'prepare')).id, hasEnded);
    expect(await look(video)).toMatchObject({ plays: 'none', facts: { browserPlays: false } });
    expect((await studio.solo.get(`/videos/${video.id}/file`)).body.error.code).toBe('not-playable');
    const [proxy] = (await ask({ kind: 'proxy', videos: [video.id] })).body;
    expect(await jobWhen(studio, proxy.id, hasEnded)).toMatchObject({ status: 'done', error: null });
    expect((await look(video)).plays).toBe('proxy');
    const played = await studio.solo.raw(`/videos/${video.id}/file`, { headers: { Range: 'bytes=4-7' } });
    expect([played.status, played.headers.get('Content-Type'), await played.text()]).toEqual([
      206,
      'video/mp4',
      'ftyp',
    ]);
    await jobs.close();
  });

  it('are not doubled', async () => {
    const video = await addSquare();
    const jobs = startWork(studio);
    const asked = [video.id, video.id];
    const ids = [
      ...(await ask({ kind: 'detect', videos: asked })).body,
      ...(await ask({ kind: 'detect', videos: asked })).body,
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
    await jobs.close();
  });

  it('do not detect by themselves where people code blind', async () => {
    const jobs = startWork(studio);
    await addSquare();
    expect((await jobsOf(studio)).map(({ kind }) => kind)).toEqual(['prepare']);
    await studio.solo.patch(`/projects/${studio.project}`, { blind: false });
    await addSquare('another.mp4');
    expect((await jobsOf(studio)).map(({ kind }) => kind)).toEqual(['prepare', 'prepare', 'detect']);
    await jobs.close();
  });

  it('run detectors of the folder of models, and of nowhere else', async () => {
    mkdirSync(join(studio.folder, 'models', 'run 1', 'best'), { recursive: true });
    writeFileSync(join(studio.folder, 'models', 'run 1', 'best', 'weights.safetensors'), 'no weights');
    writeFileSync(join(studio.folder, 'models', 'notes.txt'), '');
    writeFileSync(join(studio.folder, 'outside.onnx'), '');
    symlinkSync(demonstrationVideo, join(studio.folder, 'models', 'link.onnx'));
    const choices = (await studio.solo.get('/detectors')).body;
    expect(choices.map(({ model, title }: { model: string; title: string }) => [model, title])).toEqual([
      ['kinematic', expect.any(String)],
      ['run 1/best/weights.safetensors', 'run 1'],
    ]);
    const video = await addSquare();
    for (const model of ['../outside.onnx', '/etc/x.onnx', 'link.onnx']) {
      const { status, body } = await ask({ kind: 'detect', videos: [video.id], model });
      expect([status, body.error.code]).toEqual([400, 'bad-path']);
    }
    expect((await ask({ kind: 'detect', videos: [video.id], model: 'none' })).body.error.message).toContain(
      'kinematic',
    );
    const jobs = startWork(studio);
    const [job] = (await ask({ kind: 'detect', videos: [video.id], model: 'run 1/best/weights.safetensors' })).body;
    expect(await jobWhen(studio, job.id, hasEnded)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('weights'),
    });
    await jobs.close();
  });

  it('are begun and stopped by those who may', async () => {
    const video = await addSquare();
    const jobs = startWork(studio);
    const mei = await studio.person('mei', 'coder');
    const stranger = await studio.person('tom', null);
    expect((await ask({ kind: 'detect', videos: [video.id] }, mei)).status).toBe(403);
    expect((await ask({ kind: 'detect', videos: [video.id] }, stranger)).status).toBe(404);
    const [job] = (await ask({ kind: 'detect', videos: [video.id] })).body;
    expect((await mei.post(`/jobs/${job.id}/cancel`)).status).toBe(403);
    expect((await stranger.post(`/jobs/${job.id}/cancel`)).status).toBe(404);
    expect((await mei.post(`/jobs/${job.id}/retry`)).status).toBe(403);
    expect((await ask({ kind: 'detect', videos: ['unknown'] })).status).toBe(404);
    expect((await ask({ kind: 'proxy', videos: [video.id] }, mei)).status).toBe(202);
    await jobs.close();
  });
});
