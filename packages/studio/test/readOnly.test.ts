import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRoutes } from '../src/server/app.ts';
import { signIn, type TestPerson, type TestStudio, testPassword, testStudio } from '../src/server/serverTesting.ts';
import { Store } from '../src/server/store/store.ts';
import { withOneOfEach } from './attackedStudio.ts';
import { pathWith } from './attacker.ts';

const readOnly = { reason: 'The database is damaged.', advice: 'Restore a copy from the folder backups.' };

let studio: TestStudio;
let mei: TestPerson;
let ids: Record<string, string>;
let token: { secret: string };
let writable: Store;
beforeAll(async () => {
  studio = await testStudio();
  ids = await withOneOfEach(studio);
  mei = await studio.person('mei');
  token = (await studio.solo.post('/tokens', { name: 'reader' })).body;
  const path = studio.context.folder.inner('studio.db');
  writable = studio.context.store;
  Object.assign(studio.context, { store: new Store(new DatabaseSync(path, { readOnly: true }), readOnly) });
});
afterAll(async () => {
  studio.context.store.close();
  Object.assign(studio.context, { store: writable });
  await studio.close();
});

describe('while nothing can be saved', () => {
  it('everything can be read, and the pages are told why', async () => {
    expect((await mei.get('/session')).body).toMatchObject({ account: { name: 'mei' }, readOnly });
    const failed: string[] = [];
    const ways: Record<string, string>[] = [{}, { Authorization: `Bearer ${token.secret}` }];
    for (const { path } of allRoutes.filter(({ method }) => method === 'get')) {
      for (const headers of ways) {
        const response = await studio.solo.raw(pathWith(path, ids), { headers });
        if (response.status >= 500) failed.push(`${path}: ${await response.text()}`);
        else await response.body?.cancel();
      }
    }
    expect(failed).toEqual([]);
  });

  it('people sign in and out, and what was saved of that stays as it was', async () => {
    const rows = () => writable.all(writable.sql.selectFrom('signIn').selectAll());
    const before = rows();
    const again = await signIn(studio.url, 'mei', testPassword);
    expect((await again.get('/projects')).status).toBe(200);
    expect((await again.delete('/session')).status).toBe(204);
    expect((await again.get('/projects')).status).toBe(401);
    const other = await signIn(studio.url, 'mei', testPassword);
    await expect(signIn(studio.url, 'mei', 'a wrong password')).rejects.toThrow('wrong-sign-in');
    expect((await other.get('/projects')).status).toBe(200);
    expect((await mei.delete('/session')).status).toBe(204);
    expect((await mei.get('/projects')).status).toBe(401);
    expect(rows()).toEqual(before);
  });

  it('every change is refused with what to do', async () => {
    const changing = allRoutes.filter(
      ({ method, path, whileReadOnly }) => method !== 'get' && !whileReadOnly && !path.includes('{'),
    );
    expect(changing.length).toBeGreaterThan(4);
    for (const { method, path } of changing) {
      const response = await studio.solo.raw(path, { method: method.toUpperCase() });
      const { error } = await response.json();
      expect([path, response.status, error.code]).toEqual([path, 503, 'read-only']);
      expect(error.message).toContain(readOnly.advice);
    }
    const settings = await studio.solo.patch(`/projects/${studio.project}`, { name: 'x' });
    expect(settings.body.error.code).toBe('read-only');
  });
});
