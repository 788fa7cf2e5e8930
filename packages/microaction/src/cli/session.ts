import { styleText } from 'node:util';
import { messageOf, UserError } from '../errors.ts';
import { printable } from './printable.ts';

type Style = Parameters<typeof styleText>[0];

/** What a command talks through: its two streams, the wish to stop, and the exit code it will end with. */
export class Session {
  /** 0 done, 1 failed, 2 wrong use, 130 and 143 stopped by a signal. */
  exitCode = 0;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv = process.env;

  constructor(streams: { stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream }, signal: AbortSignal) {
    this.stdout = streams.stdout;
    this.stderr = streams.stderr;
    this.signal = signal;
  }

  /** Columns that standard output shows; undefined where it is a file or a pipe and nothing need be cut. */
  get columns(): number | undefined {
    return this.stdout.isTTY ? this.stdout.columns : undefined;
  }

  /** Writes a result to standard output. Rejects with `EPIPE` when nobody reads on. */
  print(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.stdout.write(text, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Tells the person something in passing, on standard error. */
  note(line: string): void {
    this.stderr.write(`${line}\n`);
  }

  /** Colours for standard output; none where it is no terminal or `NO_COLOR` is set. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.stdout });
  }

  /** One line on standard error that names the file, and the exit code that goes with it. A bug says that it is one. */
  fail(error: unknown, file?: string): void {
    this.exitCode = 1;
    const isBug = !(error instanceof UserError);
    const message = isBug ? `this is a bug in microaction, please report it: ${messageOf(error)}` : error.message;
    const named = file === undefined || message.includes(file) ? message : `${file}: ${message}`;
    const hint = isBug && !this.#isDebugging ? ' (MICROACTION_DEBUG=1 shows where)' : '';
    const lines = named.split('\n').map((line, i) => (i === 0 ? printable(line) : `  ${printable(line).trim()}`));
    this.note(`${styleText('red', 'microaction:', { stream: this.stderr })} ${lines.join('\n')}${hint}`);
    if (this.#isDebugging && error instanceof Error) this.note(describe(error));
  }

  get #isDebugging(): boolean {
    return this.environment.MICROACTION_DEBUG === '1';
  }
}

// ---- below: internals ----

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${describe(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
