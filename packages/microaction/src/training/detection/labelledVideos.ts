import type { Dataset } from '../../annotation/dataset.ts';
import { featuresIn, videosIn } from '../../files/readDataFolder.ts';
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

/** What clips were found for, and why the others were left out. */
export interface FoundVideos {
  readonly videos: LabelledVideo[];
  readonly missing: SkippedVideo[];
}

/**
 * The clips of a data set with their videos: the files called after their ids in a folder or in `videos` in it. Classes
 * are counted from 0 in the order of the taxonomy.
 */
export async function labelledVideos(dataset: Dataset, folder: string): Promise<FoundVideos> {
  const reason = (id: string) => `${folder}: there is no video called ${id} in this folder; add it`;
  return labelled(dataset, await videosIn(folder), reason);
}

/** As `labelledVideos`, with the stored features of clips. */
export async function labelledFeatures(dataset: Dataset, folder: string): Promise<FoundVideos> {
  const advice = 'make them with microaction features';
  const reason = (id: string) => `${folder}: there are no stored features called ${id}.npy or ${id}.npz; ${advice}`;
  return labelled(dataset, await featuresIn(folder), reason);
}

// ---- below: internals ----

function labelled(
  { clips, taxonomy }: Dataset,
  files: ReadonlyMap<string, string>,
  missingReason: (id: string) => string,
): FoundVideos {
  const classIds = new Map(taxonomy.actions.map(({ name }, classId) => [name, classId]));
  const videos: LabelledVideo[] = [];
  const missing: SkippedVideo[] = [];
  for (const { id, durationSeconds, frameRate, instances } of clips) {
    const path = files.get(id);
    const actions = instances.map(({ action, start, end }) => ({
      start,
      end,
      classId: classIds.get(action) as number,
    }));
    if (path === undefined) missing.push({ video: id, reason: missingReason(id) });
    else videos.push({ id, path, actions, durationSeconds, frameRate });
  }
  return { videos, missing };
}
