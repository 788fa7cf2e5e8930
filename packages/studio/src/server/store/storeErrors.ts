import { UserError } from 'microaction';

/** What SQLite's own errors mean to a person; anything else as it is. */
export function explainStoreError(error: unknown): unknown {
  const { code, errcode } = error as { code?: unknown; errcode?: number };
  if (code !== 'ERR_SQLITE_ERROR' || errcode === undefined) return error;
  const words = explanations[errcode & 0xff];
  return words ? new UserError(...words, { cause: error }) : error;
}

// ---- below: internals ----

/** By primary result code: https://www.sqlite.org/rescode.html */
const explanations: Readonly<Record<number, readonly [code: string, message: string]>> = {
  // SQLITE_BUSY
  5: [
    'database-busy',
    'Another program keeps the database locked, so this could not be saved. What was saved before is safe. Close the program that has studio.db open, and try again.',
  ],
  // SQLITE_READONLY
  8: [
    'not-allowed',
    'The database may not be written to, so this could not be saved. What was saved before is safe. Give this account the right to write in the data folder, and try again.',
  ],
  // SQLITE_IOERR
  10: [
    'disk-failed',
    'The disk of the data folder failed to read or write, so this could not be saved. What was saved before stays as it is. Check the disk or the connection to it, and try again.',
  ],
  // SQLITE_CORRUPT
  11: [
    'damaged-database',
    'A part of the database is damaged, so this could not be done. Stop the studio and start it again: it checks the database and says what to do.',
  ],
  // SQLITE_FULL
  13: [
    'disk-full',
    'The disk is full, so this could not be saved. What was saved before is safe. Free some space on the disk of the data folder and try again.',
  ],
  // SQLITE_CANTOPEN
  14: [
    'not-allowed',
    'What the studio keeps in the folder .microaction of the data folder cannot be opened. Nothing was changed. Give this account the right to read and write all that is in it, and start again.',
  ],
};
