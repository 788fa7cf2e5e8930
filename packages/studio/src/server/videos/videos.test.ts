import {
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FoundFile, Video, VideoFacts } from '../../contract/video.ts';
import { code as codeAs } from '../results/codingsTesting.ts';
import { type TestPerson, type TestStudio, testStudio } from '../serverTesting.ts';

describe('the videos of a project', () => {
  let studio: TestStudio;
  let next = 0;
  beforeAll(async () => {
    studio = await testStudio();
  });
  afterAll(() => studio.close());

  /** Content and name that no other test has. */
  const newFile = (name = `video ${++next}.mp4`) => {
    writeFileSync(join(studio.folder, name), `content of ${name} ${++next}`);
    return name;
  };
  const add = async (...paths: string[]): Promise<Video[]> => {
    const { status, body } = await studio.solo.post(`/projects/${studio.project}/videos`, { paths });
    expect([status, body]).toEqual([201, expect.anything()]);
    return body;
  };
  const list = async (project = studio.project): Promise<Video[]> =>
    (await studio.solo.get(`/projects/${project}/videos`)).body;
  const found = async (person: TestPerson = studio.solo, project = studio.project): Promise<string[]> =>
    (await person.get(`/projects/${project}/folder`)).body.map(({ path }: FoundFile) => path);
  const look = async ({ id }: Video): Promise<Video> => (await studio.solo.get(`/videos/${id}`)).body;
  const open = async ({ id }: Video) => expect((await studio.solo.post(`/videos/${id}/codings`)).status).toBe(201);
  const code = ({ id }: Video) => codeAs(studio.solo, id, [['nodding', 1, 2]], false);

  describe('in the folder', () => {
    it('are the files that end like videos and are not in the project, also in folders of folders', async () => {
      mkdirSync(join(studio.folder, 'day', 'morning'), { recursive: true });
      mkdirSync(join(studio.folder, '.cache'));
      for (const name of ['day/morning/b10.MOV', 'day/morning/b9.mkv', 'notes.txt', '.cache/x.mp4', '.y.mp4'])
        newFile(name);
      symlinkSync('..', join(studio.folder, 'day', 'loop'));
      symlinkSync(import.meta.filename, join(studio.folder, 'day', 'outside.mp4'));
      expect(await found()).toEqual(['day/morning/b9.mkv', 'day/morning/b10.MOV']);
      await add('day/morning/b9.mkv');
      expect(await found()).toEqual(['day/morning/b10.MOV']);
    });
  });

  describe('that are added', () => {
    it('come with what is known of them', async () => {
      const [first, second] = await add(newFile('nod 1.mp4'), newFile('nod 2.mp4'));
      expect(first).toMatchObject({
        name: 'nod 1.mp4',
        path: 'nod 1.mp4',
        status: 'preparing',
        plays: 'none',
        stage: 'uncoded',
        facts: null,
      });
      expect((await list()).slice(-2).map(({ id }) => id)).toEqual([first.id, second.id]);
    });

    it('are there once, however often and by whatever link they are added', async () => {
      const path = newFile();
      symlinkSync(path, join(studio.folder, 'link.mp4'));
      const [once] = await add(path);
      const [again, linked] = await add(path, 'link.mp4');
      expect([again.id, linked.id]).toEqual([once.id, once.id]);
    });

    it('are added all, or none', async () => {
      const before = await list();
      const paths = [newFile(), 'not there.mp4'];
      const { status, body } = await studio.solo.post(`/projects/${studio.project}/videos`, { paths });
      expect([status, body.error.code]).toEqual([404, 'no-file']);
      expect(await list()).toHaveLength(before.length);
    });

    it('are being coded once something was coded, not when the editor was opened', async () => {
      const [video] = await add(newFile());
      await open(video);
      expect(await look(video)).toMatchObject({ stage: 'uncoded', codings: [{ kind: 'coder' }] });
      await code(video);
      expect((await look(video)).stage).toBe('coding');
    });

    it('come back with their codings after they were taken out', async () => {
      const path = newFile();
      const [video] = await add(path);
      await code(video);
      expect((await studio.solo.delete(`/videos/${video.id}`)).status).toBe(204);
      expect((await studio.solo.get(`/videos/${video.id}`)).status).toBe(404);
      expect((await list()).map(({ id }) => id)).not.toContain(video.id);
      expect(await found()).toContain(path);
      const [back] = await add(path);
      expect(back).toMatchObject({ id: video.id, stage: 'coding', codings: [{ kind: 'coder' }] });
    });

    it('are new ones where another file has come in their place', async () => {
      const path = newFile();
      const [video] = await add(path);
      await studio.solo.delete(`/videos/${video.id}`);
      newFile(path);
      expect((await add(path))[0].id).not.toBe(video.id);
    });

    it('can be given a name, a subject and notes', async () => {
      const [video] = await add(newFile());
      const change = { name: 'Visit 1', subject: 'P07', notes: 'Camera moved at 3:10.' };
      expect((await studio.solo.patch(`/videos/${video.id}`, change)).body).toMatchObject(change);
      expect(await look(video)).toMatchObject(change);
    });
  });

  it('are sent to players in parts; who goes away leaves no file open', async () => {
    writeFileSync(join(studio.folder, 'long.mp4'), Buffer.alloc(30_000_000, 7));
    const [video] = await add('long.mp4');
    const { store } = studio.context;
    const facts = JSON.stringify({ ...known, warnings: [] });
    store.run(store.sql.updateTable('video').set({ facts }).where('id', '=', video.id));
    const path = `/videos/${video.id}/file`;
    const head = await studio.solo.raw(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('Content-Length'), await head.text()]).toEqual([200, '30000000', '']);
    const part = await studio.solo.raw(path, { headers: { Range: 'bytes=29999990-' } });
    expect([part.status, part.headers.get('Content-Range')]).toEqual([206, 'bytes 29999990-29999999/30000000']);
    expect((await part.arrayBuffer()).byteLength).toBe(10);
    const leaving = new AbortController();
    const whole = await studio.solo.raw(path, { signal: leaving.signal });
    await whole.body!.getReader().read();
    if (process.platform === 'linux') expect(openFiles()).toContain('long.mp4');
    leaving.abort();
    if (process.platform === 'linux') await expect.poll(() => openFiles().includes('long.mp4')).toBe(false);
    rmSync(join(studio.folder, 'long.mp4'));
    expect((await studio.solo.raw(path)).status).toBe(404);
  });

  it('play their proxy once somebody has had one made', async () => {
    const [video] = await add(newFile());
    const { store } = studio.context;
    const set = (change: { facts?: string; derived?: string }) =>
      store.run(store.sql.updateTable('video').set(change).where('id', '=', video.id));
    expect((await look(video)).plays).toBe('none');
    set({ facts: JSON.stringify({ ...known, warnings: [] }) });
    expect((await look(video)).plays).toBe('original');
    set({ derived: JSON.stringify({ proxy: true }) });
    expect((await look(video)).plays).toBe('proxy');
  });

  it('has the demonstration once, beside another file of that name', async () => {
    newFile('demonstration.mp4');
    const ask = async () => (await studio.solo.post(`/projects/${studio.project}/demonstration`)).body;
    const video = await ask();
    expect(video).toMatchObject({ path: 'demonstration (2).mp4', sizeBytes: expect.any(Number) });
    rmSync(join(studio.folder, 'demonstration.mp4'));
    renameSync(join(studio.folder, 'demonstration (2).mp4'), join(studio.folder, 'demonstration.mp4'));
    expect((await ask()).path).toBe('demonstration.mp4');
    expect((await ask()).id).toBe((await ask()).id);
    expect(await found()).not.toContain('demonstration.mp4');
  });

  describe('whose files', () => {
    let video: Video;
    beforeEach(async () => {
      [video] = await add(newFile());
      const { store } = studio.context;
      const prepared = { status: 'ready', derived: JSON.stringify({ motionRate: 15, soundRate: null }) } as const;
      store.run(store.sql.updateTable('video').set(prepared).where('id', '=', video.id));
      await code(video);
    });
    const file = (name = video.path) => join(studio.folder, name);
    const relink = (body: object) => studio.solo.post(`/videos/${video.id}/relink`, body);

    it('are gone say so, keep their codings, and are well when they are back', async () => {
      renameSync(file(), file('elsewhere.mp4'));
      const missing = await look(video);
      expect(missing).toMatchObject({ status: 'missing', stage: 'coding', codings: [{}] });
      expect(missing.problem).toContain('All codings are kept');
      expect(missing.problem).toContain(video.path);
      expect((await list()).find(({ id }) => id === video.id)?.status).toBe('missing');
      renameSync(file('elsewhere.mp4'), file());
      expect(await look(video)).toMatchObject({ status: 'ready', problem: null });
    });

    it('were only copied or touched are the same', async () => {
      utimesSync(file(), 1, 1);
      expect(await look(video)).toMatchObject({ status: 'ready', problem: null });
    });

    it('have another content say so, until it is back or taken over', async () => {
      writeFileSync(file(), 'something else');
      const changed = await look(video);
      expect(changed.status).toBe('changed');
      expect(changed.problem).toMatch(/another content .*14 bytes.*codings are kept/i);
      expect((await relink({ path: video.path })).body.error.code).toBe('other-content');
      const { status, body } = await relink({ path: video.path, acceptsChange: true });
      expect([status, body]).toEqual([
        200,
        expect.objectContaining({ status: 'preparing', problem: null, sizeBytes: 14 }),
      ]);
      expect(body.has.motion).toBe(false);
      expect(body.codings).toHaveLength(1);
    });

    it('were moved are found where a person says they are, if they are the same', async () => {
      renameSync(file(), file('moved.mp4'));
      newFile('other.mp4');
      const refused = await relink({ path: 'other.mp4' });
      expect(refused.status).toBe(409);
      expect(refused.body.error).toMatchObject({ code: 'other-content', details: { expectedBytes: video.sizeBytes } });
      expect((await look(video)).status).toBe('missing');
      expect((await relink({ path: 'moved.mp4' })).body).toMatchObject({ path: 'moved.mp4', status: 'ready' });
      const history = (await studio.solo.get(`/videos/${video.id}/history`)).body;
      expect(history.at(-1)).toMatchObject({ what: 'relinked', details: { from: video.path, to: 'moved.mp4' } });
      rmSync(file('moved.mp4'));
    });

    it('cannot be those of another video', async () => {
      const [other] = await add(newFile());
      const refused = await relink({ path: other.path, acceptsChange: true });
      expect([refused.status, refused.body.error.code]).toEqual([409, 'already-added']);
    });
  });

  it('are listed by the same few queries, however many they are', async () => {
    const { store } = studio.context;
    const count = async () => {
      const spies = [vi.spyOn(store, 'all'), vi.spyOn(store, 'first')];
      await list();
      const calls = spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
      for (const spy of spies) spy.mockRestore();
      return calls;
    };
    await add(newFile(), newFile());
    await list(); // notices what other tests have left
    const before = await count();
    await add(...Array.from({ length: 20 }, () => newFile()));
    expect(await count()).toBe(before);
  });

  describe('for several people', () => {
    let coder: TestPerson;
    let stranger: TestPerson;
    let theirs: string;
    beforeAll(async () => {
      coder = await studio.person('mei', 'coder');
      stranger = await studio.person('tom', null);
      theirs = (await studio.solo.post('/projects', { name: 'Theirs' })).body.id;
      await studio.solo.put(`/projects/${theirs}/members/${stranger.account.id}`, { role: 'owner' });
    });

    it('are added, taken out and sent by owners alone', async () => {
      const [video] = await add(newFile());
      const paths = [newFile()];
      const tries = [
        coder.post(`/projects/${studio.project}/videos`, { paths }),
        coder.get(`/projects/${studio.project}/folder`),
        coder.post(`/projects/${studio.project}/uploads`, { name: 'x.mp4', sizeBytes: 5 }),
        coder.delete(`/videos/${video.id}`),
        coder.post(`/videos/${video.id}/relink`, { path: paths[0] }),
        coder.patch(`/videos/${video.id}`, { name: 'x' }),
      ];
      expect((await Promise.all(tries)).map(({ status }) => status)).toEqual(tries.map(() => 403));
      expect((await coder.get(`/videos/${video.id}`)).status).toBe(200);
      expect((await stranger.get(`/videos/${video.id}`)).status).toBe(404);
    });

    it('cannot be reached through another project, though the data folder is one', async () => {
      const [video] = await add(newFile());
      const free = newFile();
      expect(await found(stranger, theirs)).toContain(free);
      expect(await found(stranger, theirs)).not.toContain(video.path);
      const taken = await stranger.post(`/projects/${theirs}/videos`, { paths: [video.path] });
      expect([taken.status, taken.body.error.code]).toEqual([404, 'no-file']);
      const [own] = (await stranger.post(`/projects/${theirs}/videos`, { paths: [free] })).body;
      const relinked = await stranger.post(`/videos/${own.id}/relink`, { path: video.path, acceptsChange: true });
      expect(relinked.status).toBe(404);
    });
  });
});

const known: Omit<VideoFacts, 'warnings'> = {
  ...{ durationSeconds: 10, frameRate: 30, variableFrameRate: false, frameCount: 300, widthPixels: 64 },
  ...{ heightPixels: 48, codec: 'h264', container: 'MP4', hasAudio: false, browserPlays: true },
};

/** Names of the files that this process has open. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [basename(readlinkSync(`/proc/self/fd/${fd}`))];
    } catch {
      return []; // closed in between
    }
  });
}
