import { join } from 'node:path';
import { Command } from 'commander';
import type { Adjudication } from '../agreement/adjudicate.ts';
import type { Agreement, AgreementReport, Estimate } from '../agreement/agreement.ts';
import type { FormatName } from '../annotation/formats/format.ts';
import { nameOf, numberWhere } from './arguments.ts';
import {
  addSubsetOptions,
  chosenSubsets,
  formatNames,
  fraction,
  readInputs,
  relocated,
  type SubsetOptions,
  seconds,
  wholeFrom,
} from './inputs.ts';
import { counted, fixed, percent } from './numbers.ts';
import { heading, type NumberColumn, numberTable } from './numberTable.ts';
import { outputNames } from './outputNames.ts';
import type { Session } from './session.ts';
import { datasetFiles } from './writeDataset.ts';
import { type OutputFile, writeFiles, wroteNote } from './writeFiles.ts';

export function agreementCommand(session: Session): Command {
  const command = new Command('agreement')
    .description('Say how far coders agree on the same videos, and settle what they do not agree on.')
    .argument('<coder...>', 'the annotations of each coder: a file in any format, or a folder of files');
  return addSubsetOptions(command)
    .option('--level <level>', 'compare action (default) or body: body parts', nameOf(['action', 'body'], 'level'))
    .option(
      '--window <seconds>',
      'length of the time samples of kappa and alpha (default: 0.1)',
      numberWhere((value) => value > 0, 'seconds above 0'),
    )
    .option('--min-iou <share>', 'codings with this temporal IoU are one event (default: 0.5)', share)
    .option('--tolerance <seconds>', 'codings whose edges are at most so far apart are one event', seconds)
    .option('--agreed-above <share>', 'agreed by all is what has a temporal IoU above this (default: 0.9)', share)
    .option(
      '--resamples <count>',
      'times the videos are drawn for the intervals; 0 for none (default: 1000)',
      wholeFrom(0),
    )
    .option('--confidence <share>', 'of the intervals (default: 0.95)', fraction)
    .option('--seed <number>', 'of the draws (default: 0)', wholeFrom(0))
    .option('--adjudicate <folder>', 'write the merged annotation and the list of disputes into this folder')
    .option('--format <name>', 'of the merged annotation (default: json)', nameOf(formatNames, 'format'))
    .option('--out <folder>', 'write the figures (SVG, PNG) and all numbers (JSON) into this folder')
    .option('--overwrite', 'replace files that are there already')
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .addHelpText('after', explanation)
    .action((paths: string[], options: AgreementCommandOptions) => agreement(session, paths, options));
}

// ---- below: internals ----

interface AgreementCommandOptions extends SubsetOptions {
  readonly level?: 'action' | 'body';
  readonly window?: number;
  readonly minIou?: number;
  readonly tolerance?: number;
  readonly agreedAbove?: number;
  readonly resamples?: number;
  readonly confidence?: number;
  readonly seed?: number;
  readonly adjudicate?: string;
  readonly format?: FormatName;
  readonly out?: string;
  readonly overwrite?: true;
  readonly json?: true;
}

const share = numberWhere((value) => value >= 0 && value <= 1, 'a number from 0 to 1');

const explanation = `
Videos are matched by their ids. With --tolerance and --min-iou both must hold.
Adjudication is the rule of MMA-52: what all coded with a temporal IoU above
0.9 is agreed, the rest is listed for discussion, and what most coders saw is
kept until then.

Examples:
  microaction agreement anna.eaf ben.eaf
  microaction agreement anna/ ben/ chris/ --tolerance 0.5 --adjudicate merged --format eaf
`;

async function agreement(session: Session, paths: readonly string[], options: AgreementCommandOptions): Promise<void> {
  const [{ inputs, taxonomy }, { agreementBetween }] = await Promise.all([
    readInputs(session, paths, options),
    import('../agreement/agreement.ts'),
  ]);
  const coders = outputNames(paths);
  const datasets = await Promise.all(
    inputs.map(({ dataset, folder }) => chosenSubsets(relocated(dataset, folder, '.'), options)),
  );
  const { level, window: windowSeconds, tolerance: toleranceSeconds, minIou } = options;
  const { agreedAbove: agreedAboveIou, resamples, confidence, seed } = options;
  const event = toleranceSeconds === undefined && minIou === undefined ? undefined : { minIou, toleranceSeconds };
  const report = agreementBetween(datasets, {
    ...{ coders, level, windowSeconds, event, agreedAboveIou, resamples, confidence, seed },
  });
  const files: OutputFile[] = [];
  let adjudication: Adjudication | undefined;
  if (options.adjudicate !== undefined) {
    const { adjudicate } = await import('../agreement/adjudicate.ts');
    adjudication = adjudicate(datasets, { agreedAboveIou });
    files.push(...(await adjudicationFiles(session, adjudication, coders, options.adjudicate, options.format)));
  }
  if (options.out !== undefined) {
    const [{ agreementFigure }, { figureFiles }] = await Promise.all([
      import('../report/plots/agreementFigure.ts'),
      import('./figureFiles.ts'),
    ]);
    files.push({ path: join(options.out, 'agreement.json'), content: `${JSON.stringify(report, null, 2)}\n` });
    const drawn = agreementFigure(report, datasets[0].taxonomy ?? taxonomy);
    files.push(...(await figureFiles([drawn], options.out)));
  }
  if (files.length > 0) {
    const written = await writeFiles(files, { overwrite: options.overwrite, signal: session.signal });
    session.note(wroteNote(written));
  }
  if (options.json) {
    const { merged: _, ...settled } = adjudication ?? { merged: undefined };
    const document = adjudication ? { ...report, adjudication: settled } : report;
    await session.print(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    await session.print(
      [...sections(report, session), adjudication && settledLine(adjudication)].filter(Boolean).join('\n'),
    );
  }
}

/** The merged annotation, and a row for each dispute with what each coder said of it. */
async function adjudicationFiles(
  session: Session,
  { merged, disputes }: Adjudication,
  coders: readonly string[],
  folder: string,
  format: FormatName = 'json',
): Promise<OutputFile[]> {
  const { writeTable } = await import('../annotation/formats/table.ts');
  const header = ['video', 'action', 'start', 'end', 'about', 'vote'];
  for (const coder of coders) header.push(`${coder}_start`, `${coder}_end`, `${coder}_instead`);
  const rows = disputes.map(({ clip, action, start, end, about, vote, codings }) => {
    const said = coders.flatMap((_, coder) => {
      const coding = codings.find((one) => one.coder === coder);
      return [coding?.span?.start ?? '', coding?.span?.end ?? '', coding?.instead?.action ?? ''];
    });
    return [clip, action, start, end, about, vote, ...said];
  });
  const table = { path: join(folder, 'disputes.csv'), content: writeTable([header, ...rows], ',') };
  const output = { out: folder, format };
  return [...(await datasetFiles(session, [{ dataset: merged, folder: '.', name: 'merged' }], output)), table];
}

function settledLine({ agreed, disputes, codedByOne }: Adjudication): string {
  const kept = disputes.filter(({ vote }) => vote === 'kept').length;
  const alone =
    codedByOne.length > 0 ? `; ${counted(codedByOne.length, 'video')} of one coder alone taken as they are` : '';
  return `Adjudicated: ${agreed} agreed, ${counted(disputes.length, 'dispute')}, of which the vote keeps ${kept}${alone}.\n`;
}

function sections(report: AgreementReport, session: Session): string[] {
  const { coders, videos, hours, leftOut, overall, labels, pairs, settings, level } = report;
  const facts = [
    coders.join(', '),
    `${counted(videos, 'video')} that all coded, ${fixed(hours)} hours`,
    ...(leftOut.length > 0 ? [`${leftOut.length} not coded by all left out`] : []),
  ];
  const interval = settings.resamples > 0 ? `${percent(settings.confidence, 0)} % interval` : 'interval';
  return [
    `${facts.map((line) => session.style('dim', `${line}\n`)).join('')}`,
    heading('All coders together', session) +
      numberTable(figureColumns(interval), figureRows(overall, settings), session),
    heading('Pairs of coders', session) +
      numberTable(
        pairColumns(interval),
        pairs.map(({ coders: [first, second], overall: one }) => [
          `${coders[first]} and ${coders[second]}`,
          fixed(one.cohensKappa.value),
          rangeOf(one.cohensKappa),
          fixed(one.f1.value),
          rangeOf(one.f1),
          fixed(one.precision.value),
          fixed(one.recall.value),
        ]),
        session,
      ),
    heading(level === 'action' ? 'Actions' : 'Body parts', session) +
      numberTable(
        labelColumns(level),
        labels.map((one) => [
          one.label,
          one.instances.join(' / '),
          ...[one.fleissKappa, one.alpha, one.unitisedAlpha, one.f1, one.agreedByAll.share].map(({ value }) =>
            fixed(value),
          ),
        ]),
        session,
      ),
  ];
}

const figureColumns = (interval: string): NumberColumn[] => [
  { title: 'measure', align: 'left' },
  { title: 'value' },
  { title: interval },
];

const rangeOf = ({ low, high }: Estimate) => (low === null ? '-' : `${fixed(low)} to ${fixed(high)}`);

function figureRows(
  { fleissKappa, alpha, unitisedAlpha, f1, agreedByAll }: Agreement,
  settings: AgreementReport['settings'],
) {
  const { minIou, toleranceSeconds } = settings.event;
  const criteria = [
    ...(minIou === undefined ? [] : [`IoU ${minIou}`]),
    ...(toleranceSeconds === undefined ? [] : [`edges within ${toleranceSeconds} s`]),
  ];
  const { agreed, disputed } = agreedByAll;
  const named: [string, Estimate][] = [
    [`Fleiss' kappa (samples of ${settings.windowSeconds} s)`, fleissKappa],
    [`Krippendorff's alpha (samples of ${settings.windowSeconds} s)`, alpha],
    ["Krippendorff's alpha (unitised)", unitisedAlpha],
    [`F1 of events (${criteria.join(', ')})`, f1],
    [`agreed by all, IoU above ${settings.agreedAboveIou} (${agreed} of ${agreed + disputed})`, agreedByAll.share],
  ];
  return named.map(([name, estimate]) => [name, fixed(estimate.value), rangeOf(estimate)]);
}

const pairColumns = (interval: string): NumberColumn[] => [
  { title: 'coders', align: 'left' },
  { title: "Cohen's kappa" },
  { title: interval },
  { title: 'F1' },
  { title: interval, givesWay: 3 },
  { title: 'precision', givesWay: 1 },
  { title: 'recall', givesWay: 2 },
];

const labelColumns = (level: 'action' | 'body'): NumberColumn[] => [
  { title: level === 'action' ? 'action' : 'body part', align: 'left' },
  { title: 'instances' },
  { title: 'kappa' },
  { title: 'alpha' },
  { title: 'unitised' },
  { title: 'F1' },
  { title: 'agreed' },
];
