import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { fileError } from './fileError.ts';

/**
 * Asks before long work whether a folder can take files: it, or the nearest folder above it that exists, must be
 * a folder and writable. Makes nothing.
 *
 * @throws UserError `not-a-folder`, `not-allowed`, `read-only`
 */
export async function checkOutputFolder(folder: string): Promise<void> {
  const nearest = await nearestExisting(resolve(folder), folder);
  try {
    await access(nearest, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError(error, folder, 'written');
  }
}

// ---- below: internals ----

async function nearestExisting(path: string, asked: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw fileError(error, asked, 'written');
    const above = dirname(path);
    if (above === path) throw fileError(error, asked, 'written');
    return nearestExisting(above, asked);
  }
  const where = path === resolve(asked) ? 'it is a file' : `${path} is a file`;
  throw new UserError('not-a-folder', `${asked}: cannot be written to: ${where}, not a folder; name another folder`);
}
