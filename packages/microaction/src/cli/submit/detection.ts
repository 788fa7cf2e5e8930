import { Command } from 'commander';
import { addInputOptions, chosenSubsets, type InputOptions, readInputs } from '../inputs.ts';
import { counted } from '../numbers.ts';
import { readPredictions } from '../readTables.ts';
import type { Session } from '../session.ts';
import { addSubmissionOutput, type SubmissionOutput, writeSubmission } from './output.ts';

export function submitDetectionCommand(session: Session): Command {
  const command = new Command('detection')
    .description('Make the submission to the multi-label detection track, checked before it is written.')
    .requiredOption('--list <file>', 'the videos to predict and their lengths: test.csv, or any annotations of them')
    .requiredOption('--predictions <file>', 'what a detector found, in any format, or a submission to check')
    .option('--split <name>', 'only videos of this subset of the list');
  return addSubmissionOutput(addInputOptions(command))
    .addHelpText('after', example)
    .action((options: SubmitDetectionOptions) => submitDetection(session, options));
}

// ---- below: internals ----

interface SubmitDetectionOptions extends InputOptions, SubmissionOutput {
  readonly list: string;
  readonly predictions: string;
  readonly split?: string;
}

const example = `
Example:
  microaction submit detection --list test.csv --predictions result.json --out prediction.zip
`;

async function submitDetection(session: Session, options: SubmitDetectionOptions): Promise<void> {
  const { split } = options;
  const [{ inputs, taxonomy }, { detectionSubmission }] = await Promise.all([
    readInputs(session, [options.list], options),
    import('../../submission/index.ts'),
  ]);
  const list = await chosenSubsets(inputs[0].dataset, { split: split === undefined ? undefined : [split] });
  const predictions = await readPredictions(options.predictions, { taxonomy, signal: session.signal });
  const submission = detectionSubmission(list.clips, predictions, taxonomy);
  const counts = { videos: list.clips.length, predictions: predictions.label.length };
  const summary = `${counted(counts.videos, 'video')}, ${counted(counts.predictions, 'prediction')}`;
  await writeSubmission(session, submission, options, summary, counts);
}
