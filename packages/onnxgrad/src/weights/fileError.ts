import { WeightsError } from '../errors.ts';

/**
 * What the operating system refused, as a letter to the person who can mend it. An error of another kind comes back as
 * it is.
 */
export function fileError(error: unknown, path: string, doing: 'read' | 'written'): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (error instanceof WeightsError || !(error instanceof Error) || code === undefined || !/^E[A-Z]+$/.test(code))
    return error;
  const [ours, advice] = refusals[code] ?? [doing === 'read' ? 'cannot-read' : 'cannot-write', error.message];
  return new WeightsError(ours, `${path}: cannot be ${doing}: ${advice}`, { cause: error });
}

// ---- below: internals ----

const refusals: Readonly<Record<string, readonly [code: string, advice: string]>> = {
  ENOENT: ['no-such-file', 'there is no such file or folder; check the path'],
  ENOTDIR: ['no-such-file', 'a part of its path is a file, not a folder; choose another path'],
  EEXIST: ['no-such-file', 'a part of its path is a file, not a folder; choose another path'], // mkdir
  EISDIR: ['is-folder', 'it is a folder; name a file'],
  EACCES: ['not-allowed', 'permission denied; change its permissions or choose another path'],
  EPERM: ['not-allowed', 'permission denied; close the program that holds it or choose another path'],
  EROFS: ['read-only', 'the disk is read-only; choose a path on another disk'],
  ENOSPC: ['disk-full', 'the disk is full; free some space or choose a path on another disk'],
  EDQUOT: ['disk-full', 'your disk quota is used up; free some space or choose another disk'],
  EFBIG: ['disk-full', 'it grows larger than the disk or the system allows; choose another disk'],
  EIO: ['disk-error', 'the disk reports an error; copy the file to another disk and try again'],
};
