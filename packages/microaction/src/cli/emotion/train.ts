import { Command } from 'commander';
import type { ClassWeights } from '../../emotion/index.ts';
import { nameOf, numberWhere } from '../arguments.ts';
import { wholeFrom } from '../inputs.ts';
import { counted } from '../numbers.ts';
import type { Session } from '../session.ts';
import { refuseExisting, writeFiles, wroteNote } from '../writeFiles.ts';
import { actionsHelp, addFeatureOptions, emotionsHelp, type FeatureOptions, measureLabelled } from './samples.ts';

export function emotionTrainCommand(session: Session): Command {
  const command = new Command('train')
    .description('Learn to tell emotions from micro-actions: logistic regression, saved as one readable JSON file.')
    .argument('<actions...>', actionsHelp)
    .requiredOption('--emotions <table>', emotionsHelp)
    .requiredOption('--out <file>', 'the model, a .json');
  return addLearningOptions(addFeatureOptions(command))
    .option('--overwrite', 'replace a file that is there already')
    .addHelpText('after', example)
    .action((paths: string[], options: TrainOptions) => train(session, paths, options));
}

/** How a classifier learns. */
export interface LearningOptions {
  readonly l2?: number;
  readonly classWeights?: ClassWeights;
  readonly seed?: number;
}

export function addLearningOptions(command: Command): Command {
  return command
    .option(
      '--l2 <strength>',
      'of the regularisation (default: chosen among training subjects, from 0.01 to 100)',
      numberWhere((value) => value > 0, 'a number above 0'),
    )
    .option(
      '--class-weights <name>',
      'balanced (default): each emotion counts the same; none: each video does',
      nameOf(['balanced', 'none'], 'way to weigh'),
    )
    .option('--seed <number>', 'of all that is drawn (default: 0)', wholeFrom(0));
}

// ---- below: internals ----

interface TrainOptions extends FeatureOptions, LearningOptions {
  readonly emotions: string;
  readonly out: string;
  readonly overwrite?: true;
}

const example = `
How good the model is, "microaction emotion evaluate" with the same options tells.

Example:
  microaction emotion train found.json --emotions emotions.csv --out emotion.json
`;

async function train(session: Session, paths: readonly string[], options: TrainOptions): Promise<void> {
  const { emotions, out, overwrite, l2, classWeights, seed } = options;
  await refuseExisting([out], overwrite);
  const { trainEmotion } = await import('../../emotion/index.ts');
  const { samples, taxonomy, settings } = await measureLabelled(session, paths, emotions, options);
  const model = trainEmotion(samples, { taxonomy, ...settings }, { l2, classWeights, seed });
  const content = `${JSON.stringify(model, null, 1)}\n`;
  const written = await writeFiles([{ path: out, content }], { overwrite, signal: session.signal });
  const { videos, subjects, l2: strength } = model.training;
  session.note(
    `${wroteNote(written)}: ${counted(model.emotions.length, 'emotion')}, ${counted(videos, 'video')} of ${counted(subjects, 'subject')}, ${counted(model.features.length, 'feature')}, L2 ${strength}`,
  );
}
