/**
 * The library of the studio over loopback: listing 200 videos, each coded by three people and a model with 100 instances
 * apiece; sending a file to a player; taking one in chunks that are on the disk before they are acknowledged.
 *
 *   npx node benchmarks/studio/library.ts
 *
 * Client and server share a process: times are those of both. Beside sending and taking stands what the file system
 * needs for the same bytes, read and written in the same steps.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Video } from '../../packages/studio/src/contract/video.ts';
import { openStudio } from '../../packages/studio/src/server/openStudio.ts';
import { openStore } from '../../packages/studio/src/server/store/openStore.ts';
import { uploadLimits } from '../../packages/studio/src/server/videos/uploads.ts';

const videoCount = 200;
const coderCount = 3;
const instanceCount = 100;
const fileBytes = 256 * 2 ** 20;
const rounds = 5;

console.log(`machine  ${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}`);
const folder = await mkdtemp(join(tmpdir(), 'microaction-benchmark-'));
try {
  await (await openStudio({ folder, port: 0, pages: false })).close(); // makes the database
  await fill();
  const studio = await openStudio({ folder, port: 0, pages: false });
  try {
    const ask = await signedIn(studio);
    const [{ id: project }] = (await (await ask('/projects')).json()) as { id: string }[];
    const played = await timeListing(ask, project);
    await timeSending(ask, played);
    await timeTaking(ask, project);
  } finally {
    await studio.close();
  }
} finally {
  await rm(folder, { recursive: true });
}

// ---

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

async function signedIn({ url, address }: { readonly url: string; readonly address: string }): Promise<Ask> {
  const opened = await fetch(url, { redirect: 'manual' });
  const cookie = opened.headers.getSetCookie()[0].split(';')[0];
  const session = await fetch(`${address}/api/session`, { headers: { cookie } });
  const { csrfToken } = (await session.json()) as { csrfToken: string };
  return async (path, init = {}) => {
    const headers = { cookie, 'X-CSRF-Token': csrfToken, 'Content-Type': 'application/json', ...init.headers };
    const response = await fetch(`${address}/api${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response;
  };
}

/** Puts videos and codings into the database as if people had made them. */
async function fill(): Promise<void> {
  const store = openStore(join(folder, '.microaction', 'studio.db'));
  const { sql } = store;
  const { id: project } = store.first(sql.selectFrom('project').select('id'))!;
  const coders = Array.from({ length: coderCount }, (_, i) => ({ id: `coder${i}`, name: `coder ${i}` }));
  for (const { id, name } of coders) {
    const rest = { passwordHash: null, administrator: 0, disabled: 0, preferences: '{}', createdAt: '' };
    store.run(sql.insertInto('account').values({ id, name, ...rest }));
  }
  const facts = {
    ...{ durationSeconds: 600, frameRate: 30, variableFrameRate: false, frameCount: 18_000, widthPixels: 1280 },
    ...{ heightPixels: 720, codec: 'h264', container: 'MP4', hasAudio: true, browserPlays: true, warnings: [] },
  };
  for (let i = 0; i < videoCount; i++) {
    const path = `interview ${i}.mp4`;
    await writeFile(join(folder, path), i === 0 ? randomBytes(fileBytes) : path);
    const { size, mtimeMs } = await stat(join(folder, path));
    store.transaction(() => {
      const video = { id: randomUUID(), project, name: path, path, sizeBytes: size, modifiedMs: mtimeMs } as const;
      const derived = JSON.stringify({ motionRate: 15, soundRate: 100 });
      const texts = { subject: '', notes: '', facts: JSON.stringify(facts), derived, addedAt: '' };
      store.run(sql.insertInto('video').values({ ...video, ...texts, status: 'ready' }));
      for (const account of [...coders.map(({ id }) => id), null]) {
        const coding = randomUUID();
        const whose = account
          ? ({ kind: 'coder', account } as const)
          : ({ kind: 'model', model: 'kinematic' } as const);
        const times = { createdAt: '', submittedAt: '' };
        store.run(
          sql
            .insertInto('coding')
            .values({ id: coding, video: video.id, ...whose, status: 'submitted', revision: 1, ...times }),
        );
        for (let start = 0; start < instanceCount; start++) {
          const body = { action: 'nodding', start, end: start + 1, state: 'coded', version: 1, deleted: 0 } as const;
          store.run(sql.insertInto('instance').values({ id: randomUUID(), coding, ...body }));
        }
      }
    });
  }
  store.close();
}

/** @returns the large one */
async function timeListing(ask: Ask, project: string): Promise<Video> {
  const path = `/projects/${project}/videos`;
  const videos = (await (await ask(path)).json()) as Video[];
  const times = await timed(50, async () => (await ask(path)).text());
  const median = times[Math.floor(times.length / 2)];
  const p95 = times[Math.floor(times.length * 0.95)];
  console.log(
    `listing  ${videos.length} videos, ${videos.length * (coderCount + 1) * instanceCount} instances: median ${(median * 1000).toFixed(0)} ms, p95 ${(p95 * 1000).toFixed(0)} ms`,
  );
  return videos.find(({ sizeBytes }) => sizeBytes === fileBytes)!;
}

async function timeSending(ask: Ask, { id, path }: Video): Promise<void> {
  const send = await timed(rounds, async () => {
    for await (const _ of (await ask(`/videos/${id}/file`, { headers: { Range: 'bytes=0-' } })).body!);
  });
  const read = await timed(rounds, async () => {
    await using file = await open(join(folder, path));
    const buffer = new Uint8Array(256 * 1024);
    while ((await file.read(buffer)).bytesRead > 0);
  });
  report('sending', send, read);
}

async function timeTaking(ask: Ask, project: string): Promise<void> {
  const chunk = new Uint8Array(randomBytes(uploadLimits.chunk));
  const take = await timed(rounds, async () => {
    // One byte more than is sent, so that nobody looks whether it is a video.
    const body = JSON.stringify({ name: 'a.mp4', sizeBytes: fileBytes + 1 });
    const { id } = await (await ask(`/projects/${project}/uploads`, { method: 'POST', body })).json();
    for (let offset = 0; offset < fileBytes; offset += chunk.length) {
      const headers = { 'Upload-Offset': String(offset), 'Content-Type': 'application/octet-stream' };
      await ask(`/uploads/${id}`, { method: 'PATCH', headers, body: chunk });
    }
    await ask(`/uploads/${id}`, { method: 'DELETE' });
  });
  const write = await timed(rounds, async () => {
    await using file = await open(join(folder, 'written'), 'w');
    for (let offset = 0; offset < fileBytes; offset += chunk.length) {
      await file.write(chunk);
      await file.datasync();
    }
  });
  report('taking', take, write);
}

/** Seconds of each round, the shortest first. */
async function timed(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < count; round++) {
    const start = performance.now();
    await work();
    times.push((performance.now() - start) / 1000);
  }
  return times.sort((a, b) => a - b);
}

function report(name: string, ours: readonly number[], files: readonly number[]): void {
  const speed = (times: readonly number[]) =>
    `${(fileBytes / 1e6 / times[Math.floor(times.length / 2)]).toFixed(0)} MB/s`;
  console.log(`${name.padEnd(8)} ${speed(ours)}; the file system alone ${speed(files)} (medians of ${rounds})`);
}
