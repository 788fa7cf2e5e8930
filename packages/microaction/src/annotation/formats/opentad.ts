import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type Clip, compareInstances, type Dataset, type Instance } from '../dataset.ts';
import { checkDataset } from '../validate.ts';
import { type AnnotationFormat, withoutMark } from './format.ts';
import { parseJson } from './json.ts';
import { requireAction } from './labels.ts';
import { foreignOf, LeftoverCollector, leftoversOf, without } from './leftovers.ts';

type Fields = Record<string, unknown>;

/** What `Dataset.foreign` holds. */
interface Kept {
  readonly layout: Layout;
  readonly fields: Fields;
}

/** `bare` is a `database` without its wrapper; `dense` such a one with `actions: [[class, start, end]]`. */
type Layout = 'database' | 'results' | 'bare' | 'dense';

/**
 * The JSON of ActivityNet, which OpenTAD and most temporal detectors speak: truth by video in `database`,
 * predictions in `results`. What is known of the videos of predictions goes into `external_data.videos`.
 */
export const opentad: AnnotationFormat = {
  name: 'opentad',
  title: 'ActivityNet and OpenTAD JSON',
  fileEnding: '.json',
  oneClipPerFile: false,
  loses: [],

  read(text, { source, taxonomy }) {
    const document = parseJson(text, source);
    if (!isObject(document))
      throw new UserError('bad-annotations', `${source}: found ${shown(document)}, expected an object`);
    const layout = layoutOf(document);
    const videos = layout === 'results' ? document.results : layout === 'database' ? document.database : document;
    if (!isObject(videos)) {
      throw new UserError(
        'bad-annotations',
        `${source}: ${layout}: found ${shown(videos)}, expected an object by video`,
      );
    }
    const problems = new Problems(source);
    const reader = new VideoReader(taxonomy, problems);
    const about = layout === 'results' && isObject(document.external_data) ? document.external_data.videos : undefined;
    const clips = Object.entries(videos).map(([id, video]) => {
      const fields = isObject(about) && Object.hasOwn(about, id) ? about[id] : {};
      return reader.read(id, layout === 'results' ? { ...(isObject(fields) && fields), annotations: video } : video);
    });
    problems.throwIfAny();
    const fields = layout === 'database' || layout === 'results' ? without(document, ['database', 'results']) : {};
    const foreign = { format: 'opentad', document: { layout, fields } satisfies Kept };
    return { dataset: { taxonomy, clips, foreign }, warnings: reader.warnings(source) };
  },

  write(dataset, options = {}) {
    checkDataset(dataset);
    const kept = foreignOf<Kept>(dataset, 'opentad');
    const scored = dataset.clips.some((clip) => clip.instances.some(({ score }) => score !== undefined));
    const wanted = options.layout ?? (kept ? undefined : scored ? 'predictions' : 'truth');
    const layout =
      wanted === 'predictions' ? 'results' : wanted === 'truth' ? 'database' : (kept?.layout ?? 'database');
    return `${JSON.stringify(documentOf(dataset, layout, kept), null, 1)}\n`;
  },

  recognises: (text) =>
    /^\s*\{/.test(withoutMark(text)) && /"(database|results|annotations|actions)"\s*:\s*[[{]/.test(text),
};

// ---- below: internals ----

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function layoutOf(document: Fields): Layout {
  if ('results' in document) return 'results';
  if ('database' in document) return 'database';
  return Object.values(document).some((video) => isObject(video) && 'actions' in video) ? 'dense' : 'bare';
}

class VideoReader {
  readonly #taxonomy: Taxonomy;
  readonly #problems: Problems;
  #empty = 0;
  #early = 0;

  constructor(taxonomy: Taxonomy, problems: Problems) {
    this.#taxonomy = taxonomy;
    this.#problems = problems;
  }

  read(id: string, video: unknown): Clip {
    const where = shown(id);
    const list = isObject(video) ? (video.annotations ?? video.actions) : undefined;
    if (!isObject(video) || !Array.isArray(list)) {
      this.#problems.add(where, `found ${shown(list ?? video)}, expected a list of annotations`);
      return { id, instances: [] };
    }
    const leftovers = new LeftoverCollector();
    leftovers.addFields(without(video, ['annotations', 'actions']));
    const instances: Instance[] = [];
    list.forEach((annotation, i) => {
      const { instance, rest } = this.#readInstance(annotation, `${where}[${i}]`);
      if (!instance) return;
      instances.push(instance);
      leftovers.add(instance, rest);
    });
    const foreign = leftovers.as('opentad');
    return { id, ...clipFields(video), instances: instances.sort(compareInstances), ...(foreign && { foreign }) };
  }

  warnings(source: string): string[] {
    const list: string[] = [];
    if (this.#empty > 0)
      list.push(`${source}: ${this.#empty} annotations that end where they start, or before, were left out.`);
    if (this.#early > 0)
      list.push(`${source}: ${this.#early} annotations started before the video; they now start with it.`);
    return list;
  }

  #readInstance(annotation: unknown, where: string): { instance?: Instance; rest: Fields } {
    const given = Array.isArray(annotation) ? { label: annotation[0], segment: annotation.slice(1) } : annotation;
    if (!isObject(given)) {
      this.#problems.add(where, `found ${shown(given)}, expected { segment, label }`);
      return { rest: {} };
    }
    const { label, segment, score, reason, ...rest } = given;
    const labelled = typeof label === 'string' || typeof label === 'number';
    if (!labelled) this.#problems.add(`${where}.label`, `found ${shown(label)}, expected the name of an action`);
    const action = labelled ? requireAction(label, this.#taxonomy, this.#problems, `${where}.label`) : undefined;
    const [start, end] = Array.isArray(segment) ? segment : [];
    const timed = Number.isFinite(start) && Number.isFinite(end) && (segment as unknown[]).length === 2;
    if (!timed) this.#problems.add(`${where}.segment`, `found ${shown(segment)}, expected [start, end] in seconds`);
    const scored = score === undefined || (typeof score === 'number' && score >= 0 && score <= 1);
    if (!scored) this.#problems.add(`${where}.score`, `found ${shown(score)}, expected 0 to 1`);
    if (!action || !timed || !scored) return { rest: {} };
    if (end <= Math.max(0, start)) {
      this.#empty += 1;
      return { rest: {} };
    }
    if (start < 0) this.#early += 1;
    const judgement = {
      ...(typeof score === 'number' && { score }),
      ...(typeof reason === 'string' && reason !== '' && { reason }),
    };
    return { instance: { action: action.name, start: Math.max(0, start), end, ...judgement }, rest };
  }
}

/** What an entry says of its video, under the names that the data sets in use give it. */
function clipFields(video: Fields): Omit<Clip, 'id' | 'instances' | 'foreign'> {
  const positive = (value: unknown) =>
    typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : undefined;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const [, width, height] = /^(\d+)x(\d+)$/.exec(text(video.resolution) ?? '') ?? [];
  const fields = {
    file: text(video.file) ?? text(video.url),
    durationSeconds: positive(video.duration) ?? positive(video.duration_second),
    frameRate: positive(video.fps),
    widthPixels: positive(video.width) ?? positive(Number(width)),
    heightPixels: positive(video.height) ?? positive(Number(height)),
    subset: text(video.subset),
    subject: text(video.subject),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The fields of an entry, changed only where they do not yet say what the clip does. */
function entryFields(clip: Clip, before: Fields): Fields {
  const names = {
    file: 'file',
    subset: 'subset',
    durationSeconds: 'duration',
    frameRate: 'fps',
    widthPixels: 'width',
    heightPixels: 'height',
    subject: 'subject',
  } as const;
  const known = clipFields(before);
  const entry = { ...before };
  for (const [field, name] of Object.entries(names) as [keyof typeof names, string][]) {
    if (clip[field] !== known[field]) entry[name] = clip[field];
  }
  return entry;
}

function documentOf({ taxonomy, clips }: Dataset, layout: Layout, kept: Kept | undefined): Fields {
  const about: [id: string, fields: Fields][] = [];
  const videos = clips.map((clip): [id: string, video: unknown] => {
    const leftovers = leftoversOf(clip, 'opentad');
    const fields = entryFields(clip, leftovers.fields);
    const instances = [...clip.instances].sort(compareInstances);
    const annotations = instances.map((instance) => {
      const { action: label, start, end, score, reason } = instance;
      return { segment: [start, end], label, score, reason, ...leftovers.take(instance) };
    });
    if (layout === 'results') {
      if (Object.keys(fields).length > 0) about.push([clip.id, fields]);
      return [clip.id, annotations];
    }
    if (layout !== 'dense') return [clip.id, { ...fields, annotations }];
    return [
      clip.id,
      { ...fields, actions: instances.map(({ action, start, end }) => [taxonomy.get(action).id, start, end]) },
    ];
  });
  const byId = Object.fromEntries(videos);
  if (layout === 'bare' || layout === 'dense') return byId;
  const fields = kept?.fields ?? {
    version: 'microaction 1',
    ...(layout === 'database' ? { taxonomy: [] } : { external_data: {} }),
  };
  if (layout === 'database') return { ...fields, database: byId };
  const { external_data, ...rest } = fields;
  if (about.length === 0) return { ...rest, results: byId, external_data };
  const videosOf = Object.fromEntries(about);
  return { ...rest, results: byId, external_data: { ...(isObject(external_data) && external_data), videos: videosOf } };
}
