import { join } from 'node:path';
import type { Diagnosis } from '../evaluation/diagnosis/index.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { figureFiles } from './figureFiles.ts';
import type { OutputFile } from './writeFiles.ts';

/** A diagnosis as files in a folder: all numbers, the figures of both levels. */
export async function diagnosisFiles(
  diagnosis: Diagnosis,
  taxonomy: Taxonomy,
  folder: string,
  _options: { readonly truth: string; readonly predictions: string; readonly pages?: string },
): Promise<OutputFile[]> {
  const { diagnosisFigures } = await import('../report/plots/diagnosisFigures.ts');
  const figures = (['action', 'body'] as const).flatMap((level) => diagnosisFigures(diagnosis, level, taxonomy));
  return [
    { path: join(folder, 'diagnosis.json'), content: `${JSON.stringify(diagnosis, null, 2)}\n` },
    ...(await figureFiles(figures, folder)),
  ];
}
