import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import type { Clip, Dataset } from '../annotation/dataset.ts';
import type { FormatName } from '../annotation/formats/format.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { nameOf, numberWhere } from './arguments.ts';
import { readTaxonomy } from './readTaxonomy.ts';
import type { Session } from './session.ts';

/** Names of the formats that are written; those read are told from the content. */
export const formatNames = [
  'json',
  'csv',
  'tsv',
  'eaf',
  'boris',
  'boris-events',
  'opentad',
  'mma52',
  'via',
  'cvat',
  'label-studio',
  'datavyu',
  'thumos',
  'textgrid',
] as const satisfies readonly FormatName[];

const readableNames = [...formatNames, 'anvil'] as const satisfies readonly FormatName[];

/** How annotations are read; the options that `addInputOptions` makes. */
export interface InputOptions {
  readonly from?: FormatName;
  readonly frameRate?: number;
  readonly taxonomy?: string;
}

export interface SubsetOptions extends InputOptions {
  readonly split?: readonly string[];
  readonly subjectsFromIds?: true;
}

export const frameRate = numberWhere((value) => value > 0 && value <= 1000, 'a number above 0 and at most 1000');
export const wholeFrom = (least: number) =>
  numberWhere((value) => Number.isInteger(value) && value >= least, `a whole number from ${least} on`);
export const fraction = numberWhere((value) => value > 0 && value < 1, 'a number above 0 and below 1');
export const seconds = numberWhere((value) => value >= 0, 'seconds, 0 or more');

/** Names separated by commas; given again, the option adds to itself. */
export const listOf = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
];

export function addInputOptions(command: Command): Command {
  return command
    .option('--from <format>', 'read this format (default: told from the content)', nameOf(readableNames, 'format'))
    .option('--frame-rate <number>', 'frames a second of annotations that count frames and do not say', frameRate)
    .option('--taxonomy <file>', 'name actions as this taxonomy (JSON) does');
}

export function addSubsetOptions(command: Command): Command {
  return addInputOptions(command)
    .option('--split <names>', 'look at these subsets only', listOf)
    .option('--subjects-from-ids', 'take subjects from ids such as 196_01_0005_L (subject first)');
}

/** Annotations that were read, and from where. */
export interface Input {
  readonly path: string;
  /** What paths in it are relative to. */
  readonly folder: string;
  readonly dataset: Dataset;
}

/** Reads annotations, each path by itself; what was guessed or left out is told on standard error. */
export async function readInputs(
  session: Session,
  paths: readonly string[],
  options: InputOptions,
): Promise<{ inputs: Input[]; taxonomy: Taxonomy }> {
  const [taxonomy, { readDataset }] = await Promise.all([
    readTaxonomy(options.taxonomy),
    import('../files/readDataset.ts'),
  ]);
  const { from: format, frameRate } = options;
  const inputs: Input[] = [];
  for (const path of paths) {
    const { dataset, warnings } = await readDataset(path, { taxonomy, format, frameRate, signal: session.signal });
    for (const warning of warnings) session.note(warning);
    inputs.push({ path, folder: (await isFolder(path)) ? path : dirname(path), dataset });
  }
  return { inputs, taxonomy };
}

/**
 * Reads annotations as one data set. Clips of several files that name no subset get their file's name: `train.csv`
 * and `val.csv` make the subsets train and val. Clips of one id stay beside each other.
 *
 * @throws UserError `taxonomies-differ`
 */
export async function readTogether(
  session: Session,
  paths: readonly string[],
  options: SubsetOptions,
): Promise<{ dataset: Dataset; folder: string }> {
  const { inputs } = await readInputs(session, paths, options);
  const { dataset, folder } = inputs.length === 1 ? inputs[0] : { dataset: await together(inputs), folder: '.' };
  return { dataset: await chosenSubsets(dataset, options), folder };
}

/** The subsets asked for, with subjects where asked for. */
export async function chosenSubsets(
  dataset: Dataset,
  { split: subsets, subjectsFromIds }: Pick<SubsetOptions, 'split' | 'subjectsFromIds'>,
): Promise<Dataset> {
  const [{ filterDataset }, { withSubjectsOfRawIds }] = await Promise.all([
    import('../annotation/dataset/filter.ts'),
    import('../annotation/dataset/rawId.ts'),
  ]);
  const named = subjectsFromIds ? withSubjectsOfRawIds(dataset) : dataset;
  return subsets ? filterDataset(named, { subsets }) : named;
}

/** A name for what is made of files: `train` for `data/train.json.gz`. */
export function stem(path: string): string {
  return basename(path).replace(/(?<=.)(\.[^.]*?)?(\.gz)?$/i, '') || 'annotations';
}

/** Paths of videos that were relative to one folder, now relative to another; URLs and absolute ones stay. */
export function relocated(dataset: Dataset, from: string, to: string): Dataset {
  if (resolve(from) === resolve(to)) return dataset;
  const move = (file: string) => {
    if (isAbsolute(file) || /^[a-z][a-z0-9+.-]*:/i.test(file)) return file;
    return relative(resolve(to), join(resolve(from), file))
      .split(sep)
      .join('/');
  };
  const clips = dataset.clips.map(
    (clip): Clip => (clip.file === undefined ? clip : { ...clip, file: move(clip.file) }),
  );
  return { ...dataset, clips };
}

// ---- below: internals ----

async function isFolder(path: string): Promise<boolean> {
  const { stat } = await import('node:fs/promises');
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function together(inputs: readonly Input[]): Promise<Dataset> {
  const { mergeDatasets } = await import('../annotation/dataset/merge.ts');
  const [first, ...rest] = inputs.map(({ dataset: { taxonomy } }): Dataset => ({ taxonomy, clips: [] }));
  const { taxonomy } = mergeDatasets([first, ...rest]); // refuses different taxonomies
  const clips = inputs.flatMap(({ path, folder, dataset }) =>
    relocated(dataset, folder, '.').clips.map((clip) => ({ ...clip, subset: clip.subset ?? stem(path) })),
  );
  return { taxonomy, clips };
}
