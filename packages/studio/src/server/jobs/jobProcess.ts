// A process of its own for work on a video: gets one task, reports, ends. Started by runTask.ts.
import { rm } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { UserError } from 'microaction';
import { writeAtomically } from 'microaction/files';
import { type VideoFacts, videoFactsSchema } from '../../contract/video.ts';
import { prepareVideo } from '../media/prepare.ts';
import { type ProbedVideo, probeVideo } from '../media/probe.ts';
import { writeProxy } from '../media/proxy.ts';
import type { Task, TaskReport, TaskResults } from './tasks.ts';

const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
process.on('SIGINT', () => {}); // of a terminal, to all of its processes: the studio decides
process.on('disconnect', () => stop.abort()); // the studio has ended
process.once('message', (task: Task) => run(task));

async function run(task: Task): Promise<void> {
  // Whoever codes meanwhile comes first; at the lowest priority, a busy machine would never get to it.
  if (task.kind !== 'look') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    await report({ type: 'done', result: await work(task) });
  } catch (error) {
    const code = error instanceof UserError ? error.code : null;
    const message = error instanceof Error ? error.message : String(error);
    if (code === null && !stop.signal.aborted) console.error(error);
    await report({ type: 'failed', code, message });
  }
  process.exit();
}

function work(task: Task): Promise<TaskResults[Task['kind']]> {
  switch (task.kind) {
    case 'look':
      return probeVideo(task.path, { name: task.name, signal: stop.signal }).then(factsOf);
    case 'prepare':
      return prepare(task);
    case 'proxy':
      return writeProxy(task.path, task.output, { signal: stop.signal, onProgress: progress }).then(() => null);
    case 'detect':
      return detect(task);
  }
}

async function prepare({ path, name, folder }: Extract<Task, { kind: 'prepare' }>): Promise<TaskResults['prepare']> {
  const facts = factsOf(await probeVideo(path, { name, signal: stop.signal }));
  await report({ type: 'facts', facts });
  return await prepareVideo(path, folder, { signal: stop.signal, onProgress: progress });
}

async function detect({ path, model, pointsFile }: Extract<Task, { kind: 'detect' }>): Promise<TaskResults['detect']> {
  // With it come the networks' engines, which other tasks need not wait for.
  const { detectInstances } = await import('../media/detect.ts');
  const { pose, ...found } = await detectInstances(path, { model, signal: stop.signal, onProgress: progress });
  if (pose) await writeAtomically(pointsFile, pose, { signal: stop.signal });
  else await rm(pointsFile, { force: true });
  return { ...found, hasPoints: pose !== undefined };
}

/** Without what only this side needs to know. */
const factsOf = (probed: ProbedVideo): VideoFacts => videoFactsSchema.parse(probed);

let saidMs = 0;
let saidStage = '';

/** A few times a second, and at every new stage. */
function progress({ stage, done, total }: { stage: string; done: number; total: number }): void {
  const nowMs = performance.now();
  if (stage === saidStage && nowMs - saidMs < 250 && done < total) return;
  saidMs = nowMs;
  saidStage = stage;
  void report({ type: 'progress', stage, done, total });
}

/** Waits until it has left; nobody may be there any more. */
function report(message: TaskReport): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send!(message, undefined, {}, () => resolve());
  });
}
