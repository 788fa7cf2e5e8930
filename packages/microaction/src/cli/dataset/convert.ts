import { Command } from 'commander';
import { addSubsetOptions, readTogether, type SubsetOptions, stem } from '../inputs.ts';
import type { Session } from '../session.ts';
import {
  addDatasetOutput,
  type DatasetOutput,
  datasetFiles,
  sizeInWords,
  sizeOf,
  writeAndTell,
} from '../writeDataset.ts';

export function convertCommand(session: Session): Command {
  const command = new Command('convert')
    .description('Write annotations in another format. What that has no place for is told.')
    .argument('<path...>', 'annotation files, or folders of them, in any format; several become one data set');
  return addDatasetOutput(addSubsetOptions(command))
    .addHelpText('after', examples)
    .action((paths: string[], options: SubsetOptions & DatasetOutput) => convert(session, paths, options));
}

// ---- below: internals ----

const examples = `
Examples:
  microaction dataset convert train.csv --frame-rate 30 --out train.json
  microaction dataset convert train.json --format eaf --out coded      a file for each video
  microaction dataset convert coded --format opentad --out truth.json
`;

async function convert(
  session: Session,
  paths: readonly string[],
  options: SubsetOptions & DatasetOutput,
): Promise<void> {
  const { dataset, folder } = await readTogether(session, paths, options);
  const files = await datasetFiles(session, [{ dataset, folder, name: stem(paths[0]) }], options);
  await writeAndTell(session, files, options, { summary: `${sizeInWords(dataset)}\n`, facts: sizeOf(dataset) });
}
