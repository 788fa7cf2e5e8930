import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { shareColumns } from '../shareColumns.ts';
import type { ClassRows } from './classRows.ts';
import {
  type DetectionMap,
  type DetectionMapOptions,
  detectionMap,
  groupLevel,
  joinLevels,
  meanOverClasses,
  rulesOf,
} from './detectionMap.ts';
import { type ClassWork, scoreClasses } from './detectionMapWorker.ts';
import type { DetectionTable, PredictionTable } from './detectionTable.ts';

export interface ThreadOptions {
  /** Processor threads in all; as many as there are cores when absent. */
  readonly threads?: number;
  /** Predictions below which one thread does all, since starting others takes longer. */
  readonly threadsFrom?: number;
}

/** `detectionMap`, its classes shared among processor threads; the same digits. */
export async function detectionMapInThreads(
  truth: DetectionTable,
  predictions: PredictionTable,
  taxonomy: Taxonomy,
  options: DetectionMapOptions & ThreadOptions = {},
): Promise<DetectionMap> {
  const { threads = availableParallelism(), threadsFrom = 300_000 } = options;
  if (threads <= 1 || predictions.label.length < threadsFrom) {
    return detectionMap(truth, predictions, taxonomy, options);
  }
  const begin = performance.now();
  const rules = rulesOf(options);
  const columns = shareColumns(predictions);
  const levels = (['action', 'body'] as const).map((level) =>
    shareColumns(groupLevel(truth, columns, taxonomy, level, options)),
  );
  const work: ClassWork = { levels, tasks: tasksOf(levels), next: new Int32Array(new SharedArrayBuffer(4)), rules };
  const workers = Array.from({ length: Math.min(threads, work.tasks.length) - 1 }, () => runWorker(work));
  const scored = [scoreClasses(work), ...(await Promise.all(workers))].flat();
  const precisions = levels.map((level) => level.classes.map((): number[] => []));
  for (const { level, index, ap } of scored) precisions[level][index] = ap;
  const [action, body] = levels.map((level, i) => meanOverClasses(level, precisions[i]));
  return joinLevels(truth, predictions, rules.tiou, action, body, begin);
}

// ---- below: internals ----

/** The classes of both levels, those with most predictions first. */
function tasksOf(levels: readonly ClassRows[]): ClassWork['tasks'] {
  const tasks = levels.flatMap(({ classes, from }, level) =>
    classes.map((_, index) => ({ level, index, size: from[index + 1] - from[index] })),
  );
  return tasks.sort((a, b) => b.size - a.size);
}

function runWorker(work: ClassWork): Promise<ReturnType<typeof scoreClasses>> {
  return new Promise((resolve, reject) => {
    const file = new URL(`./detectionMapWorker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(file, { workerData: work });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread ended with ${code}`)));
  });
}
