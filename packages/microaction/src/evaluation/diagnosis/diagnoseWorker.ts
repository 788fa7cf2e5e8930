import { parentPort, workerData } from 'node:worker_threads';
import { Taxonomy, type TaxonomyData } from '../../taxonomy/taxonomy.ts';
import { type DiagnosisOptions, diagnoseLevel } from './diagnose.ts';
import type { Scene } from './level.ts';

/** The thread that `diagnoseNode.ts` starts: diagnoses the body level and ends. */

export interface LevelWork {
  readonly scene: Scene;
  readonly taxonomy: TaxonomyData;
  readonly options: DiagnosisOptions;
}

const { scene, taxonomy, options } = workerData as LevelWork;
parentPort?.postMessage(diagnoseLevel(scene, new Taxonomy(taxonomy), 'body', options));
