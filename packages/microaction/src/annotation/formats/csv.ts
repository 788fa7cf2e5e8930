import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type Clip, compareInstances, type Dataset, type Instance } from '../dataset.ts';
import { checkDataset, spanProblem } from '../validate.ts';
import { type AnnotationFormat, baseName, type ReadContext, type ReadResult } from './format.ts';
import { findAction, requireAction } from './labels.ts';
import { LeftoverCollector, leftoversOf } from './leftovers.ts';
import { type Delimiter, eachRow, headerOf, numberIn, type Row, secondsIn, writeTable } from './table.ts';

// One row an instance, times in seconds. A video without instances has one row whose action is empty.
const columns = [
  'video',
  'action',
  'code',
  'body_part',
  'start',
  'end',
  'score',
  'reason',
  'file',
  'video_duration',
  'fps',
  'width',
  'height',
  'subset',
  'subject',
] as const;
type Column = (typeof columns)[number];

/** What other programs call the same. `duration` is that of an instance, as in BIDS event tables. */
const alsoCalled: Partial<Record<Column | 'duration', readonly string[]>> = {
  video: ['video_id', 'videoid', 'clip', 'video_name', 'recording'],
  action: ['label', 'behavior', 'behaviour', 'event', 'annotation', 'trial_type', 'class', 'class_name'],
  code: ['action_code'],
  body_part: ['bodypart', 'part'],
  start: ['onset', 'start_s', 'start_time', 'start_seconds', 'onset_s', 'begin', 'begin_time', 't_start', 'from'],
  end: ['offset', 'end_s', 'end_time', 'end_seconds', 'offset_s', 'stop', 'stop_s', 'stop_time', 't_end', 'to'],
  duration: ['duration_s', 'duration_seconds'],
  score: ['confidence', 'probability'],
  reason: ['why'],
  file: ['path', 'filename', 'file_name', 'media_file'],
  fps: ['frame_rate', 'framerate'],
};

export const csv = tableFormat('csv', 'Table, comma-separated', ',');
export const tsv = tableFormat('tsv', 'Table, tab-separated', '\t');

// ---- below: internals ----

function tableFormat(name: 'csv' | 'tsv', title: string, delimiter: Delimiter): AnnotationFormat {
  return {
    name,
    title,
    fileEnding: `.${name}`,
    oneClipPerFile: false,
    loses: [],
    read,
    write: (dataset) => write(dataset, delimiter),
    recognises(text, fileName) {
      if (/\.(csv|tsv|txt)$/i.test(fileName) === false) return false;
      const found = headerOf(text).map((heading) => columnOf(heading));
      const tabs = text.slice(0, text.search(/[\r\n]|$/)).includes('\t');
      return found.includes('action') && found.includes('start') && tabs === (delimiter === '\t');
    },
  };
}

function columnOf(heading: string): Column | 'duration' | undefined {
  if ((columns as readonly string[]).includes(heading) || heading === 'duration') return heading as Column;
  for (const [column, names] of Object.entries(alsoCalled)) if (names.includes(heading)) return column as Column;
  return undefined;
}

function read(text: string, { source, taxonomy }: ReadContext): ReadResult {
  const problems = new Problems(source);
  const has = new Set<string>();
  const nameOf = (key: string) => {
    const column = columnOf(key);
    if (!column || has.has(column)) return key;
    has.add(column);
    return column;
  };
  const requireColumns = (header: readonly string[]) => {
    if ((has.has('action') || has.has('code')) && has.has('start') && (has.has('end') || has.has('duration'))) return;
    throw new UserError(
      'bad-annotations',
      `${source}: found the columns ${header.map((cell) => shown(cell)).join(', ')}; ` +
        'expected at least action, start and end (seconds), and video where there are several',
    );
  };
  const clips = new Map<string, ClipReader>();
  const header = eachRow(
    text,
    source,
    (row, found) => {
      if (clips.size === 0) requireColumns(found);
      const id = row.cells.get('video') || row.cells.get('file') || baseName(source);
      let clip = clips.get(id);
      if (!clip) clips.set(id, (clip = new ClipReader(id, taxonomy, problems)));
      clip.add(row);
    },
    nameOf,
  );
  requireColumns(header);
  problems.throwIfAny();
  return { dataset: { taxonomy, clips: [...clips.values()].map((clip) => clip.done()) }, warnings: [] };
}

class ClipReader {
  readonly #instances: Instance[] = [];
  readonly #leftovers = new LeftoverCollector();
  readonly #id: string;
  readonly #taxonomy: Taxonomy;
  readonly #problems: Problems;
  #fields: Partial<Clip> = {};

  constructor(id: string, taxonomy: Taxonomy, problems: Problems) {
    this.#id = id;
    this.#taxonomy = taxonomy;
    this.#problems = problems;
  }

  add(row: Row): void {
    this.#addFields(row);
    const label = row.cells.get('action') || row.cells.get('code') || '';
    const start = secondsIn(row, 'start', this.#problems);
    const length = secondsIn(row, 'duration', this.#problems);
    const end =
      secondsIn(row, 'end', this.#problems) ??
      (start !== undefined && length !== undefined ? start + length : undefined);
    if (label === '' && start === undefined && end === undefined) return;
    const action = requireAction(label, this.#taxonomy, this.#problems, `line ${row.line}, action`);
    const code = row.cells.get('code');
    if (action && code && findAction(code, this.#taxonomy) !== action) {
      this.#problems.add(
        `line ${row.line}, code`,
        `found ${shown(code)}, expected "${action.code}" for ${action.name}`,
      );
    }
    for (const [column, value] of Object.entries({ start, end })) {
      if (value === undefined && !row.cells.get(column)) {
        this.#problems.add(`line ${row.line}, ${column}`, 'found nothing, expected seconds');
      }
    }
    const span = start === undefined || end === undefined ? undefined : spanProblem(start, end);
    if (span) this.#problems.add(`line ${row.line}`, span);
    const score = numberIn(row, 'score', this.#problems);
    if (score !== undefined && !(score >= 0 && score <= 1)) {
      this.#problems.add(`line ${row.line}, score`, `found ${score}, expected 0 to 1`);
    }
    if (!action || span || start === undefined || end === undefined) return;
    const reason = row.cells.get('reason');
    const instance = {
      action: action.name,
      start,
      end,
      ...(score !== undefined && { score }),
      ...(reason && { reason }),
    };
    this.#instances.push(instance);
    const rest = [...row.cells].filter(([key, cell]) => cell !== '' && !(columns as readonly string[]).includes(key));
    this.#leftovers.add(instance, Object.fromEntries(rest.filter(([key]) => key !== 'duration')));
  }

  done(): Clip {
    const foreign = this.#leftovers.as('csv');
    return {
      id: this.#id,
      ...this.#fields,
      instances: this.#instances.sort(compareInstances),
      ...(foreign && { foreign }),
    };
  }

  #addFields(row: Row): void {
    const text = (column: Column) => row.cells.get(column) || undefined;
    const number = (column: Column) => {
      const value = numberIn(row, column, this.#problems);
      if (value === undefined || value > 0) return value;
      this.#problems.add(`line ${row.line}, ${column}`, `found ${value}, expected a number above 0`);
      return undefined;
    };
    const fields: Partial<Record<keyof Clip, string | number>> = {
      file: text('file'),
      durationSeconds: number('video_duration'),
      frameRate: number('fps'),
      widthPixels: number('width'),
      heightPixels: number('height'),
      subset: text('subset'),
      subject: text('subject'),
    };
    for (const [field, value] of Object.entries(fields)) {
      const before = this.#fields[field as keyof Clip];
      if (value === undefined) continue;
      if (before === undefined) this.#fields = { ...this.#fields, [field]: value };
      else if (before !== value) {
        this.#problems.add(`line ${row.line}`, `${field} of ${shown(this.#id)}: found ${value}, and ${before} before`);
      }
    }
  }
}

function write(dataset: Dataset, delimiter: Delimiter): string {
  checkDataset(dataset);
  const { taxonomy } = dataset;
  const extra = new Set<string>();
  const rows: Record<string, string | number | undefined>[] = [];
  for (const clip of dataset.clips) {
    const leftovers = leftoversOf(clip, 'csv');
    const fields = {
      video: clip.id,
      file: clip.file,
      video_duration: clip.durationSeconds,
      fps: clip.frameRate,
      width: clip.widthPixels,
      height: clip.heightPixels,
      subset: clip.subset,
      subject: clip.subject,
    };
    if (clip.instances.length === 0) rows.push(fields);
    for (const instance of [...clip.instances].sort(compareInstances)) {
      const { code } = taxonomy.get(instance.action);
      const rest = leftovers.take(instance) as Record<string, string>;
      for (const name of Object.keys(rest)) extra.add(name);
      rows.push({ ...rest, ...fields, ...instance, code, body_part: taxonomy.bodyPartOf(instance.action).name });
    }
  }
  const header = [...columns, ...extra];
  return writeTable([header, ...rows.map((row) => header.map((column) => row[column]))], delimiter);
}
