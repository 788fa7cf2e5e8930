import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { fileError } from 'microaction/files';
import { FFmpegError } from 'node-av/lib';

/**
 * Lets `write` make a file that is too large for the memory, so that its name always stands for a whole one: beside it
 * as `.NAME.xxxxxxxx.tmp`, to the disk, then renamed. After a failure or an abort nothing of it is left; after the
 * machine failed, that one file.
 *
 * @throws UserError as `writeAtomically`; what `write` throws; the signal's reason
 */
export async function writeBeside(
  path: string,
  write: (temporary: string) => Promise<void>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { signal } = options;
  const temporary = join(dirname(path), `.${basename(path).slice(0, 40)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    signal?.throwIfAborted();
    await mkdir(dirname(path), { recursive: true });
    await write(temporary);
    await using file = await open(temporary, 'r+');
    await file.sync();
    signal?.throwIfAborted();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to tell
    signal?.throwIfAborted();
    throw fileError(systemError(error), path, 'written');
  }
}

// ---- below: internals ----

/** An error of libav that is one of the system, as Node would have it: `ENOSPC` ... */
function systemError(error: unknown): unknown {
  if (!(error instanceof FFmpegError) || error.code < -4095) return error;
  return Object.assign(new Error(error.message, { cause: error }), { code: getSystemErrorName(error.code) });
}
