import { join } from 'node:path';
import type { DatasetStatistics, SubsetStatistics } from '../../annotation/dataset/statistics.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { figureFiles } from '../figureFiles.ts';
import type { OutputFile } from '../writeFiles.ts';

const tableNames = ['statistics.json', 'subsets.csv', 'actions.csv', 'body-parts.csv', 'pairs.csv'] as const;

/** The tables that `statisticsFiles` will write: enough to see whether it was here before. */
export const statisticsPaths = (folder: string): string[] => tableNames.map((name) => join(folder, name));

/** Statistics as files: all in JSON, tables with a row for each subset and label, figures of the whole data set. */
export async function statisticsFiles(
  statistics: DatasetStatistics,
  taxonomy: Taxonomy,
  folder: string,
): Promise<OutputFile[]> {
  const { writeTable } = await import('../../annotation/formats/table.ts');
  const csv = (header: readonly string[], rows: readonly (readonly unknown[])[]) =>
    writeTable([header, ...rows] as (string | number)[][], ',');
  const { all, subsets } = statistics;
  const each = subsets.length === 1 ? [...subsets] : [...subsets, { ...all, subset: 'all' }];
  const rows = (rowsOf: (one: SubsetStatistics) => readonly (readonly unknown[])[]) =>
    each.flatMap((one) => rowsOf(one).map((row) => [one.subset ?? '', ...row.map((value) => value ?? '')]));
  const contents: Record<(typeof tableNames)[number], string> = {
    'statistics.json': `${JSON.stringify(statistics, null, 2)}\n`,
    'subsets.csv': csv(
      ['subset', ...subsetFields, ...durationFields],
      rows((one) => [
        [...subsetFields.map((field) => one[field]), ...durationFields.map((field) => one.instanceSeconds[field])],
      ]),
    ),
    'actions.csv': csv(
      ['subset', 'id', 'action', 'bodyPart', ...labelFields],
      rows(({ actions }) =>
        actions.map((one) => [one.id, one.action, one.bodyPart, ...labelFields.map((field) => one[field])]),
      ),
    ),
    'body-parts.csv': csv(
      ['subset', 'code', 'bodyPart', ...labelFields],
      rows(({ bodyParts }) =>
        bodyParts.map((one) => [one.code, one.bodyPart, ...labelFields.map((field) => one[field])]),
      ),
    ),
    'pairs.csv': csv(
      ['subset', 'level', 'counted', 'first', 'second', 'count'],
      rows(({ cooccurrence }) =>
        (['actions', 'bodyParts'] as const).flatMap((level) =>
          (['overlapping', 'sameVideo'] as const).flatMap((counted) =>
            cooccurrence[level][counted].map(({ labels, count }) => [level, counted, ...labels, count]),
          ),
        ),
      ),
    ),
  };
  const { statisticsFigures } = await import('../../report/plots/statisticsFigures.ts');
  const tables = tableNames.map((name) => ({ path: join(folder, name), content: contents[name] }));
  return [...tables, ...(await figureFiles(statisticsFigures(all, taxonomy), folder))];
}

// ---- below: internals ----

const subsetFields = [
  'videos',
  'instances',
  'subjects',
  'hours',
  'meanVideoSeconds',
  'videosOfUnknownLength',
  'instancesPerVideo',
] as const;
const durationFields = ['meanSeconds', 'stdSeconds', 'medianSeconds', 'minSeconds', 'maxSeconds'] as const;
const labelFields = ['instances', 'share', 'videos', ...durationFields] as const;
