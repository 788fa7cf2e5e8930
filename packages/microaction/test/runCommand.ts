import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Path of the command, to be run by Node as it is. */
export const commandPath = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** Runs `microaction` as a person would, in a process of its own, without a terminal. */
export function runCommand(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    /** Files that it writes can be no larger; not on Windows. */
    readonly largestFileKibibytes?: number;
    /** Called with the process once it has started. */
    readonly started?: (child: ReturnType<typeof spawn>) => void;
  } = {},
): Promise<CommandResult> {
  const env = { ...process.env, NO_COLOR: '1', ...options.env };
  const command = [process.execPath, commandPath, ...args];
  const limit = options.largestFileKibibytes;
  // A shell counts in half kibibytes.
  const limited = limit === undefined ? command : ['sh', '-c', `ulimit -f ${2 * limit}; exec "$@"`, 'sh', ...command];
  const child = spawn(limited[0], limited.slice(1), { cwd: options.cwd, env });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  options.started?.(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (exitCode) => resolve({ exitCode, ...text }));
  });
}
