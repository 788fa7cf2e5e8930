import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type TestAnswer, type TestStudio, testStudio } from './serverTesting.ts';
import { Store } from './store/store.ts';

let studio: TestStudio;
const lines: string[] = [];
beforeAll(async () => {
  studio = await testStudio({ log: (line) => lines.push(line) });
});
afterAll(() => studio.close());

describe('a studio', () => {
  it('lets the solo person in by the link of the terminal', async () => {
    const { body } = await studio.solo.get('/session');
    expect(body).toMatchObject({ account: { name: 'me', administrator: true }, mode: 'solo', readOnly: null });
  });

  it('begins with a project for one’s own videos', async () => {
    const { body } = await studio.solo.get('/projects');
    expect(body).toMatchObject([{ id: studio.project, name: 'My videos', blind: false, role: 'owner', videoCount: 0 }]);
  });

  it('lets a browser that is signed in pass with the link of an earlier start', async () => {
    const headers = { cookie: studio.solo.cookie };
    const opened = await fetch(`${studio.url}/open?key=of-an-earlier-start`, { redirect: 'manual', headers });
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/']);
    expect((await studio.solo.get('/projects')).status).toBe(200);
  });

  it('has people with roles as soon as it is a team’s', async () => {
    const mei = await studio.person('mei');
    const { body } = await mei.get('/projects');
    expect(body).toMatchObject([{ role: 'coder', members: [{ name: 'me' }, { name: 'mei', role: 'coder' }] }]);
    expect((await mei.get('/session')).body).toMatchObject({ mode: 'team', account: { name: 'mei' } });
  });

  it('serves its own document', async () => {
    const response = await fetch(`${studio.url}/api/openapi.json`);
    const document = await response.json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/api/projects/{project}');
  });

  it('says of what is not there that it is not, in the interface as a problem', async () => {
    const { status, body } = await studio.solo.get('/nowhere');
    expect([status, body.error.code]).toEqual([404, 'not-found']);
    expect((await fetch(`${studio.url}/nowhere`)).status).toBe(404);
  });

  it('answers a query that does not fit with what is expected', async () => {
    const { status, body } = await studio.solo.get(`/projects/${studio.project}/results?level=finger`);
    expect([status, body.error.code]).toEqual([400, 'bad-request']);
    expect(body.error.message).toContain('field level: found "finger", expected action, body');
  });

  it('goes on after a fault of its own, and tells the terminal', async () => {
    const fault = vi.spyOn(studio.context.store, 'all').mockImplementation(() => {
      throw new TypeError('rows is not iterable');
    });
    const { status, body } = await studio.solo.get('/accounts');
    fault.mockRestore();
    expect([status, body.error.code]).toEqual([500, 'bug']);
    expect(body.error.message).not.toContain('iterable');
    expect(lines.at(-1)).toMatch(/^GET \/api\/accounts failed: TypeError: rows is not iterable\n +at /);
    expect((await studio.solo.get('/accounts')).status).toBe(200);
  });

  it('says what to do when the disk is full, and keeps what was saved', async () => {
    const { store, folder } = studio.context;
    const database = new DatabaseSync(folder.inner('studio.db'));
    database.exec('pragma max_page_count = 1'); // as many as there are
    Object.assign(studio.context, { store: new Store(database) });
    const name = 'x'.repeat(120);
    const statuses: number[] = [];
    let last: TestAnswer;
    do {
      last = await studio.solo.post('/projects', { name });
      statuses.push(last.status);
    } while (last.status === 201 && statuses.length < 500);
    expect([last.status, last.body.error.code]).toEqual([507, 'disk-full']);
    const { body } = await studio.solo.get('/projects');
    expect(body.filter((project: { name: string }) => project.name === name)).toHaveLength(statuses.length - 1);
    database.close();
    Object.assign(studio.context, { store });
    expect((await studio.solo.post('/projects', { name })).status).toBe(201);
  });

  it('lets programs read although that they did cannot be noted', async () => {
    const { body: token } = await studio.solo.post('/tokens', { name: 'reader' });
    const full = vi.spyOn(studio.context.store, 'run').mockImplementation(() => {
      throw new Error('The disk is full.');
    });
    const headers = { Authorization: `Bearer ${token.secret}` };
    const { status } = await fetch(`${studio.url}/api/formats`, { headers });
    full.mockRestore();
    expect(status).toBe(200);
    expect(lines.at(-1)).toContain('could not be noted: The disk is full.');
  });
});
