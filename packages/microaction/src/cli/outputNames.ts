import { basename, dirname, extname, resolve } from 'node:path';

/**
 * A name for what is written of each video, without ending: the video's own without its ending. Where two would
 * be the same (also to a disk that ignores case) they keep the ending, then take the folder's name, then a number.
 *
 * @returns as many names as paths, in their order, all different
 */
export function outputNames(paths: readonly string[]): string[] {
  const taken = new Set<string>();
  const names: (string | undefined)[] = paths.map(() => undefined);
  for (const form of forms) {
    const offered = paths.map((path) => form(resolve(path)));
    const keys = offered.map(keyOf);
    for (const [i, key] of keys.entries()) {
      const isUnique = keys.every((other, j) => j === i || other !== key);
      if (names[i] !== undefined || !isUnique || taken.has(key)) continue;
      names[i] = offered[i];
      taken.add(key);
    }
  }
  return names.map((name, i) => name ?? numbered(stem(resolve(paths[i])), taken));
}

// ---- below: internals ----

const stem = (path: string) => basename(path, extname(path));
const forms = [stem, (path: string) => basename(path), (path: string) => `${basename(dirname(path))}-${stem(path)}`];

const keyOf = (name: string) => name.normalize('NFC').toLowerCase();

function numbered(name: string, taken: Set<string>): string {
  let number = 1;
  while (taken.has(keyOf(`${name}-${number}`))) number++;
  taken.add(keyOf(`${name}-${number}`));
  return `${name}-${number}`;
}
