import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { AnyFormat, ReadResult } from '../annotation/formats/index.ts';
import {
  type FormatName,
  formatNamed,
  formatOf,
  formats,
  joinFiles,
  readAnnotations,
} from '../annotation/formats/index.ts';
import { UserError } from '../errors.ts';
import { Problems } from '../problems.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { fileError } from './fileError.ts';
import { readBytes } from './readBytes.ts';

export interface ReadDatasetOptions {
  /** What labels mean, unless a document brings its own taxonomy. */
  readonly taxonomy: Taxonomy;
  /** Absent: told from the content. */
  readonly format?: FormatName;
  /** Frames per second of documents that count frames without saying how fast. */
  readonly frameRate?: number;
  readonly signal?: AbortSignal;
}

/**
 * The annotations at a path: a file in any format, also compressed (`.gz`), or a folder of files of one
 * format (ELAN documents, TextGrids and the like, one video each; or THUMOS texts, one action each). In a
 * folder, files of no known format, or of another than most, are passed over with a warning; folders inside it
 * and files whose names begin with a dot are not looked into. A file holds at most 256 MiB, unpacked.
 *
 * @throws UserError `no-such-file`, `empty-file`, `too-large`, `not-text`, `unknown-format`, `bad-annotations` ...
 */
export async function readDataset(path: string, options: ReadDatasetOptions): Promise<ReadResult> {
  const format = options.format === undefined ? undefined : formatNamed(options.format);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    (error) => {
      throw fileError(error, path, 'read');
    },
  );
  if (isFolder) return readFolder(path, format, options);
  const content = await readBytes(path, { largestBytes, signal: options.signal });
  const source = withoutGz(path);
  return readAnnotations(content, { ...options, source }, format ?? formatOf(content, source));
}

// ---- below: internals ----

const largestBytes = 256 * 2 ** 20;

const withoutGz = (path: string) => path.replace(/\.gz$/i, '');

async function readFolder(
  path: string,
  format: AnyFormat | undefined,
  options: ReadDatasetOptions,
): Promise<ReadResult> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error) => {
    throw fileError(error, path, 'read');
  });
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  const files: { source: string; format: AnyFormat; content: Uint8Array }[] = [];
  const passedOver: string[] = [];
  const endings = new Set((format ? [format] : formats).map(({ fileEnding }) => fileEnding.toLowerCase()));
  for (const name of names.sort()) {
    const source = withoutGz(join(path, name));
    // Videos stand in such folders too: nothing is read that cannot be an annotation file.
    if (!endings.has(extname(source).toLowerCase())) {
      passedOver.push(name);
      continue;
    }
    const content = await readBytes(join(path, name), { largestBytes, signal: options.signal }).catch(
      passOver(['empty-file', 'too-large']),
    );
    const found = content && (format ?? knownFormat(content, source));
    if (found) files.push({ source, format: found, content });
    else passedOver.push(name);
  }
  const chosen = commonest(files.map((file) => file.format));
  if (!chosen) throw new UserError('unknown-format', `${path}: found no annotation file in this folder; name another`);
  const problems: UserError[] = [];
  const read = files.flatMap(({ source, format: own, content }) => {
    if (own !== chosen) {
      passedOver.push(basename(source));
      return [];
    }
    try {
      return [{ source, format: own, result: readAnnotations(content, { ...options, source }, own) }];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error);
      return [];
    }
  });
  throwAll(problems, path);
  const { dataset, warnings } = joinFiles(read);
  const rest = passedOver.length > 0 ? [`${path}: passed over ${listed(passedOver)}.`] : [];
  return { dataset, warnings: [...warnings, ...rest] };
}

/** A handler of failures that turns those of these codes into nothing. */
function passOver(codes: readonly string[]) {
  return (error: unknown): undefined => {
    if (!(error instanceof UserError) || !codes.includes(error.code)) throw error;
    return undefined;
  };
}

function knownFormat(content: Uint8Array, source: string): AnyFormat | undefined {
  try {
    return formatOf(content, source);
  } catch (error) {
    return passOver(['unknown-format', 'not-text'])(error);
  }
}

/** The first of those that occur most. */
function commonest<T>(all: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function throwAll(errors: readonly UserError[], path: string): void {
  if (errors.length === 1) throw errors[0];
  const problems = new Problems(path);
  for (const { message } of errors) problems.add('', message);
  problems.throwIfAny();
}

const listed = (names: readonly string[]) =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
