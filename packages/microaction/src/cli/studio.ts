import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../errors.ts';
import { numberWhere } from './arguments.ts';
import { asTyped } from './asTyped.ts';
import { openInBrowser } from './openInBrowser.ts';
import type { Session } from './session.ts';

export function studioCommand(session: Session): Command {
  return new Command('studio')
    .description('Open the studio: watch videos, correct proposals on a time line, compare coders, see results.')
    .option('--data <folder>', `where videos and codings lie (default: ${folderName} in your home folder)`)
    .option('--port <number>', 'where the browser finds it (default: 4747, or the next one that is free)', port)
    .option('--host <address>', 'what it listens on; others reach it only once people have passwords', '127.0.0.1')
    .option('--restore', 'go on from the newest good backup; the database as it is now is set aside, not deleted')
    .option('--no-open', 'leave the browser alone')
    .addHelpText('after', `\nVideos in the data folder can be added as they are. Nothing leaves this machine.\n`)
    .action((options: StudioOptions) => studio(session, options));
}

// ---- below: internals ----

interface StudioOptions {
  readonly data?: string;
  readonly port?: number;
  readonly host: string;
  readonly restore?: true;
  readonly open: boolean;
}

/** As much of the package `@microaction/studio` as this needs; it depends on this package, not the other way. */
interface StudioPackage {
  openStudio(options: {
    readonly folder: string;
    readonly port?: number;
    readonly host: string;
    readonly restore?: boolean;
    readonly log: (line: string) => void;
  }): Promise<{
    readonly address: string;
    readonly url: string;
    readonly folder: string;
    readonly readOnly: { readonly reason: string; readonly advice: string } | null;
    close(): Promise<void>;
  }>;
}

const folderName = 'microaction-studio';

const port = numberWhere(
  (value) => Number.isInteger(value) && value >= 0 && value <= 65_535,
  'a whole number from 0 (any free port) to 65535',
);

async function studio(session: Session, { data, port, host, restore, open }: StudioOptions): Promise<void> {
  const { openStudio } = await studioPackage();
  const folder = data === undefined ? join(homedir(), folderName) : asTyped(session.environment)(data);
  const served = await openStudio({ folder, port, host, restore, log: (line) => session.note(line) });
  const { url, readOnly } = served;
  try {
    if (readOnly) session.note(`Nothing can be saved: ${readOnly.reason}\n${readOnly.advice}`);
    await session.print(`The studio is open at  ${session.style('bold', url)}
Videos and codings:    ${served.folder}
Every change is saved at once. Ctrl-C stops the studio.
`);
    if (open && session.stdout.isTTY) openInBrowser(url, session.environment);
    await aborted(session.signal);
  } finally {
    await served.close();
  }
  await session.print('The studio is closed; everything is saved.\n');
}

async function studioPackage(): Promise<StudioPackage> {
  // Not a literal: the compiler must not look for what depends on this package.
  const name: string = '@microaction/studio';
  try {
    return await import(name);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(name)) throw error;
    const advice = `The studio is a package of its own and is not installed. Install it with: npm install ${name}`;
    throw new UserError('no-studio', advice, { cause: error });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
