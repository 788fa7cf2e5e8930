import { WeightsError } from '../errors.ts';

/** Bytes that can be read from any place, so that a file larger than memory gives one tensor at a time. */
export interface ByteSource {
  /** What messages call it: a path, a URL. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /**
   * The bytes from `offset` on; inside the size, as `readRange` sees to. They are the caller's own, to keep and to
   * change.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Lets go of what it holds open; absent where that is nothing. */
  close?(): Promise<void>;
}

/** Bytes in memory. */
export function bytesSource(bytes: Uint8Array, name = 'the bytes'): ByteSource {
  return { name, size: bytes.length, read: async (offset, length) => copyOf(bytes, offset, offset + length) };
}

/** A file that a person chose in a browser, or any other blob; only what is asked for is loaded. */
export function blobSource(blob: Blob, name = blob instanceof File ? blob.name : 'the blob'): ByteSource {
  return {
    name,
    size: blob.size,
    async read(offset, length) {
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      } catch (error) {
        // Browsers refuse when the file has changed since it was chosen.
        const advice = 'it may have changed or gone since it was chosen; choose it again';
        throw new WeightsError('cannot-read', `${name}: cannot be read: ${advice}`, { cause: error });
      }
    },
  };
}

/** Bytes of one's own. (`slice` of Node's `Buffer`, which is an array of bytes too, would still be the same memory.) */
export const copyOf = (bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array<ArrayBuffer> =>
  new Uint8Array(bytes.subarray(start, end));

/**
 * Exactly these bytes of a source.
 *
 * @param what - they are, for messages: "the header"
 * @throws WeightsError `cut-off` where they reach beyond its end
 */
export async function readRange(source: ByteSource, offset: number, length: number, what: string): Promise<Uint8Array> {
  const { name, size } = source;
  if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
    const range = `bytes ${offset} to ${offset + length}`;
    throw new WeightsError('cut-off', `${name}: ${what} is cut off: ${range} of ${size}; copy the file again`);
  }
  if (length === 0) return new Uint8Array(0);
  const bytes = await source.read(offset, length);
  if (bytes.length === length) return bytes;
  const found = `found ${bytes.length} of ${length} bytes at ${offset}`;
  throw new WeightsError(
    'cut-off',
    `${name}: ${what} is cut off: ${found}; the file has become shorter, open it again`,
  );
}
