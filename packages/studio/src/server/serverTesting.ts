import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import type { Account, Role, Session } from '../contract/account.ts';
import { newSecret } from './accounts/secrets.ts';
import { prepareSolo } from './accounts/soloStart.ts';
import { type AppOptions, makeApp } from './app.ts';
import type { StudioContext } from './context.ts';
import { EventHub } from './events/eventHub.ts';
import { startJobQueue } from './jobs/startJobQueue.ts';
import { openStore } from './store/openStore.ts';
import { DataFolder } from './videos/dataFolder.ts';

export interface TestAnswer {
  readonly status: number;
  /** Parsed JSON; the text where it is something else; null where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely.
  readonly body: any;
  readonly headers: Headers;
}

/** A browser in which somebody is signed in: sends the cookie and the CSRF token. */
export interface TestPerson {
  readonly account: Account;
  readonly cookie: string;
  readonly csrfToken: string;
  get(path: string): Promise<TestAnswer>;
  post(path: string, body?: unknown): Promise<TestAnswer>;
  put(path: string, body?: unknown): Promise<TestAnswer>;
  patch(path: string, body?: unknown): Promise<TestAnswer>;
  delete(path: string): Promise<TestAnswer>;
  /** Any request; cookie and CSRF token are added. */
  raw(path: string, init?: RequestInit): Promise<Response>;
}

export interface TestStudio {
  readonly context: StudioContext;
  /** `http://127.0.0.1:PORT`; paths of a `TestPerson` are below `/api`. */
  readonly url: string;
  readonly folder: string;
  readonly launchKey: string;
  /** Administrator, and owner of the project. */
  readonly solo: TestPerson;
  /** Id of "My videos". */
  readonly project: string;
  /** Gives the solo person the password `testPassword` and keeps their name. */
  team(): Promise<void>;
  /** Makes an account, takes it into a project (of `solo`; null: into none) and signs in. */
  person(name: string, role?: Role | null, project?: string): Promise<TestPerson>;
  close(): Promise<void>;
}

/** Of every account that a test makes. */
export const testPassword = 'correct horse battery';

/** A whole studio on a free port of this machine, with an empty data folder and passwords that are quick to hash. */
export async function testStudio(
  changes: Partial<Omit<StudioContext, 'jobs'>> = {},
  { pages }: Pick<AppOptions, 'pages'> = {},
): Promise<TestStudio> {
  const folder = mkdtempSync(join(tmpdir(), 'microaction-studio-'));
  const context = testContext(folder, changes);
  // A closed queue takes jobs and begins none; `startWork` of jobs/jobsTesting.ts gives one that does.
  await context.jobs.close();
  prepareSolo(context);
  const launchKey = newSecret();
  const app = makeApp(context, { pages, launchKey, passwordCost: { N: 16, r: 1, p: 1 }, checksAnswers: true });
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const opened = await fetch(`${url}/open?key=${launchKey}`, { redirect: 'manual' });
  let solo = await signedInPerson(url, cookieOf(opened));
  const project = (await solo.get('/projects')).body[0].id as string;

  const team = async () => {
    if (context.store.first(context.store.sql.selectFrom('account').select('id').where('passwordHash', 'is not', null)))
      return;
    const name = solo.account.name;
    const response = await solo.raw('/team', jsonRequest('POST', { name, password: testPassword }));
    if (!response.ok) throw new Error(await response.text());
    solo = await signedInPerson(url, cookieOf(response));
  };
  return {
    context,
    url,
    folder,
    launchKey,
    get solo() {
      return solo;
    },
    project,
    team,
    person: async (name, role = 'coder', where = project) => {
      await team();
      const account = expectOk(await solo.post('/accounts', { name, password: testPassword })) as Account;
      if (role) expectOk(await solo.put(`/projects/${where}/members/${account.id}`, { role }));
      return signIn(url, name, testPassword);
    },
    close: async () => {
      await context.jobs.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      context.store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @throws Error where the studio does not let them in */
export async function signIn(url: string, name: string, password: string): Promise<TestPerson> {
  const response = await fetch(`${url}/api/session`, jsonRequest('POST', { name, password }));
  if (!response.ok) throw new Error(`${name} could not sign in: ${await response.text()}`);
  return signedInPerson(url, cookieOf(response));
}

// ---- below: internals ----

function testContext(root: string, changes: Partial<Omit<StudioContext, 'jobs'>>): StudioContext {
  const folder = new DataFolder(root);
  const parts = {
    store: openStore(folder.inner('studio.db')),
    folder,
    events: new EventHub(),
    now: () => new Date().toISOString(),
    version: '0.0.0-test',
    log: (line: string) => console.error(line),
    ...changes,
  };
  return { ...parts, jobs: startJobQueue(parts) };
}

const jsonRequest = (method: string, body: unknown): RequestInit => ({
  method,
  ...(body !== undefined && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
});

const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';

async function signedInPerson(url: string, cookie: string): Promise<TestPerson> {
  const session = (await (await fetch(`${url}/api/session`, { headers: { cookie } })).json()) as Session;
  const { account, csrfToken } = session;
  if (!account || csrfToken === null) throw new Error(`Nobody is signed in: ${JSON.stringify(session)}`);
  const raw = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('cookie', cookie);
    if (!headers.has('X-CSRF-Token')) headers.set('X-CSRF-Token', csrfToken);
    return fetch(`${url}/api${path}`, { ...init, headers });
  };
  const send = async (method: string, path: string, body?: unknown) =>
    answer(await raw(path, jsonRequest(method, body)));
  return {
    account,
    cookie,
    csrfToken,
    raw,
    get: (path) => send('GET', path),
    post: (path, body = {}) => send('POST', path, body),
    put: (path, body = {}) => send('PUT', path, body),
    patch: (path, body = {}) => send('PATCH', path, body),
    delete: (path) => send('DELETE', path),
  };
}

async function answer(response: Response): Promise<TestAnswer> {
  const { status, headers } = response;
  const text = await response.text();
  const isJson = headers.get('Content-Type')?.startsWith('application/json');
  return { status, headers, body: text === '' ? null : isJson ? JSON.parse(text) : text };
}

function expectOk({ status, body }: TestAnswer): unknown {
  if (status >= 200 && status < 300) return body;
  throw new Error(`Expected success, found ${status}: ${JSON.stringify(body)}`);
}
