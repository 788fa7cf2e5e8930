import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type Clip, compareInstances, type Instance } from '../dataset.ts';
import { checkDataset, millisecondsOf, roundTimes, spanProblem } from '../validate.ts';
import { readComment, writeComment } from './borisComment.ts';
import type { AnnotationFormat } from './format.ts';
import { whyUnknown } from './labels.ts';
import { headerName, headerOf, named, parseLines, type Row, secondsIn, writeTable } from './table.ts';

/** One row of any of the three layouts, under common names. */
interface Interval {
  readonly row: Row;
  readonly observation: string;
  readonly subject: string;
  readonly behaviour: string;
  readonly comment: string;
  readonly kind: 'STATE' | 'POINT';
  readonly start?: number;
  readonly stop?: number;
}

const noSubject = 'No focal subject';

/**
 * The tables of events that BORIS exports. Written as BORIS 8 and 9 write aggregated events; read in that
 * layout, in the older aggregated one (with a header or without), and in the tabular one with a preamble.
 */
export const borisEvents: AnnotationFormat = {
  name: 'boris-events',
  title: 'BORIS events table',
  fileEnding: '.tsv',
  oneClipPerFile: false,
  timeStep: 'millisecond',
  loses: ['clips without instances'],

  read(text, { source, taxonomy }) {
    const lines = parseLines(text, source).map(({ line, cells }) => ({
      line,
      cells: cells.map((cell) => cell.trim()),
    }));
    const problems = new Problems(source);
    const intervals = intervalsOf(lines, source, problems);
    const reader = new Reader(taxonomy, source);
    for (const interval of intervals) reader.add(interval, problems);
    problems.throwIfAny();
    return { dataset: { taxonomy, clips: reader.clips() }, warnings: reader.warnings() };
  },

  write(dataset) {
    checkDataset(dataset);
    const header = [...leading, ...variables.map(([name]) => name), ...trailing];
    const rows = dataset.clips.flatMap((clip) => rowsOf(clip, dataset.taxonomy));
    return writeTable([header, ...rows], '\t');
  },

  recognises: (text) => {
    const [first] = headerOf(text);
    return first === 'observation_id' || (first !== undefined && /^[^\r\n]*\t(STATE|POINT)\t/.test(text));
  },
};

// ---- below: reading ----

type Line = { readonly line: number; readonly cells: readonly string[] };

function intervalsOf(lines: readonly Line[], source: string, problems: Problems): Interval[] {
  const headerAt = lines.findIndex(({ cells }) => {
    const names = cells.map(headerName);
    return names.includes('behavior') && (names.includes('start_s') || names.includes('status'));
  });
  if (headerAt < 0) return lines.map((line) => withoutHeader(line, source, problems));
  const header = lines[headerAt].cells;
  const rows = lines.slice(headerAt + 1).map(({ line, cells }): Row => ({ line, cells: named(header, cells) }));
  if (header.map(headerName).includes('status')) return tabular(lines.slice(0, headerAt), rows, problems);
  return rows.map((row) => aggregated(row, problems));
}

function aggregated(row: Row, problems: Problems): Interval {
  const cell = (name: string) => row.cells.get(name) ?? '';
  const offset = secondsIn(row, 'time_offset_s', problems) ?? 0;
  const kind = cell('behavior_type').toUpperCase();
  if (kind !== 'STATE' && kind !== 'POINT') {
    problems.add(`line ${row.line}, Behavior type`, `found ${shown(cell('behavior_type'))}, expected STATE or POINT`);
  }
  const [start, stop] = ['start_s', 'stop_s'].map((column) => {
    const time = kind === 'STATE' ? secondsIn(row, column, problems) : undefined;
    return time === undefined ? undefined : Math.round((time - offset) * 1000) / 1000;
  });
  return {
    row,
    observation: cell('observation_id'),
    subject: cell('subject'),
    behaviour: cell('behavior'),
    comment: cell('comment_start'),
    kind: kind === 'POINT' ? 'POINT' : 'STATE',
    start,
    stop,
  };
}

/** The older aggregated layout is sometimes saved without its header: its columns are told from the one that says STATE. */
function withoutHeader({ line, cells }: Line, source: string, problems: Problems): Interval {
  const at = cells.findIndex((cell) => /^(STATE|POINT)$/.test(cell));
  if (at < 10) {
    throw new UserError(
      'bad-annotations',
      `${source}, line ${line}: found neither a header with Behavior and Start (s) nor a row with STATE or POINT`,
    );
  }
  const names = ['observation_id', 'date', 'description', 'media_file', 'total_length', 'fps'];
  const around = [
    'subject',
    'behavior',
    'category',
    'modifiers',
    'behavior_type',
    'start_s',
    'stop_s',
    'duration',
    'comment_start',
  ];
  const cellsByName = new Map(names.map((name, i) => [name, cells[i]]));
  around.forEach((name, i) => {
    cellsByName.set(name, cells[at - 4 + i] ?? '');
  });
  return aggregated({ line, cells: cellsByName }, problems);
}

/** A row an event: START and STOP of one subject and behaviour belong together in turn. */
function tabular(preamble: readonly Line[], rows: readonly Row[], problems: Problems): Interval[] {
  const observation = preamble.find(({ cells }) => headerName(cells[0]) === 'observation_id')?.cells[1] ?? '';
  const intervals: Interval[] = [];
  const open = new Map<string, Interval>();
  const timed = rows.map((row) => ({ row, time: secondsIn(row, 'time', problems) }));
  for (const { row, time } of timed.sort((a, b) => (a.time ?? 0) - (b.time ?? 0))) {
    const cell = (name: string) => row.cells.get(name) ?? '';
    const [subject, behaviour, comment] = [cell('subject'), cell('behavior'), cell('comment')];
    const key = JSON.stringify([subject, behaviour, cell('modifiers'), cell('modifier_#1')]);
    const begun = open.get(key);
    const interval: Interval = { row, observation, subject, behaviour, comment, kind: 'STATE', start: time };
    const status = cell('status').toUpperCase();
    if (status === 'START' && !begun) open.set(key, interval);
    else if (status === 'STOP' && begun) {
      intervals.push({ ...begun, stop: time });
      open.delete(key);
    } else if (status === 'POINT') intervals.push({ ...interval, kind: 'POINT' });
    else
      problems.add(
        `line ${row.line}, Status`,
        `found ${shown(cell('status'))} of ${shown(behaviour)}, expected ${begun ? 'STOP' : 'START'}`,
      );
  }
  for (const { row, behaviour } of open.values())
    problems.add(`line ${row.line}`, `${shown(behaviour)} is started and never stopped`);
  return intervals;
}

class Reader {
  readonly #taxonomy: Taxonomy;
  readonly #source: string;
  readonly #videos = new Map<string, { rows: Row[]; subjects: Set<string>; instances: Instance[] }>();
  readonly #left = new Map<string, number>();
  readonly #odd: string[] = [];

  constructor(taxonomy: Taxonomy, source: string) {
    this.#taxonomy = taxonomy;
    this.#source = source;
  }

  add({ row, observation, subject, behaviour, comment, kind, start, stop }: Interval, problems: Problems): void {
    let video = this.#videos.get(observation);
    if (!video) this.#videos.set(observation, (video = { rows: [], subjects: new Set(), instances: [] }));
    video.rows.push(row);
    const action = this.#taxonomy.find(behaviour);
    if (!action || kind === 'POINT') {
      this.#leave(action ? `"${behaviour}" is a point event.` : whyUnknown(behaviour, this.#taxonomy));
      return;
    }
    if (observation === '') problems.add(`line ${row.line}, Observation id`, 'found nothing, expected a name');
    const problem = spanProblem(start ?? Number.NaN, stop ?? Number.NaN);
    if (problem) {
      problems.add(`line ${row.line}`, problem);
      return;
    }
    video.subjects.add(subject);
    const judgement = readComment(comment);
    if (!judgement) this.#leave('A comment is not a score or a reason.');
    video.instances.push({ action: action.name, start: start as number, end: stop as number, ...judgement });
  }

  clips(): Clip[] {
    return [...this.#videos].map(([id, { rows, subjects, instances }]) => ({
      id,
      ...this.#fields(id, rows, subjects),
      instances: instances.sort(compareInstances),
    }));
  }

  warnings(): string[] {
    const left = [...this.#left].map(([why, count]) => `${this.#source}: ${why} Not kept: ${count} of its rows.`);
    return [...left, ...this.#odd.map((warning) => `${this.#source}: ${warning}`)];
  }

  #leave(why: string): void {
    this.#left.set(why, (this.#left.get(why) ?? 0) + 1);
  }

  #fields(id: string, rows: readonly Row[], subjects: ReadonlySet<string>): Partial<Clip> {
    const all = (...names: string[]) =>
      new Set(rows.map(({ cells }) => names.map((name) => cells.get(name)).find((cell) => cell) ?? ''));
    const one = (...names: string[]) => {
      const [value, ...others] = all(...names);
      return others.length > 0 || value === '' || value === 'NA' ? undefined : value;
    };
    const number = (...names: string[]) => {
      const value = Number(one(...names));
      return value > 0 && Number.isFinite(value) ? value : undefined;
    };
    if (all('media_file_name', 'media_file', 'media_file_path').size > 1) {
      this.#odd.push(`Observation ${shown(id)} plays several files; its times run on over them.`);
    }
    if (subjects.size > 1)
      this.#odd.push(`Observation ${shown(id)} codes several subjects; instances do not say whose they are.`);
    if (rows.some(({ cells }) => Number(cells.get('time_offset_s') || 0) !== 0)) {
      this.#odd.push(`Observation ${shown(id)} has a time offset, which was taken off its times.`);
    }
    const [subject] = subjects;
    const fields = {
      file: one('media_file_name', 'media_file', 'media_file_path'),
      durationSeconds: number('media_duration_s', 'total_length'),
      frameRate: number('fps_frame_s', 'fps'),
      widthPixels: number('width'),
      heightPixels: number('height'),
      subset: one('subset'),
      subject: subjects.size === 1 && subject !== '' && subject !== noSubject ? subject : undefined,
    };
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  }
}

// ---- below: writing ----

const leading = [
  'Observation id',
  'Observation date',
  'Description',
  'Observation type',
  'Source',
  'Time offset (s)',
  'Coding duration',
  'Media duration (s)',
  'FPS (frame/s)',
];

/** They stand where BORIS puts a project's independent variables. */
const variables: [name: string, of: (clip: Clip) => string | number | undefined][] = [
  ['subset', (clip) => clip.subset],
  ['width', (clip) => clip.widthPixels],
  ['height', (clip) => clip.heightPixels],
];

const trailing = [
  'Subject',
  'Observation duration by subject by observation',
  'Behavior',
  'Behavioral category',
  'Modifier #1',
  'Behavior type',
  'Start (s)',
  'Stop (s)',
  'Duration (s)',
  'Media file name',
  'Image index start',
  'Image index stop',
  'Image file path start',
  'Image file path stop',
  'Comment start',
  'Comment stop',
];

function rowsOf(clip: Clip, taxonomy: Taxonomy): (string | number | undefined)[][] {
  const { instances } = roundTimes(clip);
  const last = Math.max(...instances.map(({ end }) => end));
  const coded = instances.length === 0 ? 0 : last - instances[0].start;
  return instances.map((instance) => {
    const [start, end] = millisecondsOf(instance);
    const frame = (ms: number) => (clip.frameRate === undefined ? 'NA' : Math.round((ms / 1000) * clip.frameRate));
    return [
      clip.id,
      '',
      '',
      clip.file === undefined ? 'Live observation' : 'Media file(s)',
      clip.file === undefined ? '' : `player #1:${clip.file}`,
      '0.0',
      coded.toFixed(3),
      clip.durationSeconds ?? 'NA',
      clip.frameRate ?? 'NA',
      ...variables.map(([, of]) => of(clip)),
      clip.subject ?? noSubject,
      coded.toFixed(3),
      instance.action,
      taxonomy.bodyPartOf(instance.action).name,
      '',
      'STATE',
      (start / 1000).toFixed(3),
      (end / 1000).toFixed(3),
      ((end - start) / 1000).toFixed(3),
      clip.file ?? '',
      frame(start),
      frame(end),
      '',
      '',
      writeComment(instance),
      '',
    ];
  });
}
