import { parentPort, workerData } from 'node:worker_threads';
import type { ModelName } from '@microaction/pose-models';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { messageOf } from '../errors.ts';

/** The thread that `onnxNode.ts` starts: loads a network when it is first asked for, and answers in order. */

export interface WorkerSetup {
  /** Path of each network's file. */
  readonly models: Readonly<Record<string, string>>;
  /** Processor threads of each run. */
  readonly threads: number;
}

export interface WorkerQuestion {
  readonly name: ModelName;
  readonly images: Float32Array;
  readonly batch: number;
}

export type WorkerAnswer = { readonly outputs: Record<string, Float32Array> } | { readonly error: string };

const { models, threads } = workerData as WorkerSetup;
const sessions = new Map<ModelName, Promise<InferenceSession>>();

parentPort?.on('message', async (question: WorkerQuestion) => {
  try {
    const outputs = await run(question);
    const buffers = Object.values(outputs).map((output) => output.buffer as ArrayBuffer);
    parentPort?.postMessage({ outputs } satisfies WorkerAnswer, buffers);
  } catch (error) {
    parentPort?.postMessage({ error: messageOf(error) } satisfies WorkerAnswer);
  }
});

async function run({ name, images, batch }: WorkerQuestion): Promise<Record<string, Float32Array>> {
  const session = await open(name);
  const side = Math.sqrt(images.length / (batch * 3));
  const input = new Tensor('float32', images, [batch, 3, side, side]);
  const outputs = await session.run({ [session.inputNames[0]]: input });
  return Object.fromEntries(Object.entries(outputs).map(([key, { data }]) => [key, data as Float32Array]));
}

function open(name: ModelName): Promise<InferenceSession> {
  let session = sessions.get(name);
  if (!session) {
    session = InferenceSession.create(models[name], {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // Waiting threads of one network would take the cores from the others: measured, it halves the speed.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    sessions.set(name, session);
  }
  return session;
}
