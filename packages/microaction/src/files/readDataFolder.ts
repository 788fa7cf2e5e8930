import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clip, Dataset } from '../annotation/dataset.ts';
import { UsageError } from '../errors.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { fileError } from './fileError.ts';
import { videoFiles } from './measureVideos.ts';
import { readDataset } from './readDataset.ts';

export interface DataFolderOptions {
  /** What labels mean. */
  readonly taxonomy: Taxonomy;
  /** Only videos of this subset; `train` and `training`, `val` and `validation` are one. All unless given. */
  readonly split?: string;
  readonly signal?: AbortSignal;
}

export interface DataFolder {
  /** Clips with the paths of their video files, where there is one. */
  readonly dataset: Dataset;
  readonly warnings: readonly string[];
}

/**
 * The videos of a data set's folder, and what is coded in them: `annotations.json`, or a table for each subset such as
 * `val.csv`; videos beside them or in `videos`, called after their ids. A folder without annotations is all its videos.
 *
 * @throws UsageError for a subset that does not exist, with those that do; UserError as `readDataset`
 */
export async function readDataFolder(folder: string, options: DataFolderOptions): Promise<DataFolder> {
  const { taxonomy, split, signal } = options;
  const names = await readdir(folder).catch((error) => {
    throw fileError(error, folder, 'read');
  });
  const inner = names.includes('videos') && (await stat(join(folder, 'videos'))).isDirectory();
  const files = new Map([...(await videoFiles(folder)), ...(inner ? await videoFiles(join(folder, 'videos')) : [])]);
  const withFiles = (clips: readonly Clip[]) => clips.map((clip): Clip => ({ ...clip, file: files.get(clip.id) }));

  if (names.includes('annotations.json')) {
    const { dataset, warnings } = await readDataset(join(folder, 'annotations.json'), { taxonomy, signal });
    const known = [...new Set(dataset.clips.flatMap(({ subset }) => subset ?? []))];
    const clips = split === undefined ? dataset.clips : dataset.clips.filter(({ subset }) => isSame(subset, split));
    if (clips.length === 0 && split !== undefined) throw noSplit(folder, split, known);
    return { dataset: { ...dataset, clips: withFiles(clips) }, warnings };
  }

  const tables = names.filter((name) => /\.(csv|json)(\.gz)?$/i.test(name)).sort();
  const subsetOf = (name: string) => name.replace(/\.(csv|json)(\.gz)?$/i, '');
  const wanted = tables.filter((name) => split === undefined || isSame(subsetOf(name), split));
  if (split !== undefined && wanted.length === 0) throw noSplit(folder, split, tables.map(subsetOf));
  const read = await Promise.all(
    wanted.map(async (name) => {
      const { dataset, warnings } = await readDataset(join(folder, name), { taxonomy, signal });
      const clips = dataset.clips.map((clip): Clip => ({ ...clip, subset: clip.subset ?? subsetOf(name) }));
      return { dataset: { ...dataset, clips }, warnings };
    }),
  );
  const clips =
    wanted.length > 0
      ? withFiles(read.flatMap(({ dataset }) => dataset.clips))
      : Array.from(uniqueFiles(files), ([id, file]): Clip => ({ id, file, instances: [] }));
  if (clips.length === 0)
    throw new UsageError(`${folder}: found no annotations and no videos in it; name another folder`);
  return {
    dataset: { taxonomy: read[0]?.dataset.taxonomy ?? taxonomy, clips },
    warnings: read.flatMap((one) => one.warnings),
  };
}

// ---- below: internals ----

const splits = [
  ['train', 'training'],
  ['val', 'valid', 'validation'],
  ['test', 'testing'],
];

const canonical = (name: string): string => {
  const plain = name.trim().toLowerCase();
  return splits.find((same) => same.includes(plain))?.[0] ?? plain;
};

const isSame = (subset: string | undefined, split: string): boolean =>
  subset !== undefined && canonical(subset) === canonical(split);

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
