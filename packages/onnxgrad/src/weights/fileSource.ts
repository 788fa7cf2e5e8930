import { open } from 'node:fs/promises';
import type { ByteSource } from './byteSource.ts';
import { fileError } from './fileError.ts';

/**
 * A file on disk, open until it is closed.
 *
 * @throws WeightsError `no-such-file`, `is-folder`, `cannot-read`
 */
export async function fileSource(path: string): Promise<ByteSource> {
  try {
    const handle = await open(path);
    const stat = await handle.stat();
    if (stat.isDirectory()) {
      await handle.close();
      throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
    }
    return {
      name: path,
      size: stat.size,
      async read(offset, length) {
        try {
          const bytes = new Uint8Array(length);
          let filled = 0;
          while (filled < length) {
            const piece = Math.min(length - filled, largestRead);
            const { bytesRead } = await handle.read(bytes, filled, piece, offset + filled);
            if (bytesRead === 0) return bytes.slice(0, filled);
            filled += bytesRead;
          }
          return bytes;
        } catch (error) {
          throw fileError(error, path, 'read');
        }
      },
      close: () => handle.close(),
    };
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

// ---- below: internals ----

/** The system reads less than 2 GiB at once. */
const largestRead = 2 ** 30;
