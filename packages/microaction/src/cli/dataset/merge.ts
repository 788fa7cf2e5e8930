import { Command } from 'commander';
import type { MergeOptions } from '../../annotation/dataset/merge.ts';
import type { Dataset } from '../../annotation/dataset.ts';
import { nameOf } from '../arguments.ts';
import { addInputOptions, type InputOptions, readInputs, relocated, stem } from '../inputs.ts';
import type { Session } from '../session.ts';
import {
  addDatasetOutput,
  type DatasetOutput,
  datasetFiles,
  sizeInWords,
  sizeOf,
  writeAndTell,
} from '../writeDataset.ts';

export function mergeCommand(session: Session): Command {
  const command = new Command('merge')
    .description('Make one data set of several.')
    .argument('<path...>', 'annotation files, or folders of them, in any formats');
  return addDatasetOutput(addInputOptions(command))
    .option(
      '--same-id <what>',
      'where two hold a video of one id: refuse (default), first keeps the earlier, join puts instances together',
      nameOf(['refuse', 'first', 'join'], 'choice'),
    )
    .option('--name-subsets', 'videos that name no subset get the name of their file: train of train.csv')
    .action((paths: string[], options: MergeCommandOptions) => merge(session, paths, options));
}

// ---- below: internals ----

interface MergeCommandOptions extends InputOptions, DatasetOutput, MergeOptions {
  readonly nameSubsets?: true;
}

async function merge(session: Session, paths: readonly string[], options: MergeCommandOptions): Promise<void> {
  const [{ inputs }, { mergeDatasets }] = await Promise.all([
    readInputs(session, paths, options),
    import('../../annotation/dataset/merge.ts'),
  ]);
  const [first, ...rest] = inputs.map(({ path, folder, dataset }): Dataset => {
    const moved = relocated(dataset, folder, '.');
    if (!options.nameSubsets) return moved;
    return { ...moved, clips: moved.clips.map((clip) => ({ ...clip, subset: clip.subset ?? stem(path) })) };
  });
  const dataset = mergeDatasets([first, ...rest], { sameId: options.sameId });
  const files = await datasetFiles(session, [{ dataset, folder: '.', name: 'merged' }], options);
  await writeAndTell(session, files, options, { summary: `${sizeInWords(dataset)}\n`, facts: sizeOf(dataset) });
}
