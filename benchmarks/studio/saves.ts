/**
 * Twenty coders over loopback, each saving an edit every 100 ms and listening to what the others do: how long a save
 * takes from when it was due to its answer, which comes when the save is on the disk. With 100 and with 1,000 instances
 * stored in each coding. Beside it the same load upon a bare server (Hono, node:sqlite: one row in one table, nothing
 * checked, nothing told to others), once as durable and once without waiting for the disk.
 *
 *   npx node benchmarks/studio/saves.ts
 *
 * The servers run in processes of their own, in turns; the coders all in this one.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SignIns } from '../../packages/studio/src/server/accounts/signIns.ts';
import { prepareSolo } from '../../packages/studio/src/server/accounts/soloStart.ts';
import { addVideo } from '../../packages/studio/src/server/codings/codingsTesting.ts';
import type { StudioContext } from '../../packages/studio/src/server/context.ts';
import { openStore } from '../../packages/studio/src/server/store/openStore.ts';
import { databasePath } from '../../packages/studio/src/server/store/openStoreOf.ts';
import { DataFolder } from '../../packages/studio/src/server/videos/dataFolder.ts';

const coderCount = 20;
const everyMs = 100;
const secondsPerRound = 5;
const rounds = 4;

const script = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const studioScript = script('../../packages/studio/test/servedFolder.ts');
const bareScript = script('bareServer.ts');

/** Saves an edit of one instance that the coder has; resolves when it was answered. */
type Save = (seconds: number) => Promise<void>;

const folder = await mkdtemp(join(tmpdir(), 'microaction-benchmark-'));
try {
  const [cpu] = cpus();
  console.log(
    `machine  ${cpu.model}, ${availableParallelism()} threads, load ${loadavg()[0].toFixed(1)}, Node ${process.version}`,
  );
  console.log(
    `load     ${coderCount} coders, a save every ${everyMs} ms each, ${rounds} rounds of ${secondsPerRound} s`,
  );
  const cases = [
    { name: 'studio, 100 instances a coding', run: (round: number) => studioTimes(`a${round}`, 100) },
    { name: 'studio, 1,000 instances a coding', run: (round: number) => studioTimes(`b${round}`, 1000) },
    { name: 'bare server, as durable', run: (round: number) => bareTimes(`c${round}`, 'full') },
    { name: 'bare server, not waiting for the disk', run: (round: number) => bareTimes(`d${round}`, 'off') },
  ].map((one) => ({ ...one, figures: [] as Figures[] }));
  for (let round = 0; round < rounds; round++) {
    // Each is first once: what one leaves for the disk to do, the next one feels.
    const inTurn = [...cases.slice(round), ...cases.slice(0, round)];
    for (const { run, figures } of inTurn) figures.push(figuresOf(await run(round)));
  }
  console.log('\nms, median of the rounds'.padEnd(41), '    p50     p95     p99     max   saves');
  const rows = cases.map(({ name, figures }) => ({ name, median: medianOf(figures) }));
  for (const { name, median } of rows) {
    const { p50, p95, p99, max, count } = median;
    console.log(
      name.padEnd(40),
      ...[p50, p95, p99, max].map((ms) => ms.toFixed(2).padStart(7)),
      String(count).padStart(7),
    );
  }
  const [few, many, durable, hasty] = rows.map(({ median }) => median);
  const ratio = (a: Figures, b: Figures) => `p50 ${(a.p50 / b.p50).toFixed(2)}, p95 ${(a.p95 / b.p95).toFixed(2)}`;
  console.log(`\nten times the instances   ${ratio(many, few)} times as long`);
  console.log(`studio : bare, durable    ${ratio(few, durable)}`);
  console.log(`studio : bare, hasty      ${ratio(few, hasty)}`);
} finally {
  await rm(folder, { recursive: true });
}

// ---- below: internals ----

async function studioTimes(name: string, instances: number): Promise<number[]> {
  const data = join(folder, name);
  const { project, coders } = fill(data, instances);
  const { origin, stop } = await served([studioScript], data);
  const listening = new AbortController();
  try {
    const saves = await Promise.all(
      coders.map(async ({ secret, coding, instance }): Promise<Save> => {
        const cookie = `microaction-${new URL(origin).port}=${secret}`;
        const session = await fetch(`${origin}/api/session`, { headers: { cookie } });
        const { csrfToken } = (await session.json()) as { csrfToken: string };
        const headers = { cookie, 'X-CSRF-Token': csrfToken, 'Content-Type': 'application/json' };
        void listen(`${origin}/api/projects/${project}/events`, { headers, signal: listening.signal });
        let base = 1;
        return async (seconds) => {
          const after = {
            action: 'nodding',
            start: seconds,
            end: seconds + 1,
            state: 'coded',
            score: null,
            reason: null,
          };
          const body = JSON.stringify({
            changes: [{ id: randomUUID(), instance, base: base++, after }],
            client: secret.slice(0, 8),
          });
          await answered(await fetch(`${origin}/api/codings/${coding}/changes`, { method: 'POST', headers, body }));
        };
      }),
    );
    return await timesOf(saves);
  } finally {
    listening.abort();
    await stop();
  }
}

async function bareTimes(name: string, synchronous: 'full' | 'off'): Promise<number[]> {
  const { origin, stop } = await served([bareScript, synchronous], join(folder, `${name}.db`));
  const headers = { 'Content-Type': 'application/json' };
  const save: Save = async (seconds) => {
    const body = JSON.stringify({ id: randomUUID(), action: 'nodding', start: seconds, end: seconds + 1 });
    await answered(await fetch(`${origin}/saves`, { method: 'POST', headers, body }));
  };
  try {
    return await timesOf(Array.from({ length: coderCount }, () => save));
  } finally {
    await stop();
  }
}

/** Starts a server that takes its path on standard input and prints its address. */
async function served(
  command: readonly string[],
  path: string,
): Promise<{ origin: string; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(`${path}\n`);
  const [line] = await once(createInterface(child.stdout), 'line');
  const stop = async () => {
    const end = once(child, 'exit');
    child.kill();
    await end;
  };
  return { origin: new URL(line).origin, stop };
}

/** Milliseconds of each save. They are due at fixed times: one that is late makes the next ones wait, and that counts. */
async function timesOf(saves: readonly Save[]): Promise<number[]> {
  await Promise.all(saves.map((save) => save(0)));
  const times: number[] = [];
  const start = performance.now() + 100;
  await Promise.all(
    saves.map(async (save, coder) => {
      for (let i = 0; i < (secondsPerRound * 1000) / everyMs; i++) {
        const due = start + i * everyMs + (coder / saves.length) * everyMs;
        const wait = due - performance.now();
        if (wait > 0) await sleep(wait);
        // A timer that rings late is not the server's fault.
        const begun = wait > 0 ? performance.now() : due;
        await save(i / 10);
        times.push(performance.now() - begun);
      }
    }),
  );
  return times;
}

async function listen(url: string, init: RequestInit): Promise<void> {
  try {
    const { body } = await fetch(url, init);
    for await (const _ of body!);
  } catch {
    // It ends with the round.
  }
}

async function answered(response: Response): Promise<void> {
  const text = await response.text();
  if (!response.ok) throw new Error(`A save was refused: ${text}`);
}

/** A folder in which twenty coders are signed in, each with a coding of one video. */
function fill(path: string, instances: number) {
  const store = openStore(databasePath(new DataFolder(path)));
  const now = () => new Date().toISOString();
  const studio = { store, now } as StudioContext;
  const { sql } = store;
  const filled = store.transaction(() => {
    prepareSolo(studio);
    const { id: project } = store.first(sql.selectFrom('project').select('id'))!;
    const video = addVideo(studio, project, { durationSeconds: 3600 });
    const coders = Array.from({ length: coderCount }, (_, i) => {
      const account = `coder-${i}`;
      const coding = `coding-${i}`;
      const person = {
        id: account,
        name: account,
        passwordHash: 'none',
        administrator: 0,
        disabled: 0,
        preferences: '{}',
      };
      store.run(sql.insertInto('account').values({ ...person, createdAt: now() }));
      store.run(sql.insertInto('member').values({ project, account, role: 'coder' }));
      const owned = { id: coding, video, account, kind: 'coder', status: 'open' } as const;
      store.run(sql.insertInto('coding').values({ ...owned, revision: 0, createdAt: now() }));
      for (let n = 0; n < instances; n++) {
        const span = { id: `${coding}-${n}`, coding, action: 'nodding', start: n, end: n + 1, state: 'coded' } as const;
        store.run(sql.insertInto('instance').values({ ...span, version: 1, deleted: 0 }));
        const after = JSON.stringify({ ...span, score: null, reason: null, version: 1 });
        store.run(
          sql.insertInto('change').values({ id: randomUUID(), coding, instance: span.id, account, at: now(), after }),
        );
      }
      return { coding, instance: `${coding}-${instances >> 1}`, secret: new SignIns(studio).begin(account).secret };
    });
    return { project, coders };
  });
  store.close();
  return filled;
}

interface Figures {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly count: number;
}

function figuresOf(times: readonly number[]): Figures {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1)!, count: sorted.length };
}

function medianOf(figures: readonly Figures[]): Figures {
  const median = (key: keyof Figures) => figures.map((one) => one[key]).sort((a, b) => a - b)[figures.length >> 1];
  return { p50: median('p50'), p95: median('p95'), p99: median('p99'), max: median('max'), count: median('count') };
}
