import { readFile, stat } from 'node:fs/promises';
import { decodeText, notText } from '../annotation/formats/decodeText.ts';
import { UserError } from '../errors.ts';
import { fileError } from './fileError.ts';

/**
 * The text of a file: UTF-8, or UTF-16 with a byte order mark (as Windows programs save it); the mark is dropped.
 *
 * @throws UserError `no-such-file`, `is-folder`, `empty-file`, `not-text`, `not-allowed` ...
 */
export async function readText(path: string, options: { readonly signal?: AbortSignal } = {}): Promise<string> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > largestBytes) throw notText(path, `it is ${Math.round(size / 2 ** 20)} MiB large`);
    bytes = await readFile(path, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw fileError(error, path, 'read');
  }
  if (bytes.length === 0) throw new UserError('empty-file', `${path}: the file is empty; name one with content`);
  return decodeText(bytes, path);
}

// ---- below: internals ----

/** Far above any annotation file, and below the longest string that Node holds. */
const largestBytes = 256 * 2 ** 20;
