import { Command } from 'commander';
import type { Ties } from '../../evaluation/sorting/descendingOrder.ts';
import { nameOf } from '../arguments.ts';
import { counted } from '../numbers.ts';
import { readBytes } from '../readBytes.ts';
import { readTaxonomy } from '../readTaxonomy.ts';
import type { Session } from '../session.ts';
import { addSubmissionOutput, type SubmissionOutput, writeSubmission } from './output.ts';

export function submitRecognitionCommand(session: Session): Command {
  const command = new Command('recognition')
    .description('Make the submission to the micro-action recognition track, checked before it is written.')
    .requiredOption(
      '--list <file>',
      'the clips to predict: lines "name.mp4 label" (labels are not used), or names alone',
    )
    .requiredOption('--scores <file>', 'scores of each clip: .npy, CSV or JSON, or a prediction.csv to check')
    .option(
      '--year <year>',
      'columns of 2024 (best one) or 2025 (best five, the default)',
      nameOf(['2024', '2025'], 'year'),
    )
    .option(
      '--ties <order>',
      'equal scores: numpy ranks them as the official script (default), stable takes the lower action',
      nameOf(['numpy', 'stable'], 'order'),
    )
    .option('--taxonomy <file>', 'actions are those of this taxonomy (JSON)');
  return addSubmissionOutput(command)
    .addHelpText('after', example)
    .action((options: SubmitRecognitionOptions) => submitRecognition(session, options));
}

// ---- below: internals ----

interface SubmitRecognitionOptions extends SubmissionOutput {
  readonly list: string;
  readonly scores: string;
  readonly year?: '2024' | '2025';
  readonly ties?: Ties;
  readonly taxonomy?: string;
}

const example = `
Example:
  microaction submit recognition --list test_list_videos.txt --scores scores.npy --out prediction.zip
`;

async function submitRecognition(session: Session, options: SubmitRecognitionOptions): Promise<void> {
  const [taxonomy, { readText }, { namesInMa52List }, { recognitionSubmission }, { readScores }] = await Promise.all([
    readTaxonomy(options.taxonomy),
    import('../../files/readText.ts'),
    import('../../annotation/formats/ma52List.ts'),
    import('../../submission/index.ts'),
    import('../../evaluation/recognition/index.ts'),
  ]);
  const files = namesInMa52List(await readText(options.list, session));
  const scores = readScores(await readBytes(options.scores, session), options.scores, taxonomy);
  const year = options.year === '2024' ? 2024 : 2025;
  const submission = recognitionSubmission(files, scores, taxonomy, { year, ties: options.ties });
  await writeSubmission(session, submission, options, counted(files.length, 'clip'), { clips: files.length });
}
