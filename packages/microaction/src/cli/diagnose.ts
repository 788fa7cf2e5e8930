import { Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../errors.ts';
import type {
  Buckets,
  CharacteristicName,
  Diagnosis,
  ErrorType,
  LevelDiagnosis,
} from '../evaluation/diagnosis/index.ts';
import { diagnosisFiles, diagnosisPaths } from './diagnosisFiles.ts';
import { listOf, wholeFrom } from './inputs.ts';
import { counted, fixed, percent } from './numbers.ts';
import { heading, type NumberColumn, numberTable } from './numberTable.ts';
import { addScoringOptions, readTables, type ScoringOptions } from './readTables.ts';
import type { Session } from './session.ts';
import { refuseExisting, writeFiles, wroteNote } from './writeFiles.ts';

export function diagnoseCommand(session: Session): Command {
  const command = new Command('diagnose').description(
    'Find out what a detector gets wrong: kinds of errors, which instances it misses, what it confuses.',
  );
  return addScoringOptions(command)
    .requiredOption('--predictions <file>', 'what a detector found, in any format, or a submission')
    .option('--tiou <thresholds>', "temporal IoU; several are averaged (default: 0.5, the paper's)")
    .option(
      '--buckets <edges>',
      `NAME=EDGE,EDGE,... for ${bucketNames.join(', ')}; given again for another (default: the paper's)`,
      buckets,
    )
    .option('--groups <count>', 'of the false positive profile, top-1G on (default: 10)', wholeFrom(1))
    .option('--worst <count>', 'videos with most errors to list (default: 20)', wholeFrom(0))
    .option('--pages <folder>', 'link the worst videos to the pages that `detect --report` wrote there')
    .option('--draw <videos>', 'with --out: draw the truth and the best predictions of these videos (ids)', listOf)
    .option('--top <count>', 'predictions of a drawn video (default: 10)', wholeFrom(1))
    .option('--videos <folder>', 'pictures of the drawn videos, from the files ID.mp4 and the like in it')
    .option('--out <folder>', 'write numbers (JSON), figures (SVG, PNG) and a page (HTML) into this folder')
    .option('--overwrite', 'replace files that are there already')
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .addHelpText('after', examples)
    .action((options: DiagnoseOptions) => diagnoseDetector(session, options));
}

// ---- below: internals ----

interface DiagnoseOptions extends ScoringOptions {
  readonly predictions: string;
  readonly tiou?: string;
  readonly buckets?: Partial<Record<CharacteristicName, Buckets>>;
  readonly groups?: number;
  readonly worst?: number;
  readonly pages?: string;
  readonly draw?: readonly string[];
  readonly top?: number;
  readonly videos?: string;
  readonly out?: string;
  readonly overwrite?: true;
  readonly json?: true;
}

const bucketOf: Readonly<Record<string, CharacteristicName>> = {
  coverage: 'coverage',
  length: 'length',
  instances: 'numInstances',
  'instances-same-class': 'numInstancesSameClass',
};
const bucketNames = Object.keys(bucketOf);

const examples = `
Tables are in percent, JSON in fractions. mAP_N is mAP with normalised
precision, as DETAD has it.

Examples:
  microaction diagnose --truth mmad.json --split validation --predictions result.json
  microaction diagnose --truth val.csv --predictions result.json --out diagnosis --pages coded
  microaction diagnose --truth val.csv --predictions result.json --out diagnosis --draw val0001 --videos clips
  microaction diagnose --truth own.json --predictions result.json --buckets length=0,0.5,1,2,inf
`;

/** `length=0,1,3,inf`; buckets are called XS, S, M, L, XL, or by number where there are more. */
function buckets(text: string, before: DiagnoseOptions['buckets'] = {}): DiagnoseOptions['buckets'] {
  const [, name, list = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const edges = listOf(list).map((part) => (/^inf(inity)?$/i.test(part) ? Number.POSITIVE_INFINITY : Number(part)));
  if (!(name in bucketOf) || edges.length < 2 || edges.some(Number.isNaN)) {
    throw new InvalidArgumentError(
      `Expected NAME=EDGE,EDGE,... with one of ${bucketNames.join(', ')}: length=0,1,3,inf.`,
    );
  }
  const count = edges.length - 1;
  const sizes = ['XS', 'S', 'M', 'L', 'XL'];
  const labels = Array.from({ length: count }, (_, i) => (count <= sizes.length ? sizes[i] : String(i + 1)));
  return { ...before, [bucketOf[name]]: { edges, labels } };
}

async function diagnoseDetector(session: Session, options: DiagnoseOptions): Promise<void> {
  const { out, overwrite } = options;
  if (out === undefined && options.draw) throw new UsageError('--draw writes figures; add --out FOLDER.');
  if (out !== undefined) await refuseExisting(diagnosisPaths(out), overwrite);
  const [{ parseTiou }, { diagnose }] = await Promise.all([
    import('../evaluation/detection/tiou.ts'),
    import('../evaluation/diagnosis/index.ts'),
  ]);
  const tiou = options.tiou === undefined ? undefined : parseTiou(options.tiou);
  const { truth, predictions, taxonomy } = await readTables(session, [options.predictions], options);
  const { groups, worst: worstVideos, ties } = options;
  const result = diagnose(truth, predictions[0], taxonomy, {
    tiou,
    buckets: options.buckets,
    groups,
    ties,
    worstVideos,
  });
  if (out !== undefined) {
    const files = await diagnosisFiles(result, taxonomy, out, options);
    if (options.draw) {
      const { signal } = session;
      const { draw, top, videos } = options;
      const [{ predictionFigures }, { figureFiles }] = await Promise.all([
        import('./predictionFigures.ts'),
        import('./figureFiles.ts'),
      ]);
      const drawn = await predictionFigures(truth, predictions[0], taxonomy, { draw, top, videos, signal });
      files.push(...(await figureFiles(drawn, out)));
    }
    session.note(wroteNote(await writeFiles(files, { overwrite, signal: session.signal })));
  }
  await session.print(options.json ? `${JSON.stringify(result, null, 2)}\n` : report(result, session));
}

function report({ tiou, action, body }: Diagnosis, session: Session): string {
  const { counts } = action;
  const left = [
    ...(counts.instancesLeftOut > 0
      ? [`left out: ${counted(counts.instancesLeftOut, 'instance')} without length or longer than the video`]
      : []),
    ...(counts.predictionsLeftOut > 0
      ? [`left out: ${counted(counts.predictionsLeftOut, 'prediction')} of actions that the truth does not have`]
      : []),
  ];
  const sizes = [
    counted(counts.videos, 'video'),
    counted(counts.instances, 'instance'),
    counted(counts.predictions, 'prediction'),
    `temporal IoU ${tiou.join(', ')}`,
  ].join(', ');
  return [
    [sizes, ...left].map((line) => session.style('dim', `${line}\n`)).join(''),
    heading('What the best predictions are, and what mAP_N gains without each error', session) +
      errorTable(action, body, session),
    heading('Actions: what they are, by rank among the predictions of their class', session) +
      profileTable(action, session),
    heading('Body parts: what they are, by rank', session) + profileTable(body, session),
    heading('Which instances are missed, and how well each kind is found', session) +
      bucketTable(action, body, session),
    concurrencySection(action, body, session),
    confusionSection(action, session),
    besideSection(action, session),
    calibrationSection(action, session),
    worstSection(action, session),
  ]
    .filter(Boolean)
    .join('\n');
}

const errorNames: Readonly<Record<ErrorType, string>> = {
  truePositive: 'true positive',
  doubleDetection: 'double detection',
  wrongLabel: 'wrong label',
  localization: 'localisation',
  confusion: 'confusion',
  background: 'background',
};
const errorTypes = Object.keys(errorNames) as ErrorType[];

function errorTable(action: LevelDiagnosis, body: LevelDiagnosis, session: Session): string {
  const rows = errorTypes.map((type) => [
    errorNames[type],
    ...[action, body].flatMap(({ falsePositives: { fractions, gain } }) => [
      percent(fractions[type], 1),
      type === 'truePositive' ? '' : percent(gain[type], 2),
    ]),
  ]);
  const averages = [action, body].map(({ falsePositives }) => percent(falsePositives.average));
  const columns: NumberColumn[] = [
    { title: 'prediction', align: 'left' },
    { title: 'actions %' },
    { title: 'gain' },
    { title: 'body parts %' },
    { title: 'gain' },
  ];
  return `${numberTable(columns, rows, session)}mAP_N of them: actions ${averages[0]}, body parts ${averages[1]}\n`;
}

const shortNames = ['true', 'double', 'wrong label', 'localisation', 'confusion', 'background'];

function profileTable({ falsePositives: { profile } }: LevelDiagnosis, session: Session): string {
  const rows = profile
    .filter(({ predictions }) => predictions > 0)
    .map(({ group, predictions, fractions }) => [
      `top-${group}`,
      String(predictions),
      ...errorTypes.map((type) => percent(fractions?.[type], 1)),
    ]);
  const columns: NumberColumn[] = [
    { title: 'group', align: 'left' },
    { title: 'predictions', givesWay: 1 },
    ...shortNames.map((title) => ({ title })),
  ];
  return numberTable(columns, rows, session);
}

const characteristicTitles: Readonly<Record<CharacteristicName, string>> = {
  coverage: 'share of the video',
  length: 'length in seconds',
  numInstances: 'instances in the video',
  numInstancesSameClass: '... of the same class',
};

/** `up to 2`, `above 2 to 5`, `above 5`; first edges say nothing but 0. */
function rangeText({ from, to }: { readonly from: number; readonly to: number | null }): string {
  const short = (value: number) => String(Number(value.toPrecision(6)));
  const upper = to === null ? '' : short(to);
  if (from <= 0) return upper === '' ? 'any' : `up to ${upper}`;
  return `above ${short(from)}${upper && ` to ${upper}`}`;
}

function bucketTable(action: LevelDiagnosis, body: LevelDiagnosis, session: Session): string {
  const rows = (Object.keys(characteristicTitles) as CharacteristicName[]).flatMap((name) =>
    action.falseNegatives.buckets[name].map((bucket, b) => [
      b === 0 ? characteristicTitles[name] : '',
      bucket.label,
      rangeText(bucket),
      String(bucket.instances),
      ...[action, body].flatMap(({ falseNegatives, sensitivity }) => [
        percent(falseNegatives.buckets[name][b].rate, 1),
        percent(sensitivity.buckets[name][b].map, 1),
      ]),
    ]),
  );
  const columns: NumberColumn[] = [
    { title: 'by', align: 'left' },
    { title: 'size', align: 'left' },
    { title: 'range', align: 'left', givesWay: 1 },
    { title: 'instances', givesWay: 2 },
    { title: 'missed %' },
    { title: 'mAP_N' },
    { title: 'body missed %' },
    { title: 'body mAP_N' },
  ];
  return numberTable(columns, rows, session);
}

function concurrencySection(action: LevelDiagnosis, body: LevelDiagnosis, session: Session): string {
  const rows = (['alone', 'concurrent'] as const).map((which) => [
    which === 'alone' ? 'nothing else runs' : 'another one runs',
    String(action.concurrency[which].instances),
    percent(action.concurrency[which].rate, 1),
    percent(body.concurrency[which].rate, 1),
  ]);
  const columns: NumberColumn[] = [
    { title: 'while', align: 'left' },
    { title: 'instances' },
    { title: 'missed %' },
    { title: 'body missed %' },
  ];
  return heading('Missed alone, or while another action runs', session) + numberTable(columns, rows, session);
}

const mostListed = 10;
const restLine = (all: number) => (all > mostListed ? `and ${all - mostListed} more; --json has them all\n` : '');
const count = (value: number) => String(Number(value.toFixed(1)));

function confusionSection({ confusions: { pairs } }: LevelDiagnosis, session: Session): string {
  if (pairs.length === 0) return '';
  const rows = pairs
    .slice(0, mostListed)
    .map(({ truth, predicted, wrongLabel, confusion }) => [truth, predicted, count(wrongLabel), count(confusion)]);
  const columns: NumberColumn[] = [
    { title: 'action', align: 'left' },
    { title: 'taken for', align: 'left' },
    { title: 'wrong label' },
    { title: 'confusion' },
  ];
  return heading('Actions confused most often', session) + numberTable(columns, rows, session) + restLine(pairs.length);
}

function besideSection({ concurrency: { pairs } }: LevelDiagnosis, session: Session): string {
  const missed = pairs.filter((pair) => pair.missed > 0);
  if (missed.length === 0) return '';
  const rows = missed
    .slice(0, mostListed)
    .map(({ missedClass, besideClass, missed, instances, rate }) => [
      missedClass,
      besideClass,
      count(missed),
      String(instances),
      percent(rate, 1),
    ]);
  const columns: NumberColumn[] = [
    { title: 'action', align: 'left' },
    { title: 'beside', align: 'left' },
    { title: 'missed' },
    { title: 'of' },
    { title: '%' },
  ];
  return heading('Missed most often beside', session) + numberTable(columns, rows, session) + restLine(missed.length);
}

function calibrationSection(
  { calibration: { bins, expectedCalibrationError } }: LevelDiagnosis,
  session: Session,
): string {
  const rows = bins.map(({ from, to, predictions, meanScore, precision }) => [
    `${fixed(from, 1)} to ${fixed(to, 1)}`,
    String(predictions),
    fixed(meanScore, 3),
    fixed(precision, 3),
  ]);
  const columns: NumberColumn[] = [
    { title: 'score', align: 'left' },
    { title: 'predictions' },
    { title: 'mean score' },
    { title: 'true positives' },
  ];
  const error = `Expected calibration error ${fixed(expectedCalibrationError, 3)}\n`;
  return heading('Whether scores are probabilities', session) + numberTable(columns, rows, session) + error;
}

function worstSection({ worstVideos }: LevelDiagnosis, session: Session): string {
  if (worstVideos.length === 0) return '';
  const rows = worstVideos.map(({ video, instances, missed, falsePositives, errors }) => [
    video,
    String(instances),
    ...[missed, falsePositives, errors].map(count),
  ]);
  const columns: NumberColumn[] = [
    { title: 'video', align: 'left' },
    { title: 'instances' },
    { title: 'missed' },
    { title: 'false' },
    { title: 'errors' },
  ];
  return heading('Videos with most errors', session) + numberTable(columns, rows, session);
}
