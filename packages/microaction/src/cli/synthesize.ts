import { join } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../errors.ts';
import type { Balance } from '../synthesis/plan/planOptions.ts';
import type { DatasetSettings } from '../synthesis/simulateDataset.ts';
import type { SynthesisRequest } from '../synthesis/synthesizeNode.ts';
import { nameOf, numberWhere } from './arguments.ts';
import { wholeFrom } from './inputs.ts';
import { counted, fixed } from './numbers.ts';
import { numberTable } from './numberTable.ts';
import { progressDisplay } from './progress.ts';
import type { Session } from './session.ts';
import { refuseExisting, writeFiles, wroteNote } from './writeFiles.ts';

export function synthesizeCommand(session: Session): Command {
  return new Command('synthesize')
    .description('Make a data set of simulated people who do micro-actions: labels, key points and videos.')
    .argument('<folder>', 'where the data set goes; a run that was stopped goes on there')
    .option('--videos <count>', 'how many (default: 100)', wholeFrom(1))
    .option('--subjects <count>', 'how many people (default: one for 20 videos, 8 at least)', wholeFrom(1))
    .option('--seed <number>', 'the same seed makes the same bytes (default: 1)', wholeFrom(0))
    .option('--size <pixels>', 'width and height of the videos (default: 256)', size)
    .option('--only <actions>', 'show these actions alone: nodding,B2,waving', actionList)
    .option(
      '--layout <name>',
      'files as mma52 (videos of several acts) or ma52 (clips of one) has them',
      layout,
      'mma52',
    )
    .option('--balance <name>', 'actions as often as counted in the real data, or uniform', balance, 'counted')
    .option('--key-points-only', 'no videos: labels, key points and 3D joints')
    .option('--mask-eyes', 'hide the eyes, as the published videos do')
    .option('--threads <count>', 'processor threads to use', wholeFrom(1))
    .option('--sheet', 'no data set: draw one page with all 52 actions as film strips, sheet.png and sheet.html')
    .option('--overwrite', 'replace a sheet that is there already')
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .option('--quiet', 'no progress; failures only')
    .addHelpText('after', explanation)
    .action((folder: string, options: SynthesizeOptions) => synthesize(session, folder, options));
}

// ---- below: internals ----

interface SynthesizeOptions {
  readonly videos?: number;
  readonly subjects?: number;
  readonly seed?: number;
  readonly size?: number;
  readonly only?: readonly string[];
  readonly layout: NonNullable<DatasetSettings['layout']>;
  readonly balance: Balance;
  readonly keyPointsOnly?: true;
  readonly maskEyes?: true;
  readonly threads?: number;
  readonly sheet?: true;
  readonly overwrite?: true;
  readonly json?: true;
  readonly quiet?: true;
}

const layout = nameOf(['mma52', 'ma52'] as const, 'layout');
const balance = nameOf(['counted', 'uniform'] as const, 'balance');
const size = numberWhere(
  (value) => Number.isInteger(value) && value >= 32 && value <= 2048 && value % 2 === 0,
  'an even number of pixels from 32 to 2048',
);

/** Checked against the taxonomy where they are used. */
const actionList = (text: string, before: readonly string[] = []) => [
  ...before,
  ...text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
];

const explanation = `
The people are drawn, and nobody's data is needed. Numbers, durations and
overlaps of actions follow what was counted in MMA-52; --layout ma52 makes short
clips of one action each, as MA-52 has them. Subjects never cross subsets. With
one or two subjects all videos are for training.

Examples:
  microaction synthesize simulated --videos 200
  microaction synthesize clips --layout ma52 --balance uniform --videos 1040
  microaction synthesize tracks --videos 4500 --subjects 200 --key-points-only
  microaction synthesize pictures --sheet
`;

async function synthesize(session: Session, folder: string, options: SynthesizeOptions): Promise<void> {
  if (options.sheet) return drawSheet(session, folder, options);
  if (options.overwrite) throw new UsageError('--overwrite is of --sheet; a data set goes on where it was.');
  const request = requestOf(options);
  const [{ synthesize }, { labelsOf, planDataset }] = await Promise.all([
    import('../synthesis/node.ts'), // heavy: only when it is needed
    import('../synthesis/index.ts'),
  ]);
  const display = progressDisplay(session, { quiet: options.quiet ?? false, videos: 1 });
  let clips: number | undefined;
  const { threads } = options;
  try {
    for await (const progress of synthesize(folder, request, { threads, signal: session.signal })) {
      const { doneClips, madeFrames, leftFrames } = progress;
      if (clips === undefined) display.begin(folder); // what cannot be done has been refused before
      clips = doneClips;
      const [doneSeconds, leftSeconds] = [madeFrames / frameRate, leftFrames / frameRate];
      display.update({ stage: 'simulating', doneSeconds, totalSeconds: doneSeconds + leftSeconds });
    }
    display.end(counted(clips ?? 0, 'clip'));
  } catch (error) {
    if (clips !== undefined) display.end();
    throw error;
  }
  const subsets = summaryOf(planDataset(request), labelsOf);
  if (options.json) await session.print(`${JSON.stringify({ folder, ...request, subsets }, null, 2)}\n`);
  else await session.print(report(folder, subsets, request, session));
}

const frameRate = 30;

function requestOf({ videos = 100, subjects, seed = 1, size, only, layout, balance, ...rest }: SynthesizeOptions) {
  return {
    videos,
    subjects: subjects ?? Math.min(videos, Math.max(8, Math.round(videos / 20))),
    seed,
    sizePixels: size,
    only,
    layout,
    balance,
    keyPointsOnly: rest.keyPointsOnly ?? false,
    maskEyes: rest.maskEyes ?? false,
  } satisfies SynthesisRequest;
}

interface SubsetSummary {
  readonly subset: string;
  readonly videos: number;
  readonly subjects: number;
  readonly instances: number;
  readonly hours: number;
}

type Plans = ReturnType<typeof import('../synthesis/index.ts').planDataset>;
type LabelsOf = typeof import('../synthesis/index.ts').labelsOf;

function summaryOf(plans: Plans, labelsOf: LabelsOf): SubsetSummary[] {
  return [...Map.groupBy(plans, ({ subset }) => subset)].map(([subset, own]) => ({
    subset,
    videos: own.length,
    subjects: new Set(own.map(({ subject }) => subject)).size,
    instances: own.reduce((sum, plan) => sum + labelsOf(plan).length, 0),
    hours: own.reduce((sum, { frameCount, frameRate }) => sum + frameCount / frameRate, 0) / 3600,
  }));
}

function report(
  folder: string,
  subsets: readonly SubsetSummary[],
  { layout }: Pick<SynthesisRequest, 'layout'>,
  session: Session,
): string {
  const table = numberTable(
    [
      { title: 'subset', align: 'left' },
      { title: layout === 'ma52' ? 'clips' : 'videos' },
      { title: 'subjects' },
      { title: 'instances' },
      { title: 'hours' },
    ],
    subsets.map(({ subset, videos, subjects, instances, hours }) => [
      subset,
      String(videos),
      String(subjects),
      String(instances),
      fixed(hours),
    ]),
    session,
  );
  const labels = layout === 'ma52' ? '*_list_videos.txt' : '*.csv';
  return `${table}\nCount it:  microaction dataset stats ${join(folder, labels)}\n`;
}

async function drawSheet(session: Session, folder: string, options: SynthesizeOptions): Promise<void> {
  const paths = { picture: join(folder, 'sheet.png'), page: join(folder, 'sheet.html') };
  await refuseExisting(Object.values(paths), options.overwrite);
  const { filmStrips, sheetPage, sheetPicture } = await import('../synthesis/node.ts');
  const display = progressDisplay(session, { quiet: options.quiet ?? false, videos: 1 });
  display.begin('sheet');
  const strips = [];
  for (const strip of filmStrips({ seed: options.seed ?? 1, framePixels: options.size ?? 160, frames: 6 })) {
    session.signal.throwIfAborted();
    strips.push(strip);
    display.update({ stage: 'drawing', doneSeconds: strips.length, totalSeconds: 52 });
    await new Promise(setImmediate); // lets Ctrl-C in
  }
  display.end(counted(strips.length, 'strip'));
  const files = [
    { path: paths.picture, content: sheetPicture(strips) },
    { path: paths.page, content: sheetPage(strips) },
  ];
  const { overwrite } = options;
  const written = await writeFiles(files, { overwrite, signal: session.signal });
  session.note(wroteNote(written));
  if (options.json) await session.print(`${JSON.stringify({ written }, null, 2)}\n`);
}
