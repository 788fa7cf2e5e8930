import { constants } from 'node:fs';
import { copyFile, link, open, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { fileError } from 'microaction';
import type { DataFolder } from './dataFolder.ts';
import { videoEndings } from './videoEndings.ts';

/**
 * A name for a file in the data folder out of what a stranger calls it: its last part, visible, valid on every system,
 * with the ending of a video.
 *
 * @param container - of `VideoFacts`: decides the ending where the name has none of a video
 */
export function cleanName(name: string, container = 'MP4'): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1)!;
  const plain = last
    .replace(/\p{C}/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[. ]+|[. ]+$/g, '');
  const { name: stem, ext } = parse(plain);
  const isVideo = videoEndings.has(ext.toLowerCase());
  const ending = isVideo ? ext : (endings[container] ?? '.video');
  const kept = shortened(isVideo ? stem.replace(/[. ]+$/, '') : plain, mostBytes - ending.length) || 'video';
  return `${/^(con|prn|aux|nul|com\d|lpt\d)$/i.test(kept) ? '_' : ''}${kept}${ending}`;
}

/**
 * Gives a file of the program's own (on the same disk) a second name in the data folder, one that is not taken yet:
 * `nod.mp4`, `nod (2).mp4` ... Never replaces anything. Done again after it was interrupted, it finds what it had done.
 *
 * @returns the name
 * @throws UserError `disk-full`, `not-allowed` ...
 */
export async function placeInFolder(folder: DataFolder, from: string, wanted: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = numbered(wanted, number);
    const to = join(folder.root, name);
    try {
      await link(from, to);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' && (await isSame(from, to))) return name;
      if (code === 'EEXIST') continue;
      if (!lacksLinks.has(code)) throw fileError(error, to, 'written');
      if (!(await copied(from, to))) continue;
    }
    await syncFolder(folder.root);
    return name;
  }
}

/** `nod.mp4`, for 2 `nod (2).mp4` ... */
export function numbered(fileName: string, number: number): string {
  const { name: stem, ext } = parse(fileName);
  return number === 1 ? fileName : `${stem} (${number})${ext}`;
}

/** Puts on disk which names a folder holds. Windows does so by itself, and cannot be asked to. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(path);
  await handle.sync();
}

// ---- below: internals ----

/** File systems take 255; room is left for ` (2)`. */
const mostBytes = 200;

const endings: Readonly<Record<string, string>> = {
  MP4: '.mp4',
  QuickTime: '.mov',
  WebM: '.webm',
  Matroska: '.mkv',
  AVI: '.avi',
  'MPEG-TS': '.ts',
  'MPEG-PS': '.mpg',
  'Windows Media': '.wmv',
  'Flash Video': '.flv',
  Ogg: '.ogv',
  MXF: '.mxf',
};

/** So many bytes of UTF-8 at most, no character cut in two. */
function shortened(text: string, bytes: number): string {
  let kept = text;
  while (Buffer.byteLength(kept) > bytes) kept = [...kept].slice(0, -1).join('');
  return kept;
}

/** Of disks on which a file has one name only, as exFAT. */
const lacksLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** @returns false where the name is taken */
async function copied(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    await using file = await open(to, 'r+');
    await file.sync();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fileError(error, to, 'written');
  }
}

async function isSame(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([stat(a), stat(b)]);
  return one.ino === other.ino && one.dev === other.dev;
}
