import type { Server } from 'node:http';
import { resolve } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { fileError, UserError } from 'microaction';
import type { ReadOnly } from '../contract/account.ts';
import { studioMode } from './accounts/mode.ts';
import { newSecret } from './accounts/secrets.ts';
import { prepareSolo } from './accounts/soloStart.ts';
import { type AppOptions, makeApp } from './app.ts';
import type { StudioContext } from './context.ts';
import { EventHub } from './events/eventHub.ts';
import { isLoopback } from './http/hostCheck.ts';
import { startJobQueue } from './jobs/startJobQueue.ts';
import { listen } from './listen.ts';
import { openPages } from './pages.ts';
import { Backups, nameOfBackup } from './store/backups.ts';
import { FolderLock } from './store/folderLock.ts';
import { openStoreOf } from './store/openStoreOf.ts';
import { restoreBackup } from './store/restoreBackup.ts';
import { explainStoreError } from './store/storeErrors.ts';
import { version } from './version.ts';
import { DataFolder } from './videos/dataFolder.ts';
import { clearOldUploads } from './videos/uploads.ts';

export interface OpenStudioOptions extends Pick<AppOptions, 'publicNames' | 'isHttps'> {
  /** Videos and what the studio keeps; made where there is none. */
  readonly folder: string;
  /** Absent: 4747, or the next one that is free. 0: any. */
  readonly port?: number;
  /** What to listen on; 127.0.0.1 when absent: only this machine reaches it. */
  readonly host?: string;
  /** One line for whoever reads the terminal; nowhere when absent. */
  readonly log?: (line: string) => void;
  /** Goes on from the newest good backup; the database as it is now is set aside. */
  readonly restore?: boolean;
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
  readonly readOnly: ReadOnly | null;
  /** Answers what was asked, stops running jobs (they begin anew at the next start), closes the database. */
  close(): Promise<void>;
}

/**
 * Serves a data folder as a studio.
 *
 * @throws UserError `folder-in-use` where another studio has it; `no-accounts` where others could reach it and nobody
 * has a password; `port-taken`, `newer-database`, `no-backup`; as `fileError`
 */
export async function openStudio(options: OpenStudioOptions): Promise<OpenStudio> {
  const { port, host = '127.0.0.1', log = () => {}, pages = true, restore, publicNames, isHttps } = options;
  const folder = openFolder(options.folder);
  const ending: (() => unknown)[] = [];
  const close = async () => {
    for (const end of ending.splice(0).reverse()) await end();
  };
  try {
    const lock = new FolderLock(folder);
    ending.push(() => lock.release());
    if (restore) log(restored(restoreBackup(folder)));
    const now = () => new Date().toISOString();
    const store = openStoreOf(folder, (fresh) => prepareSolo({ store: fresh, now }));
    ending.push(() => store.close());
    if (store.readOnly?.details) log(`What SQLite says of the database: ${store.readOnly.details}`);
    if (!store.readOnly) {
      const backups = new Backups({ folder, store, now, log });
      ending.push(() => backups.close());
    }
    const parts = { store, folder, events: new EventHub(), now, version, log };
    const studio: StudioContext = { ...parts, jobs: startJobQueue(parts) };
    ending.push(() => studio.jobs.close());
    await clearOldUploads(studio);
    requireAccounts(studio, host, publicNames);
    const launchKey = newSecret();
    const app = makeApp(studio, { launchKey, host, publicNames, isHttps, pages: pages ? openPages() : undefined });
    const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;
    const address = addressOf(host, await listen(server, host, port));
    ending.push(() => closeServer(server));
    lock.tell(address);
    const url = studioMode(studio) === 'solo' ? `${address}/open?key=${launchKey}` : `${address}/`;
    return { address, url, folder: folder.root, readOnly: store.readOnly, close };
  } catch (error) {
    await close();
    throw explainStoreError(error);
  }
}

// ---- below: internals ----

/** @throws UserError as `fileError`: `not-allowed`, `read-only`, `disk-full` ... */
function openFolder(path: string): DataFolder {
  try {
    return new DataFolder(resolve(path));
  } catch (error) {
    throw fileError(error, resolve(path), 'written');
  }
}

function restored({ backup, setAside }: ReturnType<typeof restoreBackup>): string {
  const old = setAside ? ` What was there before lies in ${setAside}.` : '';
  return `In use from now on is ${nameOfBackup(backup)}.${old}`;
}

/** What is being answered may end; whoever only listens is sent away. */
function closeServer(server: Server): Promise<void> {
  return new Promise((done) => {
    const patience = setTimeout(() => server.closeAllConnections(), 500);
    server.close(() => {
      clearTimeout(patience);
      done();
    });
  });
}

function requireAccounts(studio: StudioContext, host: string, publicNames: readonly string[] = []): void {
  const [option, where] = isLoopback(host) ? ['--name', publicNames.at(0)] : ['--host', host];
  if (where === undefined || studioMode(studio) === 'team') return;
  throw new UserError(
    'no-accounts',
    `At ${where} others in the network could reach the studio, and nobody has a password yet. Start it without ${option}, open it, and give yourself a name and a password under Settings, People; then start it with ${option} ${where} again.`,
  );
}

/** All addresses at once cannot be opened in a browser; this machine's own can. */
function addressOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
