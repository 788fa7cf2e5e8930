import { readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { messageOf, UserError } from '../../errors.ts';
import { fileError } from '../../files/fileError.ts';
import { readText } from '../../files/readText.ts';
import { writeAtomically } from '../../files/writeAtomically.ts';

/** What a data set was made with: all that its bytes depend on, the version of the program too. */
export type SynthesisSettings = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

const fileName = 'synthesis.json';

/**
 * The files that an earlier run with the same settings has made in a folder, whole ones all: paths relative to it, with
 * slashes. Empty for a folder that is missing or empty. Changes nothing.
 *
 * @throws UserError `other-settings` for a folder that was made otherwise, `not-empty` for one that holds other things
 */
export async function wholeFilesIn(
  folder: string,
  settings: SynthesisSettings,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ReadonlySet<string>> {
  const files = await filesIn(folder);
  const [other] = files;
  if (other === undefined) return new Set();
  if (!files.includes(fileName)) {
    throw new UserError(
      'not-empty',
      `${folder}: found ${other} and no ${fileName}, so no simulated data set; name a new or empty folder`,
    );
  }
  const path = join(folder, fileName);
  const made = parsed(await readText(path, options), path);
  const asked = asJson(settings);
  const differing = [...new Set([...Object.keys(made), ...Object.keys(asked)])].filter(
    (key) => !isDeepStrictEqual(made[key], asked[key]),
  );
  if (differing.length > 0) {
    const list = (of: Record<string, unknown>) =>
      differing.map((key) => `${key} ${JSON.stringify(of[key]) ?? 'unset'}`).join(', ');
    throw new UserError(
      'other-settings',
      `${path}: this folder was made with ${list(made)}; asked for was ${list(asked)}; name another folder`,
    );
  }
  return new Set(files.filter((file) => file !== fileName));
}

/**
 * Makes the folder ready: says in it what it is made with, and removes what a run that was killed has left half written.
 *
 * @throws what `writeAtomically` does
 */
export async function beginIn(
  folder: string,
  settings: SynthesisSettings,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  await writeAtomically(join(folder, fileName), `${JSON.stringify(settings, null, 2)}\n`, options);
  for (const path of (await entriesIn(folder)).filter(isHalf)) await rm(join(folder, path), { force: true });
}

// ---- below: internals ----

/** What `writeAtomically` calls files until they are whole. */
const isHalf = (path: string) => /(^|\/)\.[^/]+\.[0-9a-f]{8}\.tmp$/.test(path);

/** Without hidden ones, which no run makes but for a moment, and without sheets, which are no part of the data set. */
const filesIn = async (folder: string) =>
  (await entriesIn(folder)).filter((path) => !/(^|\/)\.|^sheet\.(png|html)$/.test(path)).sort();

/** Paths of all files relative to the folder, with slashes. */
async function entriesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fileError(error, folder, 'read');
  }
}

function parsed(text: string, path: string): Record<string, unknown> {
  const fail = (what: string, cause?: unknown): never => {
    throw new UserError('other-settings', `${path}: ${what}; name another folder, or empty this one`, { cause });
  };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    return fail(`not valid JSON: ${messageOf(error)}`, error);
  }
  return fail('holds no settings');
}

const asJson = (settings: SynthesisSettings) => JSON.parse(JSON.stringify(settings)) as Record<string, unknown>;
