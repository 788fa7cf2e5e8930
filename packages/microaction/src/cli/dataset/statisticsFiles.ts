import { join } from 'node:path';
import type { DatasetStatistics, SubsetStatistics } from '../../annotation/dataset/statistics.ts';
import type { OutputFile } from '../writeFiles.ts';

const tableNames = ['statistics.json', 'subsets.csv', 'actions.csv', 'body-parts.csv', 'pairs.csv'] as const;

/** What `statisticsFiles` will write. */
export const statisticsPaths = (folder: string): string[] => tableNames.map((name) => join(folder, name));

/** The statistics of a data set as files: all in JSON, and tables for other programs, a row a subset and label. */
export async function statisticsFiles(statistics: DatasetStatistics, folder: string): Promise<OutputFile[]> {
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
  return tableNames.map((name) => ({ path: join(folder, name), content: contents[name] }));
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
