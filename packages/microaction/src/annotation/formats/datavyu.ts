import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { messageOf, UsageError, UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type Clip, compareInstances, type Instance } from '../dataset.ts';
import { checkDataset, roundTimes, spanProblem } from '../validate.ts';
import { clipFieldsOf, clipTexts, fieldNames, judgementOf, judgementTexts } from './clipFields.ts';
import { type BinaryFormat, baseName } from './format.ts';
import { LeftOut } from './leftOut.ts';

interface Column {
  readonly name: string;
  /** Of a matrix, the names of its values; else absent. */
  readonly names?: readonly string[];
  readonly cells: {
    readonly onset: number;
    readonly offset: number;
    readonly values: string[];
    readonly line: number;
  }[];
}

/** Far above any coding by hand. */
const largestBytes = 64 * 2 ** 20;

/** Our own columns; any other is read too. */
const [videoColumn, actionColumn] = ['video', 'microaction'];
const actionNames = ['action', 'score', 'reason'];

/**
 * Datavyu spreadsheets, one video each: a zip with a text `db` of columns and cells. A cell is an instance
 * where the name of its column names an action, or else the first of its values that does. Written is one
 * column of actions with score and reason, and one that says what is known of the video.
 */
export const datavyu: BinaryFormat = {
  name: 'datavyu',
  title: 'Datavyu spreadsheet',
  fileEnding: '.opf',
  binary: true,
  oneClipPerFile: true,
  timeStep: 'millisecond',
  loses: [],

  read(bytes, { source, taxonomy }) {
    const columns = columnsOf(databaseOf(bytes, source), source);
    const leftOut = new LeftOut(source);
    const problems = new Problems(source);
    const about = columns.find(({ name, names }) => name === videoColumn && names?.[0] === fieldNames.id);
    const texts = new Map(about?.names?.map((name, i) => [name, about.cells[0]?.values[i] ?? '']));
    const { id = baseName(source), ...fields } = clipFieldsOf((name) => texts.get(name));
    const instances: Instance[] = [];
    for (const column of columns) {
      if (column === about) continue;
      for (const { onset, offset, values, line } of column.cells) {
        const action = actionOf(column, values, taxonomy);
        if (!action) {
          leftOut.addUnknown(values.find((value) => value !== '') ?? column.name, taxonomy);
          continue;
        }
        if (offset === 0 || offset === onset) {
          leftOut.add(`${shown(action.name)} in a cell without length`);
          continue;
        }
        const problem = spanProblem(onset / 1000, offset / 1000);
        if (problem) problems.add(`db, line ${line}`, problem);
        const [score, reason] = ['score', 'reason'].map((name) => values[column.names?.indexOf(name) ?? -1]);
        instances.push({ action: action.name, start: onset / 1000, end: offset / 1000, ...judgementOf(score, reason) });
      }
    }
    problems.throwIfAny();
    const clip: Clip = { id, ...fields, instances: instances.sort(compareInstances) };
    return { dataset: { taxonomy, clips: [clip] }, warnings: leftOut.warnings() };
  },

  write(dataset) {
    checkDataset(dataset);
    const [clip, ...others] = dataset.clips;
    if (!clip || others.length > 0) {
      throw new UsageError(`A Datavyu file holds one video, found ${dataset.clips.length}; write one file for each.`);
    }
    const fields = new Map(clipTexts(clip));
    const names = Object.values(fieldNames);
    const lines = ['#4', ...matrixLines(videoColumn, names, [[0, 0, names.map((name) => fields.get(name) ?? '')]])];
    const cells = roundTimes(clip).instances.map((instance): CellText => {
      const [onset, offset] = [instance.start, instance.end].map((seconds) => Math.round(seconds * 1000));
      return [onset, offset, [instance.action, ...judgementTexts(instance)]];
    });
    lines.push(...matrixLines(actionColumn, actionNames, cells));
    const project = [
      '!project',
      'dbFile: db',
      `name: ${JSON.stringify(clip.id)}`,
      'origpath: ""',
      'version: 5',
      'viewerSettings: []',
    ];
    // Zips hold local times: one that is the same wherever it is written.
    const mtime = new Date(2000, 0, 1);
    const file = (content: readonly string[]) => strToU8(`${content.join('\n')}\n`);
    return zipSync({ project: file(project), db: file(lines) }, { mtime });
  },

  recognises: (bytes, fileName) => isZip(bytes) && (/\.opf$/i.test(fileName) || hasDatabase(bytes)),
};

// ---- below: reading ----

const isZip = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);

const isDatabase = (path: string) => /(^|\/)db$/.test(path) && !path.startsWith('__MACOSX/');

function hasDatabase(bytes: Uint8Array): boolean {
  let found = false;
  try {
    unzipSync(bytes, { filter: ({ name }) => (found ||= isDatabase(name)) && false });
  } catch {
    return false;
  }
  return found;
}

/** Unpacks `db` alone, into no more memory than its entry says, and only if that is little. */
function databaseOf(bytes: Uint8Array, source: string): string {
  const fail = (what: string) => new UserError('bad-annotations', `${source}: ${what}`);
  let unpacked: Uint8Array | undefined;
  let tooLarge = 0;
  try {
    const entries = unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (!isDatabase(name)) return false;
        if (originalSize > largestBytes) tooLarge = originalSize;
        return originalSize <= largestBytes;
      },
    });
    [unpacked] = Object.values(entries);
  } catch (error) {
    throw fail(`not a readable zip file (${messageOf(error)})`);
  }
  if (tooLarge > 0) {
    const [found, most] = [tooLarge, largestBytes].map((size) => Math.round(size / 2 ** 20));
    throw fail(`its db would unpack to ${found} MiB, expected at most ${most} MiB`);
  }
  if (!unpacked) throw fail('found no db in the zip file; save the spreadsheet in Datavyu again');
  const text = strFromU8(unpacked).replace(/\r\n?/g, '\n');
  if (!/^#[2-9]\b/.test(text))
    throw fail(
      `db: found ${shown(text.slice(0, 20))}, expected a first line #4; save the spreadsheet in Datavyu again`,
    );
  return text;
}

const cellPattern = /^(\d+):(\d\d):(\d\d):(\d{3}),(\d+):(\d\d):(\d\d):(\d{3}),(.*)$/s;
const columnPattern = /^(.*?) \((TEXT|NOMINAL|INTEGER|FLOAT|MATRIX|PREDICATE)\b[^)]{0,500}\)(?:-(.*))?$/;

function columnsOf(text: string, source: string): Column[] {
  const problems = new Problems(source);
  const columns: Column[] = [];
  const lines = text.split('\n');
  for (let i = 1; i < lines.length; i++) {
    const at = i + 1;
    const parts = [lines[i]];
    // A line that ends in an odd number of backslashes goes on in the next.
    while (/(?<!\\)(?:\\\\)*\\$/.test(parts[parts.length - 1]) && i + 1 < lines.length) parts.push(lines[++i]);
    const line = parts.map((part, p) => (p < parts.length - 1 ? part.slice(0, -1) : part)).join('\n');
    const cell = cellPattern.exec(line);
    const header = cell ? null : columnPattern.exec(line);
    const column = columns.at(-1);
    if (cell && column) {
      const [onset, offset] = [cell.slice(1, 5), cell.slice(5, 9)].map(milliseconds);
      column.cells.push({ onset, offset, values: valuesOf(cell[9], column.names !== undefined), line: at });
    } else if (header) {
      const names = header[3]?.split(',').map((name) => unescaped(name.replace(/\|[A-Z_]+$/, '')));
      columns.push({ name: unescaped(header[1]), ...(header[2] === 'MATRIX' && { names: names ?? [] }), cells: [] });
    } else if (line.trim() !== '' && !/^\d+:\S+-/.test(line)) {
      problems.add(`db, line ${at}`, `found ${shown(line)}, expected a column or a cell with its times`);
    }
  }
  problems.throwIfAny();
  return columns;
}

const milliseconds = ([hours, minutes, seconds, thousandths]: string[]) =>
  ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(thousandths);

const unescaped = (text: string) => text.replace(/\\(.)/gs, '$1');

/** The values of a cell; those of a matrix stand in brackets, with commas between. */
function valuesOf(text: string, isMatrix: boolean): string[] {
  if (!isMatrix || !text.startsWith('(')) return [unescaped(text)];
  const inside = text.replace(/^\(/, '').replace(/\)$/, '');
  const values = [''];
  for (const [part, mark] of inside.matchAll(/\\.|(,)|[^\\,]+|\\$/gs)) {
    if (mark) values.push('');
    else values[values.length - 1] += unescaped(part);
  }
  return values;
}

function actionOf({ name }: Column, values: readonly string[], taxonomy: Taxonomy) {
  const labels = [name, ...values].filter((label) => !/^[\d.\s]*$/.test(label));
  for (const label of labels) {
    const action = taxonomy.find(label);
    if (action) return action;
  }
  return undefined;
}

// ---- below: writing ----

type CellText = [onset: number, offset: number, values: readonly string[]];

function matrixLines(name: string, names: readonly string[], cells: readonly CellText[]): string[] {
  return [
    `${name} (MATRIX,true,)-${names.map((one) => `${one}|NOMINAL`).join(',')}`,
    ...cells.map(([onset, offset, values]) => `${clock(onset)},${clock(offset)},(${values.map(escaped).join(',')})`),
  ];
}

const escaped = (text: string) => text.replace(/[\\,()\n-]/g, (mark) => `\\${mark}`);

function clock(ms: number): string {
  const [hours, minutes, seconds] = [
    Math.floor(ms / 3_600_000),
    Math.floor(ms / 60_000) % 60,
    Math.floor(ms / 1000) % 60,
  ];
  return `${[hours, minutes, seconds].map((part) => String(part).padStart(2, '0')).join(':')}:${String(ms % 1000).padStart(3, '0')}`;
}
