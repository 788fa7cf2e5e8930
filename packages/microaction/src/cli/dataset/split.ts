import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { Dataset } from '../../annotation/dataset.ts';
import type { AnyFormat } from '../../annotation/formats/format.ts';
import { addSubsetOptions, readTogether, type SubsetOptions, stem, wholeFrom } from '../inputs.ts';
import { percent } from '../numbers.ts';
import { numberTable } from '../numberTable.ts';
import type { Session } from '../session.ts';
import {
  addDatasetOutput,
  type DatasetOutput,
  datasetFiles,
  formatOfOutput,
  sizeOf,
  type Writable,
  writeAndTell,
} from '../writeDataset.ts';

export function splitCommand(session: Session): Command {
  const command = new Command('split')
    .description('Divide a data set so that nobody is in two subsets and rare actions reach every subset.')
    .argument('<path...>', 'annotation files, or folders of them; several become one data set');
  return addDatasetOutput(addSubsetOptions(command))
    .option('--ratios <names>', 'subsets and their shares (default: training=70,validation=15,test=15)', ratios)
    .option('--seed <number>', 'another seed, another split (default: 0)', wholeFrom(0))
    .option('--alone', 'take a video that names no subject for a person of its own')
    .option('--separate', 'a file for each subset (always so in formats that have no place for it)')
    .addHelpText('after', examples)
    .action((paths: string[], options: SplitOptions) => split(session, paths, options));
}

// ---- below: internals ----

interface SplitOptions extends SubsetOptions, DatasetOutput {
  readonly ratios?: Readonly<Record<string, number>>;
  readonly seed?: number;
  readonly alone?: true;
  readonly separate?: true;
}

const examples = `
Examples:
  microaction dataset split coded.json --out split.json
  microaction dataset split train_raw_ids.csv --subjects-from-ids --ratios train=80,val=20 --format mma52 --out splits
`;

function ratios(text: string): Record<string, number> {
  const parts = text.split(',').map((part) => /^\s*([^=]+?)\s*=\s*(\d+(?:\.\d+)?)\s*$/.exec(part));
  if (parts.some((part) => part === null))
    throw new InvalidArgumentError('Expected NAME=SHARE,NAME=SHARE: train=80,val=20.');
  return Object.fromEntries(parts.map((part) => [part![1], Number(part![2])]));
}

async function split(session: Session, paths: readonly string[], options: SplitOptions): Promise<void> {
  const [{ dataset, folder }, { splitDataset }, { formatNamed }] = await Promise.all([
    readTogether(session, paths, options),
    import('../../annotation/dataset/split.ts'),
    import('../../annotation/formats/index.ts'),
  ]);
  const { out, alone, seed } = options;
  const divided = splitDataset(dataset, {
    ratios: options.ratios,
    seed,
    withoutSubject: alone ? 'alone' : 'refuse',
  });
  const subsets = partsOf(divided);
  const format = formatNamed(formatOfOutput(out, options.format));
  const separate = options.separate || format.loses.includes('subset');
  const whole = { dataset: divided, folder, name: stem(paths[0]) };
  const separately = [...subsets].map(([subset, part]) => subsetAlone(subset, part, folder, format, out));
  const files = await datasetFiles(session, separate ? separately : [whole], options);
  const rows = [...subsets].map(([subset, part]) => ({ subset, ...sizeOf(part), ...coverageOf(part) }));
  await writeAndTell(session, files, options, {
    summary: summary(rows, divided, session),
    facts: { ...sizeOf(divided), subsets: rows },
  });
}

function partsOf(dataset: Dataset): Map<string, Dataset> {
  const groups = Map.groupBy(dataset.clips, ({ subset }) => subset!);
  return new Map([...groups].map(([subset, clips]) => [subset, { ...dataset, clips }]));
}

/** One file in the folder `--out`, `train.csv`; or a folder of them, `train/`. Its name says the subset. */
function subsetAlone(subset: string, dataset: Dataset, folder: string, format: AnyFormat, out: string): Writable {
  const clips = dataset.clips.map(({ subset: _, ...clip }) => clip);
  const divided = format.oneClipPerFile || format.parts !== undefined;
  return { dataset: { ...dataset, clips }, folder, name: subset, ...(divided && { out: join(out, subset) }) };
}

function coverageOf({ clips }: Dataset) {
  const subjects = new Set(clips.flatMap(({ subject }) => subject ?? [])).size;
  const actions = new Set(clips.flatMap(({ instances }) => instances.map(({ action }) => action))).size;
  return { subjects, actions };
}

function summary(
  rows: readonly { subset: string; videos: number; instances: number; subjects: number; actions: number }[],
  dataset: Dataset,
  session: Session,
): string {
  const columns = ['videos', '%', 'instances', 'subjects', 'actions'].map((title) => ({ title }));
  const lines = rows.map(({ subset, videos, instances, subjects, actions }) => [
    subset,
    String(videos),
    percent(videos / dataset.clips.length, 1),
    String(instances),
    subjects > 0 ? String(subjects) : '-',
    String(actions),
  ]);
  return numberTable([{ title: 'subset', align: 'left' }, ...columns], lines, session) + missingLine(dataset);
}

/** Actions that too few people show for all subsets to have them. */
function missingLine({ clips, taxonomy }: Dataset): string {
  const reached = new Map<string, Set<string>>();
  for (const { subset, instances } of clips) {
    for (const { action } of instances) {
      if (!reached.has(action)) reached.set(action, new Set());
      reached.get(action)!.add(subset!);
    }
  }
  const subsets = new Set(clips.map(({ subset }) => subset)).size;
  const missing = taxonomy.actions.filter(({ name }) => reached.has(name) && reached.get(name)!.size < subsets);
  if (missing.length === 0) return 'Every action that occurs is in every subset.\n';
  const named = missing.map(({ name }) => `${name} (${[...reached.get(name)!].join(', ')})`);
  return `Not in every subset: ${named.join('; ')}.\n`;
}
