import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { DetectionTable, PredictionTable } from '../detection/detectionTable.ts';
import { shareColumns } from '../shareColumns.ts';
import {
  type Diagnosis,
  type DiagnosisOptions,
  diagnose,
  diagnoseLevel,
  type LevelDiagnosis,
  rulesOf,
  sceneOf,
} from './diagnose.ts';
import type { LevelWork } from './diagnoseWorker.ts';

export interface DiagnosisThreadOptions {
  /** Processor threads in all, of which two are of use; as many as there are cores when absent. */
  readonly threads?: number;
  /** Predictions below which one thread does all, since starting another takes longer. */
  readonly threadsFrom?: number;
}

/** `diagnose`, the body level in a thread of its own; the same digits. */
export async function diagnoseInThreads(
  truth: DetectionTable,
  predictions: PredictionTable,
  taxonomy: Taxonomy,
  options: DiagnosisOptions & DiagnosisThreadOptions = {},
): Promise<Diagnosis> {
  const { threads = availableParallelism(), threadsFrom = 200_000, ...rest } = options;
  if (threads <= 1 || predictions.label.length < threadsFrom) return diagnose(truth, predictions, taxonomy, rest);
  const begin = performance.now();
  const { tiou } = rulesOf(rest);
  const scene = shareColumns(sceneOf(shareColumns(truth), shareColumns(predictions)));
  const bodyWork = runWorker({ scene, taxonomy: taxonomy.toJSON(), options: rest });
  const action = diagnoseLevel(scene, taxonomy, 'action', rest);
  const body = await bodyWork;
  return { tiou, action, body, seconds: (performance.now() - begin) / 1000 };
}

// ---- below: internals ----

function runWorker(work: LevelWork): Promise<LevelDiagnosis> {
  return new Promise((resolve, reject) => {
    const file = new URL(`./diagnoseWorker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(file, { workerData: work });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread ended with ${code}`)));
  });
}
