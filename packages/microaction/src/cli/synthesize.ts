import { join } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { checkOutputFolder } from '../files/outputFolder.ts';
import type { Balance } from '../synthesis/plan/planOptions.ts';
import type { DatasetSettings } from '../synthesis/simulateDataset.ts';
import type { SynthesisProgress, SynthesisRequest } from '../synthesis/synthesizeNode.ts';
import { nameOf, numberWhere } from './arguments.ts';
import { wholeFrom } from './inputs.ts';
import { counted } from './numbers.ts';
import { numberTable } from './numberTable.ts';
import { progressDisplay } from './progress.ts';
import type { Session } from './session.ts';
import { formatClock } from './times.ts';
import { refuseExisting, writeFiles, wroteNote } from './writeFiles.ts';

export function synthesizeCommand(session: Session): Command {
  return new Command('synthesize')
    .description('Make a data set of simulated people who do micro-actions: labels, key points and videos.')
    .argument('<folder>', 'where the data set goes; a run that was stopped goes on there')
    .option('--videos <count>', 'how many (default: 100)', count)
    .option('--subjects <count>', 'how many people (default: one for 20 videos, 8 at least)', count)
    .option('--seed <number>', 'the same seed makes the same bytes (default: 1)', wholeFrom(0))
    .option('--size <pixels>', 'width and height of the videos (default: 256)', size)
    .option('--only <actions>', 'show these actions alone: nodding,B2,waving', actionList)
    .option('--layout <name>', 'mma52: videos of several acts (default); ma52: clips of one', layout)
    .option('--balance <name>', 'actions as often as counted in the real data (default), or uniform', balance)
    .option('--key-points-only', 'no videos: labels, key points and 3D joints')
    .option('--flow', 'dense optical flow from each frame to the next as well: large files')
    .option('--mask-eyes', 'hide the eyes, as the published videos do')
    .option('--threads <count>', 'processor threads to use', wholeFrom(1))
    .option('--sheet', 'no data set: all 52 actions as film strips on one page, sheet.png and sheet.html')
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
  readonly layout?: NonNullable<DatasetSettings['layout']>;
  readonly balance?: Balance;
  readonly keyPointsOnly?: true;
  readonly flow?: true;
  readonly maskEyes?: true;
  readonly threads?: number;
  readonly sheet?: true;
  readonly overwrite?: true;
  readonly json?: true;
  readonly quiet?: true;
}

const count = numberWhere(
  (value) => Number.isInteger(value) && value >= 1 && value <= 1e9,
  'a whole number from 1 to 1000000000',
);
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
  if (options.overwrite) {
    throw new UsageError('--overwrite goes with --sheet alone; a data set is gone on with where it stopped.');
  }
  const request = requestOf(options);
  const [{ synthesize }, { labelsOf, planDataset }] = await Promise.all([
    import('../synthesis/node.ts'), // heavy: only when it is needed
    import('../synthesis/index.ts'),
  ]);
  const display = progressDisplay(session, { quiet: options.quiet ?? false, videos: 1 });
  let last: SynthesisProgress | undefined;
  const { threads } = options;
  try {
    for await (const progress of synthesize(folder, request, { threads, signal: session.signal })) {
      const { madeFrames, leftFrames } = progress;
      if (last === undefined) display.begin(folder); // what cannot be done has been refused before
      last = progress;
      const [doneSeconds, leftSeconds] = [madeFrames / frameRate, leftFrames / frameRate];
      display.update({ stage: 'simulating', doneSeconds, totalSeconds: doneSeconds + leftSeconds });
    }
    display.end(last && outcomeOf(last, request));
  } catch (error) {
    if (last !== undefined) display.end();
    throw error;
  }
  const subsets = summaryOf(planDataset(request), labelsOf);
  if (options.json) await session.print(`${JSON.stringify({ folder, ...request, subsets }, null, 2)}\n`);
  else await session.print(report(folder, subsets, request, session));
}

const frameRate = 30;

function requestOf({ videos = 100, subjects, seed = 1, size = 256, only, ...rest }: SynthesizeOptions) {
  return {
    videos,
    subjects: subjects ?? Math.min(videos, Math.max(8, Math.round(videos / 20))),
    seed,
    sizePixels: size,
    only,
    layout: rest.layout ?? 'mma52',
    balance: rest.balance ?? 'counted',
    keyPointsOnly: rest.keyPointsOnly ?? false,
    maskEyes: rest.maskEyes ?? false,
    flow: rest.flow ?? false,
  } satisfies SynthesisRequest;
}

const nounOf = ({ layout }: Pick<SynthesisRequest, 'layout'>) => (layout === 'ma52' ? 'clip' : 'video');

function outcomeOf({ doneClips, madeFrames }: SynthesisProgress, request: SynthesisRequest): string {
  const clips = counted(doneClips, nounOf(request));
  return madeFrames === 0 ? `${clips}, all there before` : clips;
}

interface SubsetSummary {
  readonly subset: string;
  readonly videos: number;
  readonly subjects: number;
  readonly instances: number;
  readonly durationSeconds: number;
}

type Plans = ReturnType<typeof import('../synthesis/index.ts').planDataset>;
type LabelsOf = typeof import('../synthesis/index.ts').labelsOf;

function summaryOf(plans: Plans, labelsOf: LabelsOf): SubsetSummary[] {
  return [...Map.groupBy(plans, ({ subset }) => subset)].map(([subset, own]) => ({
    subset,
    videos: own.length,
    subjects: new Set(own.map(({ subject }) => subject)).size,
    instances: own.reduce((sum, plan) => sum + labelsOf(plan).length, 0),
    durationSeconds: own.reduce((sum, { frameCount, frameRate }) => sum + frameCount / frameRate, 0),
  }));
}

function report(
  folder: string,
  subsets: readonly SubsetSummary[],
  request: Pick<SynthesisRequest, 'layout'>,
  session: Session,
): string {
  const table = numberTable(
    [
      { title: 'subset', align: 'left' },
      { title: `${nounOf(request)}s` },
      { title: 'subjects' },
      { title: 'instances' },
      { title: 'duration' },
    ],
    subsets.map(({ subset, videos, subjects, instances, durationSeconds }) => [
      subset,
      String(videos),
      String(subjects),
      String(instances),
      formatClock(durationSeconds),
    ]),
    session,
  );
  const labels = request.layout === 'ma52' ? '*_list_videos.txt' : '*.csv';
  return `${table}\nCount it:  microaction dataset stats ${join(quoted(folder), labels)}\n`;
}

/** A shell takes it for one word. */
const quoted = (path: string) => (/[^\w./\\:@%+~-]/.test(path) ? `'${path}'` : path);

async function drawSheet(session: Session, folder: string, options: SynthesizeOptions): Promise<void> {
  checkSheetOptions(options);
  const { seed = 1, size = 160, quiet = false } = options;
  const paths = { picture: join(folder, 'sheet.png'), page: join(folder, 'sheet.html') };
  await checkOutputFolder(folder);
  await refuseExisting(Object.values(paths), options.overwrite);
  const [{ filmStrips, sheetPage, sheetPicture }, { reelFrameRate }] = await Promise.all([
    import('../synthesis/node.ts'),
    import('../synthesis/sheet/filmStrips.ts'),
  ]);
  const display = progressDisplay(session, { quiet, videos: 1 });
  display.begin('sheet');
  const strips = [];
  let doneSeconds = 0;
  try {
    for (const strip of filmStrips({ seed, framePixels: size, frames: 6 })) {
      session.signal.throwIfAborted();
      strips.push(strip);
      doneSeconds += strip.reelFrames / reelFrameRate;
      display.update({ stage: 'drawing', doneSeconds, totalSeconds: (doneSeconds / strips.length) * 52 });
      await new Promise(setImmediate); // lets Ctrl-C in
    }
    display.end(counted(strips.length, 'strip'));
  } catch (error) {
    display.end();
    throw error;
  }
  const files = [
    { path: paths.picture, content: sheetPicture(strips) },
    { path: paths.page, content: sheetPage(strips) },
  ];
  const { overwrite } = options;
  const written = await writeFiles(files, { overwrite, signal: session.signal });
  if (!quiet) session.note(wroteNote(written));
  if (options.json) await session.print(`${JSON.stringify({ written }, null, 2)}\n`);
}

/** @throws UsageError for what only a data set has, and for pictures too large to have all strips in memory */
function checkSheetOptions(options: SynthesizeOptions): void {
  const names = ['videos', 'subjects', 'only', 'layout', 'balance', 'keyPointsOnly', 'maskEyes', 'threads'] as const;
  const given = names.find((name) => options[name] !== undefined);
  if (given !== undefined) {
    const flag = `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new UsageError(`${flag} is of a data set, and --sheet makes none; run the command twice to have both.`);
  }
  if ((options.size ?? 0) > 256) {
    throw new UsageError(`--size: found ${options.size}, expected at most 256 for the pictures of --sheet.`);
  }
}
