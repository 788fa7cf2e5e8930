import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type Clip, compareInstances, type Dataset, type Instance } from '../dataset.ts';
import { checkDataset, millisecondsOf, roundTimes } from '../validate.ts';
import { readComment, writeComment } from './borisComment.ts';
import { type AnnotationFormat, type WriteOptions, withoutMark } from './format.ts';
import { parseJson } from './json.ts';
import { whyUnknown } from './labels.ts';
import { foreignOf, without } from './leftovers.ts';

type Fields = Record<string, unknown>;

/** Time in seconds, subject, code, modifiers, comment, and in newer versions the index of the frame. */
type Event = [
  time: number | null,
  subject: string,
  code: string,
  modifiers: string,
  comment: string,
  ...rest: unknown[],
];

/** An instance, and the two events that say it. */
interface Pair {
  readonly instance: Instance;
  readonly start: Event;
  readonly stop: Event;
}

/** What an observation's events say. */
interface Reading {
  readonly pairs: Pair[];
  /** Groups of events that do not pair, by `groupOf`. */
  readonly unpaired: ReadonlySet<string>;
  readonly subjects: ReadonlySet<string>;
}

/**
 * BORIS projects: an observation a video, an action a behaviour, a body part a category. Instances are state
 * events. Those of one action that overlap carry a number as modifier, since BORIS pairs starts and stops
 * in turn. Behaviours that are no action of the taxonomy are kept and are no instances.
 */
export const boris: AnnotationFormat = {
  name: 'boris',
  title: 'BORIS project',
  fileEnding: '.boris',
  oneClipPerFile: false,
  timeStep: 'millisecond',
  loses: [],

  read(text, { source, taxonomy }) {
    const project = parseJson(withoutNaN(withoutMark(text)), source);
    const problems = new Problems(source);
    if (!isObject(project) || !(isObject(project.observations) || isObject(project.behaviors_conf))) {
      throw new UserError('bad-annotations', `${source} is JSON, but no BORIS project: it has no observations`);
    }
    const warnings = new Warnings(source);
    const observations = Object.entries(isObject(project.observations) ? project.observations : {});
    for (const [id, observation] of observations) checkEvents(id, observation, problems);
    problems.throwIfAny();
    const clips = observations.map(([id, observation]): Clip => {
      const { pairs, subjects } = readEvents(eventsOf(observation as Fields), project, taxonomy, warnings.of(id));
      return {
        id,
        ...clipFields(observation as Fields, subjects, warnings.of(id)),
        instances: pairs.map(({ instance }) => instance).sort(compareInstances),
        foreign: { format: 'boris', document: observation },
      };
    });
    const foreign = { format: 'boris', document: without(project, ['observations']) };
    return { dataset: { taxonomy, clips, foreign }, warnings: warnings.list() };
  },

  write(dataset, options = {}) {
    checkDataset(dataset);
    const project = structuredClone(foreignOf<Fields>(dataset, 'boris')) ?? newProject(options);
    const observations = dataset.clips.map((clip): [string, Fields] => {
      const kept = foreignOf<Fields>(clip, 'boris');
      const observation = kept ? structuredClone(kept) : newObservation(clip, options);
      setFields(observation, clip);
      setInstances(observation, clip, project, dataset.taxonomy);
      setSubject(observation, clip, project, dataset.taxonomy);
      return [clip.id, observation];
    });
    addVariables(
      project,
      observations.map(([, observation]) => observation),
    );
    addSubjects(project, dataset);
    addBehaviours(
      project,
      dataset.taxonomy,
      observations.map(([, observation]) => observation),
    );
    return `${JSON.stringify({ ...project, observations: Object.fromEntries(observations) }, null, 1)}\n`;
  },

  recognises: (text, fileName) =>
    /\.boris$/i.test(fileName) || (/^\s*\{/.test(withoutMark(text)) && /"behaviors_conf"\s*:/.test(text)),
};

// ---- below: reading ----

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const eventsOf = (observation: Fields): Event[] => (observation.events ?? []) as Event[];

/** BORIS is written in Python, whose JSON holds NaN and infinities; they become null. */
function withoutNaN(text: string): string {
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gs, (token) =>
    token.startsWith('"') ? token : 'null',
  );
}

function checkEvents(id: string, observation: unknown, problems: Problems): void {
  const where = `observation ${shown(id)}`;
  const events = isObject(observation) ? (observation.events ?? []) : undefined;
  if (!Array.isArray(events)) {
    problems.add(where, `found ${shown(events ?? observation)}, expected a list of events`);
    return;
  }
  events.forEach((event, i) => {
    const [time, ...texts] = Array.isArray(event) ? event : [];
    const timed = time === null || (typeof time === 'number' && Number.isFinite(time));
    if (timed && texts.length >= 4 && texts.slice(0, 4).every((text) => typeof text === 'string')) return;
    problems.add(`${where}, event ${i}`, `found ${shown(event)}, expected [time, subject, code, modifiers, comment]`);
  });
}

function readEvents(
  events: readonly Event[],
  project: Fields,
  taxonomy: Taxonomy,
  warn: (warning: string, count?: number) => void,
): Reading {
  const types = new Map(
    Object.values(isObject(project.behaviors_conf) ? project.behaviors_conf : {})
      .filter(isObject)
      .map(({ code, type }) => [code, String(type)]),
  );
  const groups = new Map<string, Event[]>();
  for (const event of events) {
    const code = event[2];
    const action = taxonomy.find(code);
    if (!action) warn(`${whyUnknown(code, taxonomy)} Events of it are kept, and are no instances`, 1);
    else if (types.get(code)?.startsWith('Point'))
      warn(`"${code}" is a point event; events of it are kept, and are no instances`, 1);
    else if (event[0] === null) warn(`events of "${code}" without a time are kept, and are no instances`, 1);
    else {
      const key = groupOf(event);
      const group = groups.get(key);
      if (group) group.push(event);
      else groups.set(key, [event]);
    }
  }
  const pairs: Pair[] = [];
  const unpaired = new Set<string>();
  const subjects = new Set<string>();
  for (const [key, group] of groups) {
    group.sort((a, b) => Number(a[0]) - Number(b[0]));
    subjects.add(group[0][1]);
    if (group.length % 2 === 1) {
      unpaired.add(key);
      const last = group[group.length - 1];
      warn(
        `"${last[2]}" of ${last[1] || 'no focal subject'} has an odd number of events, so its starts and stops cannot be told apart`,
      );
      continue;
    }
    for (let i = 0; i < group.length; i += 2) {
      const [start, stop] = [group[i], group[i + 1]];
      const [from, to] = [Number(start[0]), Number(stop[0])];
      const { name: action } = taxonomy.get(start[2]);
      if (from < 0 || from >= to) warn(`"${start[2]}" from ${from} to ${to} s is no instance`);
      else pairs.push({ instance: { action, start: from, end: to, ...readComment(start[4]) }, start, stop });
    }
  }
  return { pairs, unpaired, subjects };
}

/** BORIS pairs events that agree in these. */
const groupOf = ([, subject, code, modifiers]: Event): string => JSON.stringify([subject, code, modifiers]);

const variableNames = {
  subset: 'subset',
  widthPixels: 'width',
  heightPixels: 'height',
  durationSeconds: 'duration',
  frameRate: 'fps',
} as const;

function clipFields(observation: Fields, subjects: ReadonlySet<string>, warn: (warning: string) => void) {
  const [file, ...more] = filesOf(observation);
  const media = isObject(observation.media_info) ? observation.media_info : {};
  const of = (table: unknown, path: string): number => {
    const values = isObject(table) ? table : {};
    const all = Object.values(values);
    return Number((Object.hasOwn(values, path) ? values[path] : all.length === 1 ? all[0] : 0) ?? 0);
  };
  if (more.length > 0) warn(`it plays ${more.length + 1} files one after another; its times run on over them`);
  if (subjects.size > 1)
    warn(
      `several subjects are coded (${[...subjects].map((name) => name || 'no focal subject').join(', ')}); instances do not say whose they are`,
    );
  const variables = isObject(observation.independent_variables) ? observation.independent_variables : {};
  const variable = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  const lengths = [file, ...more].map((path) => (path === undefined ? 0 : of(media.length, path)));
  const fields = {
    file: more.length === 0 ? file : undefined,
    durationSeconds:
      positive(lengths.includes(0) ? 0 : lengths.reduce((sum, length) => sum + length, 0)) ??
      positive(variable('duration')),
    frameRate: positive(file === undefined ? 0 : of(media.fps, file)) ?? positive(variable('fps')),
    widthPixels: positive(variable('width')),
    heightPixels: positive(variable('height')),
    subset: String(variable('subset') ?? '') || undefined,
    subject: subjects.size === 1 ? [...subjects][0] || undefined : String(variable('subject') ?? '') || undefined,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Omit<
    Clip,
    'id' | 'instances' | 'foreign'
  >;
}

/** The files of the first player; the others show the same from elsewhere. */
function filesOf({ file }: Fields): string[] {
  const first = isObject(file) ? file['1'] : undefined;
  return Array.isArray(first) ? first.filter((path) => typeof path === 'string') : [];
}

const positive = (value: unknown) => (Number(value) > 0 && Number.isFinite(Number(value)) ? Number(value) : undefined);

/** Warnings by observation; the same one is said once, with the number of times it applies. */
class Warnings {
  readonly #source: string;
  readonly #counts = new Map<string, number>();

  constructor(source: string) {
    this.#source = source;
  }

  of(observation: string) {
    return (warning: string, count = 0) => {
      const text = count > 0 ? warning : `observation ${shown(observation)}: ${warning}`;
      this.#counts.set(text, (this.#counts.get(text) ?? 0) + count);
    };
  }

  list(): string[] {
    return [...this.#counts].map(([text, count]) => `${this.#source}: ${text}${count > 0 ? ` (${count})` : ''}.`);
  }
}

// ---- below: writing ----

const moment = (options: WriteOptions) => (options.date ?? '2000-01-01T00:00:00').replace(/(\.\d+)?Z$/, '');

function newProject(options: WriteOptions): Fields {
  return {
    time_format: 'hh:mm:ss',
    project_date: moment(options),
    project_name: 'micro-actions',
    project_description: '',
    project_format_version: '7.0',
    subjects_conf: {},
    behaviors_conf: {},
    behavioral_categories: [],
    independent_variables: {},
    coding_map: {},
    behaviors_coding_map: [],
    converters: {},
  };
}

function newObservation(clip: Clip, options: WriteOptions): Fields {
  return {
    file: {},
    type: clip.file === undefined ? 'LIVE' : 'MEDIA',
    date: moment(options),
    description: '',
    'time offset': 0,
    events: [],
    'observation time interval': [0, 0],
    independent_variables: {},
    visualize_spectrogram: false,
    visualize_waveform: false,
    media_creation_date_as_offset: false,
    close_behaviors_between_videos: false,
    media_info: { length: {}, fps: {}, hasVideo: {}, hasAudio: {}, offset: { '1': 0 }, 'zoom level': { '1': 1 } },
  };
}

/** Makes an observation say of its video what a clip does; touches nothing that it says already. */
function setFields(observation: Fields, clip: Clip): void {
  const ignore = () => {};
  const { file } = clip;
  if (file !== undefined && clipFields(observation, new Set(), ignore).file !== file) {
    const players = Object.fromEntries(
      ['1', '2', '3', '4', '5', '6', '7', '8'].map((player) => [player, [] as string[]]),
    );
    observation.file = { ...players, '1': [file] };
    observation.type = 'MEDIA';
    const media = isObject(observation.media_info) ? observation.media_info : {};
    observation.media_info = { ...media, length: {}, fps: {}, hasVideo: { [file]: true }, hasAudio: { [file]: false } };
  }
  const before = clipFields(observation, new Set(), ignore);
  const media = observation.media_info;
  if (file !== undefined && isObject(media)) {
    if (clip.durationSeconds !== before.durationSeconds)
      media.length = Object.fromEntries([[file, clip.durationSeconds]]);
    if (clip.frameRate !== before.frameRate) media.fps = Object.fromEntries([[file, clip.frameRate]]);
  }
  const now = clipFields(observation, new Set(), ignore);
  const variables = { ...(isObject(observation.independent_variables) && observation.independent_variables) };
  for (const [field, name] of Object.entries(variableNames) as [keyof typeof variableNames, string][]) {
    if (clip[field] !== now[field]) variables[name] = clip[field] === undefined ? '' : String(clip[field]);
  }
  observation.independent_variables = variables;
}

/** Events say who is coded; where they do not, a variable does. */
function setSubject(observation: Fields, clip: Clip, project: Fields, taxonomy: Taxonomy): void {
  const { subjects } = readEvents(eventsOf(observation), project, taxonomy, () => {});
  if (clip.subject === undefined || clip.subject === clipFields(observation, subjects, () => {}).subject) return;
  observation.independent_variables = {
    ...(isObject(observation.independent_variables) && observation.independent_variables),
    subject: clip.subject,
  };
}

/** Makes an observation's events say a clip's instances; leaves all other events alone. */
function setInstances(observation: Fields, clip: Clip, project: Fields, taxonomy: Taxonomy): void {
  const events = eventsOf(observation);
  const { pairs, unpaired, subjects } = readEvents(events, project, taxonomy, () => {});
  const single = subjects.size === 1;
  const left = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const key = keyOf(pair.instance, single ? pair.start[1] : '');
    left.set(key, [...(left.get(key) ?? []), pair]);
  }
  const subject = single ? (clip.subject ?? '') : '';
  const added = clip.instances.filter((instance) => !left.get(keyOf(instance, subject))?.shift());
  const gone = [...left.values()].flat();
  if (added.length === 0 && gone.length === 0) return;
  const removed = new Set(gone.flatMap(({ start, stop }) => [start, stop]));
  const lanes = new Map<string, [start: number, end: number][]>();
  for (const { instance, start } of pairs) {
    if (removed.has(start)) continue;
    lanes.set(groupOf(start), [...(lanes.get(groupOf(start)) ?? []), millisecondsOf(instance)]);
  }
  const fresh: Event[] = [];
  for (const instance of roundTimes({ ...clip, instances: added }).instances) {
    const [start, end] = millisecondsOf(instance);
    for (let lane = 1; ; lane++) {
      const modifiers = lane === 1 ? '' : String(lane);
      const eventAt = (ms: number, comment: string): Event => {
        const frame = clip.frameRate === undefined ? 'NA' : Math.round((ms / 1000) * clip.frameRate);
        return [ms / 1000, clip.subject ?? '', instance.action, modifiers, comment, frame];
      };
      const first = eventAt(start, writeComment(instance));
      const spans = lanes.get(groupOf(first)) ?? [];
      if (unpaired.has(groupOf(first)) || spans.some(([from, to]) => from < end && start < to)) continue;
      lanes.set(groupOf(first), [...spans, [start, end]]);
      fresh.push(first, eventAt(end, ''));
      break;
    }
  }
  const stops = new Set(fresh.filter((_, i) => i % 2 === 1));
  // Where one instance ends as the next begins, the stop must come first.
  for (const { stop } of pairs) stops.add(stop);
  const all = [...events.filter((event) => !removed.has(event)), ...fresh];
  observation.events = all.sort((a, b) => Number(a[0]) - Number(b[0]) || Number(stops.has(b)) - Number(stops.has(a)));
}

function keyOf(instance: Instance, subject: string): string {
  return JSON.stringify([subject, instance.action, ...millisecondsOf(instance), instance.score, instance.reason]);
}

// One hue a body part, of the Okabe-Ito set, as everywhere in the project.
const colours = ['#E69F00', '#56B4E9', '#009E73', '#F0E442', '#0072B2', '#D55E00', '#CC79A7'];

/** The whole taxonomy as behaviours, so that people can code with it; those already there stay as they are. */
function addBehaviours(project: Fields, taxonomy: Taxonomy, observations: readonly Fields[]): void {
  const behaviours = { ...(isObject(project.behaviors_conf) && project.behaviors_conf) } as Record<string, Fields>;
  const known = new Map(Object.values(behaviours).map((behaviour) => [behaviour.code, behaviour]));
  const numbersUsed = new Map<string, Set<string>>();
  for (const [, , code, modifiers] of observations.flatMap(eventsOf)) {
    if (/^\d+$/.test(modifiers)) numbersUsed.set(code, (numbersUsed.get(code) ?? new Set()).add(modifiers));
  }
  const writesSome = observations.some((observation) => eventsOf(observation).some(([, , code]) => !known.has(code)));
  if (known.size > 0 && !writesSome) return;
  taxonomy.bodyParts.forEach((part, position) => {
    for (const { code, name, description } of taxonomy.actionsOf(part.code)) {
      if (known.has(name)) continue;
      const values = [...(numbersUsed.get(name) ?? [])].sort((a, b) => Number(a) - Number(b));
      behaviours[String(nextKey(behaviours))] = {
        type: 'State event',
        // One key for all actions of a body part: BORIS then asks which.
        key: part.code[0].toLowerCase(),
        code: name,
        description: description ? `${code}: ${description}` : code,
        color: colours[position % colours.length],
        category: part.name,
        modifiers: values.length === 0 ? {} : { '0': overlapModifier(values) },
        excluded: '',
        'coding map': '',
      };
    }
  });
  const categories = Array.isArray(project.behavioral_categories) ? project.behavioral_categories : [];
  project.behaviors_conf = behaviours;
  project.behavioral_categories = [...new Set([...categories, ...taxonomy.bodyParts.map(({ name }) => name)])];
}

function overlapModifier(values: readonly string[]): Fields {
  const description = 'Tells apart instances of one behaviour that overlap';
  return { name: 'overlap', description, type: 0, 'ask at stop': false, values };
}

function addSubjects(project: Fields, { clips }: Dataset): void {
  const subjects = { ...(isObject(project.subjects_conf) && project.subjects_conf) } as Record<string, Fields>;
  for (const { subject } of clips) {
    if (subject === undefined || Object.values(subjects).some(({ name }) => name === subject)) continue;
    subjects[String(nextKey(subjects))] = { key: '', name: subject, description: '' };
  }
  project.subjects_conf = subjects;
}

/** Declares the variables that observations have values of. */
function addVariables(project: Fields, observations: readonly Fields[]): void {
  const variables = { ...(isObject(project.independent_variables) && project.independent_variables) } as Record<
    string,
    Fields
  >;
  const used = observations.flatMap(({ independent_variables: values }) => Object.keys(isObject(values) ? values : {}));
  for (const label of new Set(used)) {
    if (Object.values(variables).some((variable) => variable.label === label)) continue;
    const common = { description: '', 'default value': '', 'possible values': '' };
    variables[String(nextKey(variables))] = { label, type: 'text', ...common };
  }
  project.independent_variables = variables;
}

const nextKey = (table: Fields): number => Math.max(-1, ...Object.keys(table).map(Number).filter(Number.isFinite)) + 1;
