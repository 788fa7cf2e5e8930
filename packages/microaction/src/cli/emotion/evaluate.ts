import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { EmotionEvaluation, EmotionMeasure } from '../../emotion/index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { fraction, wholeFrom } from '../inputs.ts';
import { counted, fixed, percent } from '../numbers.ts';
import { heading, numberTable } from '../numberTable.ts';
import type { Session } from '../session.ts';
import { refuseExisting, writeFiles, wroteNote } from '../writeFiles.ts';
import { actionsHelp, addFeatureOptions, emotionsHelp, type FeatureOptions, measureLabelled } from './samples.ts';
import { addLearningOptions, type LearningOptions } from './train.ts';

export function emotionEvaluateCommand(session: Session): Command {
  const command = new Command('evaluate')
    .description('Say how well emotions are told in people never seen: cross-validation in folds of subjects.')
    .argument('<actions...>', actionsHelp)
    .requiredOption('--emotions <table>', emotionsHelp);
  return addLearningOptions(addFeatureOptions(command))
    .option('--folds <number>', 'of subjects, or "subjects" to leave one out at a time (default: 5)', folds)
    .option(
      '--permutations <count>',
      'times all is done again with permuted labels, for the p-value; 0 for none (default: 100)',
      wholeFrom(0),
    )
    .option(
      '--resamples <count>',
      'times the subjects are drawn for the intervals; 0 for none (default: 1000)',
      wholeFrom(0),
    )
    .option('--confidence <share>', 'of the intervals (default: 0.95)', fraction)
    .option('--out <folder>', 'write the confusion matrix (SVG, PNG) and all numbers (JSON) into this folder')
    .option('--overwrite', 'replace files that are there already')
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .addHelpText('after', explanation)
    .action((paths: string[], options: EvaluateOptions) => evaluate(session, paths, options));
}

// ---- below: internals ----

interface EvaluateOptions extends FeatureOptions, LearningOptions {
  readonly emotions: string;
  readonly folds?: number | 'subjects';
  readonly permutations?: number;
  readonly resamples?: number;
  readonly confidence?: number;
  readonly out?: string;
  readonly overwrite?: true;
  readonly json?: true;
}

/** What `--out` holds. */
const outputs = ['emotion.json', 'emotion-confusion.svg', 'emotion-confusion.png'];

function folds(text: string): number | 'subjects' {
  if (text === 'subjects') return text;
  if (/^\d+$/.test(text) && Number(text) >= 2) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 2 on, or "subjects".');
}

const explanation = `
Nobody is on both sides of a fold, and everything that is fitted, the standardisation and the strength of the
regularisation too, is fitted to the training subjects of the fold. Intervals are over subjects. Chance is the mean
under permuted labels: within each subject, or between subjects where each has one emotion only.

Example:
  microaction emotion evaluate found.json --emotions emotions.csv --folds subjects
`;

async function evaluate(session: Session, paths: readonly string[], options: EvaluateOptions): Promise<void> {
  const { l2, classWeights, seed, folds, permutations, resamples, confidence, out, overwrite, json } = options;
  if (out !== undefined)
    await refuseExisting(
      outputs.map((name) => join(out, name)),
      overwrite,
    );
  const { evaluateEmotion } = await import('../../emotion/index.ts');
  const { samples, taxonomy } = await measureLabelled(session, paths, options.emotions, options);
  const result = await evaluateEmotion(samples, {
    ...{ l2, classWeights, seed, folds, permutations, resamples, confidence },
    signal: session.signal,
    onPermutation: patience(session),
  });
  if (out !== undefined) {
    const files = [
      { path: join(out, outputs[0]), content: `${JSON.stringify(result, null, 2)}\n` },
      ...(await confusionFiles(result, taxonomy, out)),
    ];
    session.note(wroteNote(await writeFiles(files, { overwrite, signal: session.signal })));
  }
  await session.print(json ? `${JSON.stringify(result, null, 2)}\n` : report(result, session));
}

/** A line every ten seconds, for who waits. */
function patience(session: Session): (done: number) => void {
  let toldMs = performance.now();
  return (done) => {
    if (performance.now() - toldMs < 10_000) return;
    toldMs = performance.now();
    session.note(`${counted(done, 'permutation')} done`);
  };
}

async function confusionFiles({ emotions, confusion }: EmotionEvaluation, taxonomy: Taxonomy, folder: string) {
  const [{ matrixFigure }, { figureFiles }] = await Promise.all([
    import('../../report/plots/matrixFigure.ts'),
    import('../figureFiles.ts'),
  ]);
  const figure = matrixFigure(
    {
      name: 'emotion-confusion',
      title: 'Emotions confused',
      labels: emotions,
      rowTitle: 'emotion',
      columnTitle: 'taken for',
      unit: 'videos',
      cells: confusion.flatMap((row, t) =>
        row.flatMap((count, p) => (count > 0 ? [{ row: emotions[t], column: emotions[p], count }] : [])),
      ),
    },
    taxonomy,
  );
  return figureFiles([figure], folder);
}

function report(result: EmotionEvaluation, session: Session): string {
  const { videos, subjects, emotions, measures, perEmotion, confusion, settings } = result;
  const facts = [
    `${counted(videos, 'video')} of ${counted(subjects, 'subject')} in ${counted(settings.folds, 'fold')}`,
    `${counted(settings.permutations, 'permutation')}`,
    `L2 ${[...new Set(settings.l2)].sort((a, b) => a - b).join(', ')}`,
  ].join('; ');
  const row = (name: string, { value, low, high, majority, chance, pValue }: EmotionMeasure) => [
    name,
    percent(value, 1),
    low === null ? '-' : `${percent(low, 1)} to ${percent(high, 1)}`,
    percent(chance, 1),
    fixed(pValue, 3),
    percent(majority, 1),
  ];
  return [
    `${session.style('dim', `${facts}\n${result.notice}`)}\n`,
    heading('People never seen, in percent', session) +
      numberTable(
        [
          { title: 'measure', align: 'left' },
          { title: 'value' },
          { title: `${percent(settings.confidence, 0)} % interval` },
          { title: 'chance' },
          { title: 'p' },
          { title: 'always the commonest' },
        ],
        [
          row('accuracy', measures.accuracy),
          row('balanced accuracy', measures.balancedAccuracy),
          row('F1 macro', measures.macroF1),
        ],
        session,
      ),
    heading('Emotions', session) +
      numberTable(
        [
          { title: 'emotion', align: 'left' },
          ...['videos', 'predicted', 'correct', 'precision', 'recall', 'F1'].map((title) => ({ title })),
        ],
        Object.entries(perEmotion).map(([name, { clips, predicted, correct, precision, recall, f1 }]) => [
          name,
          ...[clips, predicted, correct].map(String),
          ...[precision, recall, f1].map((value) => percent(value, 1)),
        ]),
        session,
      ),
    heading('Taken for', session) +
      numberTable(
        [{ title: 'emotion', align: 'left' }, ...emotions.map((title) => ({ title }))],
        confusion.map((counts, k) => [emotions[k], ...counts.map(String)]),
        session,
      ),
  ].join('\n');
}
