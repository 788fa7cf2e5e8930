import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demonstrationVideo } from 'microaction/files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPages } from '../src/server/pages.ts';
import { type TestPerson, type TestStudio, testStudio } from '../src/server/serverTesting.ts';
import { rawRequest } from './attacker.ts';

// Files that must not be reached, and files that must not be taken.

const secret = 'the content of a file outside';
const videoBytes = readFileSync(demonstrationVideo);

let studio: TestStudio;
let outside: string;
let owner: TestPerson;
beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), 'outside-'));
  const web = join(outside, 'web');
  mkdirSync(join(web, 'assets'), { recursive: true });
  writeFileSync(join(web, 'index.html'), '<!doctype html><title>the page</title>');
  writeFileSync(join(web, 'assets', 'main.js'), 'run()');
  writeFileSync(join(outside, 'secret.mp4'), secret);
  writeFileSync(join(outside, 'real.mp4'), videoBytes);
  symlinkSync(join(outside, 'secret.mp4'), join(web, 'assets', 'link.js'));
  studio = await testStudio({ log: () => {} }, { pages: openPages(async () => web) });
  await studio.team();
  owner = studio.solo;
  mkdirSync(join(studio.folder, 'interviews'));
  writeFileSync(join(studio.folder, 'interviews', 'fine.mp4'), videoBytes);
  symlinkSync(join(outside, 'real.mp4'), join(studio.folder, 'link.mp4'));
  symlinkSync(outside, join(studio.folder, 'linked'));
  symlinkSync('.microaction', join(studio.folder, 'kept'));
});
afterAll(async () => {
  await studio.close();
  rmSync(outside, { recursive: true, force: true });
});

const badPaths = [
  '../secret.mp4',
  '..\\secret.mp4',
  'interviews/../../secret.mp4',
  'interviews/../interviews/fine.mp4',
  './interviews/fine.mp4',
  '/etc/passwd',
  'C:\\Windows\\win.ini',
  '\\\\server\\share\\x.mp4',
  'file:///etc/passwd',
  'http://127.0.0.1/x.mp4',
  'interviews//fine.mp4',
  'interviews/fine.mp4\u0000.txt',
  'interviews/',
  'interviews',
  '.',
  '..',
  ' ',
  '.microaction/studio.db',
  'kept/studio.db',
  'KEPT/../.microaction/studio.db',
  '.MICROACTION/studio.db',
  'link.mp4',
  'linked/real.mp4',
  '%2e%2e/secret.mp4',
  `${'a'.repeat(300)}.mp4`,
];

describe('pages', () => {
  it.each([
    '/../secret.mp4',
    '/assets/../../secret.mp4',
    '/assets/%2e%2e/%2e%2e/secret.mp4',
    '/assets/..%2f..%2fsecret.mp4',
    '/assets/..\\..\\secret.mp4',
    '/%2e%2e%5csecret.mp4',
    '//etc/passwd',
    '/etc/passwd',
    '/%00',
    '/assets/main.js%00.html',
    '/assets/%c0%ae%c0%ae/secret.mp4',
    '/index.html/../../secret.mp4',
    '/%',
  ])('give nothing but pages: %s', async (path) => {
    const { status, text } = await rawRequest(studio.url, { path, headers: { Host: new URL(studio.url).host } });
    expect(text).not.toContain(secret);
    expect(text).not.toContain('root:');
    if (status === 200) expect(text).toContain('the page');
    else expect([400, 404]).toContain(status);
  });

  it('carry the policy that lets no script of others run', async () => {
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/videos/x', 'text/html'],
      ['/assets/main.js', 'text/javascript'],
    ]) {
      const { status, headers } = await fetch(`${studio.url}${path}`);
      expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining(type)]);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('do not take text from a cookie', async () => {
    const cookie = 'microaction-theme=dark"><script>alert(1)</script>';
    expect(await (await fetch(studio.url, { headers: { cookie } })).text()).not.toContain('alert');
  });
});

describe('paths of videos', () => {
  it('in the data folder are taken, so that the refusals below mean something', async () => {
    const { status } = await owner.post(`/projects/${studio.project}/videos`, { paths: ['interviews/fine.mp4'] });
    expect(status).toBe(201);
  });

  it.each(badPaths)('that lead elsewhere are not: %j', async (path) => {
    const added = await owner.post(`/projects/${studio.project}/videos`, { paths: [path] });
    expect([400, 404]).toContain(added.status);
    const [video] = (await owner.get(`/projects/${studio.project}/videos`)).body;
    const relinked = await owner.post(`/videos/${video.id}/relink`, { path });
    expect([400, 404]).toContain(relinked.status);
    expect(JSON.stringify([added.body, relinked.body])).not.toContain(studio.folder);
    expect((await owner.get(`/videos/${video.id}`)).body.path).toBe('interviews/fine.mp4');
  });

  it('that became links after they were taken in are not followed', async () => {
    const { body: upload } = await uploaded('turned.mp4', videoBytes);
    const { body: video } = await owner.get(`/videos/${upload.video}`);
    const before = await owner.raw(`/videos/${video.id}/file`);
    expect(before.status).toBe(200);
    await before.body?.cancel();
    rmSync(join(studio.folder, video.path));
    symlinkSync(join(outside, 'secret.mp4'), join(studio.folder, video.path));
    const after = await owner.raw(`/videos/${video.id}/file`);
    expect([400, 404]).toContain(after.status);
    expect(await after.text()).not.toContain(secret);
  });

  it('outside of the folder are not listed, nor what the program keeps', async () => {
    writeFileSync(join(studio.folder, 'new.mp4'), videoBytes);
    const { body } = await owner.get(`/projects/${studio.project}/folder`);
    const paths = body.map(({ path }: { path: string }) => path);
    expect(paths).toContain('new.mp4');
    expect(paths.filter((path: string) => /^(linked|kept|\.)/.test(path))).toEqual([]);
  });

  it('of what is derived are no way out either', async () => {
    for (const id of ['..%2f..%2fstudio.db', '%2e%2e', 'x%00', '.', '..%5c..'])
      for (const what of ['file', 'thumbnail', 'motion'])
        expect((await owner.raw(`/videos/${id}/${what}`)).status).toBe(404);
  });
});

const begin = async (name: string, sizeBytes: number, person = owner) =>
  person.post(`/projects/${studio.project}/uploads`, { name, sizeBytes });
const chunk = async (upload: string, offset: number | string, bytes: Uint8Array, person = owner) => {
  const response = await person.raw(`/uploads/${upload}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/octet-stream', 'Upload-Offset': String(offset) },
    body: new Uint8Array(bytes),
  });
  return { status: response.status, body: await response.json() };
};
async function uploaded(name: string, bytes: Uint8Array) {
  const { status, body } = await begin(name, bytes.length);
  if (status !== 201) return { status, body };
  return chunk(body.id, 0, bytes);
}
/** Uploads that tests below begin and never end. */
let waiting = 0;
/** Everything in the data folder but what the program keeps. */
const visible = () => readdirSync(studio.folder).filter((name) => name !== '.microaction');

describe('uploads', () => {
  it('take no more bytes than were announced, and none at another place', async () => {
    const { body: upload } = await begin('a.mp4', 100);
    waiting += 1;
    for (const [offset, length] of [
      [0, 101],
      [1, 10],
      [99, 1],
      [1e15 - 1, 1],
    ]) {
      const refused = await chunk(upload.id, offset, new Uint8Array(length));
      expect([refused.status, refused.body.error.code]).toEqual([409, 'wrong-offset']);
    }
    for (const offset of ['', '-1', '1.5', '0x0', 'NaN', '1e3', '9'.repeat(30)])
      expect((await chunk(upload.id, offset, new Uint8Array(1))).status).toBe(400);
    expect((await chunk(upload.id, 0, new Uint8Array(60))).body.receivedBytes).toBe(60);
    expect((await chunk(upload.id, 60, new Uint8Array(41))).status).toBe(409);
    expect((await owner.get(`/uploads/${upload.id}`)).body.receivedBytes).toBe(60);
  });

  it('take no chunk larger than allowed', async () => {
    const { body: upload } = await begin('a.mp4', 20 * 2 ** 20);
    waiting += 1;
    const refused = await chunk(upload.id, 0, new Uint8Array(8 * 2 ** 20 + 1));
    expect([refused.status, refused.body.error.code]).toEqual([413, 'too-large']);
  });

  it.each([0, -1, 1.5, 2 ** 53, Number.MAX_VALUE])('of an impossible size do not begin: %d', async (size) => {
    expect([400, 413, 507]).toContain((await begin('a.mp4', size)).status);
  });

  it('are their own person’s only, even among owners', async () => {
    const { body: upload } = await begin('mine.mp4', 100);
    waiting += 1;
    const other = await studio.person('another owner', 'owner');
    expect((await chunk(upload.id, 0, new Uint8Array(10), other)).status).toBe(404);
    expect((await other.get(`/uploads/${upload.id}`)).status).toBe(404);
    expect((await other.delete(`/uploads/${upload.id}`)).status).toBe(404);
    expect((await owner.get(`/uploads/${upload.id}`)).body.receivedBytes).toBe(0);
  });

  it('whose content is no video are refused, and nothing of them stays', async () => {
    const before = visible();
    const contents = {
      'a page': '<!doctype html><script>alert(1)</script>',
      'a picture that runs': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      'a play list that names another file': '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n',
      'a list to be joined': "ffconcat version 1.0\nfile '/etc/passwd'\n",
      'a description of streams': 'v=0\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n',
      'a program': '\u007fELF\u0002\u0001\u0001',
      nothing: ' ',
    };
    const statuses = Object.entries(contents).map(async ([what, content]) => {
      const { status, body } = await uploaded('video.mp4', new TextEncoder().encode(content));
      return [what, status, body.error?.code];
    });
    expect(await Promise.all(statuses)).toEqual(Object.keys(contents).map((what) => [what, 422, 'not-a-video']));
    expect(visible()).toEqual(before);
    expect(readdirSync(studio.context.folder.inner('uploads'))).toHaveLength(waiting);
  });

  it('whatever they are called lie in the data folder under a plain name', async () => {
    const before = new Set(visible());
    const names = [
      '../../escaped.mp4',
      '..\\..\\escaped.mp4',
      '/etc/escaped',
      '.microaction/studio.db',
      'a\u0000b.mp4',
      '....mp4',
    ];
    const made = await Promise.all(names.map((name) => uploaded(name, videoBytes)));
    expect(made.map(({ status }) => status)).toEqual(names.map(() => 200));
    const paths = await Promise.all(made.map(async ({ body }) => (await owner.get(`/videos/${body.video}`)).body.path));
    expect(
      visible()
        .filter((name) => !before.has(name))
        .sort(),
    ).toEqual([...paths].sort());
    for (const path of paths) {
      expect(path).toMatch(/^[\w()][\w() .]*\.mp4$/);
      expect(readFileSync(join(studio.folder, path)).equals(videoBytes)).toBe(true);
    }
  });

  it('named like markup come back as data, and play as a video only', async () => {
    const { body: upload } = await uploaded('<img src=x onerror=alert(1)>.html', videoBytes);
    const { headers, body: video } = await owner.get(`/videos/${upload.video}`);
    expect(video.path).not.toMatch(/[<>]/);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    const file = await owner.raw(`/videos/${upload.video}/file`);
    await file.body?.cancel();
    expect(file.headers.get('content-type')).toMatch(/^video\//);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('do not replace a file that is there', async () => {
    const one = await uploaded('same.mp4', videoBytes);
    const other = await uploaded('same.mp4', videoBytes);
    const paths = await Promise.all(
      [one, other].map(async ({ body }) => (await owner.get(`/videos/${body.video}`)).body.path),
    );
    expect(new Set(paths).size).toBe(2);
  });
});

describe('the files of a video', () => {
  let path: string;
  beforeAll(async () => {
    const { body: upload } = await uploaded('ranged.mp4', videoBytes);
    path = `/videos/${upload.video}/file`;
  });

  it('are for members only, by ranges too', async () => {
    const stranger = await studio.person('stranger', null);
    for (const Range of ['bytes=0-0', 'bytes=0-', 'bytes=-5'])
      expect((await stranger.raw(path, { headers: { Range } })).status).toBe(404);
  });

  it.each([
    'bytes=0-99999999999',
    'bytes=5-1',
    'bytes=-0',
    'bytes=a-b',
    'bytes=0-0,1-1,2-2',
    `bytes=${'0-0,'.repeat(500)}`,
    'bytes=-99999999999',
    'bytes=99999999999-',
  ])('are not more than they are, whatever range is asked: %s', async (Range) => {
    const response = await owner.raw(path, { headers: { Range } });
    expect([200, 206, 416]).toContain(response.status);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.status === 416) expect(bytes).toHaveLength(0);
    else expect(bytes.equals(videoBytes)).toBe(true);
  });
});
