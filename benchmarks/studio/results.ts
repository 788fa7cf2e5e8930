/**
 * Results, figures, exports and a review of a large project over loopback: 200 videos of ten minutes, each coded by three
 * people and a model, 85 to 100 instances apiece. Beside each: how long a small request that comes meanwhile waits at
 * most, since whoever looks at results must not hold up those who code.
 *
 *   npx node benchmarks/studio/results.ts
 *
 * Client and server share a process: times are those of both.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { microActions52 } from '../../packages/microaction/src/index.ts';
import { seededRandom } from '../../packages/microaction/src/random.ts';
import { openStudio } from '../../packages/studio/src/server/openStudio.ts';
import { openStore } from '../../packages/studio/src/server/store/openStore.ts';

const videoCount = 200;
const coderCount = 3;
const instanceCount = 100;

console.log(`machine  ${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}`);
const folder = await mkdtemp(join(tmpdir(), 'microaction-benchmark-'));
try {
  await (await openStudio({ folder, port: 0, pages: false })).close(); // makes the database
  const { project, video, count } = await fill();
  console.log(`project  ${videoCount} videos, ${count} instances`);
  const studio = await openStudio({ folder, port: 0, pages: false });
  try {
    const ask = await signedIn(studio);
    const source = 'source=coder:coder0';
    const against = 'against=coder:coder0';
    for (const [name, path] of [
      ['results', `/projects/${project}/results?${source}`],
      ['results, body parts', `/projects/${project}/results?${source}&level=body`],
      ['comparison with a model', `/projects/${project}/comparison?model=model:finder&${against}`],
      ['time budget, SVG', `/projects/${project}/figures/time-budget?${source}`],
      ['time budget, PNG', `/projects/${project}/figures/time-budget?${source}&as=png`],
      ['transitions, SVG', `/projects/${project}/figures/transitions?${source}`],
      ['agreement, SVG', `/projects/${project}/figures/agreement?${source}`],
      ['sensitivity, SVG', `/projects/${project}/figures/sensitivity-action?source=model:finder&${against}`],
      ['export, one source, CSV', `/projects/${project}/exports?format=csv&${source}`],
      ['export, all, 800 EAF files', `/projects/${project}/exports?format=eaf&source=all`],
      ['codebook', `/projects/${project}/codebook`],
      ['review of one video', `/videos/${video}/review`],
    ] as const) {
      const [first, again] = [await timed(ask, path), await timed(ask, path)];
      console.log(`${name.padEnd(28)} first ${text(first)}; again ${text(again)}`);
    }
  } finally {
    await studio.close();
  }
} finally {
  await rm(folder, { recursive: true });
}

// ---

type Ask = (path: string) => Promise<Response>;

interface Timed {
  readonly milliseconds: number;
  /** Of the slowest small request meanwhile. */
  readonly othersWait: number;
  readonly bytes: number;
}

function text({ milliseconds, othersWait, bytes }: Timed): string {
  const times = `${milliseconds.toFixed(0).padStart(5)} ms, others wait ${othersWait.toFixed(0).padStart(4)} ms`;
  return `${times}, ${(bytes / 1000).toFixed(0)} kB`;
}

async function timed(ask: Ask, path: string): Promise<Timed> {
  let isRunning = true;
  let othersWait = 0;
  const others = (async () => {
    while (isRunning) {
      const start = performance.now();
      await (await ask('/session')).text();
      othersWait = Math.max(othersWait, performance.now() - start);
      await setTimeout(2);
    }
  })();
  await setTimeout(20);
  const start = performance.now();
  const bytes = (await (await ask(path)).arrayBuffer()).byteLength;
  const milliseconds = performance.now() - start;
  isRunning = false;
  await others;
  return { milliseconds, othersWait, bytes };
}

async function signedIn({ url, address }: { readonly url: string; readonly address: string }): Promise<Ask> {
  const opened = await fetch(url, { redirect: 'manual' });
  const cookie = opened.headers.getSetCookie()[0].split(';')[0];
  return async (path) => {
    const response = await fetch(`${address}/api${path}`, { headers: { cookie } });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response;
  };
}

/** Puts videos and codings into the database as if people had made them: alike, but not the same. */
async function fill(): Promise<{ project: string; video: string; count: number }> {
  const store = openStore(join(folder, '.microaction', 'studio.db'));
  const { sql } = store;
  const random = seededRandom(7);
  const { id: project } = store.first(sql.selectFrom('project').select('id'))!;
  for (let i = 0; i < coderCount; i++) {
    const rest = { passwordHash: null, administrator: 0, disabled: 0, preferences: '{}', createdAt: '' };
    store.run(sql.insertInto('account').values({ id: `coder${i}`, name: `coder ${i}`, ...rest }));
  }
  const facts = JSON.stringify({
    ...{ durationSeconds: 600, frameRate: 30, variableFrameRate: false, frameCount: 18_000, widthPixels: 1280 },
    ...{ heightPixels: 720, codec: 'h264', container: 'MP4', hasAudio: true, browserPlays: true, warnings: [] },
  });
  let count = 0;
  let video = '';
  for (let i = 0; i < videoCount; i++) {
    video = randomUUID();
    const path = `interview ${i}.mp4`;
    await writeFile(join(folder, path), path);
    const seen = Array.from({ length: instanceCount }, () => {
      const start = 580 * random();
      return {
        action: microActions52.get(Math.floor(52 * random() ** 2)).name,
        start,
        end: start + 0.5 + 6 * random(),
      };
    });
    store.transaction(() => {
      const file = { id: video, project, name: path, path, sizeBytes: path.length, modifiedMs: 0, facts } as const;
      const rest = { subject: '', notes: '', derived: '{}', addedAt: '', status: 'ready' } as const;
      store.run(sql.insertInto('video').values({ ...file, ...rest }));
      for (let coder = 0; coder <= coderCount; coder++) {
        const isModel = coder === coderCount;
        const whose = isModel
          ? ({ kind: 'model', model: 'finder' } as const)
          : ({ kind: 'coder', account: `coder${coder}` } as const);
        const coding = { id: randomUUID(), video, ...whose, status: 'submitted', revision: 1 } as const;
        store.run(sql.insertInto('coding').values({ ...coding, createdAt: '', submittedAt: '' }));
        for (const one of seen) {
          if (!isModel && random() < 0.15) continue;
          const body = { ...one, end: one.end + 0.4 * random(), ...(isModel && { score: random() }) };
          const row = { id: randomUUID(), coding: coding.id, ...body, state: 'coded', version: 1, deleted: 0 } as const;
          store.run(sql.insertInto('instance').values(row));
          count += 1;
        }
      }
    });
  }
  store.close();
  return { project, video, count };
}
