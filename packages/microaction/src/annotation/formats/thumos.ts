import { UsageError, UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Action, Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type Clip, compareInstances, type Instance } from '../dataset.ts';
import { checkDataset, spanProblem } from '../validate.ts';
import { type AnnotationFormat, baseName, type Part, withoutMark } from './format.ts';
import { findAction, whyUnknown } from './labels.ts';

/** As the file names of THUMOS say them. */
const subsets: Record<string, string> = { val: 'validation', test: 'test', train: 'training' };

/**
 * The annotations of THUMOS: a folder with a text file for each action and subset, named `Action_val.txt`,
 * with lines `video start end` in seconds. One file is read as the instances of the one action that its name
 * says; `parts` divides a data set into such files. `Ambiguous` files mark spans to leave out of scoring:
 * `readAmbiguous` gives them, `read` leaves them out with a warning.
 */
export const thumos: AnnotationFormat = {
  name: 'thumos',
  title: 'THUMOS text, a file an action',
  fileEnding: '.txt',
  oneClipPerFile: false,
  loses: [
    'file',
    'durationSeconds',
    'frameRate',
    'widthPixels',
    'heightPixels',
    'subject',
    'score',
    'reason',
    'clips without instances',
  ],

  read(text, { source, taxonomy }) {
    const spans = spansOf(text, source);
    if (isAmbiguous(source)) {
      const count = [...spans.values()].reduce((sum, list) => sum + list.length, 0);
      const warnings = [`${source}: spans marked as ambiguous. Not kept: ${count}.`];
      return { dataset: { taxonomy, clips: [] }, warnings };
    }
    const { action, subset } = meaningOf(source, taxonomy);
    const clips = [...spans].map(
      ([id, list]): Clip => ({
        id,
        ...(subset && { subset }),
        instances: list.map(([start, end]): Instance => ({ action: action.name, start, end })).sort(compareInstances),
      }),
    );
    return { dataset: { taxonomy, clips }, warnings: [] };
  },

  write(dataset) {
    checkDataset(dataset);
    const actions = new Set(dataset.clips.flatMap(({ instances }) => instances.map(({ action }) => action)));
    if (actions.size > 1) {
      throw new UsageError(`A THUMOS file holds one action, found ${actions.size}; write one file for each.`);
    }
    return [...dataset.clips]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .flatMap(({ id, instances }) => {
        if (/^\s|[\r\n]|\s$/.test(id)) throw new UsageError(`The video id ${shown(id)} cannot stand in a THUMOS file.`);
        return [...instances].sort(compareInstances).map(({ start, end }) => `${id}  ${start} ${end}\n`);
      })
      .join('');
  },

  parts(dataset) {
    const parts = new Map<string, { name: string; clips: Clip[] }>();
    for (const clip of dataset.clips) {
      for (const action of new Set(clip.instances.map((instance) => instance.action))) {
        const key = JSON.stringify([action, clip.subset]);
        const part = parts.get(key) ?? { name: fileNameOf(action, clip.subset), clips: [] };
        parts.set(key, part);
        part.clips.push({ ...clip, instances: clip.instances.filter((instance) => instance.action === action) });
      }
    }
    return [...parts.values()].map(({ name, clips }): Part => ({ name, dataset: { ...dataset, clips } }));
  },

  // An empty file says nothing about its format.
  recognises(text, fileName) {
    const [first] = withoutMark(text)
      .trimStart()
      .split(/[\r\n]/, 1);
    const [id, ...times] = wordsOf(first);
    return /\.txt$/i.test(fileName) && id !== '' && times.every((time) => Number.isFinite(Number(time)));
  },
};

/** The spans, in seconds, that an `Ambiguous` file leaves out of scoring, by video. */
export function readAmbiguous(
  text: string,
  source: string,
): ReadonlyMap<string, readonly (readonly [number, number])[]> {
  return spansOf(text, source);
}

/** Whether a file of this name marks spans to leave out of scoring. */
export const isAmbiguous = (fileName: string): boolean => /^Ambiguous(_|$)/i.test(baseName(fileName));

// ---- below: internals ----

/** `TouchingFace_val` is an action and a subset. */
function meaningOf(source: string, taxonomy: Taxonomy): { action: Action; subset?: string } {
  const name = baseName(source);
  const find = (label: string) =>
    findAction(label, taxonomy) ?? findAction(label.replace(/(?<=[a-z])(?=[A-Z])/g, ' '), taxonomy);
  const whole = find(name);
  if (whole) return { action: whole };
  for (let at = name.lastIndexOf('_'); at > 0; at = name.lastIndexOf('_', at - 1)) {
    const action = find(name.slice(0, at));
    const suffix = name.slice(at + 1);
    if (action && suffix) return { action, subset: subsets[suffix.toLowerCase()] ?? suffix };
  }
  throw new UserError('bad-annotations', `${source}: its name should say the action: ${whyUnknown(name, taxonomy)}`);
}

/** Labels are looked up without regard to punctuation, so a mark that no file name holds may become another. */
function fileNameOf(action: string, subset: string | undefined): string {
  const suffix = Object.entries(subsets).find(([, name]) => name === subset)?.[0] ?? subset;
  return [action, ...(suffix ? [suffix] : [])].join('_').replace(/[\\/:*?"<>|]/g, '_');
}

/** Video, start and end: the last two words of a line are the times. */
function wordsOf(line: string): [id: string, start: string, end: string] {
  let rest = line.trim();
  const takeLast = () => {
    let at = rest.length;
    while (at > 0 && /\S/.test(rest[at - 1])) at -= 1;
    const word = rest.slice(at);
    rest = rest.slice(0, at).trimEnd();
    return word;
  };
  const end = takeLast();
  const start = takeLast();
  return [rest, start, end];
}

function spansOf(text: string, source: string): Map<string, [start: number, end: number][]> {
  const problems = new Problems(source);
  const spans = new Map<string, [number, number][]>();
  withoutMark(text)
    .split(/\r\n|\r|\n/)
    .forEach((content, i) => {
      if (content.trim() === '') return;
      const [id, ...times] = wordsOf(content);
      const [start, end] = times.map(Number);
      const problem =
        id === '' ? `found ${shown(content)}, expected a video, a start and an end` : spanProblem(start, end);
      if (problem) problems.add(`line ${i + 1}`, problem);
      else if (spans.has(id)) spans.get(id)?.push([start, end]);
      else spans.set(id, [[start, end]]);
    });
  problems.throwIfAny();
  return spans;
}
