import { Command } from 'commander';
import type { ListStatistics, SubsetListStatistics } from '../../annotation/dataset/recognitionLists.ts';
import type { DatasetStatistics, SubsetStatistics } from '../../annotation/dataset/statistics.ts';
import { UsageError } from '../../errors.ts';
import { addSubsetOptions, frameRate, readTogether, type SubsetOptions } from '../inputs.ts';
import { fixed, percent } from '../numbers.ts';
import { heading, type NumberColumn, numberTable } from '../numberTable.ts';
import type { Session } from '../session.ts';
import { refuseExisting, writeFiles, wroteNote } from '../writeFiles.ts';
import { readLists } from './readLists.ts';
import { statisticsFiles, statisticsPaths } from './statisticsFiles.ts';

export function statsCommand(session: Session): Command {
  const command = new Command('stats')
    .description('Count a data set: videos, instances, durations, what runs at once, what goes together.')
    .argument('<path...>', 'annotation files, or folders of them; several become subsets named after them');
  return addSubsetOptions(command)
    .option(
      '--count-at <fps>',
      'count all time at so many frames a second; 30 is how the MMA-52 paper counts',
      frameRate,
    )
    .option('--count-end-frame', 'let the frame at which an instance ends count to it, in what runs at once')
    .option('--out <folder>', 'write tables (CSV, JSON) and figures (SVG, PNG) into this folder')
    .option('--overwrite', 'replace files that are there already')
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .addHelpText('after', examples)
    .action((paths: string[], options: StatsOptions) => stats(session, paths, options));
}

// ---- below: internals ----

interface StatsOptions extends SubsetOptions {
  readonly countAt?: number;
  readonly countEndFrame?: true;
  readonly out?: string;
  readonly overwrite?: true;
  readonly json?: true;
}

const examples = `
Examples:
  microaction dataset stats train.csv val.csv
  microaction dataset stats train.csv val.csv --count-at 30     the numbers of the paper's Table 1
  microaction dataset stats train_list_videos.txt val_list_videos.txt     lists of MA-52
  microaction dataset stats coded/ --out statistics
`;

async function stats(session: Session, paths: readonly string[], options: StatsOptions): Promise<void> {
  const { out, overwrite, countAt: countAtFrameRate, countEndFrame } = options;
  const listed = await readLists(session, paths, options);
  if (listed) {
    if (out !== undefined) throw new UsageError('--out writes statistics of annotated videos; lists have --json.');
    const { listStatisticsOf } = await import('../../annotation/dataset/recognitionLists.ts');
    const statistics = listStatisticsOf(listed.lists, listed.taxonomy);
    await session.print(options.json ? `${JSON.stringify(statistics, null, 2)}\n` : listReport(statistics, session));
    return;
  }
  if (out !== undefined) await refuseExisting(statisticsPaths(out), overwrite);
  const [{ dataset }, { statisticsOf }] = await Promise.all([
    readTogether(session, paths, options),
    import('../../annotation/dataset/statistics.ts'),
  ]);
  const statistics = statisticsOf(dataset, { countAtFrameRate, countEndFrame });
  if (out !== undefined) {
    const written = await writeFiles(await statisticsFiles(statistics, dataset.taxonomy, out), {
      overwrite,
      signal: session.signal,
    });
    session.note(wroteNote(written));
  }
  if (options.json) await session.print(`${JSON.stringify(statistics, null, 2)}\n`);
  else await session.print(report(statistics, session));
}

/** Of lists that name one action for each clip: a column for each list. */
function listReport({ all, subsets }: ListStatistics, session: Session): string {
  const each = subsets.length === 1 ? subsets : [...subsets, { ...all, subset: 'all' }];
  const columns = each.flatMap(({ subset }): NumberColumn[] => [
    { title: subset ?? 'all' },
    { title: '%', givesWay: 1 },
  ]);
  const cells = (rowOf: (one: SubsetListStatistics) => { clips: number; share: number }) =>
    each.flatMap((one) => [String(rowOf(one).clips), percent(rowOf(one).share, 1)]);
  const sizes = each.map(({ subset, clips, subjects }) => [subset ?? 'all', String(clips), String(subjects ?? '-')]);
  return [
    numberTable([{ title: 'list', align: 'left' }, { title: 'clips' }, { title: 'subjects' }], sizes, session),
    heading('Body parts', session) +
      numberTable(
        [{ title: '' }, { title: 'body part', align: 'left' }, ...columns],
        all.bodyParts.map(({ code, bodyPart }, i) => [code, bodyPart, ...cells((one) => one.bodyParts[i])]),
        session,
      ),
    heading('Actions, most frequent first', session) +
      numberTable(
        [{ title: '' }, { title: 'action', align: 'left' }, ...columns],
        [...all.actions.entries()]
          .sort(([, a], [, b]) => b.clips - a.clips)
          .map(([i, { id, action }]) => [String(id), action, ...cells((one) => one.actions[i])]),
        session,
      ),
  ].join('\n');
}

function report(statistics: DatasetStatistics, session: Session): string {
  const { all } = statistics;
  const sections = [
    numberTable(subsetColumns, subsetRows(statistics), session),
    heading('Body parts', session) + numberTable(labelColumns('body part'), partRows(all), session),
    heading('Actions, most frequent first', session) + numberTable(labelColumns('action'), actionRows(all), session),
    heading('Instances in a video', session) +
      numberTable(
        [{ title: 'instances' }, { title: 'videos' }, { title: '%' }],
        all.videosByInstances
          .filter(({ videos }) => videos > 0)
          .map(({ instances, videos }) => [String(instances), String(videos), percent(videos / all.videos, 1)]),
        session,
      ),
    heading('Running at once', session) +
      numberTable(
        [{ title: 'instances' }, { title: 'hours' }, { title: '% of time' }, { title: 'videos with this most' }],
        all.concurrency.levels.map(({ instances, seconds, share, videosWithThisMaximum }) => [
          String(instances),
          fixed(seconds / 3600),
          percent(share),
          String(videosWithThisMaximum),
        ]),
        session,
      ) +
      overlapLine(all),
    pairSection('Pairs that overlap in time, most frequent first', all.cooccurrence.actions.overlapping, session),
    pairSection('Pairs in one video, most frequent first', all.cooccurrence.actions.sameVideo, session),
  ];
  return sections.filter(Boolean).join('\n');
}

const subsetColumns: readonly NumberColumn[] = [
  { title: 'subset', align: 'left' },
  { title: 'videos' },
  { title: 'instances' },
  { title: 'subjects', givesWay: 1 },
  { title: 'hours' },
  { title: 's/video' },
  { title: 's/instance' },
  { title: 'instances/video', givesWay: 2 },
];

function subsetRows({ subsets, all }: DatasetStatistics): string[][] {
  const row = (name: string, one: SubsetStatistics) => [
    name,
    String(one.videos),
    String(one.instances),
    one.subjects === null ? '-' : String(one.subjects),
    one.videosOfUnknownLength === one.videos ? '-' : fixed(one.hours),
    fixed(one.meanVideoSeconds),
    fixed(one.instanceSeconds.meanSeconds),
    fixed(one.instancesPerVideo),
  ];
  const rows = subsets.map((one) => row(one.subset ?? (subsets.length > 1 ? '(none)' : 'all'), one));
  return subsets.length === 1 ? rows : [...rows, row('all', all)];
}

const labelColumns = (title: string): NumberColumn[] => [
  { title: '' },
  { title, align: 'left' },
  { title: 'instances' },
  { title: '%' },
  { title: 'videos' },
  { title: 'mean s' },
  { title: 'std s' },
  { title: 'median s', givesWay: 3 },
  { title: 'min s', givesWay: 1 },
  { title: 'max s', givesWay: 2 },
];

type LabelRow = SubsetStatistics['actions'][number] | SubsetStatistics['bodyParts'][number];

const numbersOf = (one: LabelRow) => [
  String(one.instances),
  percent(one.share, 1),
  String(one.videos),
  fixed(one.meanSeconds),
  fixed(one.stdSeconds),
  fixed(one.medianSeconds),
  fixed(one.minSeconds),
  fixed(one.maxSeconds),
];

const partRows = ({ bodyParts }: SubsetStatistics) =>
  bodyParts.map((one) => [one.code, one.bodyPart, ...numbersOf(one)]);

const actionRows = ({ actions }: SubsetStatistics) =>
  actions.toSorted((a, b) => b.instances - a.instances).map((one) => [String(one.id), one.action, ...numbersOf(one)]);

function overlapLine({ concurrency: { overlappingInstances, overlappingShare }, instances }: SubsetStatistics): string {
  if (overlappingShare === null) return '';
  return `${overlappingInstances} of ${instances} instances (${percent(overlappingShare, 1)} %) overlap another one.\n`;
}

const mostPairs = 15;

function pairSection(
  title: string,
  pairs: readonly { readonly labels: readonly [string, string]; readonly count: number }[],
  session: Session,
): string {
  if (pairs.length === 0) return '';
  const rest = pairs.length > mostPairs ? `and ${pairs.length - mostPairs} more; --json or --out has them all\n` : '';
  const rows = pairs.slice(0, mostPairs).map(({ labels, count }) => [labels.join(' + '), String(count)]);
  return (
    heading(title, session) + numberTable([{ title: 'pair', align: 'left' }, { title: 'count' }], rows, session) + rest
  );
}
