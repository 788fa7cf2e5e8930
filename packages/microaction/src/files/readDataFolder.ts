import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { isSameSubset, isUsualSubset } from '../annotation/dataset/subsets.ts';
import type { Clip, Dataset } from '../annotation/dataset.ts';
import { UsageError, UserError } from '../errors.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { fileError } from './fileError.ts';
import { videoFiles } from './measureVideos.ts';
import { readDataset } from './readDataset.ts';

// A data set's folder: annotations.json, or a table for each subset such as val.csv, or files of one format; videos
// beside them or in `videos`, and stored features beside them or in `features`, called after their ids.

export interface DataFolderOptions {
  /** What labels mean. */
  readonly taxonomy: Taxonomy;
  readonly signal?: AbortSignal;
}

export interface DataFolder {
  /** Clips with the paths of their video files, where there is one. */
  readonly dataset: Dataset;
  readonly warnings: readonly string[];
}

/**
 * The videos of a data set's folder, and what is coded in them. A folder without annotations is all its videos.
 *
 * @param options.split - only videos of this subset; `train` and `training`, `val` and `validation` are one. All unless
 *   given
 * @throws UsageError for a subset that does not exist, with those that do; UserError as `readDataset`
 */
export async function readDataFolder(
  folder: string,
  options: DataFolderOptions & { readonly split?: string },
): Promise<DataFolder> {
  const { split } = options;
  const { dataset, subsets, warnings } = await readCoded(
    folder,
    options,
    (subset) => split === undefined || isSameSubset(subset, split),
  );
  if (dataset && split === undefined) return { dataset, warnings };
  if (split !== undefined) {
    const clips = dataset?.clips.filter(({ subset }) => isSameSubset(subset, split)) ?? [];
    if (!dataset || clips.length === 0) throw noSplit(folder, split, subsets);
    return { dataset: { ...dataset, clips }, warnings };
  }
  const clips = Array.from(uniqueFiles(await videosIn(folder)), ([id, file]): Clip => ({ id, file, instances: [] }));
  if (clips.length > 0) return { dataset: { taxonomy: options.taxonomy, clips }, warnings };
  throw new UsageError(`${folder}: found no annotations and no videos in it; name another folder`);
}

/** A data set to train on, by what its videos are for. */
export interface TrainingFolder {
  readonly taxonomy: Taxonomy;
  /** With the videos that name no subset. */
  readonly training: Dataset;
  /** Empty where the data set has none. */
  readonly validation: Dataset;
  readonly warnings: readonly string[];
}

/**
 * What a data set's folder has to train on. Its test subset is not looked at.
 *
 * @throws UserError `no-videos` where no clip is for training, and as `readDataset`
 */
export async function readTrainingFolder(folder: string, options: DataFolderOptions): Promise<TrainingFolder> {
  const { dataset, subsets, warnings } = await readCoded(
    folder,
    options,
    (subset) => isSameSubset(subset, 'training') || isSameSubset(subset, 'validation'),
  );
  const of = (split: string): Dataset => ({
    taxonomy: dataset?.taxonomy ?? options.taxonomy,
    clips: dataset?.clips.filter(({ subset = 'training' }) => isSameSubset(subset, split)) ?? [],
  });
  const [training, validation] = [of('training'), of('validation')];
  if (training.clips.length === 0) {
    const found = subsets.length > 0 ? `found the subsets ${subsets.join(', ')}` : 'found no annotated video';
    throw new UserError('no-videos', `${folder}: ${found}; expected videos of the subset training`);
  }
  return { taxonomy: training.taxonomy, training, validation, warnings };
}

/** The video files of a data set's folder by the ids they may have: their names, with their endings and without. */
export async function videosIn(folder: string): Promise<Map<string, string>> {
  const inner = join(folder, 'videos');
  const hasInner = await stat(inner).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return new Map([...(await videoFiles(folder)), ...(hasInner ? await videoFiles(inner) : [])]);
}

/** The files of stored features of a data set's folder, `.npy`, `.npz` or `.safetensors`, by id. */
export async function featuresIn(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const place of [folder, join(folder, 'features')]) {
    const names = await readdir(place).catch(() => []);
    for (const name of names) {
      if (/\.(npy|npz|safetensors)$/i.test(name)) found.set(name.slice(0, -extname(name).length), join(place, name));
    }
  }
  return found;
}

// ---- below: internals ----

interface Coded {
  /** Absent where there are no annotations. */
  readonly dataset?: Dataset;
  /** All subsets there are, also those that were not read. */
  readonly subsets: readonly string[];
  readonly warnings: readonly string[];
}

/** @param wants - tables of which subsets are read; of other files, clips of all subsets come */
async function readCoded(
  folder: string,
  { taxonomy, signal }: DataFolderOptions,
  wants: (subset: string) => boolean,
): Promise<Coded> {
  const names = await readdir(folder).catch((error) => {
    throw fileError(error, folder, 'read');
  });
  const files = await videosIn(folder);
  const read = async (name: string) => {
    const { dataset, warnings } = await readDataset(join(folder, name), { taxonomy, signal });
    const clips = dataset.clips.map((clip): Clip => ({ ...clip, file: files.get(clip.id) }));
    return { dataset: { ...dataset, clips }, warnings };
  };
  const whole = async (name: string): Promise<Coded> => {
    const { dataset, warnings } = await read(name);
    return { dataset, subsets: [...new Set(dataset.clips.flatMap(({ subset }) => subset ?? []))], warnings };
  };
  if (names.includes('annotations.json')) return whole('annotations.json');

  const tables = names.filter((name) => tableEnding.test(name)).sort();
  const wanted = tables.filter((name) => wants(subsetOf(name)));
  const subsets = tables.map(subsetOf);
  if (wanted.length > 0) {
    const all = await Promise.all(
      wanted.map(async (name) => {
        const { dataset, warnings } = await read(name);
        const clips = dataset.clips.map((clip): Clip => ({ ...clip, subset: clip.subset ?? subsetOf(name) }));
        return { dataset: { ...dataset, clips }, warnings };
      }),
    );
    const clips = all.flatMap(({ dataset }) => dataset.clips);
    return { dataset: { ...all[0].dataset, clips }, subsets, warnings: all.flatMap(({ warnings }) => warnings) };
  }
  if (subsets.some((subset) => isUsualSubset(subset))) return { subsets, warnings: [] };
  return whole('.').catch((error) => {
    if (!(error instanceof UserError) || error.code !== 'unknown-format') throw error;
    return { subsets, warnings: [] };
  });
}

const tableEnding = /\.(csv|json)(\.gz)?$/i;
const subsetOf = (table: string) => table.replace(tableEnding, '');

function noSplit(folder: string, split: string, known: readonly string[]): UsageError {
  const there = known.length > 0 ? `there are ${known.slice(0, 10).join(', ')}` : 'its annotations name none';
  return new UsageError(`${folder}: there is no subset "${split}"; ${there}`);
}

/** Each file by its name without ending. */
function uniqueFiles(files: ReadonlyMap<string, string>): Map<string, string> {
  const ids = new Map<string, string>();
  for (const [id, file] of files) ids.set(file, id); // the name without ending comes last
  return new Map(Array.from(ids, ([file, id]) => [id, file]));
}
