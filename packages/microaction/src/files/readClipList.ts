import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSameSubset } from '../annotation/dataset/subsets.ts';
import { namesInMa52List } from '../annotation/formats/ma52List.ts';
import { UsageError } from '../errors.ts';
import { fileError } from './fileError.ts';
import { videoFiles } from './measureVideos.ts';
import { type DataFolderOptions, readDataFolder, videosIn } from './readDataFolder.ts';
import { readText } from './readText.ts';

/** Clips to be recognised, in the order in which their scores are to stand. */
export interface ClipList {
  /** What says the order: `data/test_list_videos.txt`, or the folder. */
  readonly source: string;
  readonly clips: readonly ListedClip[];
}

export interface ListedClip {
  /** As it is written in the list. */
  readonly id: string;
  /** Absent where the data set has no such video. */
  readonly file?: string;
}

/**
 * The clips of a subset: those of a list as MA-52 has it, `test_list_videos.txt`, whose labels are not looked at, with videos
 * in `test`, beside the list or in `videos`; or else of a folder's annotations.
 *
 * @param options.split - may be left out where there is one list only
 * @throws UsageError where it is not clear which list is meant
 */
export async function readClipList(
  folder: string,
  { split, ...options }: DataFolderOptions & { readonly split?: string },
): Promise<ClipList> {
  const names = await readdir(folder).catch((error) => {
    throw fileError(error, folder, 'read');
  });
  const lists = names.filter((name) => listName.test(name)).sort();
  if (lists.length === 0) {
    const { dataset } = await readDataFolder(folder, { split, ...options });
    return { source: folder, clips: dataset.clips.map(({ id, file }) => ({ id, file })) };
  }
  const wanted = split === undefined ? lists : lists.filter((name) => isSameSubset(prefixOf(name), split));
  if (wanted.length !== 1) {
    const known = lists.map(prefixOf).join(', ');
    const found = split === undefined ? `there are ${lists.length} lists; name one` : `there is no list of "${split}"`;
    throw new UsageError(`${folder}: ${found} by --split: ${known}`);
  }
  const [list] = wanted;
  const source = join(folder, list);
  const inner = await videoFiles(join(folder, prefixOf(list))).catch(() => []); // no such folder
  const files = new Map([...(await videosIn(folder)), ...inner]);
  const ids = namesInMa52List(await readText(source, options));
  return { source, clips: ids.map((id) => ({ id, file: files.get(id) })) };
}

// ---- below: internals ----

/** `train_list_videos.txt`; the subset first. */
const listName = /^(.+?)_list(?:_videos)?\.txt$/i;

const prefixOf = (list: string): string => (listName.exec(list) as RegExpExecArray)[1];
