import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenStudio, openStudio } from './openStudio.ts';

let folder: string;
const open: OpenStudio[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'microaction-open-'));
});
afterEach(async () => {
  for (const studio of open.splice(0)) await studio.close();
  rmSync(folder, { recursive: true, force: true });
});

const lines: string[] = [];
async function start(options: Partial<Parameters<typeof openStudio>[0]> = {}): Promise<OpenStudio> {
  lines.length = 0;
  const log = (line: string) => lines.push(line);
  const studio = await openStudio({ folder, port: 0, pages: false, log, ...options });
  open.push(studio);
  return studio;
}

/** What a browser does that opens the link of the terminal. */
async function browser({ url, address }: OpenStudio) {
  const { headers } = await fetch(url, { redirect: 'manual' });
  const cookie = headers.getSetCookie()[0].split(';')[0];
  const { csrfToken } = await (await fetch(`${address}/api/session`, { headers: { cookie } })).json();
  return async (method: string, path: string, body?: unknown) => {
    const json = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken, cookie };
    const response = await fetch(`${address}/api${path}`, {
      method,
      headers: json,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
}

/** A request with any headers; a GET without a body, else a POST of JSON. */
function sent(url: string, headers: OutgoingHttpHeaders, body?: unknown) {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const type = json && { 'Content-Type': 'application/json', 'Content-Length': json.length };
  return new Promise<{ status?: number; headers: IncomingHttpHeaders; body: unknown }>((resolve, reject) => {
    const asked = request(url, { method: json ? 'POST' : 'GET', headers: { ...headers, ...type } }, async (answer) => {
      resolve({ status: answer.statusCode, headers: answer.headers, body: JSON.parse(await text(answer)) });
    });
    asked.on('error', reject).end(json);
  });
}

describe('a studio', () => {
  it('is opened by the link it gives, keeps what was made, and has a new key after each start', async () => {
    const first = await start();
    expect(first.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const me = await browser(first);
    await me('POST', '/projects', { name: 'Interviews' });
    await first.close();
    await expect(fetch(first.address)).rejects.toThrow();
    const second = await start();
    const { body } = await (await browser(second))('GET', '/projects');
    expect(body.map(({ name }: { name: string }) => name).sort()).toEqual(['Interviews', 'My videos']);
    const stale = await fetch(`${second.address}/open${new URL(first.url).search}`, { redirect: 'manual' });
    expect(stale.status).toBe(403);
  });

  it('has its folder for itself; the second is told where the first one is', async () => {
    const { address } = await start();
    const second = openStudio({ folder, port: 0, pages: false });
    await expect(second).rejects.toMatchObject({ code: 'folder-in-use', message: expect.stringContaining(address) });
  });

  it('lets go of its folder when it could not start', async () => {
    await expect(start({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'no-accounts' });
    await start();
  });

  it.each(['0.0.0.0', '::', 'localhost.example', '192.168.1.10'])(
    'does not listen on %s while nobody has a password',
    async (host) => {
      const refusal = { code: 'no-accounts', message: expect.stringContaining('without --host') };
      await expect(start({ host })).rejects.toMatchObject(refusal);
    },
  );

  it('takes no name under which others reach it while nobody has a password', async () => {
    const refusal = { code: 'no-accounts', message: expect.stringContaining('At studio.lab.example others') };
    await expect(start({ publicNames: ['studio.lab.example'] })).rejects.toMatchObject(refusal);
  });

  it('listens on all addresses once somebody has a password, and links to the sign-in without a key', async () => {
    const solo = await start();
    const me = await browser(solo);
    const { status } = await me('POST', '/team', { name: 'mei', password: 'long enough to be safe' });
    expect(status).toBeLessThan(300);
    await solo.close();
    const team = await start({ host: '0.0.0.0' });
    expect(team.url).toBe(`${team.address}/`);
    expect((await fetch(`${team.address}/api/session`)).status).toBe(200);
  });

  it('lets people in by its public name through a proxy that speaks HTTPS, with cookies for HTTPS alone', async () => {
    const solo = await start();
    const account = { name: 'mei', password: 'long enough to be safe' };
    await (await browser(solo))('POST', '/team', account);
    await solo.close();
    const { address } = await start({ publicNames: ['studio.lab.example'], isHttps: true });
    // As a browser and a proxy send it.
    const from = (headers: OutgoingHttpHeaders, body?: unknown) =>
      sent(`${address}/api/session`, { Host: 'studio.lab.example', 'Sec-Fetch-Site': 'same-origin', ...headers }, body);
    const signedIn = await from({ Origin: 'https://studio.lab.example' }, account);
    expect(signedIn.status).toBe(200);
    const [cookie] = signedIn.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^microaction=[^;]+; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+; Secure$/);
    expect((await from({ Cookie: cookie.split(';')[0] })).body).toMatchObject({ account: { name: 'mei' } });
    expect((await from({ Host: 'other.example' })).status).toBe(421);
    expect((await from({ Origin: 'https://other.example' }, account)).status).toBe(403);
  });

  it('says what to do about a port that is taken, and takes the next one where none was asked for', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    try {
      const taken = start({ port });
      await expect(taken).rejects.toMatchObject({ code: 'port-taken', message: expect.stringContaining('--port') });
    } finally {
      other.close();
    }
    const first = await start({ port: undefined });
    const second = await start({ port: undefined, folder: join(folder, 'another') });
    const [a, b] = [first, second].map(({ address }) => Number(new URL(address).port));
    expect(a).toBeGreaterThanOrEqual(4747);
    expect(b).toBeGreaterThan(a);
  });

  it('says so where the folder is none', async () => {
    writeFileSync(join(folder, 'file'), '');
    const refusal = { name: 'UserError', message: expect.stringContaining(join(folder, 'file')) };
    await expect(start({ folder: join(folder, 'file') })).rejects.toMatchObject(refusal);
  });

  it('says so where it may not open what it keeps', async () => {
    mkdirSync(join(folder, '.microaction', 'lock'), { recursive: true });
    const refusal = { name: 'UserError', code: 'not-allowed', message: expect.stringContaining('.microaction') };
    await expect(start()).rejects.toMatchObject(refusal);
  });

  it('closes although somebody still listens to its events', async () => {
    const studio = await start();
    const me = await browser(studio);
    const [{ id }] = (await me('GET', '/projects')).body;
    const { headers } = await fetch(studio.url, { redirect: 'manual' });
    const cookie = headers.getSetCookie()[0].split(';')[0];
    const events = await fetch(`${studio.address}/api/projects/${id}/events`, { headers: { cookie } });
    expect(events.status).toBe(200);
    const ended = events.text().catch(() => 'cut off');
    await studio.close();
    await ended;
  });
});

describe('a studio whose database is damaged', () => {
  it('shows what is there, takes no change, and says what to do; told to restore, it goes on', async () => {
    const first = await start();
    const me = await browser(first);
    await me('POST', '/projects', { name: 'Interviews' });
    await first.close();
    // The next start makes the backup that has the project.
    await (await start()).close();
    const path = join(folder, '.microaction', 'studio.db');
    truncateSync(path, 9000);
    const damaged = readFileSync(path);

    const shown = await start();
    expect(shown.readOnly?.advice).toContain('--restore');
    expect(lines).toContain(`What SQLite says of the database: ${shown.readOnly?.details}`);
    const visitor = await browser(shown);
    expect((await visitor('GET', '/session')).body.readOnly).toEqual(shown.readOnly);
    expect((await visitor('GET', '/projects')).body).toHaveLength(2);
    const refused = await visitor('POST', '/projects', { name: 'More' });
    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'read-only' } } });
    await shown.close();
    expect(readFileSync(path).equals(damaged)).toBe(true);

    const restored = await start({ restore: true });
    expect(lines[0]).toMatch(
      /^In use from now on is backup \d+ of .* UTC\. What was there before lies in .*set-aside-1/,
    );
    const again = await browser(restored);
    expect((await again('POST', '/projects', { name: 'More' })).status).toBeLessThan(300);
    expect((await again('GET', '/projects')).body).toHaveLength(3);
  });
});
