import { dirname, extname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Dataset } from '../annotation/dataset.ts';
import type { FormatName, Loss } from '../annotation/formats/format.ts';
import { UsageError } from '../errors.ts';
import { nameOf } from './arguments.ts';
import { formatNames, relocated } from './inputs.ts';
import { counted } from './numbers.ts';
import type { Session } from './session.ts';
import { type OutputFile, writeFiles, wroteNote } from './writeFiles.ts';

/** Where a data set goes; the options that `addDatasetOutput` makes. */
export interface DatasetOutput {
  readonly out: string;
  readonly format?: FormatName;
  readonly frameRate?: number;
  readonly overwrite?: true;
  readonly json?: true;
}

export function addDatasetOutput(command: Command): Command {
  return command
    .requiredOption('--out <path>', 'the file to write, or a folder for several')
    .option(
      '--format <name>',
      `write ${formatNames.join(', ')} (default: by the ending of --out, else json)`,
      nameOf(formatNames, 'format'),
    )
    .option('--overwrite', 'replace files that are there already')
    .option('--json', 'print one JSON document on standard output and nothing else there');
}

/** A data set to be written; `folder` is what the paths in it are relative to, `name` that of a file in a folder. */
export interface Writable {
  readonly dataset: Dataset;
  readonly folder: string;
  readonly name: string;
  /** Where it goes, in place of `--out`. */
  readonly out?: string;
}

/**
 * The files that say data sets in one format. What it has no place for is told on standard error.
 *
 * @throws UsageError where `--out` names one file and there are several
 */
export async function datasetFiles(
  session: Session,
  writables: readonly Writable[],
  options: Pick<DatasetOutput, 'out' | 'format' | 'frameRate'>,
): Promise<OutputFile[]> {
  const { formatNamed, writeAnnotations } = await import('../annotation/formats/index.ts');
  const format = formatNamed(formatOfOutput(options.out, options.format));
  const files = writables.flatMap(({ dataset, folder: from, name, out = options.out }) => {
    const isFile = extname(out) !== '' && out.toLowerCase().endsWith(format.fileEnding.toLowerCase());
    const folder = isFile ? dirname(out) : out;
    const writing = { frameRate: options.frameRate, folder: resolve(folder) };
    const written = writeAnnotations(relocated(dataset, from, folder), format, name, writing);
    if (isFile && written.length !== 1) {
      throw new UsageError(
        `--out ${out} is one file, and ${format.title} takes ${written.length} here; name a folder.`,
      );
    }
    return written.map((file) => ({ path: isFile ? out : join(out, file.name), content: file.content }));
  });
  const lost = format.loses.filter((loss) => writables.some(({ dataset }) => holds(dataset, loss)));
  if (lost.length > 0)
    session.note(`${format.title} has no place for: ${lost.map((loss) => lossNames[loss]).join(', ')}`);
  return files;
}

/** The format that is written: the one asked for, else the one of the ending of `--out`, else JSON. */
export function formatOfOutput(out: string, asked: FormatName | undefined): FormatName {
  return asked ?? formatsByEnding[extname(out).toLowerCase()] ?? 'json';
}

/** Writes files, tells which, and prints a summary; `summary` and `facts` say in words and as JSON what they hold. */
export async function writeAndTell(
  session: Session,
  files: readonly OutputFile[],
  { overwrite, json }: Pick<DatasetOutput, 'overwrite' | 'json'>,
  { summary, facts }: { readonly summary: string; readonly facts: object },
): Promise<void> {
  const written = await writeFiles(files, { overwrite, signal: session.signal });
  session.note(wroteNote(written));
  await session.print(json ? `${JSON.stringify({ ...facts, written }, null, 2)}\n` : summary);
}

export const sizeOf = ({ clips }: Dataset) => ({
  videos: clips.length,
  instances: clips.reduce((sum, { instances }) => sum + instances.length, 0),
});

/** `36 videos, 110 instances`. */
export function sizeInWords(dataset: Dataset): string {
  const { videos, instances } = sizeOf(dataset);
  return `${counted(videos, 'video')}, ${counted(instances, 'instance')}`;
}

// ---- below: internals ----

const formatsByEnding: Readonly<Record<string, FormatName>> = {
  '.json': 'json',
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.eaf': 'eaf',
  '.boris': 'boris',
  '.xml': 'cvat',
  '.opf': 'datavyu',
  '.txt': 'thumos',
  '.textgrid': 'textgrid',
};

const lossNames: Readonly<Record<Loss, string>> = {
  file: 'paths of videos',
  durationSeconds: 'lengths of videos',
  frameRate: 'frame rates',
  widthPixels: 'widths',
  heightPixels: 'heights',
  subset: 'subsets',
  subject: 'subjects',
  score: 'scores',
  reason: 'reasons',
  'clips without instances': 'videos without instances',
};

function holds({ clips }: Dataset, loss: Loss): boolean {
  if (loss === 'clips without instances') return clips.some(({ instances }) => instances.length === 0);
  if (loss === 'score' || loss === 'reason') {
    return clips.some(({ instances }) => instances.some((one) => one[loss] !== undefined));
  }
  return clips.some((clip) => clip[loss] !== undefined);
}
