import { UserError } from '../errors.ts';

/**
 * What the operating system refused, as a letter to the person who can mend it. An error that is no refusal of
 * the file system comes back as it is.
 *
 * @param doing - a verb after "cannot be": `read`, `written`
 */
export function fileError(error: unknown, path: string, doing: 'read' | 'written'): unknown {
  const systemCode = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  const known = systemCode === undefined ? undefined : refusals[systemCode];
  if (!known) return error;
  return new UserError(known.code, `${path}: cannot be ${doing}: ${known.advice}`, { cause: error });
}

// ---- below: internals ----

const refusals: Readonly<Record<string, { code: string; advice: string }>> = {
  ENOENT: { code: 'no-such-file', advice: 'there is no such file or folder; check the path' },
  ENOTDIR: { code: 'no-such-file', advice: 'a part of its path is a file, not a folder; choose another path' },
  EEXIST: { code: 'no-such-file', advice: 'a part of its path is a file, not a folder; choose another path' }, // mkdir
  EISDIR: { code: 'is-folder', advice: 'it is a folder; name a file' },
  ENOTEMPTY: { code: 'is-folder', advice: 'it is a folder; name a file' },
  EACCES: { code: 'not-allowed', advice: 'permission denied; change its permissions or choose another path' },
  EPERM: { code: 'not-allowed', advice: 'permission denied; close the program that holds it or choose another path' },
  EBUSY: { code: 'not-allowed', advice: 'another program holds it; close that program and try again' },
  EROFS: { code: 'read-only', advice: 'the disk is read-only; choose a path on another disk' },
  ENOSPC: { code: 'disk-full', advice: 'the disk is full; free some space or choose a path on another disk' },
  EDQUOT: { code: 'disk-full', advice: 'your disk quota is used up; free some space or choose another disk' },
  EFBIG: { code: 'disk-full', advice: 'it grows larger than the disk or the system allows; choose another disk' },
  ENAMETOOLONG: { code: 'bad-path', advice: 'its name is too long for this disk; choose a shorter one' },
  EINVAL: { code: 'bad-path', advice: 'this disk does not take such a name; choose another' },
  ELOOP: { code: 'bad-path', advice: 'its links lead in a circle; choose another path' },
  EMFILE: { code: 'too-many-files', advice: 'too many files are open; close some programs and try again' },
  EIO: { code: 'disk-error', advice: 'the disk reports an error; copy the file to another disk and try again' },
};
