import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from 'microaction';
import type { ResultsTasks } from './resultsTasks.ts';
import type { TaskAnswer } from './resultsWorker.ts';

type Task = keyof ResultsTasks;
type Input<T extends Task> = Parameters<ResultsTasks[T]>[0];
type Output<T extends Task> = Awaited<ReturnType<ResultsTasks[T]>>;

/**
 * Runs a task in a thread beside the one that answers requests, so that nobody's save waits for a figure. The thread
 * is started with the first task; those that come meanwhile wait for their turn. It does not keep the process alive.
 *
 * @throws what the task throws: a UserError as it is
 */
export function inResultsThread<T extends Task>(task: T, input: Input<T>): Promise<Output<T>> {
  const { promise, resolve, reject } = Promise.withResolvers<Output<T>>();
  worker ??= startWorker();
  lastId += 1;
  waiting.set(lastId, { resolve: resolve as (result: unknown) => void, reject });
  worker.ref();
  worker.postMessage({ id: lastId, task, input });
  return promise;
}

// ---- below: internals ----

let worker: Worker | undefined;
let lastId = 0;
const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: unknown) => void }>();

function startWorker(): Worker {
  const started = new Worker(new URL(`./resultsWorker${extname(import.meta.url)}`, import.meta.url));
  started.on('message', (answer: TaskAnswer) => {
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) started.unref();
    if ('result' in answer) asker?.resolve(answer.result);
    else asker?.reject(errorOf(answer.error));
  });
  started.once('error', (error) => end(error));
  started.once('exit', () => end(new Error('The thread that works out results ended.')));
  return started;
}

/** After it has ended, the next task starts another one. */
function end(error: unknown): void {
  worker = undefined;
  for (const { reject } of waiting.values()) reject(error);
  waiting.clear();
}

const errorOf = ({ code, message }: { readonly code?: string; readonly message: string }) =>
  code === undefined ? new Error(message) : new UserError(code, message);
