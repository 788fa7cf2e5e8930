import { constants, mkdirSync, realpathSync, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, realpath, stat, statfs } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Refusal } from '../http/refusal.ts';
import { makePrivateFolder } from '../store/privacy.ts';

/** A file that was opened for reading, and what the system said of it then. */
export interface OpenedFile {
  readonly handle: FileHandle;
  readonly stats: Stats;
  /** Where it really lies, absolute. */
  readonly path: string;
  /** The same relative to the data folder, with slashes: one for each file, however it was reached. */
  readonly name: string;
}

/** The folder that a studio serves: people's videos, and a hidden folder of what the program keeps. */
export class DataFolder {
  /** Absolute. */
  readonly root: string;

  constructor(root: string) {
    this.root = root;
    mkdirSync(root, { recursive: true });
    for (const folder of [this.inner(), this.inner('derived'), this.inner('uploads'), this.inner('backups')]) {
      makePrivateFolder(folder);
    }
    this.#realRoot = realpathSync.native(root);
  }

  /** The root without links on the way to it. */
  readonly #realRoot: string;

  /** A path among what the program keeps. The words must be the program's own, never a person's. */
  inner(...words: readonly string[]): string {
    return join(this.root, '.microaction', ...words);
  }

  /** Where what was derived from a video lies: see `media/prepare.ts` and `media/proxy.ts`. */
  derived(video: string): string {
    return this.inner('derived', video);
  }

  /**
   * Opens a person's file for reading, the only way to one. The path is relative to the data folder, with slashes. Links
   * are followed as long as they end in the folder.
   *
   * @throws Refusal 400 `bad-path` for a path that leads elsewhere, 404 `no-file` for a file that is not there
   */
  async open(path: string): Promise<OpenedFile> {
    const real = await this.#locate(path);
    const handle = await open(real, constants.O_RDONLY | noFollow).catch((error) => {
      throw refusalOf(error, path);
    });
    try {
      const stats = await handle.stat();
      // Somebody may have put a link into the path since it was looked at.
      const again = await lstat(await this.#locate(path));
      if (again.ino !== stats.ino || again.dev !== stats.dev) throw missing(path);
      return { handle, stats, path: real, name: real.slice(this.#realRoot.length + 1).replaceAll(sep, '/') };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** As `open`, for programs that open the file themselves: the absolute path, and what the system says of it. */
  async find(path: string): Promise<Omit<OpenedFile, 'handle'>> {
    const { handle, ...found } = await this.open(path);
    await handle.close();
    return found;
  }

  /**
   * What the system says of a person's file; undefined where there is none. Cheap, for lists; tells nothing of links on
   * the way, so that what is read must be opened by `open`.
   */
  async stat(path: string): Promise<Stats | undefined> {
    try {
      return await stat(join(this.#realRoot, ...checkedWords(path)));
    } catch {
      return undefined;
    }
  }

  /** How much can still be written, in bytes. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.root);
    return bavail * bsize;
  }

  // ---- below: internals ----

  /** The real path of a file inside the folder. */
  async #locate(path: string): Promise<string> {
    const words = checkedWords(path);
    const real = await realpath(join(this.#realRoot, ...words)).catch((error) => {
      throw refusalOf(error, path);
    });
    const rest = real.startsWith(this.#realRoot + sep) ? real.slice(this.#realRoot.length + 1) : undefined;
    if (rest === undefined || rest.split(sep)[0].toLowerCase() === '.microaction') {
      throw badPath(path, 'it is a link that leads out of the data folder');
    }
    if (
      !(
        await lstat(real).catch((error) => {
          throw refusalOf(error, path);
        })
      ).isFile()
    )
      throw badPath(path, 'it is no file');
    return real;
  }
}

/** On systems that know it: an open fails where the last part of the path has become a link. */
const noFollow = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The parts of a person's path, each a plain name. */
function checkedWords(path: string): string[] {
  const words = path.split('/');
  if (path.includes('\0')) throw badPath('the path', 'it has a zero byte');
  if (/^([a-z]:|[\\/])/i.test(path)) throw badPath(path, 'it is absolute');
  if (sep === '\\' && /[\\:]/.test(path)) throw badPath(path, 'it has a \\ or a :');
  if (words.some((word) => word === '' || word === '.' || word === '..'))
    throw badPath(path, 'it has an empty part, . or ..');
  if (words.some((word) => word.startsWith('.'))) throw badPath(path, 'it is hidden');
  return words;
}

const badPath = (path: string, why: string) =>
  new Refusal(
    400,
    'bad-path',
    `${path}: ${why}. Expected the path of a file in the data folder, relative to it, with / between folders. Nothing was changed: copy the file into the data folder.`,
  );

const missing = (path: string) =>
  new Refusal(
    404,
    'no-file',
    `${path}: there is no such file in the data folder. Check whether it was moved or renamed.`,
  );

function refusalOf(error: NodeJS.ErrnoException, path: string): unknown {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return missing(path);
  if (error.code === 'ELOOP') return badPath(path, 'its links lead in a circle or elsewhere');
  if (error.code === 'ENAMETOOLONG') return badPath(path.slice(0, 60), 'its name is too long');
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new Refusal(
      403,
      'file-not-allowed',
      `${path}: the system does not let the studio read it. Change its permissions.`,
    );
  }
  return error;
}
