import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyone } from '../src/server/accounts/access.ts';
import type { Caller } from '../src/server/accounts/caller.ts';
import { allRoutes } from '../src/server/app.ts';
import { addVideo } from '../src/server/codings/codingsTesting.ts';
import type { Refusal } from '../src/server/http/refusal.ts';
import type { Route } from '../src/server/http/route.ts';
import { type TestPerson, type TestStudio, testStudio } from '../src/server/serverTesting.ts';
import { withOneOfEach } from './attackedStudio.ts';
import { pathWith } from './attacker.ts';

// Every route, tried by everybody who must not get through. A route that is added later is tried as well.

const name = ({ method, path }: Route) => `${method} ${path}`;
const isUnsafe = ({ method }: Route) => method !== 'get';
const isPublic = ({ access }: Route) => access === anyone;

let studio: TestStudio;
let ids: Record<string, string>;
let stranger: TestPerson;

beforeAll(async () => {
  studio = await testStudio({ log: () => {} });
  ids = await withOneOfEach(studio);
  stranger = await studio.person('stranger', null);
});
afterAll(() => studio.close());

/** What a route answers; only begun, where it would go on for ever. */
async function tried(route: Route, headers: Record<string, string>, at = ids) {
  const method = route.method.toUpperCase();
  const body = isUnsafe(route) && (route.bodyBytes ? 'bytes' : '{}');
  const response = await fetch(`${studio.url}/api${pathWith(route.path, at)}`, {
    method,
    headers: { ...headers, ...(body === '{}' && { 'Content-Type': 'application/json' }) },
    ...(body && { body }),
  });
  const isProblem = response.status >= 400;
  const code = isProblem ? (await response.json()).error.code : undefined;
  await response.body?.cancel().catch(() => {});
  return { status: response.status, code };
}

const asPerson = ({ cookie, csrfToken }: TestPerson) => ({ cookie, 'X-CSRF-Token': csrfToken });
const asToken = (secret: string) => ({ Authorization: `Bearer ${secret}` });

/** Routes whose answer is not as expected, by name: to be empty. */
async function exceptions(
  routes: readonly Route[],
  headers: Record<string, string>,
  isRight: (answer: { status: number; code?: string }) => boolean,
  at = ids,
) {
  const wrong: string[] = [];
  for (const route of routes) {
    const answer = await tried(route, headers, at);
    if (!isRight(answer)) wrong.push(`${name(route)}: ${answer.status} ${answer.code ?? ''}`);
  }
  return wrong;
}

describe('on every route', () => {
  it('the attacked person themselves is let in, so that the refusals below mean something', async () => {
    const reading = allRoutes.filter((route) => !isUnsafe(route));
    const letIn = ({ status, code }: { status: number; code?: string }) =>
      status !== 401 && status !== 403 && code !== 'not-found' && status < 500;
    expect(await exceptions(reading, asPerson(studio.solo), letIn)).toEqual([]);
  });

  it('nobody gets anything: 401 on all but the public ones', async () => {
    expect(allRoutes.filter(isPublic).map(name)).toEqual(['get /session', 'post /session', 'get /openapi.json']);
    const closed = allRoutes.filter((route) => !isPublic(route));
    expect(await exceptions(closed, {}, ({ status }) => status === 401)).toEqual([]);
    const invented = { cookie: `${studio.solo.cookie.split('=')[0]}=${'A'.repeat(43)}` };
    expect(await exceptions(closed, invented, ({ status }) => status === 401)).toEqual([]);
    expect(await exceptions(closed, asToken('A'.repeat(43)), ({ status }) => status === 401)).toEqual([]);
  });

  it('a stranger with an account reaches nothing of others: 404, or 403 where it is for administrators', async () => {
    const ofOthers = allRoutes.filter(({ path }) => path.includes('{'));
    expect(ofOthers.length).toBeGreaterThan(20);
    const hidden = ({ status }: { status: number }) => status === 404 || status === 403;
    expect(await exceptions(ofOthers, asPerson(stranger), hidden)).toEqual([]);
  });

  it('a stranger is told the same of what is there and of what is not', async () => {
    const nowhere = Object.fromEntries(Object.keys(ids).map((key) => [key, 'no-such-thing']));
    const ofProject = allRoutes.filter(({ path }) => /\{(project|video|coding|job|upload|token)\}/.test(path));
    for (const route of ofProject) {
      const there = await tried(route, asPerson(stranger));
      const notThere = await tried(route, asPerson(stranger), { ...nowhere, figure: ids.figure });
      expect([name(route), there]).toEqual([name(route), notThere]);
    }
  });

  it('a request without the sign-in’s CSRF token, with a wrong one or with another person’s changes nothing', async () => {
    const changing = allRoutes.filter((route) => isUnsafe(route) && !isPublic(route));
    const { cookie } = studio.solo;
    for (const token of [{}, { 'X-CSRF-Token': 'x' }, { 'X-CSRF-Token': stranger.csrfToken }, { 'X-CSRF-Token': '' }]) {
      const refused = ({ status, code }: { status: number; code?: string }) => status === 403 && code === 'csrf';
      expect(await exceptions(changing, { cookie, ...(token as Record<string, string>) }, refused)).toEqual([]);
    }
  });

  it('a request of another site’s page changes nothing, even with cookie and token', async () => {
    const changing = allRoutes.filter(isUnsafe);
    const refused = ({ status, code }: { status: number; code?: string }) => status === 403 && code === 'cross-origin';
    for (const Origin of ['http://evil.example', 'null'])
      expect(await exceptions(changing, { ...asPerson(studio.solo), Origin }, refused)).toEqual([]);
    const site = { ...asPerson(studio.solo), 'Sec-Fetch-Site': 'same-site' };
    expect(await exceptions(allRoutes, site, refused)).toEqual([]);
  });
});

describe('a token', () => {
  it('that may only read changes nothing: 403 on every unsafe route', async () => {
    const { body: token } = await studio.solo.post('/tokens', { name: 'reader' });
    const refused = ({ status, code }: { status: number; code?: string }) =>
      status === 403 && code === 'read-only-token';
    expect(await exceptions(allRoutes.filter(isUnsafe), asToken(token.secret), refused)).toEqual([]);
  });

  it('that is for one project reaches nothing of another: 404', async () => {
    const { body: other } = await studio.solo.post('/projects', { name: 'Another of mine' });
    const { body: token } = await studio.solo.post('/tokens', { name: 'bound', project: other.id, mayWrite: true });
    const elsewhere = allRoutes.filter(({ path }) => /\{(project|video|coding|job|upload)\}/.test(path));
    expect(await exceptions(elsewhere, asToken(token.secret), ({ status }) => status === 404)).toEqual([]);
    const video = addVideo(studio.context, other.id);
    const own = await fetch(`${studio.url}/api/videos/${video}`, { headers: asToken(token.secret) });
    expect(own.status).toBe(200);
  });

  it('never makes accounts, tokens, projects or passwords, whatever it may write', async () => {
    const { body: token } = await studio.solo.post('/tokens', { name: 'writer', mayWrite: true });
    const personal = allRoutes.filter(({ path }) => /^\/(team|accounts?|tokens)\b/.test(path));
    expect(personal.length).toBeGreaterThan(7);
    const refused = ({ status, code }: { status: number; code?: string }) => status === 403 && code === 'not-by-token';
    expect(await exceptions(personal, asToken(token.secret), refused)).toEqual([]);
    const projects = allRoutes.filter((route) => name(route) === 'post /projects');
    expect(await exceptions(projects, asToken(token.secret), refused)).toEqual([]);
  });
});

describe('roles', () => {
  /** Routes that an access check refuses to a member of a role: asked directly, so that nothing is done. */
  const refusedTo = (person: TestPerson) => {
    const { id, name: title, administrator } = person.account;
    const caller: Caller = { account: id, name: title, administrator, by: 'cookie', onlyProject: null, mayWrite: true };
    return allRoutes.filter((route) => {
      try {
        route.access(studio.context, caller, ids);
        return false;
      } catch (error) {
        return (error as Refusal).status === 403;
      }
    });
  };
  const ofAdministrators = ['get /accounts', 'post /accounts', 'patch /accounts/{account}', 'post /projects'];
  const ofOwners = [
    'patch /projects/{project}',
    'put /projects/{project}/members/{account}',
    'delete /projects/{project}/members/{account}',
    'get /projects/{project}/folder',
    'post /projects/{project}/videos',
    'post /projects/{project}/demonstration',
    'delete /videos/{video}',
    'post /videos/{video}/relink',
    'post /projects/{project}/uploads',
    'post /videos/{video}/predictions',
  ];
  const ofReviewers = [
    'patch /videos/{video}',
    'post /codings/{coding}/reopen',
    'post /videos/{video}/decisions',
    'post /videos/{video}/final',
    'delete /videos/{video}/final',
  ];

  it('a coder may neither change the project nor settle disputes', async () => {
    const refused = refusedTo(await studio.person('a coder', 'coder')).map(name);
    expect(refused).toEqual(expect.arrayContaining([...ofAdministrators, ...ofOwners, ...ofReviewers]));
  });

  it('a reviewer settles disputes and may not change the project', async () => {
    const refused = refusedTo(await studio.person('a reviewer', 'reviewer')).map(name);
    expect(refused).toEqual(expect.arrayContaining([...ofAdministrators, ...ofOwners]));
    for (const route of ofReviewers) expect(refused).not.toContain(route);
  });

  it('an owner may all of that but what is for administrators', async () => {
    const refused = refusedTo(await studio.person('an owner', 'owner')).map(name);
    expect(refused).toEqual(expect.arrayContaining(ofAdministrators.slice(1)));
    for (const route of [...ofOwners, ...ofReviewers]) expect(refused).not.toContain(route);
  });

  it('are refused over HTTP too: a coder who makes themselves an owner', async () => {
    const coder = await studio.person('ambitious', 'coder');
    const own = `/projects/${studio.project}/members/${coder.account.id}`;
    expect((await coder.put(own, { role: 'owner' })).status).toBe(403);
    expect((await coder.patch(`/accounts/${coder.account.id}`, { administrator: true })).status).toBe(403);
    await coder.patch('/account/preferences', { administrator: true });
    expect((await coder.get('/session')).body.account.administrator).toBe(false);
  });
});
