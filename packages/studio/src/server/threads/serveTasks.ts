import { parentPort } from 'node:worker_threads';
import { UserError } from 'microaction';

/** By name: what takes too long for the thread that answers requests. What goes in and comes out is plain data. */
// biome-ignore lint/suspicious/noExplicitAny: each task has an input of its own.
export type Tasks = { readonly [Name: string]: (input: any) => unknown };

export interface TaskMessage {
  readonly id: number;
  readonly task: string;
  readonly input: unknown;
}

export type TaskAnswer = { readonly id: number } & (
  | { readonly result: unknown }
  | { readonly error: { /** Of a `UserError`. */ readonly code?: string; readonly message: string } }
);

/** Runs tasks that a `TaskThread` asks for. To be called once in a thread. */
export function serveTasks(tasks: Tasks): void {
  parentPort?.on('message', async (message: TaskMessage) => {
    parentPort?.postMessage(await answerTo(message, tasks));
  });
}

// ---- below: internals ----

async function answerTo({ id, task, input }: TaskMessage, tasks: Tasks): Promise<TaskAnswer> {
  try {
    return { id, result: await tasks[task](input) };
  } catch (error) {
    const code = error instanceof UserError ? { code: error.code } : {};
    // Of what is our own fault, the terminal shows where it happened.
    const message = error instanceof UserError ? error.message : String((error as Error)?.stack ?? error);
    return { id, error: { ...code, message } };
  }
}
