import { Command } from 'commander';
import type { DetectionMap, DetectionMapIntervals, LevelMap } from '../../evaluation/detection/index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { nameOf } from '../arguments.ts';
import { fraction, wholeFrom } from '../inputs.ts';
import { counted, percent } from '../numbers.ts';
import { heading, type NumberColumn, numberTable } from '../numberTable.ts';
import { addScoringOptions, readTables, type ScoringOptions, type Tables } from '../readTables.ts';
import type { Session } from '../session.ts';

export function evaluateDetectionCommand(session: Session): Command {
  const command = new Command('detection').description(
    'Score detections: mAP at temporal IoU thresholds, of actions and of body parts.',
  );
  return addScoringOptions(command)
    .requiredOption('--predictions <file>', 'what a detector found, in any format, or a submission')
    .option('--tiou <thresholds>', 'temporal IoU: 0.5 or 0.3,0.5 or 0.1:0.9:0.1 (default: 0.1:0.9:0.1)')
    .option(
      '--reference <code>',
      "whose rules: opentad, the paper's (default), or mac2024, the challenge baseline's",
      nameOf(['opentad', 'mac2024'], 'reference'),
    )
    .option('--intervals', 'add confidence intervals: bootstrap over videos')
    .option('--resamples <count>', 'times the videos are drawn for them (default: 1000)', wholeFrom(1))
    .option('--confidence <share>', 'of the intervals (default: 0.95)', fraction)
    .option('--seed <number>', 'of the draws (default: 1)', wholeFrom(0))
    .option('--recall', 'add average recall at a number of proposals, and of the best k times n predictions')
    .option('--frames', 'add per-frame mAP and action-conditional metrics, at 10 frames a second')
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .addHelpText('after', examples)
    .action((options: EvaluateOptions) => evaluateDetection(session, options));
}

// ---- below: internals ----

interface EvaluateOptions extends ScoringOptions {
  readonly predictions: string;
  readonly tiou?: string;
  readonly reference?: 'opentad' | 'mac2024';
  readonly intervals?: true;
  readonly resamples?: number;
  readonly confidence?: number;
  readonly seed?: number;
  readonly recall?: true;
  readonly frames?: true;
  readonly json?: true;
}

const examples = `
Tables are in percent, JSON in fractions.

Examples:
  microaction evaluate detection --truth mmad.json --split validation --predictions result.json
  microaction evaluate detection --truth val.csv --predictions result.json.gz --intervals --json
`;

async function evaluateDetection(session: Session, options: EvaluateOptions): Promise<void> {
  const [{ parseTiou }, { detectionMapInThreads }] = await Promise.all([
    import('../../evaluation/detection/tiou.ts'),
    import('../../evaluation/detection/node.ts'),
  ]);
  const tiou = options.tiou === undefined ? undefined : parseTiou(options.tiou);
  const tables = await readTables(session, [options.predictions], options);
  const [predictions] = tables.predictions;
  const { reference, ties, resamples, confidence, seed } = options;
  const result = await detectionMapInThreads(tables.truth, predictions, tables.taxonomy, { tiou, reference, ties });
  const detection = await import('../../evaluation/detection/index.ts');
  const intervals = options.intervals
    ? detection.bootstrapDetectionMap(tables.truth, predictions, tables.taxonomy, {
        ...{ tiou, reference, ties, resamples, confidence, seed },
      })
    : undefined;
  const recall = options.recall ? await recallOf(tables, options) : undefined;
  const frames = options.frames ? await framesOf(tables) : undefined;
  if (options.json) {
    const document = {
      ...result,
      ...(intervals && { intervals }),
      ...(recall && { recall }),
      ...(frames && { frames }),
    };
    await session.print(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const sections = [
    summary(result, intervals, session),
    classSection('Body parts', result.body, result.tiou, orderOf(tables.taxonomy.bodyParts), session),
    classSection('Actions', result.action, result.tiou, orderOf(tables.taxonomy.actions), session),
    recall && recallSection(recall, session),
    frames && frameSection(frames, session),
  ];
  await session.print(sections.filter(Boolean).join('\n'));
}

const orderOf = (named: Taxonomy['actions'] | Taxonomy['bodyParts']) => named.map(({ name }) => name);

/** Thresholds at odd tenths stay longest, as the paper prints them. */
const thresholdColumns = (tiou: readonly number[]): NumberColumn[] =>
  tiou.map((value, i) => ({ title: String(value), givesWay: tiou.length > 1 && i % 2 === 1 ? 1 : 3 }));

function summary(result: DetectionMap, intervals: DetectionMapIntervals | undefined, session: Session): string {
  const { counts, action, body, tiou } = result;
  const sizes = [
    counted(counts.videos, 'video'),
    counted(counts.instances, 'instance'),
    counted(counts.predictions, 'prediction'),
  ].join(', ');
  const rows = [
    ['action', ...action.map.map((value) => percent(value)), percent(action.average)],
    ['body part', ...body.map.map((value) => percent(value)), percent(body.average)],
  ];
  const columns: NumberColumn[] = [{ title: 'level', align: 'left' }, ...thresholdColumns(tiou), { title: 'average' }];
  const mean = `Mean of both averages ${session.style('bold', percent(result.average))}\n`;
  const ignored = action.ignoredPredictions;
  const note =
    ignored > 0 ? `Left out: ${counted(ignored, 'prediction')} of actions that the truth does not have\n` : '';
  return (
    `${session.style('dim', sizes)}\n\n${heading('Detection-mAP in percent, by temporal IoU', session)}` +
    numberTable(columns, rows, session) +
    mean +
    note +
    (intervals ? `\n${intervalSection(intervals, session)}` : '')
  );
}

function intervalSection(
  { action, body, average, tiou, resamples, confidence }: DetectionMapIntervals,
  session: Session,
): string {
  const rows = [
    ...tiou.map((threshold, t) => [`at ${threshold}`, action.map[t], body.map[t]] as const),
    ['average', action.average, body.average] as const,
  ].map(([name, one, other]) => [name, percent(one.value), rangeOf(one), percent(other.value), rangeOf(other)]);
  const columns: NumberColumn[] = [
    { title: 'mAP', align: 'left' },
    { title: 'action' },
    { title: 'interval' },
    { title: 'body part' },
    { title: 'interval' },
  ];
  const title = `Intervals of ${percent(confidence, 0)} % confidence, videos drawn ${resamples} times`;
  const mean = `Mean of both averages ${percent(average.value)} (${rangeOf(average)})\n`;
  return heading(title, session) + numberTable(columns, rows, session) + mean;
}

const rangeOf = ({ low, high }: { readonly low: number; readonly high: number }) =>
  `${percent(low)} to ${percent(high)}`;

function classSection(
  title: string,
  level: LevelMap,
  tiou: readonly number[],
  order: readonly string[],
  session: Session,
): string {
  const place = new Map(order.map((name, index) => [name, index]));
  const rows = Object.entries(level.perClass)
    .sort(([a], [b]) => (place.get(a) ?? order.length) - (place.get(b) ?? order.length))
    .map(([name, { ap, instances }]) => [
      name,
      String(instances),
      ...ap.map((value) => percent(value, 1)),
      percent(ap.reduce((sum, value) => sum + value, 0) / ap.length, 1),
    ]);
  const columns: NumberColumn[] = [
    { title: title.toLowerCase().replace(/s$/, ''), align: 'left' },
    { title: 'count', givesWay: 2 },
    ...thresholdColumns(tiou),
    { title: 'mean' },
  ];
  return heading(`${title}: average precision in percent`, session) + numberTable(columns, rows, session);
}

async function recallOf({ truth, predictions: [predictions], taxonomy }: Tables, { ties }: EvaluateOptions) {
  const { averageRecall, topRecall } = await import('../../evaluation/detection/index.ts');
  return {
    proposals: averageRecall(truth, predictions, { ties }),
    top: {
      action: topRecall(truth, predictions, taxonomy, 'action', { ties }),
      body: topRecall(truth, predictions, taxonomy, 'body', { ties }),
    },
  };
}

function recallSection({ proposals, top }: Awaited<ReturnType<typeof recallOf>>, session: Session): string {
  const average = numberTable(
    [{ title: 'proposals a video', align: 'left' }, ...proposals.proposals.map((count) => ({ title: String(count) }))],
    [['average recall', ...proposals.average.map((value) => percent(value))]],
    session,
  );
  const { tiou, multiples } = top.action;
  const rows = (['action', 'body'] as const).flatMap((level) =>
    multiples.map((multiple, k) => [
      `${level === 'action' ? 'action' : 'body part'}, ${multiple}`,
      ...top[level].mean.map((row) => percent(row[k])),
    ]),
  );
  const columns: NumberColumn[] = [{ title: 'by temporal IoU', align: 'left' }, ...thresholdColumns(tiou)];
  return (
    heading('Average recall in percent, temporal IoU 0.5 to 0.95', session) +
    average +
    `\n${heading('Recall in percent of the best predictions, by how many for each instance', session)}` +
    numberTable(columns, rows, session)
  );
}

const windowFrames = [0, 20, 40];

async function framesOf({ truth, predictions: [predictions], taxonomy }: Tables) {
  const { actionConditional, frameMap, framesOfSegments } = await import('../../evaluation/detection/index.ts');
  const action = framesOfSegments(truth, predictions, taxonomy, 'action');
  const body = framesOfSegments(truth, predictions, taxonomy, 'body');
  return {
    action: frameMap(action),
    body: frameMap(body),
    conditional: windowFrames.map((frames) => ({
      windowFrames: frames,
      ...actionConditional(action, { windowFrames: frames }),
    })),
  };
}

function frameSection({ action, body, conditional }: Awaited<ReturnType<typeof framesOf>>, session: Session): string {
  const maps = numberTable(
    [{ title: 'level', align: 'left' }, { title: 'per-frame mAP' }],
    [
      ['action', percent(action.map)],
      ['body part', percent(body.map)],
    ],
    session,
  );
  const rows = conditional.map(({ windowFrames: frames, precision, recall, f1, map }) => [
    String(frames),
    ...[precision, recall, f1, map].map((value) => percent(value)),
  ]);
  const columns = ['window', 'precision', 'recall', 'F1', 'mAP'].map((title) => ({ title }));
  return (
    heading('Frames, in percent, ten looked at each second', session) +
    maps +
    `\n${heading('Action-conditional, by window in frames (0: at the same time)', session)}` +
    numberTable(columns, rows, session)
  );
}
