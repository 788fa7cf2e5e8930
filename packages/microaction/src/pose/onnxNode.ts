import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type ModelName, modelNames, modelUrl } from '@microaction/pose-models';
import { loadNetworks, type NetworkLoader, type PoseNetworks } from './network.ts';
import type { WorkerAnswer, WorkerQuestion, WorkerSetup } from './onnxWorker.ts';

export interface OnnxOptions {
  /** Processor threads in all; as many as there are cores when absent. */
  readonly threads?: number;
}

/**
 * The networks on ONNX Runtime's processor kernels. They run in threads of their own, a picture each: ONNX Runtime
 * for Node blocks the thread that calls it, and one picture on one thread wastes less than all threads on one.
 */
export async function loadPoseNetworks({ threads = availableParallelism() }: OnnxOptions = {}): Promise<PoseNetworks> {
  const workers = Math.min(Math.max(1, threads), maxWorkers);
  const pool = new WorkerPool(workers, {
    models: Object.fromEntries(modelNames.map((name) => [name, fileURLToPath(modelUrl(name))])),
    threads: Math.max(1, Math.floor(threads / workers)),
  });
  const load: NetworkLoader = async (name) => ({
    run: (images, batch) => pool.run(name, images, batch),
    dispose: async () => {},
  });
  return { ...(await loadNetworks(load, workers)), dispose: () => pool.close() };
}

/** Each holds all networks, about 150 MB; beyond four, decoding the video is what takes the time. */
const maxWorkers = 4;

interface Job {
  readonly question: WorkerQuestion;
  readonly resolve: (outputs: Record<string, Float32Array>) => void;
  readonly reject: (error: unknown) => void;
}

/** Hands jobs to whichever worker is free, in order. Keeps the process alive only while there is work. */
class WorkerPool {
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Job>();
  readonly #waiting: Job[] = [];
  #failure: unknown;

  constructor(count: number, setup: WorkerSetup) {
    const file = new URL(`./onnxWorker${extname(import.meta.url)}`, import.meta.url);
    for (let index = 0; index < count; index++) {
      const worker = new Worker(file, { workerData: setup });
      worker.on('message', (answer: WorkerAnswer) => this.#finish(worker, answer));
      worker.on('error', (error) => this.#fail(error));
      worker.unref();
      this.#idle.push(worker);
    }
  }

  run(name: ModelName, images: Float32Array, batch: number): Promise<Record<string, Float32Array>> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#waiting.push({ question: { name, images, batch }, resolve, reject });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#fail(new Error('The networks have been disposed of.'));
    // A thread stopped inside ONNX Runtime takes the whole process with it: let the pictures at hand finish.
    await Promise.allSettled([...this.#busy.keys()].map((worker) => once(worker, 'message')));
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.pop()!;
      const job = this.#waiting.shift()!;
      this.#busy.set(worker, job);
      worker.ref();
      worker.postMessage(job.question);
    }
  }

  #finish(worker: Worker, answer: WorkerAnswer): void {
    const job = this.#busy.get(worker);
    this.#busy.delete(worker);
    worker.unref();
    this.#idle.push(worker);
    if ('outputs' in answer) job?.resolve(answer.outputs);
    else job?.reject(new Error(answer.error));
    this.#dispatch();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const job of [...this.#busy.values(), ...this.#waiting.splice(0)]) job.reject(error);
  }
}
