import { linkSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demonstrationVideo } from 'microaction/files';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Upload } from '../../contract/video.ts';
import { openStudio } from '../openStudio.ts';
import { type TestStudio, testStudio } from '../serverTesting.ts';
import { clearOldUploads, uploadLimits } from './uploads.ts';

const content = readFileSync(demonstrationVideo);
const sizeBytes = content.length;

describe('sending a file', () => {
  let studio: TestStudio;
  beforeAll(async () => {
    studio = await testStudio();
  });
  afterAll(() => studio.close());

  const begin = async (name: string, size = sizeBytes, project = studio.project): Promise<Upload> => {
    const { status, body } = await studio.solo.post(`/projects/${project}/uploads`, { name, sizeBytes: size });
    expect([status, body]).toEqual([201, expect.anything()]);
    return body;
  };
  const send = async ({ id }: Upload, from: number, to: number, bytes: Uint8Array = content) => {
    const headers = { 'Upload-Offset': String(from), 'Content-Type': 'application/octet-stream' };
    const body = new Uint8Array(bytes.subarray(from, to));
    const response = await studio.solo.raw(`/uploads/${id}`, { method: 'PATCH', headers, body });
    return { status: response.status, body: await response.json() };
  };
  const held = () => readdirSync(join(studio.folder, '.microaction', 'uploads'));
  const inFolder = () => readdirSync(studio.folder).filter((name) => !name.startsWith('.'));

  it('makes it a video of the project, in the data folder under its own name, looked at', async () => {
    const upload = await begin('C:\\videos\\visit <1>.mp4');
    expect(await send(upload, 0, 100_000)).toMatchObject({
      status: 200,
      body: { receivedBytes: 100_000, video: null },
    });
    const { status, body } = await send(upload, 100_000, sizeBytes);
    expect([status, body]).toEqual([200, expect.objectContaining({ receivedBytes: sizeBytes })]);
    const video = (await studio.solo.get(`/videos/${body.video}`)).body;
    expect(video).toMatchObject({
      path: 'visit _1_.mp4',
      plays: 'original',
      facts: { codec: 'h264', frameCount: 360 },
    });
    expect(readFileSync(join(studio.folder, video.path)).equals(content)).toBe(true);
    expect(held()).toEqual([]);
    const played = await studio.solo.raw(`/videos/${video.id}/file`, { headers: { Range: 'bytes=5-9' } });
    expect([played.status, Buffer.from(await played.arrayBuffer())]).toEqual([206, content.subarray(5, 10)]);
    expect(await send(upload, sizeBytes, sizeBytes)).toMatchObject({ status: 200, body: { video: video.id } });
  });

  it('keeps its name where another project has a file called so; within a project names differ', async () => {
    const { body: other } = await studio.solo.post('/projects', { name: 'Other' });
    const names: [name: string, path: string][] = [];
    for (const project of [studio.project, other.id, other.id]) {
      const { body } = await send(await begin('visit.mp4', sizeBytes, project), 0, sizeBytes);
      const { name, path } = (await studio.solo.get(`/videos/${body.video}`)).body;
      names.push([name, path]);
    }
    expect(names).toEqual([
      ['visit.mp4', 'visit.mp4'],
      ['visit.mp4', 'visit (2).mp4'],
      ['visit (2).mp4', 'visit (3).mp4'],
    ]);
  });

  it('goes on where it stopped when an answer was lost', async () => {
    const upload = await begin('lost.mp4');
    await send(upload, 0, 50_000);
    const again = await send(upload, 0, 50_000);
    expect(again).toMatchObject({
      status: 409,
      body: { error: { code: 'wrong-offset', details: { receivedBytes: 50_000 } } },
    });
    expect((await send(upload, 60_000, 70_000)).body.error.details).toEqual({ receivedBytes: 50_000 });
    expect((await studio.solo.get(`/uploads/${upload.id}`)).body.receivedBytes).toBe(50_000);
    const { body } = await send(upload, 50_000, sizeBytes);
    expect((await studio.solo.get(`/videos/${body.video}`)).body.sizeBytes).toBe(sizeBytes);
    expect(readFileSync(join(studio.folder, 'lost.mp4')).equals(content)).toBe(true);
  });

  it('takes one of two chunks that come at once', async () => {
    const upload = await begin('twice.mp4');
    const answers = await Promise.all([send(upload, 0, 60_000), send(upload, 0, 60_000), send(upload, 0, 60_000)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await studio.solo.delete(`/uploads/${upload.id}`)).status).toBe(204);
    expect((await studio.solo.get(`/uploads/${upload.id}`)).status).toBe(404);
    expect(held()).toEqual([]);
  });

  it('begins again from what is really there', async () => {
    const upload = await begin('cut.mp4');
    await send(upload, 0, 60_000);
    truncateSync(join(studio.folder, '.microaction', 'uploads', upload.id), 1000);
    expect((await send(upload, 60_000, 70_000)).body.error.details).toEqual({ receivedBytes: 1000 });
    await studio.solo.delete(`/uploads/${upload.id}`);
  });

  it('becomes a video, and once, though the studio ended while it became one', async () => {
    const upload = await begin('interrupted.mp4');
    const { store, folder } = studio.context;
    const file = folder.inner('uploads', upload.id);
    writeFileSync(file, content);
    linkSync(file, join(studio.folder, 'interrupted.mp4'));
    store.run(store.sql.updateTable('upload').set({ receivedBytes: sizeBytes }).where('id', '=', upload.id));
    const { body } = await send(upload, sizeBytes, sizeBytes);
    expect((await studio.solo.get(`/videos/${body.video}`)).body.path).toBe('interrupted.mp4');
    expect(inFolder().filter((name) => name.startsWith('interrupted'))).toEqual(['interrupted.mp4']);
    expect(held()).toEqual([]);
  });

  it('is refused with the reason when it is no video, and nothing of it is left', async () => {
    const before = inFolder();
    const text = Buffer.from('<script>alert(1)</script>'.repeat(100));
    const upload = await begin('film.mp4', text.length);
    const { status, body } = await send(upload, 0, text.length, text);
    expect([status, body.error.code]).toEqual([422, 'not-a-video']);
    expect(body.error.message).toMatch(/film\.mp4.*text file/);
    expect(inFolder()).toEqual(before);
    expect(held()).toEqual([]);
    expect((await studio.solo.get(`/uploads/${upload.id}`)).status).toBe(404);
  });

  it('does not take more than was promised, than a chunk holds, or from nowhere', async () => {
    const upload = await begin('small.mp4', 10);
    expect((await send(upload, 0, 20)).status).toBe(409);
    const large = await studio.solo.raw(`/uploads/${upload.id}`, {
      method: 'PATCH',
      headers: { 'Upload-Offset': '0' },
      body: new Uint8Array(uploadLimits.chunk + 1),
    });
    expect(large.status).toBe(413);
    for (const offset of ['', '-1', '1e3', '0x10']) {
      const headers = { 'Upload-Offset': offset };
      const response = await studio.solo.raw(`/uploads/${upload.id}`, { method: 'PATCH', headers, body: 'x' });
      expect(response.status).toBe(400);
    }
    await studio.solo.delete(`/uploads/${upload.id}`);
  });

  it('is refused before it begins where it is too large, or the disk too full', async () => {
    const ask = async (size: number) => {
      const { status, body } = await studio.solo.post(`/projects/${studio.project}/uploads`, {
        name: 'a',
        sizeBytes: size,
      });
      return [status, body.error?.code];
    };
    expect(await ask(uploadLimits.file + 1)).toEqual([413, 'too-large']);
    const free = vi.spyOn(studio.context.folder, 'freeBytes').mockResolvedValue(uploadLimits.reserve + 1_000_000);
    expect(await ask(1_000_001)).toEqual([507, 'disk-full']);
    const first = await begin('a.mp4', 600_000);
    expect(await ask(600_000)).toEqual([507, 'disk-full']);
    expect((await send(first, 0, 1000)).status).toBe(200);
    const longAgo = Date.now() / 1000 - 3600;
    utimesSync(join(studio.folder, '.microaction', 'uploads', first.id), longAgo, longAgo);
    const { id } = await begin('b.mp4', 600_000); // nobody goes on with the first
    await studio.solo.delete(`/uploads/${id}`);
    free.mockResolvedValue(uploadLimits.reserve - 1);
    const { status, body } = await send(first, 1000, 2000);
    expect([status, body.error.code]).toEqual([507, 'disk-full']);
    free.mockRestore();
    expect((await studio.solo.get(`/uploads/${first.id}`)).body.receivedBytes).toBe(1000);
    await studio.solo.delete(`/uploads/${first.id}`);
  });

  it('is for the one who began it', async () => {
    const upload = await begin('mine.mp4');
    const other = await studio.person('ana', 'owner');
    expect((await other.get(`/uploads/${upload.id}`)).status).toBe(404);
    expect(
      (await other.raw(`/uploads/${upload.id}`, { method: 'PATCH', headers: { 'Upload-Offset': '0' } })).status,
    ).toBe(404);
    expect((await other.delete(`/uploads/${upload.id}`)).status).toBe(404);
    await studio.solo.delete(`/uploads/${upload.id}`);
  });

  it('is forgotten when nobody goes on with it for a week', async () => {
    const [old, recent] = [await begin('old.mp4'), await begin('recent.mp4')];
    await send(old, 0, 10);
    await send(recent, 0, 10);
    const uploads = join(studio.folder, '.microaction', 'uploads');
    const seconds = Date.now() / 1000 - 8 * 24 * 3600;
    utimesSync(join(uploads, old.id), seconds, seconds);
    writeFileSync(join(uploads, 'stray'), '');
    await clearOldUploads(studio.context);
    expect(held()).toEqual([recent.id]);
    expect((await studio.solo.get(`/uploads/${old.id}`)).status).toBe(404);
    expect((await studio.solo.get(`/uploads/${recent.id}`)).body.receivedBytes).toBe(10);
  });
});

describe('sending a file while the studio is started again', () => {
  it('goes on where it stopped', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'microaction-upload-'));
    const name = 'interview.mp4';
    let id = '';
    await withStudio(folder, async (ask) => {
      const [{ id: project }] = await ask('GET', '/projects');
      ({ id } = await ask('POST', `/projects/${project}/uploads`, { name, sizeBytes }));
      await ask('PATCH', `/uploads/${id}`, content.subarray(0, 200_000), 0);
    });
    await withStudio(folder, async (ask) => {
      const { receivedBytes } = await ask('GET', `/uploads/${id}`);
      expect(receivedBytes).toBe(200_000);
      const { video } = await ask('PATCH', `/uploads/${id}`, content.subarray(receivedBytes), receivedBytes);
      expect((await ask('GET', `/videos/${video}`)).path).toBe(name);
    });
    expect((await readFile(join(folder, name))).equals(content)).toBe(true);
    expect(statSync(join(folder, name)).nlink).toBe(1);
    await rm(folder, { recursive: true });
  });
});

/** Sends a request; the answer's JSON. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely.
type Ask = (method: string, path: string, body?: object, offset?: number) => Promise<any>;

async function withStudio(folder: string, work: (ask: Ask) => Promise<void>): Promise<void> {
  const studio = await openStudio({ folder, port: 0, pages: false });
  const opened = await fetch(studio.url, { redirect: 'manual' });
  const cookie = opened.headers.getSetCookie()[0].split(';')[0];
  const session = await fetch(`${studio.address}/api/session`, { headers: { cookie } });
  const { csrfToken } = (await session.json()) as { csrfToken: string };
  try {
    await work(async (method, path, body, offset) => {
      const isBytes = body instanceof Uint8Array;
      const response = await fetch(`${studio.address}/api${path}`, {
        method,
        headers: {
          cookie,
          'X-CSRF-Token': csrfToken,
          'Content-Type': isBytes ? 'application/octet-stream' : 'application/json',
          ...(offset !== undefined && { 'Upload-Offset': String(offset) }),
        },
        body: isBytes ? new Uint8Array(body) : body && JSON.stringify(body),
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(JSON.stringify(answer));
      return answer;
    });
  } finally {
    await studio.close();
  }
}
