import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from 'microaction';
import type { TaskOf, TaskReport, TaskResults } from './tasks.ts';

export interface RunOptions {
  /** Ends the work: at first by asking, after a few seconds by force. */
  readonly signal?: AbortSignal;
  readonly onReport?: (report: Extract<TaskReport, { type: 'progress' | 'facts' }>) => void;
}

/**
 * Does work on a video in a process of its own, so that a file that makes a decoder fail ends that process and not the
 * studio.
 *
 * @throws UserError what the work threw as such; `work-failed` where it failed otherwise or its process ended by itself;
 * the signal's reason
 */
export async function runTask<Kind extends keyof TaskResults>(
  task: TaskOf<Kind>,
  options: RunOptions = {},
): Promise<TaskResults[Kind]> {
  const { signal, onReport } = options;
  signal?.throwIfAborted();
  const file = fileURLToPath(new URL(`./jobProcess${extname(import.meta.url)}`, import.meta.url));
  const child = fork(file, { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  let last: Extract<TaskReport, { type: 'done' | 'failed' }> | undefined;
  let complaint = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  child.on('message', (report: TaskReport) => {
    if (report.type === 'done' || report.type === 'failed') last = report;
    else if (!signal?.aborted) onReport?.(report);
  });
  child.on('error', (error) => end(error.message)); // it could not be started, or not be reached
  child.on('close', (code, killedBy) => end(killedBy ? `signal ${killedBy}` : `exit code ${code}`));
  let force: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill('SIGTERM');
    force = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  signal?.addEventListener('abort', stop);
  if (child.connected) child.send(task, () => {}); // whether it arrives is told by `close`
  const how = await ended;
  signal?.removeEventListener('abort', stop);
  clearTimeout(force);
  if (last?.type === 'done') return last.result as TaskResults[Kind];
  signal?.throwIfAborted();
  if (last?.code) throw new UserError(last.code, last.message);
  const reason = last?.message ?? lastLine(complaint);
  throw new UserError(
    'work-failed',
    `${task.name}: the work on it ended unexpectedly (${[how, reason].filter(Boolean).join(': ')}). The file and all codings are as they were. Try again; if it fails again, the file may be damaged.`,
  );
}

// ---- below: internals ----

/** An aborted work tidies up in a moment; one that hangs does not count on being asked. */
const graceMs = 5000;

/** What a program says last before it ends tends to be why. */
const lastLine = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /error/i.test(line))
    .at(-1)
    ?.slice(0, 300) ?? '';
