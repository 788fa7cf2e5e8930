import { randomBytes, randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { UserError } from 'microaction';
import type { Job } from '../contract/job.ts';
import { studioMode } from './accounts/mode.ts';
import { prepareSolo } from './accounts/soloStart.ts';
import { type AppOptions, makeApp } from './app.ts';
import type { StudioContext } from './context.ts';
import { EventHub } from './events/eventHub.ts';
import { isLoopback } from './http/hostCheck.ts';
import type { JobQueue } from './jobs/jobQueue.ts';
import { listen } from './listen.ts';
import { openPages } from './pages.ts';
import { openStore } from './store/openStore.ts';
import { version } from './version.ts';
import { DataFolder } from './videos/dataFolder.ts';

export interface OpenStudioOptions extends Pick<AppOptions, 'publicNames' | 'isHttps'> {
  /** Videos and what the studio keeps; made where there is none. */
  readonly folder: string;
  /** Absent: 4747, or the next one that is free. 0: any. */
  readonly port?: number;
  /** What to listen on; 127.0.0.1 when absent: only this machine reaches it. */
  readonly host?: string;
  /** One line for whoever reads the terminal; nowhere when absent. */
  readonly log?: (line: string) => void;
  /** False serves the interface alone, without pages. */
  readonly pages?: boolean;
}

export interface OpenStudio {
  /** `http://127.0.0.1:4747`. */
  readonly address: string;
  /** What to open in a browser; while one person works alone, with the key that lets them in. */
  readonly url: string;
  /** Absolute path of the data folder. */
  readonly folder: string;
  /** Set where nothing can be saved: what is wrong, and what to do. */
  readonly readOnly: { readonly reason: string; readonly advice: string } | null;
  /** Answers what was asked, stops running jobs (they begin anew at the next start), closes the database. */
  close(): Promise<void>;
}

/**
 * Serves a data folder as a studio.
 *
 * @throws UserError `no-accounts` where others could reach it and nobody has a password; `port-taken` ...
 */
export async function openStudio(options: OpenStudioOptions): Promise<OpenStudio> {
  const { port, host = '127.0.0.1', log = () => {}, pages = true, publicNames, isHttps } = options;
  const folder = new DataFolder(resolve(options.folder));
  const store = openStore(folder.inner('studio.db'));
  const now = () => new Date().toISOString();
  prepareSolo({ store, now });
  const studio: StudioContext = {
    store,
    folder,
    events: new EventHub(),
    jobs: idleQueue(),
    now,
    version,
    log,
  };
  requireAccounts(studio, host);
  const launchKey = randomBytes(24).toString('base64url');
  const app = makeApp(studio, { launchKey, host, publicNames, isHttps, pages: pages ? openPages() : undefined });
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  const address = addressOf(host, await listen(server, host, port));
  return {
    address,
    url: studioMode(studio) === 'solo' ? `${address}/open?key=${launchKey}` : `${address}/`,
    folder: folder.root,
    readOnly: store.readOnly,
    close: async () => {
      await studio.jobs.close();
      await new Promise((done) => {
        server.close(done);
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
      store.close();
    },
  };
}

// ---- below: internals ----

function requireAccounts(studio: StudioContext, host: string): void {
  if (isLoopback(host) || studioMode(studio) === 'team') return;
  throw new UserError(
    'no-accounts',
    `At ${host} others in the network could reach the studio, and nobody has a password yet. Start it without --host, open it, and give yourself a name and a password under Settings, People; then start it with --host ${host} again.`,
  );
}

/** All addresses at once cannot be opened in a browser; this machine's own can. */
function addressOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function idleQueue(): JobQueue {
  const made = new Map<string, Job>();
  return {
    enqueue: ({ project, video, kind, model = null }) => {
      const times = { createdAt: new Date().toISOString(), finishedAt: null };
      const id = randomUUID();
      const job = { id, project, video, kind, model, status: 'queued', attempts: 0, ...times } as const;
      made.set(id, { ...job, stage: null, progress: 0, remainingSeconds: null, error: null });
      return made.get(id)!;
    },
    cancel: () => {},
    retry: (id) => made.get(id)!,
    view: ({ account: _, ...row }) => ({ ...row, stage: null, progress: 0, remainingSeconds: null }),
    close: async () => {},
  };
}
