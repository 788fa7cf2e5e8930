import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { UserError } from '../errors.ts';
import { fileError } from './fileError.ts';

/**
 * How long the videos of these ids are. The video of an id is the file in the folder called so, with the ending of a
 * video or none added.
 *
 * @returns seconds by id, without ids that have no video; files that cannot be opened stand in `problems`
 * @throws UserError `no-such-file` ...; the signal's reason
 */
export async function measureVideos(
  folder: string,
  ids: readonly string[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<{ seconds: Map<string, number>; problems: { file: string; error: UserError }[] }> {
  const byId = await videoFiles(folder);
  const { openVideo } = await import('../video/node.ts');
  const seconds = new Map<string, number>();
  const problems: { file: string; error: UserError }[] = [];
  for (const id of new Set(ids)) {
    const file = byId.get(id);
    if (file === undefined) continue;
    try {
      await using video = await openVideo(file, options);
      seconds.set(id, video.info.durationSeconds);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof UserError)) throw error;
      problems.push({ file, error });
    }
  }
  return { seconds, problems };
}

/** The video files in a folder by the ids they may have: their names, with their endings and without. */
export async function videoFiles(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch((error) => {
    throw fileError(error, folder, 'read');
  });
  const byId = new Map<string, string>();
  for (const name of names.sort()) {
    const ending = extname(name);
    if (!endings.has(ending.toLowerCase())) continue;
    byId.set(name, join(folder, name));
    byId.set(name.slice(0, -ending.length), join(folder, name));
  }
  return byId;
}

// ---- below: internals ----

const endings = new Set(['.mp4', '.mov', '.webm', '.mkv', '.avi', '.m4v', '.mpg', '.mpeg', '.wmv', '.mts', '.ts']);
