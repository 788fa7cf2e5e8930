import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { UserError } from '../errors.ts';
import { fileError } from './fileError.ts';

/**
 * The content of a file, unpacked if it is gzip.
 *
 * @param options.largestBytes - of the file, and of what it unpacks to; at most 2 GiB less one byte
 * @throws UserError `no-such-file`, `is-folder`, `empty-file`, `too-large`, `bad-annotations` ...; the signal's reason
 */
export async function readBytes(
  path: string,
  { largestBytes, signal }: { readonly largestBytes: number; readonly signal?: AbortSignal },
): Promise<Uint8Array> {
  const limit =
    largestBytes < 2 ** 30 ? `${Math.round(largestBytes / 2 ** 20)} MiB` : `${Math.round(largestBytes / 2 ** 30)} GiB`;
  const tooLarge = (how: string) =>
    new UserError('too-large', `${path}: ${how} more than ${limit}; divide it into several files`);
  let bytes: Uint8Array;
  try {
    if ((await stat(path)).size > largestBytes) throw tooLarge('it holds');
    bytes = await readFile(path, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw fileError(error, path, 'read');
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = await promisify(gunzip)(bytes, { maxOutputLength: largestBytes });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge('it unpacks to');
      throw new UserError('bad-annotations', `${path}: not a readable gzip file; make it again`, { cause: error });
    }
  }
  if (bytes.length === 0) throw new UserError('empty-file', `${path}: the file is empty; name one with content`);
  return bytes;
}
