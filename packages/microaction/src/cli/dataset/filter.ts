import { Command } from 'commander';
import { numberWhere } from '../arguments.ts';
import { addSubsetOptions, listOf, readTogether, type SubsetOptions, seconds, stem } from '../inputs.ts';
import type { Session } from '../session.ts';
import {
  addDatasetOutput,
  type DatasetOutput,
  datasetFiles,
  sizeInWords,
  sizeOf,
  writeAndTell,
} from '../writeDataset.ts';

export function filterCommand(session: Session): Command {
  const command = new Command('filter')
    .description('Keep some of a data set: actions, body parts, subsets, people, lengths, scores.')
    .argument('<path...>', 'annotation files, or folders of them; several become one data set');
  return addDatasetOutput(addSubsetOptions(command))
    .option('--action <names>', 'keep these actions: names or codes', listOf)
    .option('--body-part <names>', 'keep actions of these body parts: names or codes', listOf)
    .option('--subject <names>', 'keep videos of these people', listOf)
    .option('--min-seconds <number>', 'keep instances that last so long', seconds)
    .option('--max-seconds <number>', 'keep instances that last no longer', seconds)
    .option('--min-score <score>', 'keep instances of this score on; what people coded stays', score)
    .option('--drop-empty', 'leave out videos that keep no instance')
    .addHelpText('after', examples)
    .action((paths: string[], options: FilterOptions) => filter(session, paths, options));
}

// ---- below: internals ----

interface FilterOptions extends SubsetOptions, DatasetOutput {
  readonly action?: readonly string[];
  readonly bodyPart?: readonly string[];
  readonly subject?: readonly string[];
  readonly minSeconds?: number;
  readonly maxSeconds?: number;
  readonly minScore?: number;
  readonly dropEmpty?: true;
}

const score = numberWhere((value) => value >= 0 && value <= 1, 'a number from 0 to 1');

const examples = `
Examples:
  microaction dataset filter train.csv --body-part head --drop-empty --out head.csv
  microaction dataset filter result.json --min-score 0.5 --action nodding,B2 --out sure.json
`;

async function filter(session: Session, paths: readonly string[], options: FilterOptions): Promise<void> {
  const [{ dataset, folder }, { filterDataset }] = await Promise.all([
    readTogether(session, paths, options),
    import('../../annotation/dataset/filter.ts'),
  ]);
  const { action: actions, bodyPart: bodyParts, subject: subjects, minSeconds, maxSeconds, minScore } = options;
  const kept = filterDataset(dataset, {
    ...{ actions, bodyParts, subjects, minSeconds, maxSeconds, minScore },
    dropEmptyClips: options.dropEmpty,
  });
  const files = await datasetFiles(session, [{ dataset: kept, folder, name: stem(paths[0]) }], options);
  await writeAndTell(session, files, options, {
    summary: `kept ${sizeInWords(kept)} of ${sizeInWords(dataset)}\n`,
    facts: { ...sizeOf(kept), of: sizeOf(dataset) },
  });
}
