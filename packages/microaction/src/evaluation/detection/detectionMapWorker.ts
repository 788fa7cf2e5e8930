import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { ClassRows } from './classRows.ts';
import { classPrecision } from './detectionMap.ts';
import type { MatchRules } from './matchClass.ts';

/** What the threads of `detectionMapInThreads` share. */
export interface ClassWork {
  readonly levels: readonly ClassRows[];
  readonly tasks: readonly { readonly level: number; readonly index: number; readonly size: number }[];
  /** One shared number: the task to take next. */
  readonly next: Int32Array;
  readonly rules: MatchRules;
}

export interface ScoredClass {
  readonly level: number;
  readonly index: number;
  /** Average precision by threshold. */
  readonly ap: number[];
}

/** Takes tasks until none is left. Several threads may do so at once. */
export function scoreClasses({ levels, tasks, next, rules }: ClassWork): ScoredClass[] {
  const done: ScoredClass[] = [];
  for (let task = Atomics.add(next, 0, 1); task < tasks.length; task = Atomics.add(next, 0, 1)) {
    const { level, index } = tasks[task];
    done.push({ level, index, ap: classPrecision(levels[level], index, rules) });
  }
  return done;
}

if (!isMainThread && parentPort && (workerData as ClassWork | undefined)?.tasks) {
  parentPort.postMessage(scoreClasses(workerData as ClassWork));
}
