import type { Dataset } from '../../annotation/dataset.ts';
import { videosIn } from '../../files/readDataFolder.ts';
import type { SkippedVideo } from '../batches.ts';
import type { TimedClass } from '../windows.ts';

/** A video and what is to be found in it. */
export interface LabelledVideo {
  readonly id: string;
  /** Of the video, or of its stored features. */
  readonly path: string;
  readonly actions: readonly TimedClass[];
  /** As annotations say; stored features need both. */
  readonly durationSeconds?: number;
  readonly frameRate?: number;
}

/**
 * The clips of a data set with their videos: the files called after their ids in a folder or in `videos` in it. Classes
 * are counted from 0 in the order of the taxonomy's ids.
 */
export async function labelledVideos(
  { clips, taxonomy }: Dataset,
  folder: string,
): Promise<{ videos: LabelledVideo[]; missing: SkippedVideo[] }> {
  const files = await videosIn(folder);
  const classIds = new Map(taxonomy.actions.map(({ name }, classId) => [name, classId]));
  const videos: LabelledVideo[] = [];
  const missing: SkippedVideo[] = [];
  for (const { id, durationSeconds, frameRate, instances } of clips) {
    const path = files.get(id);
    if (path === undefined) {
      missing.push({ video: id, reason: `${folder}: there is no video called ${id} in this folder; add it` });
      continue;
    }
    const actions = instances.map(({ action, start, end }) => ({
      start,
      end,
      classId: classIds.get(action) as number,
    }));
    videos.push({ id, path, actions, durationSeconds, frameRate });
  }
  return { videos, missing };
}
