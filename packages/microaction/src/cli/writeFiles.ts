import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { writeAtomically } from '../files/writeAtomically.ts';

export interface OutputFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** @throws UserError `exists` unless all of these may be written */
export async function refuseExisting(paths: readonly string[], overwrite: boolean | undefined): Promise<void> {
  if (overwrite) return;
  for (const path of paths) {
    if (!(await stat(path).catch(() => undefined))) continue;
    const advice = 'add --overwrite to replace it, or name another place';
    throw new UserError('exists', `${path}: already there; ${advice}`);
  }
}

/** Writes files, each whole or not at all; looks first whether all of them may be. Returns the paths. */
export async function writeFiles(
  files: readonly OutputFile[],
  { overwrite, signal }: { readonly overwrite?: boolean; readonly signal: AbortSignal },
): Promise<string[]> {
  const paths = files.map(({ path }) => path);
  const twice = paths.find((path, i) => paths.findIndex((other) => resolve(other) === resolve(path)) < i);
  if (twice !== undefined) throw new UserError('exists', `${twice}: would be written twice; name other files`);
  await refuseExisting(paths, overwrite);
  for (const { path, content } of files) await writeAtomically(path, content, { signal });
  return paths;
}

/** `wrote a.csv`, or how many files into a folder. */
export function wroteNote(paths: readonly string[]): string {
  if (paths.length <= 4) return `wrote ${paths.join(', ')}`;
  return `wrote ${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more files`;
}
