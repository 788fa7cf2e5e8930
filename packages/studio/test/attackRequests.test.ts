import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addVideo } from '../src/server/codings/codingsTesting.ts';
import { contentSecurityPolicy } from '../src/server/http/securityHeaders.ts';
import { signIn, type TestStudio, testPassword, testStudio } from '../src/server/serverTesting.ts';
import { rawRequest } from './attacker.ts';

// Signing in, cookies, names of hosts, bodies and headers, as an attacker would have them.

let studio: TestStudio;
let clock = Date.now();
beforeAll(async () => {
  studio = await testStudio({ log: () => {}, now: () => new Date(clock).toISOString() });
});
afterAll(() => studio.close());

const signInRequest = (name: string, password: string, headers: Record<string, string> = {}) =>
  fetch(`${studio.url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ name, password }),
  });
const sessionWith = async (cookie: string) =>
  (await fetch(`${studio.url}/api/session`, { headers: { cookie } })).json();
const cookieOf = (response: Response) => response.headers.getSetCookie()[0] ?? '';
const host = () => new URL(studio.url).host;

describe('the link of the terminal', () => {
  it.each(['', '?key=', '?key=wrong', '?key=undefined', '?key[]=x'])(
    'lets nobody in without its key: /open%s',
    async (query) => {
      const response = await fetch(`${studio.url}/open${query}`, { redirect: 'manual' });
      expect([response.status, cookieOf(response)]).toEqual([403, '']);
      expect(await response.text()).toContain('the one that the terminal shows');
    },
  );

  it('gives a cookie that scripts cannot read and other sites cannot use', async () => {
    const response = await fetch(`${studio.url}/open?key=${studio.launchKey}`, { redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
    expect(cookieOf(response)).toMatch(/^microaction-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('does not let a secret planted beforehand become a sign-in', async () => {
    const planted = `microaction-${new URL(studio.url).port}=${'P'.repeat(43)}`;
    const response = await fetch(`${studio.url}/open?key=${studio.launchKey}`, {
      redirect: 'manual',
      headers: { cookie: planted },
    });
    expect(cookieOf(response)).not.toContain(planted);
    expect((await sessionWith(planted)).account).toBe(null);
  });

  it('is not a way to another site', async () => {
    const response = await fetch(`${studio.url}/open?key=${studio.launchKey}&next=//evil.example`, {
      redirect: 'manual',
    });
    expect(response.headers.get('location')).toBe('/');
  });
});

describe('the name of the host', () => {
  it.each(['evil.example', 'evil.example:4747', '127.0.0.1.nip.example', 'localhost.evil.example', '10.0.0.1'])(
    'of a page of the web that was made to point here opens nothing: "%s"',
    async (name) => {
      for (const path of ['/', '/api/session', `/open?key=${studio.launchKey}`]) {
        const { status, headers } = await rawRequest(studio.url, { path, headers: { Host: name } });
        expect(status).toBe(421);
        expect(headers['set-cookie']).toBeUndefined();
      }
    },
  );

  it('counts, not the one written into the request line', async () => {
    const { status } = await rawRequest(studio.url, {
      path: 'http://127.0.0.1/api/session',
      headers: { Host: 'evil.example' },
    });
    expect(status).toBeGreaterThanOrEqual(400);
  });
});

describe('passwords', () => {
  beforeAll(() => studio.team());

  it('are not told apart from names: the same answer to both', async () => {
    const wrongPassword = await signInRequest('me', 'not the password');
    const wrongName = await signInRequest('nobody', 'not the password');
    expect([wrongPassword.status, wrongName.status]).toEqual([401, 401]);
    expect(await wrongPassword.text()).toBe(await wrongName.text());
    const plain = (response: Response) =>
      [...response.headers].filter(([name]) => !['date', 'keep-alive'].includes(name)).sort();
    expect(plain(wrongPassword)).toEqual(plain(wrongName));
  });

  it.each(["' or 1=1 --", '" or ""="', 'me\u0000', 'ME%', '_e'])('are asked of whoever is called %j', async (name) => {
    expect((await signInRequest(name, 'x')).status).toBe(401);
  });

  it('cannot be guessed quickly: soon each try has to wait, and the right one too', async () => {
    await studio.person('guessed');
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) {
      // The same name, written otherwise.
      const name = `${' '.repeat(i % 4)}${i % 2 ? 'guessed' : 'GUESSED'}${'\t'.repeat(i % 3)}`;
      statuses.push((await signInRequest(name, `password ${i}`)).status);
    }
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(6);
    const refused = await signInRequest('guessed', testPassword);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(cookieOf(refused)).toBe('');
  });

  // macOS has one loopback address only.
  it.skipIf(process.platform === 'darwin')('that others guess do not lock their owner out', async () => {
    await studio.person('wanted');
    const body = (password: string) => JSON.stringify({ name: 'wanted', password });
    const fromElsewhere = async (password: string) =>
      rawRequest(studio.url, {
        localAddress: '127.0.0.2',
        method: 'POST',
        path: '/api/session',
        headers: {
          Host: host(),
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body(password)),
        },
        body: body(password),
      });
    for (let i = 0; i < 10; i++) await fromElsewhere(`password ${i}`);
    expect((await fromElsewhere(testPassword)).status).toBe(429);
    expect((await signInRequest('wanted', testPassword)).status).toBe(200);
  });

  it('cannot be guessed all at the same moment', async () => {
    await studio.person('at once');
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => signInRequest('at once', `password ${i}`)));
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(6);
  });

  it('never come back, nor does what is stored of them', async () => {
    const person = await studio.person('quiet');
    const answers = [
      await person.get('/session'),
      await studio.solo.get('/accounts'),
      await studio.solo.get(`/projects/${studio.project}`),
      await person.put('/account/password', { current: 'too short?', next: 'short' }),
    ];
    expect(answers[3].status).toBe(400);
    expect(JSON.stringify(answers)).not.toMatch(/scrypt|too short\?|tokenHash|passwordHash/);
  });
});

describe('a sign-in', () => {
  it('has another secret each time, and ends the one that was in the browser', async () => {
    const person = await studio.person('returning');
    const again = await signInRequest('returning', testPassword, { cookie: person.cookie });
    expect(again.status).toBe(200);
    expect(cookieOf(again)).not.toContain(person.cookie);
    expect((await sessionWith(person.cookie)).account).toBe(null);
  });

  it('does not turn an attacker’s cookie, planted in the browser, into the victim’s', async () => {
    const attacker = await studio.person('attacker');
    await studio.person('victim');
    await signInRequest('victim', testPassword, { cookie: attacker.cookie });
    expect((await sessionWith(attacker.cookie)).account?.name).not.toBe('victim');
  });

  it('is over after 30 days, and when its person signed out', async () => {
    const person = await studio.person('leaving');
    expect((await person.get('/projects')).status).toBe(200);
    const month = 30 * 86_400_000;
    clock += month - 1000;
    expect((await person.get('/projects')).status).toBe(200);
    clock += 2000;
    expect((await person.get('/projects')).status).toBe(401);
    clock -= month + 1000;
    const later = await signIn(studio.url, 'leaving', testPassword);
    await later.delete('/session');
    expect((await later.get('/projects')).status).toBe(401);
  });

  it('cannot be read out of the database', async () => {
    const person = await studio.person('stored');
    const { body: token } = await person.post('/tokens', { name: 'x' });
    const { store } = studio.context;
    const held = JSON.stringify([
      store.all(store.sql.selectFrom('signIn').selectAll()),
      store.all(store.sql.selectFrom('apiToken').selectAll()),
      store.all(store.sql.selectFrom('account').selectAll()),
    ]);
    expect(held).not.toContain(person.cookie.split('=')[1]);
    expect(held).not.toContain(token.secret);
    expect(held).not.toContain(testPassword);
  });

  it('is not shared by a cookie of a similar name, nor by one among many', async () => {
    const person = await studio.person('careful');
    const secret = person.cookie.split('=')[1];
    expect((await sessionWith(`x${person.cookie}; microaction=${secret}`)).account).toBe(null);
    expect((await sessionWith(`a=b; ${person.cookie}; c=d`)).account.name).toBe('careful');
  });
});

describe('bodies', () => {
  let cookie: string;
  let csrf: string;
  beforeAll(async () => {
    const person = await signIn(studio.url, 'me', testPassword);
    cookie = person.cookie;
    csrf = person.csrfToken;
  });
  const send = (body: string, headers: Record<string, string | number> = {}) =>
    rawRequest(studio.url, {
      method: 'PATCH',
      path: '/api/account/preferences',
      headers: {
        Host: host(),
        Cookie: cookie,
        'X-CSRF-Token': csrf,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        ...headers,
      },
      body,
    });
  const codeOf = ({ text }: { text: string }) => JSON.parse(text).error.code;

  it('larger than allowed are refused before they are read, of strangers all the more', async () => {
    const large = await send(JSON.stringify({ theme: 'x'.repeat(5 * 2 ** 20) }));
    expect([large.status, codeOf(large)]).toEqual([413, 'too-large']);
    const ofStranger = await signInRequest('me', 'x'.repeat(10_000));
    expect([ofStranger.status, (await ofStranger.json()).error.code]).toEqual([413, 'too-large']);
  });

  it('of unknown length are refused', async () => {
    const { status, text } = await rawRequest(studio.url, {
      method: 'PATCH',
      path: '/api/account/preferences',
      headers: { Host: host(), Cookie: cookie, 'X-CSRF-Token': csrf, 'Transfer-Encoding': 'chunked' },
      body: '{}',
    });
    expect([status, codeOf({ text })]).toEqual([411, 'length-required']);
  });

  it.each([
    '[]',
    'null',
    '"text"',
    '1',
    'true',
    '{"theme":',
    '',
    '{"keys":[]}',
    '['.repeat(50_000),
    '{"theme":"pink"}',
  ])('that are no such object are refused: %j', async (body) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(['bad-json', 'bad-request']).toContain(codeOf(answer));
  });

  it('nested too deeply for any parser are refused', async () => {
    const answer = await send('['.repeat(50_000));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad-json']);
    const closed = await send(`{"keys":${'['.repeat(500_000)}${']'.repeat(500_000)}}`);
    expect(closed.status).toBe(400);
  });

  it('of a form, as another site could send it, are refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
      const answer = await send('{"theme":"dark"}', { 'Content-Type': type });
      expect([answer.status, codeOf(answer)]).toEqual([415, 'not-json']);
    }
  });

  it('do not change what all objects have', async () => {
    const answer = await send(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"keys":{"__proto__":"x","play":"Space"}}',
    );
    expect(answer.status).toBe(200);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const stored = JSON.parse(
      (await rawRequest(studio.url, { path: '/api/session', headers: { Host: host(), Cookie: cookie } })).text,
    );
    expect(Object.keys(stored.account.preferences)).toEqual(['keys']);
    expect(Object.keys(stored.account.preferences.keys)).toEqual(['play']);
    expect(Object.getPrototypeOf(stored.account.preferences)).toBe(Object.prototype);
  });

  it('do not smuggle fields into rows', async () => {
    const owner = await signIn(studio.url, 'me', testPassword);
    const before = (await owner.get(`/projects/${studio.project}`)).body;
    await owner.patch(`/projects/${studio.project}`, {
      id: 'x',
      createdAt: 'never',
      role: 'coder',
      videoCount: 9,
      members: [],
    });
    expect((await owner.get(`/projects/${studio.project}`)).body).toEqual(before);
  });
});

describe('names', () => {
  it('that would begin a new header or line are refused', async () => {
    const owner = await signIn(studio.url, 'me', testPassword);
    const name = 'x\r\nSet-Cookie: microaction=evil';
    const refused = [
      await owner.post('/projects', { name }),
      await owner.post('/accounts', { name, password: testPassword }),
      await owner.patch(`/accounts/${owner.account.id}`, { name }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400]);
  });

  it('with markup come back as data that no browser takes for a page', async () => {
    const owner = await signIn(studio.url, 'me', testPassword);
    const name = '<script>alert(1)</script>"><img src=x onerror=alert(1)>';
    const { body } = await owner.post('/projects', { name });
    const answer = await owner.get(`/projects/${body.id}`);
    expect(answer.body.name).toBe(name);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const wrong = await owner.get(`/projects/${encodeURIComponent(name)}`);
    expect(wrong.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('with markup are text in the codebook and in figures, and no part of a header', async () => {
    const owner = await signIn(studio.url, 'me', testPassword);
    const name = `<script>alert(1)</script>"'\u2028<img src=x onerror=alert(1)>; filename=evil.html`;
    const { body: project } = await owner.post('/projects', { name: name.slice(0, 120) });
    const video = addVideo(studio.context, project.id);
    const broken = `${name}\r\nSet-Cookie: microaction=evil`;
    for (const change of [{ name: broken }, { subject: broken }])
      expect((await owner.patch(`/videos/${video}`, change)).status).toBe(400);
    expect((await owner.patch(`/videos/${video}`, { subject: name, notes: broken })).status).toBe(200);
    // A file on the disk may be called so.
    const { store } = studio.context;
    store.run(store.sql.updateTable('video').set({ name: broken }).where('id', '=', video));
    const model = { model: name, instances: [{ action: 'nodding', start: 1, end: 2, score: 1, reason: name }] };
    expect((await owner.post(`/videos/${video}/predictions`, model)).status).toBe(201);
    const source = encodeURIComponent(`model:${name.trim()}`);
    const paths = [
      'codebook?as=html',
      'codebook?as=md',
      `exports?format=csv&source=${source}`,
      `exports?format=eaf&source=${source}`,
      'exports?format=csv&source=all',
      `figures/ethogram?as=svg&source=${source}`,
      `figures/time-budget?as=svg&source=${source}`,
    ];
    for (const path of paths) {
      const response = await owner.raw(`/projects/${project.id}/${path}`);
      const text = await response.text();
      expect([path, response.status, response.status < 300 ? '' : text]).toEqual([path, 200, '']);
      if (/=(html|svg|eaf)/.test(path)) expect(text).not.toMatch(/<script>alert|<img src=x/);
      if (!path.includes('figures'))
        expect(response.headers.get('content-disposition')).toMatch(
          /^attachment; filename="[^"]*"; filename\*=UTF-8''[\w.~%!#$&+^`|-]*$/,
        );
      expect(response.headers.get('set-cookie')).toBe(null);
      expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});

describe('every answer', () => {
  const paths = [
    '/',
    '/videos/x',
    '/assets/none.js',
    '/api/session',
    '/api/none',
    '/api/projects',
    '/open',
    '/%00',
    '/none.txt',
  ];

  it.each(paths)('lets nothing but our own files run, and nobody frame it: %s', async (path) => {
    const { headers } = await fetch(`${studio.url}${path}`, { redirect: 'manual' });
    expect(headers.get('content-security-policy')).toBe(contentSecurityPolicy);
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('access-control-allow-origin')).toBe(null);
    expect(headers.get('x-powered-by')).toBe(null);
  });

  it('of the interface is kept by no cache', async () => {
    for (const path of ['/api/session', '/api/none', '/api/projects'])
      expect((await fetch(`${studio.url}${path}`)).headers.get('cache-control')).toBe('no-store');
  });

  it('to another site’s question whether it may ask is no', async () => {
    const { status, headers } = await rawRequest(studio.url, {
      method: 'OPTIONS',
      path: '/api/session',
      headers: { Host: host(), Origin: 'http://evil.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each(['TRACE', 'PROPFIND', 'PUT', 'POST'])(
    'to %s where there is nothing of the kind is a refusal, not a fault',
    async (method) => {
      for (const path of ['/', '/api/session/x', '/open']) {
        const { status } = await rawRequest(studio.url, {
          method,
          path,
          headers: { Host: host(), 'Content-Length': 0 },
        });
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }
    },
  );
});
