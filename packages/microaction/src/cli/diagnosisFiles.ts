import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Diagnosis } from '../evaluation/diagnosis/index.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { figureFiles } from './figureFiles.ts';
import type { OutputFile } from './writeFiles.ts';

/** The files that say most of a diagnosis; they are written with the figures. */
export const diagnosisPaths = (folder: string) => [join(folder, 'diagnosis.json'), join(folder, 'index.html')];

/** A diagnosis as files in a folder: all numbers, one page, the figures of both levels. */
export async function diagnosisFiles(
  diagnosis: Diagnosis,
  taxonomy: Taxonomy,
  folder: string,
  options: {
    readonly predictions: string;
    /** Folder of the pages of videos, `ID.html`, that the worst videos link to. */
    readonly pages?: string;
  },
): Promise<OutputFile[]> {
  const [{ diagnosisFigures }, { diagnosisPage }, { relativeUrl }] = await Promise.all([
    import('../report/plots/diagnosisFigures.ts'),
    import('../report/plots/diagnosisPage.ts'),
    import('../report/relativeUrl.ts'),
  ]);
  const [numbersPath, pagePath] = diagnosisPaths(folder);
  const videoUrl = (video: string) => {
    if (options.pages === undefined) return undefined;
    const page = join(options.pages, `${video}.html`);
    return existsSync(page) ? relativeUrl(pagePath, page) : undefined;
  };
  const figures = (['action', 'body'] as const).flatMap((level) => diagnosisFigures(diagnosis, level, taxonomy));
  return [
    { path: numbersPath, content: `${JSON.stringify(diagnosis, null, 2)}\n` },
    {
      path: pagePath,
      content: await diagnosisPage(diagnosis, { title: basename(options.predictions), taxonomy, videoUrl }),
    },
    ...(await figureFiles(figures, folder)),
  ];
}
