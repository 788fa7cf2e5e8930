import { Problems, shown } from '../problems.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { type Clip, compareInstances, type Dataset, type Instance } from './dataset.ts';

/** What is wrong with the span of an instance, in words; undefined when nothing is. Seconds. */
export function spanProblem(start: number, end: number): string | undefined {
  if (!Number.isFinite(start)) return `start: found ${shown(start)}, expected seconds`;
  if (!Number.isFinite(end)) return `end: found ${shown(end)}, expected seconds`;
  if (start < 0) return `start: found ${start}, expected 0 or more`;
  if (start >= end) return `start ${start} must be before end ${end}`;
  return undefined;
}

/**
 * That a data set is what its types promise: ids unique, actions of its taxonomy under their canonical
 * names, times finite with 0 <= start < end, scores 0 to 1.
 *
 * @throws UserError `bad-annotations` with all that is wrong
 */
export function checkDataset(dataset: Dataset, source = 'The data set'): void {
  const problems = new Problems(source);
  const ids = new Set<string>();
  for (const clip of dataset.clips) {
    if (clip.id === '') problems.add('a video', 'its id is empty');
    if (ids.has(clip.id)) problems.add(`video ${shown(clip.id)}`, 'the id occurs twice');
    ids.add(clip.id);
    for (const field of ['durationSeconds', 'frameRate', 'widthPixels', 'heightPixels'] as const) {
      const value = clip[field];
      if (value === undefined || (Number.isFinite(value) && value > 0)) continue;
      problems.add(`video ${shown(clip.id)}`, `${field}: found ${shown(value)}, expected a number above 0`);
    }
    clip.instances.forEach((instance, index) => {
      const problem = instanceProblem(instance, dataset.taxonomy);
      if (problem) problems.add(`video ${shown(clip.id)}, instance ${index}`, problem);
    });
  }
  problems.throwIfAny();
}

/** A clip with its times rounded to milliseconds, none shorter than one, in order. */
export function roundTimes(clip: Clip): Clip {
  const instances = clip.instances.map((instance): Instance => {
    const [start, end] = millisecondsOf(instance);
    return { ...instance, start: start / 1000, end: end / 1000 };
  });
  return { ...clip, instances: instances.sort(compareInstances) };
}

/** Start and end in whole milliseconds, at least one apart. */
export function millisecondsOf(span: { readonly start: number; readonly end: number }): [start: number, end: number] {
  const start = Math.round(span.start * 1000);
  return [start, Math.max(start + 1, Math.round(span.end * 1000))];
}

// ---- below: internals ----

function instanceProblem({ action, start, end, score }: Instance, taxonomy: Taxonomy): string | undefined {
  if (taxonomy.find(action)?.name !== action) {
    return `action: found ${shown(action)}, expected a canonical name of the taxonomy ${taxonomy.name}`;
  }
  if (score !== undefined && !(score >= 0 && score <= 1)) return `score: found ${shown(score)}, expected 0 to 1`;
  return spanProblem(start, end);
}
