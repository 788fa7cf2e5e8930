import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareSolo } from '../src/server/accounts/soloStart.ts';
import { addVideo } from '../src/server/codings/codingsTesting.ts';
import type { StudioContext } from '../src/server/context.ts';
import { databasePath, openStoreOf } from '../src/server/store/openStoreOf.ts';
import { DataFolder } from '../src/server/videos/dataFolder.ts';
import { ScriptedCoder, type Send } from './scriptedCoder.ts';
import { StudioProcess } from './studioProcess.ts';

const kills = 100;

let root: string;
let folder: DataFolder;
const loading: StudioProcess[] = [];
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'microaction-kill-'));
  folder = new DataFolder(join(root, 'data'));
});
afterAll(async () => {
  for (const process of loading) await process.kill();
  rmSync(root, { recursive: true, force: true });
});

/** While one is at work, the next two load. */
function nextProcess(): StudioProcess {
  while (loading.length < 3) loading.push(new StudioProcess(join(root, 'cache')));
  return loading.shift()!;
}

it(`keeps every acknowledged change, whole, through ${kills} kills in the midst of editing`, async () => {
  const videos = prepareVideos(2);
  const random = seeded(2026);
  const coders: ScriptedCoder[] = [];
  const outcomes = { 'was applied': 0, 'was not applied': 0, 'nothing was sent': 0 };
  for (let kill = 0; kill <= kills; kill++) {
    // Now and then it dies while it starts.
    if (kill % 10 === 5) {
      const stillborn = nextProcess();
      stillborn.begin(folder.root);
      await sleep(random() * 60);
      await stillborn.kill();
    }
    const process = nextProcess();
    const send = await signedIn(await process.opened(folder.root));
    const { readOnly } = (await send('GET', '/session')).body as { readOnly: unknown };
    expect(readOnly).toBeNull();
    expect(integrity()).toEqual({ check: 'ok', orphans: 0 });
    for (const coder of coders) outcomes[await coder.check(send)] += 1;
    if (coders.length === 0) {
      for (const video of [...videos, ...videos]) {
        const { body } = await send('POST', `/videos/${video}/codings`);
        coders.push(new ScriptedCoder((body as { id: string }).id, random));
      }
    }
    if (kill === kills) {
      expect(new Set(await history(send, videos))).toEqual(new Set(coders.flatMap(({ acknowledged }) => acknowledged)));
      await process.kill();
      break;
    }
    const editing = Promise.all(coders.map((coder) => coder.edit(send)));
    await sleep(20 + random() * 80);
    await process.kill();
    await editing;
  }
  // Every kill was in the midst of something, and not always at the same place of it.
  expect(outcomes['nothing was sent']).toBe(0);
  expect(outcomes['was applied']).toBeGreaterThan(0);
  expect(outcomes['was not applied']).toBeGreaterThan(0);
  console.log(`${kills} kills: of the saves without answer`, outcomes);
}, 300_000);

// ---- below: internals ----

function prepareVideos(count: number): string[] {
  const now = () => new Date().toISOString();
  const store = openStoreOf(folder, (store) => prepareSolo({ store, now }));
  const { id } = store.first(store.sql.selectFrom('project').select('id'))!;
  const videos = Array.from({ length: count }, () => addVideo({ store, now } as StudioContext, id));
  store.close();
  return videos;
}

async function signedIn(link: string): Promise<Send> {
  const { origin } = new URL(link);
  const opened = await fetch(link, { redirect: 'manual' });
  const cookie = opened.headers.getSetCookie()[0].split(';')[0];
  const session = await fetch(`${origin}/api/session`, { headers: { cookie } });
  const { csrfToken } = (await session.json()) as { csrfToken: string };
  const headers = { cookie, 'X-CSRF-Token': csrfToken, 'Content-Type': 'application/json' };
  return async (method, path, content) => {
    const body = content === undefined ? undefined : JSON.stringify(content);
    const response = await fetch(`${origin}/api${path}`, { method, headers, body });
    return { status: response.status, body: await response.json() };
  };
}

/** Of the file, looked at by another process than the one that serves it. */
function integrity() {
  const database = new DatabaseSync(databasePath(folder), { readOnly: true });
  const [{ integrity_check: check }] = database.prepare('pragma integrity_check').all();
  const orphans = database.prepare('pragma foreign_key_check').all().length;
  database.close();
  return { check, orphans };
}

/** Ids of all changes in the history of all codings. */
async function history(send: Send, videos: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const video of videos) {
    for (const { id: coding } of (await send('GET', `/videos/${video}/codings`)).body as { id: string }[]) {
      for (let after = 0; ; ) {
        const { body } = await send('GET', `/codings/${coding}/changes?after=${after}`);
        const page = body as { id: string; sequence: number }[];
        if (page.length === 0) break;
        ids.push(...page.map(({ id }) => id));
        after = page.at(-1)!.sequence;
      }
    }
  }
  return ids;
}

/** Numbers from 0 to 1, the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
