import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { fileError } from '../../files/fileError.ts';

/**
 * Asks before long work whether a disk has room. Makes nothing; the folder need not exist yet.
 *
 * @param what - needs the room, for the message: `4500 videos`
 * @throws UserError `disk-full`, and refusals of the file system
 */
export async function checkFreeSpace(folder: string, neededBytes: number, what: string): Promise<void> {
  const free = await freeBytes(resolve(folder), folder);
  if (neededBytes <= free) return;
  throw new UserError(
    'disk-full',
    `${folder}: ${what} take about ${size(neededBytes)}, and the disk has ${size(free)} left; ` +
      'ask for fewer, for a smaller size or for key points only, or name a folder on another disk',
  );
}

// ---- below: internals ----

async function freeBytes(path: string, asked: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) {
      throw fileError(error, asked, 'written');
    }
    return freeBytes(dirname(path), asked);
  }
}

const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];

function size(bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** step;
  return `${value >= 100 || step === 0 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}
