import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../../annotation/dataset.ts';
import { readMa52List } from '../../annotation/formats/ma52List.ts';
import { UserError } from '../../errors.ts';
import { fileError } from '../../files/fileError.ts';
import { videoFiles } from '../../files/measureVideos.ts';
import { type DataFolderOptions, readTrainingFolder, videosIn } from '../../files/readDataFolder.ts';
import { readText } from '../../files/readText.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { SkippedVideo } from '../batches.ts';

/** A clip that shows one action from its first frame to its last. */
export interface LabelledClip {
  readonly id: string;
  /** Of its video. */
  readonly path: string;
  /** Position of its action in the taxonomy. */
  readonly classId: number;
}

/** Clips to train a recogniser on. */
export interface TrainingClips {
  readonly taxonomy: Taxonomy;
  readonly training: readonly LabelledClip[];
  /** Empty where the data set has none. */
  readonly validation: readonly LabelledClip[];
  /** Clips without a video, or with none or several actions, and why. */
  readonly missing: readonly SkippedVideo[];
  /** Such as classes of which there is no clip. */
  readonly warnings: readonly string[];
}

/**
 * What a data set's folder has to train a recogniser on. It holds lists as MA-52 does, `train_list_videos.txt` and
 * `val_list_videos.txt` with videos in `train` and `val`; or else annotations as for detection, of clips that show one
 * action each. Videos may also lie beside the lists or in `videos`. The test subset is not looked at.
 *
 * @throws UserError `bad-annotations` for labels that the taxonomy does not have; `no-videos` where no clip is left to
 *   train on
 */
export async function readTrainingClips(folder: string, options: DataFolderOptions): Promise<TrainingClips> {
  const names = await readdir(folder).catch((error) => {
    throw fileError(error, folder, 'read');
  });
  const listOf = (subset: RegExp) => names.find((name) => listName.exec(name)?.[1].match(subset));
  const list = listOf(/^train(ing)?$/i);
  const found = list
    ? await readLists(folder, list, listOf(/^val(id|idation)?$/i), options)
    : await readAnnotated(folder, options);
  const { training, missing, taxonomy } = found;
  if (training.length === 0) {
    const why = missing.length > 0 ? `; the first of ${missing.length} problems: ${missing[0].reason}` : '';
    throw new UserError('no-videos', `${folder}: found no clip to train on${why}`);
  }
  return { ...found, warnings: [...found.warnings, ...emptyClasses(training, taxonomy, folder)] };
}

/** The clips of a data set that show one action, with their videos in its folder. */
export async function labelledClips(
  { clips, taxonomy }: Dataset,
  folder: string,
): Promise<{ clips: LabelledClip[]; missing: SkippedVideo[] }> {
  const sorted = sorter(taxonomy, await videosIn(folder), folder);
  for (const { id, instances } of clips) {
    const actions = new Set(instances.map(({ action }) => action));
    if (actions.size === 1) sorted.add(id, [...actions][0]);
    else sorted.refuse(id, `${id} shows ${actions.size} actions; a recogniser learns from clips that show one`);
  }
  return sorted;
}

// ---- below: internals ----

/** `train_list_videos.txt`; the subset first. */
const listName = /^(.+?)_list(?:_videos)?\.txt$/i;

async function readLists(
  folder: string,
  training: string,
  validation: string | undefined,
  { taxonomy, signal }: DataFolderOptions,
): Promise<TrainingClips> {
  const warnings: string[] = [];
  const beside = await videosIn(folder);
  const read = async (name: string) => {
    const source = join(folder, name);
    const { list, warnings: own } = readMa52List(await readText(source, { signal }), { source, taxonomy });
    warnings.push(...own);
    const inner = join(folder, (listName.exec(name) as RegExpExecArray)[1]);
    const files = new Map([...beside, ...(await videoFiles(inner).catch(() => []))]);
    const sorted = sorter(taxonomy, files, inner);
    for (const { file, action } of list.clips) sorted.add(file, action);
    return sorted;
  };
  const learnt = await read(training);
  const judged = validation ? await read(validation) : { clips: [], missing: [] };
  const missing = [...learnt.missing, ...judged.missing];
  return { taxonomy, training: learnt.clips, validation: judged.clips, missing, warnings };
}

async function readAnnotated(folder: string, options: DataFolderOptions): Promise<TrainingClips> {
  const { taxonomy, training, validation, warnings } = await readTrainingFolder(folder, options);
  const [learnt, judged] = [await labelledClips(training, folder), await labelledClips(validation, folder)];
  const missing = [...learnt.missing, ...judged.missing];
  return { taxonomy, training: learnt.clips, validation: judged.clips, missing, warnings };
}

/** Puts clips where they belong. */
function sorter(taxonomy: Taxonomy, files: ReadonlyMap<string, string>, folder: string) {
  const classIds = new Map(taxonomy.actions.map(({ name }, classId) => [name, classId]));
  const clips: LabelledClip[] = [];
  const missing: SkippedVideo[] = [];
  const refuse = (video: string, reason: string) => missing.push({ video, reason });
  return {
    clips,
    missing,
    refuse,
    add: (id: string, action: string) => {
      const path = files.get(id);
      if (path === undefined) refuse(id, `${folder}: there is no video called ${id} in this folder; add it`);
      else clips.push({ id, path, classId: classIds.get(action) as number });
    },
  };
}

function emptyClasses(clips: readonly LabelledClip[], { actions }: Taxonomy, folder: string): string[] {
  const present = new Set(clips.map(({ classId }) => classId));
  const absent = actions.filter((_, classId) => !present.has(classId)).map(({ name }) => name);
  if (absent.length === 0) return [];
  const some = absent.slice(0, 5).join(', ') + (absent.length > 5 ? ' ...' : '');
  return [
    `${folder}: ${absent.length} of ${actions.length} actions have no clip to learn from (${some}); they will not be recognised.`,
  ];
}
