import { homedir } from 'node:os';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
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
    .option(
      '--name <host>',
      'a name under which others reach it, for example that of a proxy before it; may be given several times',
      hostNames,
    )
    .option('--https', 'a proxy before it speaks HTTPS: browsers then keep sign-ins for HTTPS alone')
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
  readonly name?: readonly string[];
  readonly https?: true;
  readonly restore?: true;
  readonly open: boolean;
}

/** As much of the package `@microaction/studio` as this needs; it depends on this package, not the other way. */
interface StudioPackage {
  openStudio(options: {
    readonly folder: string;
    readonly port?: number;
    readonly host: string;
    readonly publicNames?: readonly string[];
    readonly isHttps?: boolean;
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

/** Adds one to those before it. */
function hostNames(text: string, before: readonly string[] = []): readonly string[] {
  const name = domainToASCII(text.trim());
  if (name && !/[:/]/.test(name)) return [...before, name];
  throw new InvalidArgumentError('Expected the name of a host, without http:// and port: studio.lab.example.');
}

async function studio(session: Session, options: StudioOptions): Promise<void> {
  const { data, port, host, name: publicNames, https: isHttps, restore, open } = options;
  const { openStudio } = await studioPackage();
  const folder = data === undefined ? join(homedir(), folderName) : asTyped(session.environment)(data);
  const served = await openStudio({
    ...{ folder, port, host, publicNames, isHttps, restore },
    log: (line) => session.note(line),
  });
  const { url, readOnly } = served;
  let forgetLink = () => {};
  try {
    if (readOnly) session.note(`Nothing can be saved: ${readOnly.reason}\n${readOnly.advice}`);
    await session.print(`The studio is open at  ${session.style('bold', url)}
Videos and codings:    ${served.folder}
${readOnly ? '' : 'Every change is saved at once. '}Ctrl-C stops the studio.
`);
    if (open && session.stdout.isTTY) {
      forgetLink = openInBrowser(url, { environment: session.environment, folder: served.folder });
    }
    await aborted(session.signal);
  } finally {
    forgetLink();
    await served.close();
  }
  await session.print(`The studio is closed${readOnly ? '' : '; everything is saved'}.\n`);
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
