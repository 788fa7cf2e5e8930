#!/usr/bin/env node
import { CommanderError } from 'commander';
import { UsageError } from '../errors.ts';
import { program } from './program.ts';
import { Session } from './session.ts';

/** Why work was stopped; the exit code that shells expect. */
class Stopped extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('stopped');
    this.exitCode = exitCode;
  }
}

const stop = new AbortController();
const session = new Session(process, stop.signal);

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  // The first lets the work clean up; the next one is the system's own again, and ends the process at once.
  process.once(signal, () => stop.abort(new Stopped(exitCode)));
}
// A reader that goes away (`| head`) is told by what was written, not here.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error) => {
    session.fail(error);
    process.exit(session.exitCode);
  });
}

try {
  await program(session).parseAsync();
} catch (error) {
  if (stop.signal.aborted && stop.signal.reason instanceof Stopped) {
    session.note('microaction: stopped; files written before are whole');
    session.exitCode = stop.signal.reason.exitCode;
  } else if (error instanceof CommanderError) {
    session.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if ((error as NodeJS.ErrnoException).code !== 'EPIPE') {
    session.fail(error);
    if (error instanceof UsageError) session.exitCode = 2;
  }
}
process.exitCode = session.exitCode;
