import { unzipSync, type Zippable, zipSync } from 'fflate';
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
  try {
    return new Map(Object.entries(unzipSync(bytes, { filter })));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('bad-zip', `${source}: not a readable zip archive (${messageOf(error)}); zip it again`, {
      cause: error,
    });
  }
}

/** A zip archive of files by name. The same files give the same bytes, whenever and wherever. */
export function zip(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const entries: Zippable = {};
  for (const [name, content] of files) entries[name] = [content, { mtime: earliest }];
  return zipSync(entries, { level: 6, os: 3 }) as Uint8Array<ArrayBuffer>;
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

/** The first moment a zip can state; by the local clock, as zip keeps it. */
const earliest = new Date(1980, 0, 1);
