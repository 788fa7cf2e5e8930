import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from './fileError.ts';

/**
 * Writes a file so that its name always stands for a whole one: beside it under a hidden name, to the disk, then
 * renamed. Makes missing folders; replaces what is there. After a failure or an abort nothing of it is left.
 *
 * @throws UserError `disk-full`, `not-allowed`, `read-only`, `is-folder`, `no-such-file` ...; the signal's reason
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { signal } = options;
  // A long name with a suffix may be too long: keep only its beginning.
  const temporary = join(dirname(path), `.${basename(path).slice(0, 40)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    signal?.throwIfAborted();
    await makeFolder(dirname(path));
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content, { signal });
      await file.sync();
    } finally {
      await file.close();
    }
    signal?.throwIfAborted();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to tell
    signal?.throwIfAborted();
    throw fileError(error, path, 'written');
  }
}

// ---- below: internals ----

/** As `mkdir -p`. Node's own recursive mkdir never ends where the file system denies a folder, as /proc does. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return; // should it be a file, opening a file in it says so
    if (code !== 'ENOENT') throw error;
    if (!(await stat(dirname(path)).catch(() => undefined))) await makeFolder(dirname(path));
    await mkdir(path).catch(unlessThere); // another writer may have been as quick
  }
}

const unlessThere = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EEXIST') throw error;
};
