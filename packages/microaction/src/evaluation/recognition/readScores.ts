import { isNpy, numbersOf, readNpy, readNpyHeader, WeightsError } from 'onnxgrad/weights';
import { parseJson } from '../../annotation/formats/json.ts';
import { findAction } from '../../annotation/formats/labels.ts';
import { headerName, parseLines } from '../../annotation/formats/table.ts';
import { isZip, textOf, unzip } from '../../annotation/zip.ts';
import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { challengeYearOf, readPredictionTable } from './predictionTable.ts';
import type { Scores } from './scores.ts';

/**
 * Reads the scores of a recogniser, whichever of these a file is, by its content:
 *
 * - `.npy`: `[clips, actions]`, in the order of the list of clips and of the taxonomy.
 * - CSV: a row for each clip, a column for each action. With a header, a column `vid`, `file`, `video` ... names the
 *   clip and the others are named by action, code or id; without one the first column may name the clip.
 * - JSON: rows of numbers; or `{ "name.mp4": [...] }`; or `{ "videos": [...], "scores": [[...]] }`.
 * - The challenge's `prediction.csv`, and a zip that holds nothing but one of the above.
 *
 * @param name - of the file, for messages
 * @throws UserError `bad-npy`, `bad-zip`, `bad-scores`, `not-text` or `bad-annotations` with all that is wrong
 */
export function readScores(bytes: Uint8Array, name: string, taxonomy: Taxonomy = microActions52): Scores {
  if (isZip(bytes)) {
    const files = [...unzip(bytes, name)];
    if (files.length !== 1) {
      const found = files.map(([path]) => path).join(', ');
      throw new UserError('bad-zip', `${name}: found ${shown(found)}, expected a single file of scores`);
    }
    const [[path, content]] = files;
    if (isZip(content)) throw new UserError('bad-zip', `${name}: found a zip in it; unzip it first`);
    return readScores(content, `${name}/${path}`, taxonomy);
  }
  if (isNpy(bytes)) return fromNpy(bytes, name);
  if (bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5) {
    throw new UserError(
      'bad-scores',
      `${name}: a pickle, which runs code when it is read; load it in Python and save it with numpy.save`,
    );
  }
  const text = textOf(bytes, name);
  if (/^\uFEFF?\s*[[{]/.test(text)) return fromJson(text, name);
  return fromCsv(text, name, taxonomy);
}

// ---- below: internals ----

const fileColumns = ['vid', 'id', 'file', 'video', 'video_id', 'name', 'clip', 'filename'];

function fromNpy(bytes: Uint8Array, name: string): Scores {
  try {
    const tensor = readNpy(bytes, name);
    const { shape, dtype, data } = tensor;
    if (shape.length !== 2) {
      throw new UserError('bad-npy', `${name}: found shape (${shape.join(', ')}), expected (clips, actions)`);
    }
    const { type } = readNpyHeader(bytes, name);
    if (!type.startsWith('f')) {
      throw new UserError('bad-npy', `${name}: found elements of type ${type}, expected scores as float32 or float64`);
    }
    const values = dtype === 'float32' ? (data as Float32Array) : numbersOf(tensor);
    return { kind: 'table', clips: shape[0], actions: shape[1], values };
  } catch (error) {
    if (error instanceof WeightsError) throw new UserError(error.code, error.message, { cause: error });
    throw error;
  }
}

function fromJson(text: string, name: string): Scores {
  const document = parseJson(text, name);
  const { files, rows } = namedRows(document, name);
  const problems = new Problems(name);
  if (files && files.length !== rows.length) {
    problems.add('videos', `found ${files.length} names for ${rows.length} rows of scores`);
  }
  files?.forEach((file, i) => {
    if (typeof file !== 'string' || file === '') problems.add(`videos[${i}]`, `found ${shown(file)}, expected a name`);
  });
  const width = Array.isArray(rows[0]) ? rows[0].length : 0;
  const values = new Float64Array(rows.length * width);
  for (const [r, row] of rows.entries()) {
    const where = files ? `clip ${shown(files[r])}` : `row ${r + 1}`;
    if (!Array.isArray(row)) {
      problems.add(where, `found ${shown(row)}, expected a list of scores`);
      continue;
    }
    if (row.length !== width) {
      problems.add(where, `found ${row.length} scores, and ${width} in the first row`);
      continue;
    }
    const wrong = row.findIndex((value) => typeof value !== 'number' || !Number.isFinite(value));
    if (wrong >= 0)
      problems.add(`${where}, score ${wrong + 1}`, `found ${shown(row[wrong])}, expected a finite number`);
    else values.set(row, r * width);
  }
  problems.throwIfAny();
  return { kind: 'table', ...(files && { files: files as string[] }), clips: rows.length, actions: width, values };
}

function namedRows(document: unknown, name: string): { files?: unknown[]; rows: unknown[] } {
  if (Array.isArray(document)) return { rows: document };
  const fields = document as Record<string, unknown>;
  if (Array.isArray(fields.scores)) {
    const files = fields.videos ?? fields.files;
    if (files === undefined) return { rows: fields.scores };
    if (Array.isArray(files)) return { files, rows: fields.scores };
    throw new UserError('bad-annotations', `${name}: videos: found ${shown(files)}, expected a list of names`);
  }
  return { files: Object.keys(fields), rows: Object.values(fields) };
}

function fromCsv(text: string, name: string, taxonomy: Taxonomy): Scores {
  const lines = parseLines(text, name);
  if (lines.length === 0) throw new UserError('bad-annotations', `${name} is empty; expected a row for each clip`);
  const first = lines[0].cells;
  if (challengeYearOf(first) !== undefined) return readPredictionTable(text, name, taxonomy).rankings;
  const namesClips = first.some((cell) => fileColumns.includes(headerName(cell)));
  const hasHeader = namesClips || (first.length > 1 && !first.slice(1).some(isNumber));
  const problems = new Problems(name);
  const { fileColumn, columnOf } = hasHeader ? headerColumns(first, taxonomy, problems) : plainColumns(first, taxonomy);
  problems.throwIfAny();
  const rows = hasHeader ? lines.slice(1) : lines;
  if (rows.length === 0) problems.add('', 'found no clip below its header');
  const width = columnOf.length;
  const cellsWanted = width + (fileColumn === undefined ? 0 : 1);
  const values = new Float64Array(rows.length * width);
  const files: string[] = [];
  for (const [r, { line, cells }] of rows.entries()) {
    if (cells.length !== cellsWanted) {
      problems.add(`line ${line}`, `found ${cells.length} cells, expected ${cellsWanted}`);
      continue;
    }
    if (fileColumn !== undefined) {
      files.push(cells[fileColumn]);
      if (cells[fileColumn] === '') problems.add(`line ${line}`, 'the clip has no name');
    }
    columnOf.forEach((column, action) => {
      if (!isNumber(cells[column])) {
        const where = `line ${line}, ${taxonomy.actions[action]?.name ?? `column ${column + 1}`}`;
        problems.add(where, `found ${shown(cells[column])}, expected a finite number`);
      }
      values[r * width + action] = Number(cells[column]);
    });
  }
  problems.throwIfAny();
  return { kind: 'table', ...(fileColumn !== undefined && { files }), clips: rows.length, actions: width, values };
}

interface Columns {
  readonly fileColumn?: number;
  /** By action. */
  readonly columnOf: readonly number[];
}

/** Without a header: names first if there is one cell more than actions, or the first cell is no number. */
function plainColumns(cells: readonly string[], taxonomy: Taxonomy): Columns {
  const named = !isNumber(cells[0]) || cells.length === taxonomy.actions.length + 1;
  const columnOf = cells.map((_, i) => i).slice(named ? 1 : 0);
  return named ? { fileColumn: 0, columnOf } : { columnOf };
}

function headerColumns(header: readonly string[], taxonomy: Taxonomy, problems: Problems): Columns {
  const fileColumn = header.findIndex((cell) => fileColumns.includes(headerName(cell)));
  const byAction = new Map<string, number>();
  for (const [i, cell] of header.entries()) {
    if (i === fileColumn) continue;
    const action = findAction(cell.replace(/^(?:score|class|action|prob|p)_?(?=\d+$)/i, ''), taxonomy);
    if (!action) {
      problems.add(`column ${i + 1}`, `found ${shown(cell)}, expected an action, its code or id`);
      continue;
    }
    if (byAction.has(action.name)) problems.add(`column ${i + 1}`, `${action.name} has a column already`);
    byAction.set(action.name, i);
  }
  const missing = taxonomy.actions.filter(({ name }) => !byAction.has(name));
  for (const { name } of missing) problems.add('the header', `found no column for ${name}`);
  const columnOf = taxonomy.actions.map(({ name }) => byAction.get(name) as number);
  return fileColumn < 0 ? { columnOf } : { fileColumn, columnOf };
}

const isNumber = (text: string | undefined) =>
  text !== undefined && text.trim() !== '' && Number.isFinite(Number(text));
