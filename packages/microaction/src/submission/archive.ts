import { isZip, textOf, unzip, zip } from '../annotation/zip.ts';
import { UserError } from '../errors.ts';
import { shown } from '../problems.ts';

/** What is handed in at the challenges: a table, alone in a zip, without a folder. */
export interface Submission {
  /** The content of `prediction.csv`. */
  readonly table: string;
  /** The archive; the same table gives the same bytes. */
  readonly zip: Uint8Array<ArrayBuffer>;
  /** What may be a mistake, one sentence each. */
  readonly warnings: readonly string[];
}

/** What the samples of the challenge call the archive in its two phases. */
export const archiveNames = { development: 'prediction.zip', testing: 'submission.zip' } as const;

export function pack(table: string, warnings: readonly string[] = []): Submission {
  return { table, zip: zip(new Map([[tableName, new TextEncoder().encode(table)]])), warnings };
}

/**
 * The table in an archive; a table by itself comes back as it is.
 *
 * @throws UserError `bad-zip` where the archive holds anything but `prediction.csv`, or holds it in a folder
 */
export function unpack(bytes: Uint8Array, source: string): string {
  if (!isZip(bytes)) return textOf(bytes, source);
  const files = unzip(bytes, source);
  const table = files.get(tableName);
  if (table && files.size === 1) return textOf(table, `${source}/${tableName}`);
  const found = files.size > 0 ? [...files.keys()].join(', ') : undefined;
  throw new UserError('bad-zip', `${source}: found ${shown(found)}, expected ${tableName} alone and in no folder`);
}

// ---- below: internals ----

const tableName = 'prediction.csv';
