import type { Selectable } from 'kysely';
import type { VideoTable } from '../store/tables.ts';

type Named = Pick<Selectable<VideoTable>, 'id' | 'name' | 'path'>;

/** What a video is called in annotation files: its name without the ending of a video file. */
export function clipName({ name }: Pick<Named, 'name'>): string {
  return name.replace(videoEnding, '') || name;
}

/** The last part of a path, without its ending. */
export const baseName = (path: string): string => path.replace(/^.*[\\/]/, '').replace(/(?<=.)\.[^.]*$/, '');

/** A name for each video, no two alike, also where case does not count. */
export function clipNames<V extends Named>(videos: readonly V[]): (video: V) => string {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const video of videos) {
    if (names.has(video.id)) continue;
    const name = clipName(video);
    let unique = name;
    for (let i = 2; taken.has(unique.toLowerCase()); i++) unique = `${name}-${i}`;
    taken.add(unique.toLowerCase());
    names.set(video.id, unique);
  }
  return ({ id }) => names.get(id)!;
}

/**
 * Finds the videos that the clips of a file are of: by name, by path or by the name of the file, with or without the
 * ending, case not counting. What fits several videos alike fits none.
 */
export class VideosByName<V extends Named> {
  readonly #byKey = new Map<string, Set<V>>();
  readonly #byId: ReadonlyMap<string, V>;

  constructor(videos: readonly V[]) {
    this.#byId = new Map(videos.map((video) => [video.id, video]));
    for (const video of videos) {
      for (const key of [...keysOf(video.path), ...keysOf(video.name)]) {
        const some = this.#byKey.get(key) ?? new Set();
        this.#byKey.set(key, some.add(video));
      }
    }
  }

  byId(id: string): V | undefined {
    return this.#byId.get(id);
  }

  /** The one video of a clip: of its most telling name that fits any. */
  find({ id, file }: { readonly id: string; readonly file?: string }): V | undefined {
    for (const key of [file, id].flatMap((name) => (name ? keysOf(name) : []))) {
      const found = this.#byKey.get(key);
      if (found?.size === 1) return [...found][0];
    }
    return undefined;
  }
}

// ---- below: internals ----

const videoEnding = /\.(3gp|avi|flv|m2ts|m4v|mkv|mov|mp4|mpe?g|mts|ogv|ts|webm|wmv)$/i;

/** From the most telling to the least: the path, the last part of it, that without its ending. */
function keysOf(name: string): string[] {
  const path = name.normalize('NFC').toLowerCase().replaceAll('\\', '/');
  const base = path.slice(path.lastIndexOf('/') + 1);
  return [...new Set([path, base, base.replace(videoEnding, '')])].filter((key) => key !== '');
}
