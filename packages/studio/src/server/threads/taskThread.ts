import { Worker } from 'node:worker_threads';
import { UserError } from 'microaction';
import type { TaskAnswer, TaskMessage, Tasks } from './serveTasks.ts';

/**
 * A thread beside the one that answers requests, so that nobody's save waits for a figure or a file. It is started with
 * the first task; tasks that come meanwhile are begun in turn. It does not keep the process alive.
 */
export class TaskThread<T extends Tasks> {
  readonly #file: URL;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #worker: Worker | undefined;
  #lastId = 0;

  /** @param file - a module that calls `serveTasks` */
  constructor(file: URL) {
    this.#file = file;
  }

  /** @throws what the task throws, a UserError as it is; where the thread ends, so do all that wait for it */
  async run<Name extends keyof T & string>(
    task: Name,
    input: Parameters<T[Name]>[0],
  ): Promise<Awaited<ReturnType<T[Name]>>> {
    const answer = Promise.withResolvers<unknown>();
    this.#worker ??= this.#start();
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, answer);
    this.#worker.ref();
    this.#worker.postMessage({ id: this.#lastId, task, input } satisfies TaskMessage);
    return (await answer.promise) as Awaited<ReturnType<T[Name]>>;
  }

  // ---- below: internals ----

  #start(): Worker {
    const worker = new Worker(this.#file);
    worker.on('message', (answer: TaskAnswer) => {
      const asker = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) worker.unref();
      if ('result' in answer) asker?.resolve(answer.result);
      else asker?.reject(errorOf(answer.error));
    });
    worker.once('error', (error) => this.#end(worker, error));
    worker.once('exit', () => this.#end(worker, new Error(`The thread of ${this.#file.pathname} ended.`)));
    return worker;
  }

  /** The next task starts another one. */
  #end(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

// ---- below: internals ----

const errorOf = ({ code, message }: { readonly code?: string; readonly message: string }) =>
  code === undefined ? new Error(message) : new UserError(code, message);
