import { Command } from 'commander';
import type { RecognitionEvaluation, RecognitionLevel } from '../../evaluation/recognition/index.ts';
import type { Ties } from '../../evaluation/sorting/descendingOrder.ts';
import { nameOf } from '../arguments.ts';
import { counted, percent } from '../numbers.ts';
import { heading, numberTable } from '../numberTable.ts';
import { readBytes } from '../readBytes.ts';
import { readTaxonomy } from '../readTaxonomy.ts';
import type { Session } from '../session.ts';

export function evaluateRecognitionCommand(session: Session): Command {
  return new Command('recognition')
    .description('Score the recognition of clips that show one action each: accuracy and F1 of actions and body parts.')
    .requiredOption(
      '--truth <list>',
      'lines "name.mp4 label", as val_list_videos.txt of MA-52, or JSON with videos and labels',
    )
    .requiredOption(
      '--scores <file>',
      'scores of each clip: .npy, CSV, JSON, or prediction.csv of the challenge, zipped or not',
    )
    .option('--taxonomy <file>', 'actions are those of this taxonomy (JSON)')
    .option(
      '--ties <order>',
      `equal scores: numpy ranks them as the reference code (default), stable takes the lower action`,
      nameOf(['numpy', 'stable'], 'order'),
    )
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .addHelpText('after', examples)
    .action((options: RecognitionCommandOptions) => evaluateRecognition(session, options));
}

// ---- below: internals ----

interface RecognitionCommandOptions {
  readonly truth: string;
  readonly scores: string;
  readonly taxonomy?: string;
  readonly ties?: Ties;
  readonly json?: true;
}

const examples = `
Scores without names of clips are taken to be in the order of the list.
Tables are in percent, JSON in fractions.

Example:
  microaction evaluate recognition --truth val_list_videos.txt --scores scores.npy
`;

async function evaluateRecognition(session: Session, options: RecognitionCommandOptions): Promise<void> {
  const [taxonomy, { readText }, { readRecognitionLabels }, recognition] = await Promise.all([
    readTaxonomy(options.taxonomy),
    import('../../files/readText.ts'),
    import('../../annotation/formats/recognitionLabels.ts'),
    import('../../evaluation/recognition/index.ts'),
  ]);
  const { list, warnings } = readRecognitionLabels(await readText(options.truth, session), {
    source: options.truth,
    taxonomy,
  });
  for (const warning of warnings) session.note(warning);
  const scores = recognition.readScores(await readBytes(options.scores, session), options.scores, taxonomy);
  const result = recognition.evaluateRecognition(list, scores, taxonomy, { ties: options.ties });
  if (result.unlisted > 0)
    session.note(`${options.scores}: ${counted(result.unlisted, 'clip')} not in the list left out`);
  await session.print(options.json ? `${JSON.stringify(result, null, 2)}\n` : report(result, session));
}

function report(result: RecognitionEvaluation, session: Session): string {
  const rows = (['body', 'action'] as const).map((level) => {
    const { top1, top5, f1Macro, f1Micro, meanClassAccuracy } = result[level];
    const values = [top1, top5, f1Macro, f1Micro, meanClassAccuracy].map((value) => percent(value));
    return [level === 'body' ? 'body part' : 'action', ...values];
  });
  const titles = ['top-1', 'top-5', 'F1 macro', 'F1 micro', 'mean recall'].map((title) => ({ title }));
  return [
    `${session.style('dim', counted(result.clips, 'clip'))}\n\n${heading('Recognition in percent', session)}${numberTable(
      [{ title: 'level', align: 'left' }, ...titles],
      rows,
      session,
    )}F1 mean ${session.style('bold', percent(result.f1Mean))}\n`,
    classSection('Body parts', result.body, session),
    classSection('Actions', result.action, session),
    confusionSection(result.action, session),
  ].join('\n');
}

function classSection(title: string, { perClass }: RecognitionLevel, session: Session): string {
  const rows = Object.entries(perClass).map(([name, { clips, predicted, correct, precision, recall, f1 }]) => [
    name,
    ...[clips, predicted, correct].map(String),
    ...[precision, recall, f1].map((value) => percent(value, 1)),
  ]);
  const titles = ['clips', 'predicted', 'correct', 'precision', 'recall', 'F1'].map((title) => ({ title }));
  const columns = [{ title: title.toLowerCase().replace(/s$/, ''), align: 'left' as const }, ...titles];
  return heading(title, session) + numberTable(columns, rows, session);
}

const mostPairs = 15;

function confusionSection({ classes, confusion }: RecognitionLevel, session: Session): string {
  const pairs = confusion
    .flatMap((row, truth) => row.map((count, predicted) => ({ truth, predicted, count })))
    .filter(({ truth, predicted, count }) => truth !== predicted && count > 0)
    .sort((a, b) => b.count - a.count);
  if (pairs.length === 0) return 'Nothing is taken for another action.\n';
  const rows = pairs.slice(0, mostPairs).map(({ truth, predicted, count }) => {
    const all = confusion[truth].reduce((sum, value) => sum + value, 0);
    return [classes[truth], classes[predicted], String(count), percent(count / all, 1)];
  });
  const columns = [
    { title: 'action', align: 'left' },
    { title: 'taken for', align: 'left' },
    { title: 'clips' },
    { title: '% of its clips' },
  ] as const;
  const rest =
    pairs.length > mostPairs ? `and ${pairs.length - mostPairs} more pairs; --json has the whole matrices\n` : '';
  return heading('Confused most often', session) + numberTable(columns, rows, session) + rest;
}
