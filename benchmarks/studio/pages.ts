/**
 * How soon the pages of the studio can be used: the library, and the editor with a video of ten minutes and 500 coded
 * instances; beside a page that shows one button with React and nothing else, served in the same way, in turns in the
 * same run. And how large they are.
 *
 *   npx node benchmarks/studio/pages.ts [--rounds 7]
 *
 * A page can be used once what is named below is on screen and the browser has painted it and takes events again. Times
 * are counted by the browser from the start of the navigation, with an empty cache (a new profile each time) and again
 * with a full one. Server, browser and this script share the machine.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { createAdaptorServer } from '@hono/node-server';
import { microActions52 } from 'microaction';
import type { BrowserContext } from 'playwright-core';
import { build } from 'vite';
import type { Coding } from '../../packages/studio/src/contract/coding.ts';
import type { Job } from '../../packages/studio/src/contract/job.ts';
import type { Video } from '../../packages/studio/src/contract/video.ts';
import { makeVideo, steadyTimes } from '../../packages/studio/src/server/media/mediaTesting.ts';
import { type OpenStudio, openStudio } from '../../packages/studio/src/server/openStudio.ts';
import { openPages } from '../../packages/studio/src/server/pages.ts';
import { viteConfig } from '../../packages/studio/src/web/viteConfig.ts';
import { launch } from '../../scripts/chromium.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const rounds = Number(values.rounds);
const videoSeconds = 600;
const frameRate = 30;
const instanceCount = 500;

interface Visit {
  /** From the start of the navigation until the page can be used. */
  readonly milliseconds: number;
  /** Of scripts and styles, as they came over the network. */
  readonly compressedBytes: number;
}

console.log(`machine  ${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}`);
process.env.NODE_ENV = 'production';
const folder = await mkdtemp(join(tmpdir(), 'microaction-benchmark-'));
const browser = await launch();
try {
  const size = { width: 640, height: 360 };
  await makeVideo(join(folder, 'interview.mp4'), {
    ...size,
    timesMs: steadyTimes(videoSeconds * frameRate, frameRate),
    encoderOptions: { preset: 'ultrafast' },
    planes: movingBar(size),
  });
  const studio = await openStudio({ folder, port: 0 });
  const bare = await bareServer(join(folder, 'bare'));
  try {
    const cookie = await cookieOf(studio);
    const video = await prepared(studio, cookie);
    console.log(
      `video    ${size.width} x ${size.height}, ${videoSeconds} s, ${video.facts?.frameCount} frames, ${instanceCount} instances; Chromium ${browser.version()}`,
    );
    const pages: [string, string, string][] = [
      ['React and a button', bare.address, 'button'],
      ['library', `${studio.address}/`, 'table a[href^="/videos/"]'],
      ['editor', `${studio.address}/videos/${video.id}`, '[data-tour="timeline"] canvas'],
    ];
    const visits = new Map<string, Visit[]>();
    for (let round = 0; round < rounds; round++) {
      for (const [name, address, shown] of pages) {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
        await context.addCookies([{ ...cookie, url: studio.address }]);
        for (const cache of ['empty', 'full']) {
          const key = `${name}, ${cache} cache`;
          visits.set(key, [...(visits.get(key) ?? []), await visit(context, address, shown)]);
        }
        await context.close();
      }
    }
    report(visits);
  } finally {
    bare.close();
    await studio.close();
  }
  reportSizes(join(folder, 'published'));
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}

// ---

/** Opens an address and waits until what `shown` selects, and the first picture of a video where there is one, is there. */
async function visit(context: BrowserContext, address: string, shown: string): Promise<Visit> {
  const page = await context.newPage();
  await page.addInitScript((selector) => {
    const isThere = () => {
      const video = document.querySelector('video');
      return (
        document.querySelector(selector) !== null && (!video || video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA)
      );
    };
    const look = () => {
      if (!isThere()) requestAnimationFrame(look);
      // After the next painting, when nothing keeps the browser from taking events.
      else requestAnimationFrame(() => setTimeout(() => Object.assign(window, { usableAt: performance.now() })));
    };
    look();
  }, shown);
  await page.goto(address);
  await page.waitForFunction(() => 'usableAt' in window, undefined, { timeout: 60_000 });
  const figures = await page.evaluate(() => ({
    milliseconds: (window as unknown as { usableAt: number }).usableAt,
    compressedBytes: (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => /\.(js|css)$/.test(name))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  }));
  await page.close();
  return figures;
}

function report(visits: ReadonlyMap<string, readonly Visit[]>): void {
  console.log(
    `\npage                             usable after ms  spread ms    times React alone  scripts and styles kB`,
  );
  for (const [name, all] of visits) {
    const times = all.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
    const bareTimes = visits.get(name.replace(/^[^,]*/, 'React and a button'))!.map(({ milliseconds }) => milliseconds);
    const ratio = median(times) / median(bareTimes);
    console.log(
      `${name.padEnd(32)} ${median(times).toFixed(0).padStart(15)} ${`${times[0].toFixed(0)}-${times.at(-1)!.toFixed(0)}`.padStart(10)} ${ratio.toFixed(2).padStart(20)} ${(all[0].compressedBytes / 1000).toFixed(0).padStart(22)}`,
    );
  }
}

/** As they are published, best compression. */
function reportSizes(to: string): void {
  const script = fileURLToPath(new URL('../../packages/studio/scripts/buildPages.ts', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const files = globSync('assets/*.br', { cwd: to }).map((name) => ({
    name,
    bytes: readFileSync(join(to, name)).length,
  }));
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`\nsize     ${(total / 1000).toFixed(0)} kB compressed (brotli) in ${files.length} files; the largest:`);
  for (const { name, bytes } of files.sort((a, b) => b.bytes - a.bytes).slice(0, 6)) {
    console.log(`         ${(bytes / 1000).toFixed(1).padStart(6)} kB  ${name.replace(/^assets\/|\.br$/g, '')}`);
  }
}

async function bareServer(outDir: string): Promise<{ address: string; close: () => void }> {
  await build({ ...viteConfig(outDir), root: fileURLToPath(new URL('barePage', import.meta.url)) });
  for (const name of globSync('assets/*.js', { cwd: outDir })) {
    writeFileSync(join(outDir, `${name}.br`), brotliCompressSync(readFileSync(join(outDir, name))));
  }
  const pages = openPages(async () => outDir);
  const server = createAdaptorServer({
    fetch: async (request) => (await pages(request)) ?? new Response('', { status: 404 }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

async function cookieOf({ url }: OpenStudio): Promise<{ name: string; value: string }> {
  const response = await fetch(url, { redirect: 'manual' });
  const [name, value] = response.headers.getSetCookie()[0].split(';')[0].split('=');
  return { name, value };
}

/** Takes the video in, without searching it, and codes instances spread over it and over all actions. */
async function prepared(studio: OpenStudio, { name, value }: { name: string; value: string }): Promise<Video> {
  const cookie = `${name}=${value}`;
  const ask = async <T>(path: string, body?: unknown, csrf = ''): Promise<T> => {
    const init = { method: 'POST', headers: { cookie, 'X-CSRF-Token': csrf, 'Content-Type': 'application/json' } };
    const response = await fetch(
      `${studio.address}/api${path}`,
      body === undefined ? { headers: { cookie } } : { ...init, body: JSON.stringify(body) },
    );
    if (!response.ok) throw new Error(await response.text());
    return (response.status === 204 ? undefined : await response.json()) as T;
  };
  const { csrfToken } = await ask<{ csrfToken: string }>('/session');
  const [project] = await ask<{ id: string }[]>('/projects');
  const [added] = await ask<Video[]>(`/projects/${project.id}/videos`, { paths: ['interview.mp4'] }, csrfToken);
  for (const job of await ask<Job[]>(`/projects/${project.id}/jobs`)) {
    if (job.kind === 'detect') await ask(`/jobs/${job.id}/cancel`, {}, csrfToken);
  }
  const coding = await ask<Coding>(`/videos/${added.id}/codings`, {}, csrfToken);
  const changes = Array.from({ length: instanceCount }, (_, index) => {
    const start = (index * (videoSeconds - 5)) / instanceCount;
    const { name: action } = microActions52.actions[index % microActions52.actions.length];
    const after = { action, start, end: start + 0.5 + (index % 7) / 2, state: 'coded', score: null, reason: null };
    return { id: randomUUID(), instance: randomUUID(), base: 0, after };
  });
  await ask(`/codings/${coding.id}/changes`, { changes }, csrfToken);
  for (;;) {
    const video = await ask<Video>(`/videos/${added.id}`);
    if (video.status === 'ready' && video.jobs.every(({ status }) => status !== 'running' && status !== 'queued'))
      return video;
    if (video.status !== 'ready' && video.status !== 'preparing') throw new Error(video.problem ?? video.status);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Planes of grey pictures with a bright bar that moves down, so that there is something to decode and see. */
function movingBar({ width, height }: { width: number; height: number }): (frame: number) => Uint8Array {
  const planes = new Uint8Array((width * height * 3) / 2).fill(128);
  return (frame) => {
    planes.fill(60, 0, width * height);
    const top = frame % (height - 16);
    planes.fill(200, top * width, (top + 16) * width);
    return planes;
  };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
