import { parse } from 'csv-parse/browser/esm/sync';
import { stringify } from 'csv-stringify/browser/esm/sync';
import { messageOf, UserError } from '../../errors.ts';
import type { Problems } from '../../problems.ts';
import { shown } from '../../problems.ts';
import { withoutMark } from './format.ts';

export type Delimiter = ',' | '\t' | ';';

/** One row of a table that has a header. */
export interface Row {
  /** In the file, from 1. */
  readonly line: number;
  /** By the header's names as `headerName` puts them; '' where the row is short. */
  readonly cells: ReadonlyMap<string, string>;
}

export interface Table {
  /** As written. */
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

/** Lines of cells, without empty lines. @throws UserError `bad-annotations` where quotes do not close. */
export function parseLines(text: string, source: string): { line: number; cells: string[] }[] {
  const lines: { line: number; cells: string[] }[] = [];
  eachLine(text, source, (line, cells) => lines.push({ line, cells }));
  return lines;
}

/**
 * Hands out the lines of a table one after another, so that only what the visitor keeps takes memory.
 *
 * @throws UserError `bad-annotations` where quotes do not close
 */
export function eachLine(text: string, source: string, visit: (line: number, cells: string[]) => void): void {
  const content = withoutMark(text);
  const delimiter = delimiterOf(text);
  if (!content.includes('"')) {
    eachPlainLine(content, delimiter, visit);
    return;
  }
  let thrown: unknown;
  try {
    parse(content, {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      on_record(record: string[], { lines }) {
        try {
          visit(lines, record);
        } catch (error) {
          thrown = error;
          throw error;
        }
        return null;
      },
    });
  } catch (error) {
    if (thrown !== undefined) throw thrown;
    throw new UserError('bad-annotations', `${source} is not a readable table: ${messageOf(error)}`);
  }
}

/** A table whose first line names its columns. */
export function parseTable(text: string, source: string): Table {
  const rows: Row[] = [];
  const header = eachRow(text, source, (row) => rows.push(row));
  return { header, rows };
}

/** As `parseTable`, but hands out the rows one after another, by the names that `nameOf` makes of the header's. */
export function eachRow(
  text: string,
  source: string,
  visit: (row: Row, header: readonly string[]) => void,
  nameOf: (name: string) => string = (name) => name,
): readonly string[] {
  let header: readonly string[] | undefined;
  let names: readonly string[] = [];
  eachLine(text, source, (line, cells) => {
    if (header) {
      visit({ line, cells: new Map(names.map((name, i) => [name, cells[i] ?? ''])) }, header);
      return;
    }
    header = cells;
    names = cells.map((cell) => nameOf(headerName(cell)));
  });
  if (!header) throw new UserError('bad-annotations', `${source} is empty; expected a table with a header line`);
  return header;
}

/** Cells by the names of their columns. */
export function named(header: readonly string[], cells: readonly string[]): Map<string, string> {
  return new Map(header.map((name, i) => [headerName(name), cells[i] ?? '']));
}

/** `Start (s)`, `start_s` and `start s` meet. */
export function headerName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}#]+/gu, '_')
    .replace(/^_|_$/g, '');
}

/** The header line of a text, by its likeliest delimiter. */
export function headerOf(text: string): string[] {
  const [line] = withoutMark(text).split(/\r\n|\r|\n/, 1);
  return line.split(delimiterOf(text)).map((cell) => headerName(cell.replace(/^"|"$/g, '')));
}

export function delimiterOf(text: string): Delimiter {
  const [line] = withoutMark(text).split(/\r\n|\r|\n/, 1);
  const outside = line.replace(/"[^"]*"/g, '');
  const counts = (['\t', ';', ','] as const).map((mark) => [outside.split(mark).length, mark] as const);
  return counts.reduce((most, next) => (next[0] > most[0] ? next : most))[1];
}

export function writeTable(lines: readonly (readonly (string | number | undefined)[])[], delimiter: Delimiter): string {
  return stringify(lines as (string | number | undefined)[][], {
    delimiter,
    quoted_match: /[\r\n]|^[\s\uFEFF]|\s$/,
    cast: { number: String },
  });
}

/** A number, with a point or a comma; undefined (and a problem) where the text is none; '' is absent. */
export function numberIn(row: Row, column: string, problems: Problems): number | undefined {
  const text = row.cells.get(column)?.trim() ?? '';
  if (text === '') return undefined;
  const value = Number(/^[^.,]*,[^.,]*$/.test(text) ? text.replace(',', '.') : text);
  if (Number.isFinite(value)) return value;
  problems.add(`line ${row.line}, ${column}`, `found ${shown(text)}, expected a number`);
  return undefined;
}

/** Seconds, also written as `01:02.5` or `1:01:02.500`. */
export function secondsIn(row: Row, column: string, problems: Problems): number | undefined {
  const text = row.cells.get(column)?.trim() ?? '';
  const clock = /^(?:(\d+):)?(\d+):(\d{1,2}(?:[.,]\d+)?)$/.exec(text);
  if (!clock) return numberIn(row, column, problems);
  const [, hours = '0', minutes, seconds] = clock;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(',', '.'));
}

// ---- below: internals ----

/** Without quotes nothing but line ends and delimiters has a meaning, so no parser is needed. */
function eachPlainLine(text: string, delimiter: string, visit: (line: number, cells: string[]) => void): void {
  const lineEnd = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
  for (let [from, line] = [0, 1]; from < text.length; line++) {
    const found = text.indexOf(lineEnd, from);
    const to = found < 0 ? text.length : found;
    if (to > from) visit(line, text.slice(from, to).split(delimiter));
    from = to + lineEnd.length;
  }
}
