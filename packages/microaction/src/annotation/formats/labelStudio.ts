import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type Clip, compareInstances, type Dataset, type Instance } from '../dataset.ts';
import { checkDataset } from '../validate.ts';
import { clipFieldsOf, clipTexts, judgementOf } from './clipFields.ts';
import { type AnnotationFormat, baseName, type WriteOptions, withoutMark } from './format.ts';
import { frameRateOf, framesOf, requireFrameRate } from './frames.ts';
import { parseJson } from './json.ts';
import { LeftOut } from './leftOut.ts';

type Fields = Record<string, unknown>;

/** One labelled span; frames count from 0, the end is not included. */
interface Span {
  readonly labels: readonly string[];
  readonly unit: 'frame' | 'second';
  readonly start: number;
  readonly end: number;
  readonly score?: unknown;
  readonly reason?: string;
}

/**
 * Label Studio's JSON: exports, webhook messages and JSON_MIN; labels of the time line, boxes in video, and
 * segments of audio. Its frames count from 1, the last one included; their rate is that in the task's data
 * (`fps`, as we write it), in the labelling interface of a webhook message, or the one given. Of several
 * annotations of a task the ground truth or first is read, and predictions only where nobody annotated.
 */
export const labelStudio: AnnotationFormat = {
  name: 'label-studio',
  title: 'Label Studio JSON',
  fileEnding: '.json',
  oneClipPerFile: false,
  timeStep: 'frame',
  loses: [],

  read(text, { source, taxonomy, frameRate }) {
    const document = parseJson(text, source);
    const problems = new Problems(source);
    const leftOut = new LeftOut(source);
    const ids = new Set<string>();
    const clips = tasksOf(document, source).map((task, t) => {
      const reader = new TaskReader(taxonomy, leftOut, problems, `task ${t}`);
      const clip = reader.read(task, (rate) => requireFrameRate(rate ?? frameRate, source), baseName(source));
      if (ids.has(clip.id)) problems.add(`task ${t}`, `the video ${shown(clip.id)} occurs twice`);
      ids.add(clip.id);
      return clip;
    });
    problems.throwIfAny();
    return { dataset: { taxonomy, clips }, warnings: leftOut.warnings() };
  },

  write(dataset, options = {}) {
    checkDataset(dataset);
    return `${JSON.stringify(tasksFor(dataset, options), null, 1)}\n`;
  },

  recognises: (text) => {
    const content = withoutMark(text);
    if (/^\s*\[\s*\]\s*$/.test(content)) return true;
    return (
      /^\s*[[{]/.test(content) &&
      /"(timelinelabels|videorectangle)"|"data"\s*:\s*\{/.test(content) &&
      /"(annotations|predictions|annotation|result|annotation_id)"\s*:/.test(content)
    );
  },
};

// ---- below: reading ----

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectsOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Tasks in the form of an export, whichever form the document has. */
function tasksOf(document: unknown, source: string): Fields[] {
  if (isObject(document) && isObject(document.annotation)) {
    const task = isObject(document.task) ? document.task : {};
    const config = isObject(document.project) ? document.project.label_config : undefined;
    return [{ ...task, config, annotations: [document.annotation] }];
  }
  const list = Array.isArray(document) ? document : isObject(document) ? [document] : undefined;
  if (!list?.every(isObject)) {
    throw new UserError('bad-annotations', `${source}: found ${shown(document)}, expected a list of tasks`);
  }
  return list.map((task) => {
    if (isObject(task.data)) return task;
    if (Array.isArray(task.result)) return { data: {}, predictions: [task] };
    return { data: task, annotations: [{ result: minimalResults(task) }] };
  });
}

/** JSON_MIN has the values of results, by the names of the interface's tags. */
function minimalResults(task: Fields): Fields[] {
  return Object.values(task).flatMap((values) =>
    objectsOf(values).map((value) => ({
      type: ['timelinelabels', 'labels'].find((type) => type in value),
      value,
    })),
  );
}

class TaskReader {
  readonly #taxonomy: Taxonomy;
  readonly #leftOut: LeftOut;
  readonly #problems: Problems;
  readonly #where: string;

  constructor(taxonomy: Taxonomy, leftOut: LeftOut, problems: Problems, where: string) {
    this.#taxonomy = taxonomy;
    this.#leftOut = leftOut;
    this.#problems = problems;
    this.#where = where;
  }

  read(task: Fields, frameRateOr: (rate: number | undefined) => number, usualId: string): Clip {
    const data = isObject(task.data) ? task.data : {};
    const text = (name: string) => (['string', 'number'].includes(typeof data[name]) ? String(data[name]) : undefined);
    const { id, ...own } = clipFieldsOf(text);
    const video = text('video') ?? text('url') ?? text('audio');
    const file = own.file ?? (id === undefined ? video : undefined);
    const spans = this.#resultsOf(task).flatMap((result, r) => this.#spansOf(result, `${this.#where}, result ${r}`));
    const rate = own.frameRate ?? rateIn(task.config);
    const counted = spans.some(({ unit }) => unit === 'frame');
    const frameRate = counted ? frameRateOr(rate) : rate;
    return {
      id: id ?? (baseName(withoutPrefix(file ?? '')) || `${usualId} ${this.#where}`),
      ...own,
      ...(file && { file }),
      ...(frameRate !== undefined && { frameRate }),
      instances: spans
        .flatMap((span) => this.#instancesOf(span, span.unit === 'frame' ? Number(frameRate) : 1))
        .sort(compareInstances),
    };
  }

  #resultsOf(task: Fields): Fields[] {
    const annotations = objectsOf(task.annotations ?? task.completions).filter(
      ({ was_cancelled }) => was_cancelled !== true,
    );
    const chosen = annotations.find(({ ground_truth }) => ground_truth === true) ?? annotations[0];
    for (const other of annotations)
      if (other !== chosen) this.#leftOut.add('a further annotation of a task, by another person perhaps');
    const predictions = objectsOf(task.predictions);
    const rest = chosen ? predictions : predictions.slice(1);
    for (const _ of rest) this.#leftOut.add('a prediction beside an annotation, or a further prediction of a task');
    return objectsOf((chosen ?? predictions[0])?.result);
  }

  #spansOf(result: Fields, where: string): Span[] {
    const value = isObject(result.value) ? result.value : {};
    const notes = isObject(result.meta) && Array.isArray(result.meta.text) ? result.meta.text : [];
    const judgement = { score: result.score, reason: notes.filter((note) => typeof note === 'string').join('\n') };
    const labels = [value.timelinelabels, value.labels, value.videorectangle].find(Array.isArray)?.map(String) ?? [];
    const number = (at: string, found: unknown): number => {
      if (typeof found === 'number' && Number.isFinite(found)) return found;
      this.#problems.add(`${where}, ${at}`, `found ${shown(found)}, expected a number`);
      return Number.NaN;
    };
    if (result.type === 'timelinelabels') {
      return objectsOf(value.ranges).map(({ start, end }) => ({
        labels,
        unit: 'frame',
        start: number('start', start) - 1,
        end: number('end', end),
        ...judgement,
      }));
    }
    if (result.type === 'videorectangle') {
      return lifespansOf(value).map(([start, end]) => ({
        labels,
        unit: 'frame',
        start: number('frame', start) - 1,
        end: number('frame', end),
        ...judgement,
      }));
    }
    if (result.type === 'labels' && 'start' in value) {
      const [start, end] = [number('start', value.start), number('end', value.end)];
      return [{ labels, unit: 'second', start, end, ...judgement }];
    }
    this.#leftOut.add(`a result of the type ${shown(result.type)}`);
    return [];
  }

  #instancesOf({ labels, unit, start, end, score, reason }: Span, rate: number): Instance[] {
    if (!Number.isFinite(start) || !Number.isFinite(end)) return [];
    if (start < 0 || start >= end) {
      const expected = unit === 'frame' ? 'frames from 1 in order' : 'seconds in order';
      this.#problems.add(
        this.#where,
        `found a span from ${unit === 'frame' ? start + 1 : start} to ${end}, expected ${expected}`,
      );
      return [];
    }
    return labels.flatMap((label) => {
      const action = this.#taxonomy.find(label);
      if (!action) {
        this.#leftOut.addUnknown(label, this.#taxonomy);
        return [];
      }
      const judgement = judgementOf(typeof score === 'number' ? String(score) : '', reason);
      return [{ action: action.name, start: start / rate, end: end / rate, ...judgement }];
    });
  }
}

/** First and last frame, from 1, of each time that a box is in view: to the key frame that ends it, included. */
function lifespansOf({ sequence, framesCount }: Fields): [start: unknown, end: unknown][] {
  const spans: [unknown, unknown][] = [];
  let begun: unknown;
  let last: unknown;
  const keys = objectsOf(sequence).sort((a, b) => Number(a.frame) - Number(b.frame));
  for (const { frame, enabled } of keys) {
    begun ??= frame;
    last = frame;
    if (enabled !== false) continue;
    spans.push([begun, frame]);
    begun = undefined;
  }
  if (begun !== undefined) spans.push([begun, framesCount ?? last]);
  return spans;
}

/** The number in `<Video framerate="25">`. */
function rateIn(config: unknown): number | undefined {
  const rate = Number(
    /<Video\b[^>]{0,500}?\bframe_?rate\s*=\s*["']([\d.]+)["']/i.exec(typeof config === 'string' ? config : '')?.[1],
  );
  return rate > 0 ? rate : undefined;
}

/** Uploaded files get eight random digits before their name. */
const withoutPrefix = (path: string) => path.replace(/(\/upload\/(?:.*\/)?)[0-9a-f]{8}-(?=[^/]+$)/, '$1');

// ---- below: writing ----

function tasksFor({ clips }: Dataset, options: WriteOptions): Fields[] {
  const date = options.date ?? '2000-01-01T00:00:00Z';
  return clips.map((clip, c) => {
    // Without instances no frame is counted.
    const rate = clip.instances.length === 0 ? (clip.frameRate ?? 0) : frameRateOf(clip, options, 'Label Studio');
    const inFrames = clip.instances.map((instance): Instance => {
      const [start, end] = framesOf(instance, rate);
      return { ...instance, start, end };
    });
    const result = inFrames.sort(compareInstances).map(({ action, start, end, score, reason }, i) => ({
      id: `${c + 1}-${i + 1}`,
      from_name: 'actions',
      to_name: 'video',
      type: 'timelinelabels',
      origin: score === undefined ? 'manual' : 'prediction',
      value: { ranges: [{ start: start + 1, end }], timelinelabels: [action] },
      ...(score !== undefined && { score }),
      ...(reason !== undefined && { meta: { text: [reason] } }),
    }));
    const predicted = clip.instances.some(({ score }) => score !== undefined);
    return {
      id: c + 1,
      data: {
        video: clip.file ?? clip.id,
        ...Object.fromEntries(clipTexts(rate > 0 ? { ...clip, frameRate: rate } : clip)),
      },
      annotations: predicted ? [] : [{ id: c + 1, was_cancelled: false, created_at: date, result }],
      predictions: predicted
        ? [{ id: c + 1, model_version: options.model ?? 'unknown', created_at: date, result }]
        : [],
    };
  });
}
