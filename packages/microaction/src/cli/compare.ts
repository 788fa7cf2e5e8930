import { Command } from 'commander';
import type { DetectionComparison, Difference } from '../evaluation/detection/index.ts';
import { nameOf } from './arguments.ts';
import { fraction, wholeFrom } from './inputs.ts';
import { counted, fixed, percent } from './numbers.ts';
import { heading, type NumberColumn, numberTable } from './numberTable.ts';
import { addScoringOptions, readTables, type ScoringOptions } from './readTables.ts';
import type { Session } from './session.ts';

export function compareCommand(session: Session): Command {
  const command = new Command('compare')
    .description('Say whether one detector is better than another: difference of mAP, interval, paired test.')
    .argument('<first>', 'predictions of one detector, in any format')
    .argument('<second>', 'predictions of the other one for the same videos');
  return addScoringOptions(command)
    .option('--tiou <thresholds>', 'temporal IoU: 0.5 or 0.3,0.5 or 0.1:0.9:0.1 (default: 0.1:0.9:0.1)')
    .option(
      '--reference <code>',
      "whose rules: opentad, the paper's (default), or mac2024, the challenge baseline's",
      nameOf(['opentad', 'mac2024'], 'reference'),
    )
    .option('--resamples <count>', 'times the videos are drawn anew (default: 1000)', wholeFrom(1))
    .option('--confidence <share>', 'of the intervals (default: 0.95)', fraction)
    .option('--seed <number>', 'of the draws (default: 1)', wholeFrom(0))
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .addHelpText('after', explanation)
    .action((first: string, second: string, options: CompareOptions) => compare(session, first, second, options));
}

// ---- below: internals ----

interface CompareOptions extends ScoringOptions {
  readonly tiou?: string;
  readonly reference?: 'opentad' | 'mac2024';
  readonly resamples?: number;
  readonly confidence?: number;
  readonly seed?: number;
  readonly json?: true;
}

const explanation = `
Whole videos are drawn with replacement, both files scored on the same draws
(paired bootstrap). p is how often chance alone gives a difference as large,
were there none.

Example:
  microaction compare baseline.json ours.json --truth mmad.json --split validation
`;

async function compare(session: Session, first: string, second: string, options: CompareOptions): Promise<void> {
  const { parseTiou } = await import('../evaluation/detection/tiou.ts');
  const tiou = options.tiou === undefined ? undefined : parseTiou(options.tiou);
  const { truth, predictions, taxonomy } = await readTables(session, [first, second], options);
  const { compareDetections } = await import('../evaluation/detection/index.ts');
  const { reference, ties, resamples, confidence, seed } = options;
  const result = compareDetections(truth, predictions[0], predictions[1], taxonomy, {
    ...{ tiou, reference, ties, resamples, confidence, seed },
  });
  if (options.json) {
    await session.print(`${JSON.stringify({ first, second, ...result }, null, 2)}\n`);
    return;
  }
  const names = `first   ${first}, ${counted(predictions[0].label.length, 'prediction')}
second  ${second}, ${counted(predictions[1].label.length, 'prediction')}
`;
  await session.print(`${session.style('dim', names)}\n${report(result, session)}`);
}

function report({ tiou, action, body, average, resamples, confidence }: DetectionComparison, session: Session): string {
  const section = (title: string, rows: readonly (readonly [string, Difference])[]) =>
    heading(title, session) + numberTable(columns(confidence), rows.map(differenceRow), session);
  const level = (name: string, one: DetectionComparison['action']) =>
    section(`${name}: mAP in percent`, [
      ...one.map.map((difference, t) => [`at ${tiou[t]}`, difference] as const),
      ['average', one.average],
    ]);
  return [
    level('Actions', action),
    level('Body parts', body),
    section('Mean of both averages', [['average', average]]) + verdict(average, confidence, resamples),
  ].join('\n');
}

const columns = (confidence: number): NumberColumn[] => [
  { title: 'temporal IoU', align: 'left' },
  { title: 'first' },
  { title: 'second' },
  { title: 'difference' },
  { title: `${percent(confidence, 0)} % interval` },
  { title: 'p' },
];

const signed = (value: number) => `${value >= 0 ? '+' : ''}${percent(value)}`;

const differenceRow = ([name, { first, second, value, low, high, pValue }]: readonly [string, Difference]) => [
  name,
  percent(first),
  percent(second),
  signed(value),
  `${signed(low)} to ${signed(high)}`,
  fixed(pValue, 3),
];

function verdict({ value, low, high, pValue }: Difference, confidence: number, resamples: number): string {
  const sure = pValue <= 1 - confidence && (low > 0 || high < 0);
  const which = value > 0 ? 'The second is better' : 'The first is better';
  const text = sure ? which : 'Chance alone may explain the difference';
  return `${text} (p ${fixed(pValue, 3)}, videos drawn ${resamples} times).\n`;
}
