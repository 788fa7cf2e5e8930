import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn, type TestStudio, testPassword, testStudio } from '../serverTesting.ts';

const nextPassword = 'a new long password';

let studio: TestStudio;
beforeAll(async () => {
  studio = await testStudio();
});
afterAll(() => studio.close());

const bearer = (path: string, secret: string, init: RequestInit = {}) =>
  fetch(`${studio.url}/api${path}`, { ...init, headers: { ...init.headers, Authorization: `Bearer ${secret}` } });

describe('one person on their machine', () => {
  it('has no password, and nothing for other people', async () => {
    const { solo } = studio;
    expect((await solo.put('/account/password', { current: '', next: nextPassword })).body.error.code).toBe('solo');
    expect((await solo.post('/accounts', { name: 'mei', password: testPassword })).body.error.code).toBe('solo');
    const byPassword = await fetch(`${studio.url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'me', password: '' }),
    });
    expect(byPassword.status).toBe(401);
  });

  it('may choose preferences, one at a time', async () => {
    await studio.solo.patch('/account/preferences', { language: 'zh', keys: { play: 'Space' } });
    const { body } = await studio.solo.patch('/account/preferences', { theme: 'dark' });
    expect(body).toEqual({ language: 'zh', keys: { play: 'Space' }, theme: 'dark' });
    expect((await studio.solo.get('/session')).body.account.preferences).toEqual(body);
  });

  it('becomes a team by a name and a password: once, and the link of the terminal lets nobody in any more', async () => {
    const before = studio.solo;
    const made = await before.post('/team', { name: 'Anna', password: testPassword });
    expect(made.body).toMatchObject({ mode: 'team', account: { name: 'Anna', administrator: true } });
    expect((await before.get('/projects')).status).toBe(401);
    const boss = await signIn(studio.url, 'anna', testPassword);
    expect((await boss.post('/team', { name: 'Anna', password: testPassword })).body.error.code).toBe('already-team');
    const opened = await fetch(`${studio.url}/open?key=${studio.launchKey}`, { redirect: 'manual' });
    expect([opened.status, opened.headers.get('location'), opened.headers.get('set-cookie')]).toEqual([303, '/', null]);
  });
});

describe('people', () => {
  const administrator = () => signIn(studio.url, 'me', testPassword);
  beforeAll(async () => {
    await studio.close();
    studio = await testStudio();
    await studio.team();
  });

  it('are made, renamed and switched off by an administrator', async () => {
    const boss = await administrator();
    const made = await boss.post('/accounts', { name: ' mei ', password: testPassword });
    expect([made.status, made.body]).toEqual([
      201,
      { id: made.body.id, name: 'mei', administrator: false, disabled: false },
    ]);
    const taken = await boss.post('/accounts', { name: 'MEI', password: testPassword });
    expect([taken.status, taken.body.error.code]).toEqual([409, 'name-taken']);
    const mei = await signIn(studio.url, 'mei', testPassword);
    expect((await boss.patch(`/accounts/${made.body.id}`, { name: 'Mei L.' })).body.name).toBe('Mei L.');
    expect((await mei.get('/session')).body.account.name).toBe('Mei L.');
    await boss.patch(`/accounts/${made.body.id}`, { disabled: true });
    expect((await mei.get('/session')).body.account).toBe(null);
    await expect(signIn(studio.url, 'Mei L.', testPassword)).rejects.toThrow('disabled');
    await expect(signIn(studio.url, 'Mei L.', 'something else')).rejects.toThrow('wrong-sign-in');
    await boss.patch(`/accounts/${made.body.id}`, { disabled: false });
    expect((await mei.get('/session')).body.account).toBe(null);
    await signIn(studio.url, 'Mei L.', testPassword);
  });

  it('sign in however their name was typed', async () => {
    const boss = await administrator();
    await boss.post('/accounts', { name: 'Jose\u0301', password: testPassword });
    for (const name of ['Jos\u00e9', 'Jose\u0301', ' jos\u00e9 '])
      expect((await signIn(studio.url, name, testPassword)).account.name).toBe('Jos\u00e9');
  });

  it('are signed out everywhere by a password that an administrator gives them', async () => {
    const boss = await administrator();
    const { body: account } = await boss.post('/accounts', { name: 'forgetful', password: testPassword });
    const person = await signIn(studio.url, 'forgetful', testPassword);
    expect((await boss.patch(`/accounts/${account.id}`, { password: nextPassword })).status).toBe(200);
    expect((await person.get('/projects')).status).toBe(401);
    await expect(signIn(studio.url, 'forgetful', testPassword)).rejects.toThrow('wrong-sign-in');
    await signIn(studio.url, 'forgetful', nextPassword);
  });

  it('change their own password by the present one, which ends all other sign-ins', async () => {
    const boss = await administrator();
    await boss.post('/accounts', { name: 'careful', password: testPassword });
    const here = await signIn(studio.url, 'careful', testPassword);
    const there = await signIn(studio.url, 'careful', testPassword);
    const wrong = await here.put('/account/password', { current: 'not this one', next: nextPassword });
    expect([wrong.status, wrong.body.error.code]).toEqual([403, 'wrong-password']);
    const changed = await here.put('/account/password', { current: testPassword, next: nextPassword });
    expect(changed.body).toMatchObject({ account: { name: 'careful' } });
    expect(changed.body.csrfToken).not.toBe(here.csrfToken);
    expect(changed.headers.get('set-cookie')).toMatch(/^microaction-\d+=/);
    expect((await here.get('/projects')).status).toBe(401);
    expect((await there.get('/projects')).status).toBe(401);
  });

  it('are never without an administrator, nor may one go round their own password', async () => {
    const boss = await administrator();
    const path = `/accounts/${boss.account.id}`;
    for (const change of [{ disabled: true }, { administrator: false }])
      expect((await boss.patch(path, change)).body.error.code).toBe('last-administrator');
    expect((await boss.patch(path, { password: nextPassword })).body.error.code).toBe('own-password');
    const { body: second } = await boss.post('/accounts', {
      name: 'second',
      password: testPassword,
      administrator: true,
    });
    expect((await boss.patch(`/accounts/${second.id}`, { administrator: false })).status).toBe(200);
  });

  it('who alone own a project are not switched off', async () => {
    const boss = await administrator();
    const owner = await studio.person('owner of one', null);
    const { body: project } = await boss.post('/projects', { name: 'Theirs' });
    await boss.put(`/projects/${project.id}/members/${owner.account.id}`, { role: 'owner' });
    await boss.delete(`/projects/${project.id}/members/${boss.account.id}`);
    const refused = await boss.patch(`/accounts/${owner.account.id}`, { disabled: true });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'last-owner']);
    expect(refused.body.error.message).toContain('"Theirs"');
  });

  it('are listed for administrators and owners only', async () => {
    const coder = await studio.person('only a coder');
    expect((await coder.get('/accounts')).status).toBe(403);
    expect((await coder.post('/accounts', { name: 'x', password: testPassword })).status).toBe(403);
    expect((await coder.post('/projects', { name: 'x' })).status).toBe(403);
    const { body } = await (await administrator()).get('/accounts');
    expect(body.map(({ name }: { name: string }) => name)).toContain('only a coder');
    expect(JSON.stringify(body)).not.toMatch(/scrypt|password/i);
  });

  it('sign out', async () => {
    const person = await administrator();
    const out = await person.delete('/session');
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await person.get('/session')).body.account).toBe(null);
  });
});

describe('a token', () => {
  it('is shown once, works as its maker, and not after it was withdrawn', async () => {
    const person = await studio.person('programmer');
    const { status, body: token } = await person.post('/tokens', { name: 'script' });
    expect([status, token]).toEqual([
      201,
      expect.objectContaining({ mayWrite: false, project: null, lastUsedAt: null }),
    ]);
    const session = await (await bearer('/session', token.secret)).json();
    expect(session).toMatchObject({ account: { name: 'programmer' }, csrfToken: null });
    const { body: list } = await person.get('/tokens');
    expect(list).toEqual([{ ...token, secret: undefined, lastUsedAt: expect.stringMatching(/^20/) }]);
    expect((await person.delete(`/tokens/${token.id}`)).status).toBe(204);
    expect((await bearer('/session', token.secret)).status).toBe(401);
    expect((await person.delete(`/tokens/${token.id}`)).status).toBe(404);
  });

  it('may be for one project of its maker only', async () => {
    const { body: other } = await (await signIn(studio.url, 'me', testPassword)).post('/projects', { name: 'Other' });
    const person = await studio.person('in two', 'coder', studio.project);
    const boss = await signIn(studio.url, 'me', testPassword);
    await boss.put(`/projects/${other.id}/members/${person.account.id}`, { role: 'coder' });
    const { body: token } = await person.post('/tokens', { name: 'one', project: studio.project });
    const projects = await (await bearer('/projects', token.secret)).json();
    expect(projects.map(({ id }: { id: string }) => id)).toEqual([studio.project]);
    expect((await bearer(`/projects/${other.id}`, token.secret)).status).toBe(404);
    const stranger = await studio.person('in none', null);
    expect((await stranger.post('/tokens', { name: 'x', project: other.id })).status).toBe(404);
  });

  it('does not outlive the account’s right to come in', async () => {
    const person = await studio.person('leaving');
    const { body: token } = await person.post('/tokens', { name: 'script', mayWrite: true });
    const boss = await signIn(studio.url, 'me', testPassword);
    await boss.patch(`/accounts/${person.account.id}`, { disabled: true });
    expect((await bearer('/projects', token.secret)).status).toBe(401);
  });
});
