import { unzipSync, type Zippable, zipSync } from 'fflate';
import { crc32 } from 'onnxgrad/weights';
import { messageOf, UserError } from '../errors.ts';
import { shown } from '../problems.ts';

/** What an archive may unfold to; beyond it, it is refused before memory is taken for it. */
export interface UnzipLimits {
  readonly files: number;
  readonly bytes: number;
}

/** Above any submission or annotation archive. */
const usualLimits: UnzipLimits = { files: 1000, bytes: 512 * 2 ** 20 };

/** Whether bytes begin as a zip archive does; an empty archive has no file to begin with. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6));

/**
 * The files of a zip archive by their names, folders left out. An entry never takes more memory than it states, and
 * what all state together is held to `limits`; a zip inside a zip is not opened.
 *
 * @throws UserError `bad-zip` where it is damaged, too large, or names a file twice
 */
export function unzip(bytes: Uint8Array, source: string, limits = usualLimits): Map<string, Uint8Array> {
  const names = new Set<string>();
  let total = 0;
  const filter = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    if (names.has(name)) throw new UserError('bad-zip', `${source}: ${shown(name)} is in it twice; zip it again`);
    names.add(name);
    total += originalSize;
    if (names.size > limits.files) {
      throw new UserError('bad-zip', `${source}: it holds more than ${limits.files} files; is it the right archive?`);
    }
    if (total > limits.bytes) {
      throw new UserError(
        'bad-zip',
        `${source}: it unfolds to more than ${limits.bytes} bytes; unzip it yourself first`,
      );
    }
    return !name.endsWith('/');
  };
  let files: Map<string, Uint8Array>;
  let checksums: readonly number[] | undefined;
  try {
    files = new Map(Object.entries(unzipSync(bytes, { filter })));
    checksums = checksumsOf(bytes);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('bad-zip', `${source}: not a readable zip archive (${messageOf(error)}); zip it again`, {
      cause: error,
    });
  }
  for (const [index, name] of [...names].entries()) {
    const content = files.get(name);
    if (content && checksums && crc32(content) !== checksums[index]) {
      throw new UserError('bad-zip', `${source}: ${shown(name)} is damaged, its checksum does not fit; copy it again`);
    }
  }
  return files;
}

/** A zip archive of files by name. The same files give the same bytes, whenever and wherever. */
export function zip(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const entries: Zippable = {};
  for (const [name, content] of files) entries[name] = [content, { mtime: earliest, os: unix, attrs: ordinaryFile }];
  return zipSync(entries, { level: 6 }) as Uint8Array<ArrayBuffer>;
}

/** UTF-8 text of a file in an archive. @throws UserError `not-text` */
export function textOf(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError('not-text', `${source}: not valid UTF-8; save it as UTF-8`, { cause: error });
  }
}

// ---- below: internals ----

/** What the directory states of each entry, in its order; undefined for the 64-bit variant, which nothing here needs. */
function checksumsOf(bytes: Uint8Array): number[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end > 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  const count = view.getUint16(end + 8, true);
  let at = view.getUint32(end + 16, true);
  if (at === 0xffffffff || count === 0xffff) return undefined;
  return Array.from({ length: count }, () => {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const checksum = view.getUint32(at + 16, true);
    at += 46 + name + extra + comment;
    return checksum;
  });
}

/** The first moment a zip can state; by the local clock, as zip keeps it. */
const earliest = new Date(1980, 0, 1);
const unix = 3;
/** A file that its owner may write and all may read: `-rw-r--r--`. */
const ordinaryFile = 0o100644 * 2 ** 16;
