import { UsageError, UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Action, Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type Clip, compareInstances, type Instance } from '../dataset.ts';
import { checkDataset } from '../validate.ts';
import { type ClipFields, clipFieldsOf, clipTexts, judgementOf, judgementTexts } from './clipFields.ts';
import { type AnnotationFormat, baseName } from './format.ts';
import { frameRateOf, framesOf, requireFrameRate } from './frames.ts';
import { LeftOut } from './leftOut.ts';
import { elementsOf, newElement, parseXml, textOf, writeXml, type XmlElement } from './xml.ts';

/** What a track says from one frame to another; frames from 0, `after` not included. */
interface Run {
  readonly action: Action;
  readonly first: number;
  readonly after: number;
  readonly score?: string;
  readonly reason?: string;
}

/**
 * CVAT's XML 1.1, one video each: tracks ("for video") and tags of frames ("for images") are read, tracks
 * are written. Where the label of a track names an action, it holds as long as the shape is in view; else
 * where the value of an attribute does, as long as it has that value. A tag's neighbouring frames are one
 * instance. The format does not say how fast frames follow; what we write does, in `meta/microaction`.
 */
export const cvat: AnnotationFormat = {
  name: 'cvat',
  title: 'CVAT for video 1.1',
  fileEnding: '.xml',
  oneClipPerFile: true,
  timeStep: 'frame',
  loses: [],

  read(text, { source, taxonomy, frameRate }) {
    const root = parseXml(text, source);
    if (root.name !== 'annotations') {
      throw new UserError('bad-annotations', `${source}: found the element ${root.name}, expected annotations`);
    }
    const meta = elementsOf(root, 'meta')[0] ?? newElement('meta');
    const { id = '', ...fields } = fieldsOf(meta);
    const rate = requireFrameRate(fields.frameRate ?? frameRate, source);
    const leftOut = new LeftOut(source);
    const reader = new RunReader(taxonomy, meta, leftOut, new Problems(source));
    const runs = [
      ...elementsOf(root, 'track').flatMap((track) => reader.ofTrack(track)),
      ...reader.ofTags(elementsOf(root, 'image')),
    ];
    reader.problems.throwIfAny();
    const instances = runs.map(
      ({ action, first, after, score, reason }): Instance => ({
        action: action.name,
        start: first / rate,
        end: after / rate,
        ...judgementOf(score, reason),
      }),
    );
    const clip: Clip = {
      id: id || baseName(fields.file ?? '') || baseName(source),
      ...fields,
      frameRate: rate,
      instances: instances.sort(compareInstances),
    };
    return { dataset: { taxonomy, clips: [clip] }, warnings: leftOut.warnings() };
  },

  write(dataset, options = {}) {
    checkDataset(dataset);
    const [clip, ...others] = dataset.clips;
    if (!clip || others.length > 0) {
      throw new UsageError(`A CVAT file holds one video, found ${dataset.clips.length}; write one file for each.`);
    }
    const rate = frameRateOf(clip, options, 'CVAT');
    const inFrames = clip.instances.map((instance) => {
      const [start, end] = framesOf(instance, rate);
      return { ...instance, start, end };
    });
    const last = inFrames.reduce((latest, { end }) => Math.max(latest, end), 1);
    const size = Math.max(last, Math.round((clip.durationSeconds ?? 0) * rate));
    const tracks = inFrames.sort(compareInstances).map((instance, i) => trackOf(instance, i, clip, size));
    const version = newElement('version', {}, ['1.1']);
    const meta = metaOf({ ...clip, frameRate: rate }, size, dataset.taxonomy, options.date ?? '2000-01-01T00:00:00Z');
    return writeXml(newElement('annotations', {}, [version, meta, ...tracks]));
  },

  recognises: (text) =>
    /^(?:\uFEFF)?\s*(?:<\?xml[^>]*>\s*)?<annotations[\s>]/.test(text) && /<(meta|track|image|version)[\s>]/.test(text),
};

// ---- below: reading ----

/** The element that describes the task, wherever a job or a project puts it. */
const taskOf = (meta: XmlElement): XmlElement | undefined =>
  ['task', 'job', 'project'].flatMap((name) => elementsOf(meta, name))[0];

const childText = (parent: XmlElement | undefined, name: string) =>
  parent && textOf(elementsOf(parent, name)[0]).trim();

function fieldsOf(meta: XmlElement): ClipFields & { id?: string } {
  const task = taskOf(meta);
  const own = elementsOf(meta, 'microaction')[0]?.attributes;
  const size = [task, meta].flatMap((parent) => (parent ? elementsOf(parent, 'original_size') : []))[0];
  const theirs: Record<string, string | undefined> = {
    id: childText(task, 'name'),
    file: childText(meta, 'source') || childText(task, 'source'),
    subset: childText(task, 'subset'),
    width: childText(size, 'width'),
    height: childText(size, 'height'),
  };
  return clipFieldsOf((name) => (own ? own[name] : theirs[name]));
}

/** Frames from one that was annotated to the next. */
function stepOf(meta: XmlElement): number {
  const step = Number(/step\s*=\s*(\d+)/.exec(childText(taskOf(meta), 'frame_filter') ?? '')?.[1] ?? 1);
  return Math.max(step, 1);
}

class RunReader {
  readonly problems: Problems;
  readonly #taxonomy: Taxonomy;
  readonly #step: number;
  readonly #lastFrame: number;
  readonly #leftOut: LeftOut;

  constructor(taxonomy: Taxonomy, meta: XmlElement, leftOut: LeftOut, problems: Problems) {
    this.#taxonomy = taxonomy;
    this.#step = stepOf(meta);
    this.#lastFrame = Number(childText(taskOf(meta), 'stop_frame') || Number.POSITIVE_INFINITY);
    this.#leftOut = leftOut;
    this.problems = problems;
  }

  ofTrack(track: XmlElement): Run[] {
    const label = track.attributes.label ?? '';
    const action = this.#taxonomy.find(label);
    const shapes = elementsOf(track)
      .filter(({ attributes }) => 'frame' in attributes)
      .map((shape) => ({ frame: this.#frameOf(shape, 'frame'), shape }))
      .sort((a, b) => a.frame - b.frame);
    const last = shapes.at(-1);
    if (last && action && last.shape.attributes.outside !== '1' && last.frame + this.#step <= this.#lastFrame) {
      this.#leftOut.addGuess(
        `tracks of ${shown(label)} that never leave the picture were taken to end with their last shape`,
      );
    }
    const runs: Run[] = [];
    const open = new Map<Action, Run>();
    for (const [i, { frame, shape }] of shapes.entries()) {
      const inView = shape.attributes.outside !== '1';
      const attributes = new Map(elementsOf(shape, 'attribute').map((one) => [one.attributes.name ?? '', textOf(one)]));
      const here = new Set(!inView ? [] : action ? [action] : this.#actionsOf(attributes));
      const after = i + 1 < shapes.length ? frame : frame + this.#step;
      for (const [held, run] of open) {
        if (here.has(held)) continue;
        if (frame > run.first) runs.push({ ...run, after: frame });
        open.delete(held);
      }
      for (const held of here) {
        if (open.has(held)) continue;
        open.set(held, {
          action: held,
          first: frame,
          after,
          score: attributes.get('score'),
          reason: attributes.get('reason'),
        });
      }
    }
    for (const run of open.values()) runs.push({ ...run, after: (last as { frame: number }).frame + this.#step });
    if (!action && runs.length === 0) this.#leftOut.addUnknown(label, this.#taxonomy);
    return runs;
  }

  ofTags(images: readonly XmlElement[]): Run[] {
    const framesOfAction = new Map<Action, number[]>();
    for (const image of images) {
      const shapes = elementsOf(image).filter(({ name }) => name !== 'tag');
      if (shapes.length > 0) this.#leftOut.add('a shape in a single picture is no instance');
      for (const tag of elementsOf(image, 'tag')) {
        const label = tag.attributes.label ?? '';
        const action = this.#taxonomy.find(label);
        if (!action) {
          this.#leftOut.addUnknown(label, this.#taxonomy);
          continue;
        }
        const frames = framesOfAction.get(action) ?? [];
        framesOfAction.set(action, frames);
        frames.push(this.#frameOf(image, 'id'));
      }
    }
    return [...framesOfAction].flatMap(([action, frames]) => {
      const runs: { action: Action; first: number; after: number }[] = [];
      for (const frame of frames.sort((a, b) => a - b)) {
        const run = runs.at(-1);
        if (run && frame <= run.after) run.after = frame + this.#step;
        else runs.push({ action, first: frame, after: frame + this.#step });
      }
      return runs;
    });
  }

  /** Of an attribute that says an action's name, or is named so and says true. */
  #actionsOf(attributes: ReadonlyMap<string, string>): Action[] {
    return [...attributes].flatMap(([name, value]) => {
      const label = value.trim() === 'true' ? name : value.trim();
      return (/^\d*$/.test(label) ? undefined : this.#taxonomy.find(label)) ?? [];
    });
  }

  #frameOf(element: XmlElement, attribute: string): number {
    const text = element.attributes[attribute] ?? '';
    if (/^\d{1,12}$/.test(text)) return Number(text);
    this.problems.add(`line ${element.line}, ${attribute}`, `found ${shown(text)}, expected the number of a frame`);
    return 0;
  }
}

// ---- below: writing ----

/**
 * A box over the whole picture from the first frame to the one after the last, where it goes out of view; or to
 * the last frame of the video, since CVAT takes no shape beyond that.
 */
function trackOf(instance: Instance, id: number, clip: Clip, size: number): XmlElement {
  const [score, reason] = judgementTexts(instance);
  const attributes = Object.entries({ score, reason })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => newElement('attribute', { name }, [value]));
  const box = (frame: number, outside: '0' | '1') =>
    newElement(
      'box',
      {
        frame: String(frame),
        outside,
        occluded: '0',
        keyframe: '1',
        xtl: '0.00',
        ytl: '0.00',
        xbr: (clip.widthPixels ?? 1).toFixed(2),
        ybr: (clip.heightPixels ?? 1).toFixed(2),
        z_order: '0',
      },
      attributes,
    );
  const source = instance.score === undefined ? 'manual' : 'auto';
  const boxes = [box(instance.start, '0')];
  if (instance.end < size) boxes.push(box(instance.end, '1'));
  else if (instance.end - 1 > instance.start) boxes.push(box(instance.end - 1, '0'));
  return newElement('track', { id: String(id), label: instance.action, source }, boxes);
}

function metaOf(clip: Clip, size: number, taxonomy: Taxonomy, date: string): XmlElement {
  const element = (name: string, content: string | XmlElement[]) =>
    newElement(name, {}, typeof content === 'string' ? (content === '' ? [] : [content]) : content);
  const attribute = (name: string) =>
    element('attribute', [
      element('name', name),
      element('mutable', 'False'),
      element('input_type', 'text'),
      element('default_value', ''),
      element('values', ''),
    ]);
  const labels = taxonomy.actions.map(({ name }) =>
    element('label', [
      element('name', name),
      element('type', 'any'),
      element('attributes', [attribute('score'), attribute('reason')]),
    ]),
  );
  const task = element('task', [
    element('name', clip.id),
    element('size', String(size)),
    element('mode', 'interpolation'),
    element('overlap', '0'),
    element('created', date),
    element('updated', date),
    element('subset', clip.subset ?? ''),
    element('start_frame', '0'),
    element('stop_frame', String(size - 1)),
    element('frame_filter', ''),
    element('labels', labels),
    element('original_size', [
      element('width', String(clip.widthPixels ?? 1)),
      element('height', String(clip.heightPixels ?? 1)),
    ]),
  ]);
  const own = newElement('microaction', Object.fromEntries(clipTexts(clip)));
  return element('meta', [task, element('dumped', date), element('source', clip.file ?? ''), own]);
}
