import { opendir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FoundFile } from '../../contract/video.ts';
import type { DataFolder } from './dataFolder.ts';
import { videoEndings } from './videoEndings.ts';

/**
 * Files in the data folder that look like videos by their names, in folders of folders too, ordered by path. Hidden
 * ones and links are passed over (what a link in the folder leads to is listed itself, or lies outside); so is what comes
 * after a very large number of entries.
 *
 * @param isKnown - of a path: leaves it out
 */
export async function findFiles(folder: DataFolder, isKnown: (path: string) => boolean): Promise<FoundFile[]> {
  const paths: string[] = [];
  const waiting = [{ path: '', depth: 0 }];
  let entries = 0;
  while (waiting.length > 0 && entries < mostEntries) {
    const { path, depth } = waiting.shift()!;
    const open = await opendir(join(folder.root, path)).catch(() => undefined); // gone since, or not allowed
    if (!open) continue;
    for await (const entry of open) {
      if (++entries > mostEntries) break;
      if (entry.name.startsWith('.')) continue;
      const inner = path ? `${path}/${entry.name}` : entry.name;
      if (entry.isDirectory() && depth < deepest) waiting.push({ path: inner, depth: depth + 1 });
      const isVideo = entry.isFile() && videoEndings.has(extname(entry.name).toLowerCase());
      if (isVideo && !isKnown(inner)) paths.push(inner);
    }
  }
  const found = await Promise.all(
    paths.map(async (path) => {
      const stats = await folder.stat(path);
      return stats?.isFile() ? [{ path, sizeBytes: stats.size }] : [];
    }),
  );
  return found.flat().sort((a, b) => collator.compare(a.path, b.path));
}

// ---- below: internals ----

const deepest = 12;
const mostEntries = 50_000;

/** `video 2` before `video 10`. */
const collator = new Intl.Collator('en', { numeric: true });
