import { parentPort } from 'node:worker_threads';
import { UserError } from 'microaction';
import { type ResultsTasks, resultsTasks } from './resultsTasks.ts';

export interface TaskMessage {
  readonly id: number;
  readonly task: keyof ResultsTasks;
  readonly input: unknown;
}
export type TaskAnswer = { readonly id: number } & (
  | { readonly result: unknown }
  | { readonly error: { /** Of a `UserError`. */ readonly code?: string; readonly message: string } }
);

parentPort?.on('message', async ({ id, task, input }: TaskMessage) => {
  parentPort?.postMessage(await answerTo(id, task, input));
});

// ---- below: internals ----

async function answerTo(id: number, task: keyof ResultsTasks, input: unknown): Promise<TaskAnswer> {
  try {
    const run = resultsTasks[task] as (input: unknown) => unknown;
    return { id, result: await run(input) };
  } catch (error) {
    const code = error instanceof UserError ? { code: error.code } : {};
    return { id, error: { ...code, message: error instanceof Error ? error.message : String(error) } };
  }
}
