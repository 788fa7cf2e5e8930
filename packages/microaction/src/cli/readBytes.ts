import { readFile, stat } from 'node:fs/promises';
import { UserError } from '../errors.ts';
import { fileError } from '../files/fileError.ts';

/** The bytes of a file of scores or of a submission. @throws UserError `no-such-file`, `empty-file`, `too-large` ... */
export async function readBytes(path: string, options: { readonly signal?: AbortSignal } = {}): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    if ((await stat(path)).size > largestBytes) {
      throw new UserError('too-large', `${path}: it holds more than 2 GiB; divide it into several files`);
    }
    bytes = await readFile(path, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw fileError(error, path, 'read');
  }
  if (bytes.length === 0) throw new UserError('empty-file', `${path}: the file is empty; name one with content`);
  return bytes;
}

// ---- below: internals ----

/** What `readFile` is sure to hold. */
const largestBytes = 2 ** 31 - 1;
