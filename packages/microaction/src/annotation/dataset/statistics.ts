import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Clip, Dataset } from '../dataset.ts';
import { type Concurrency, type ConcurrencyOptions, concurrencyOf } from './concurrency.ts';
import { type Cooccurrence, cooccurrenceOf } from './cooccurrence.ts';
import { type Durations, durationsOf } from './durations.ts';

export interface StatisticsOptions extends ConcurrencyOptions {
  /**
   * Counts the time of every clip at this many frames a second, whatever its own rate: 30 gives the numbers of
   * the MMA-52 paper, a fifth of whose videos run at 29. Clips of unknown rate keep their seconds.
   */
  readonly countAtFrameRate?: number;
}

export interface DatasetStatistics {
  readonly all: SubsetStatistics;
  /** In order of appearance; clips of no subset stand under null. */
  readonly subsets: readonly SubsetStatistics[];
}

/** A row of Table 1 of the MMA-52 paper and what its figures 3 and 4 show. Times in seconds unless named. */
export interface SubsetStatistics {
  /** Null for clips that name none; undefined for the whole data set. */
  readonly subset?: string | null;
  readonly videos: number;
  readonly instances: number;
  /** Of the videos of known length. */
  readonly hours: number;
  readonly meanVideoSeconds: number | null;
  readonly videosOfUnknownLength: number;
  /** How many people; null where no clip names its subject. */
  readonly subjects: number | null;
  readonly instancesPerVideo: number | null;
  readonly instanceSeconds: Durations;
  /** One row an action of the taxonomy, in order of id, empty ones too. */
  readonly actions: readonly ActionStatistics[];
  readonly bodyParts: readonly BodyPartStatistics[];
  /** How many videos hold so many instances; from 0 to the most found, without holes. */
  readonly videosByInstances: readonly { readonly instances: number; readonly videos: number }[];
  readonly concurrency: Concurrency;
  readonly cooccurrence: { readonly actions: Cooccurrence; readonly bodyParts: Cooccurrence };
}

export interface LabelStatistics extends Durations {
  readonly instances: number;
  /** Of all instances, 0 to 1. */
  readonly share: number;
  /** Videos that hold at least one. */
  readonly videos: number;
}

export interface ActionStatistics extends LabelStatistics {
  readonly id: number;
  readonly action: string;
  /** Code of the body part. */
  readonly bodyPart: string;
}

export interface BodyPartStatistics extends LabelStatistics {
  readonly code: string;
  readonly bodyPart: string;
}

/**
 * Counts a data set. Time and memory grow with instances and with overlapping pairs of instances.
 *
 * @throws UserError `unknown-action` where an instance's action is not of the taxonomy
 */
export function statisticsOf(dataset: Dataset, options: StatisticsOptions = {}): DatasetStatistics {
  const clips = dataset.clips.map((clip) => atFrameRate(clip, options));
  const bySubset = Map.groupBy(clips, ({ subset }) => subset ?? null);
  const all = subsetStatistics(clips, dataset.taxonomy, options);
  const subsets = [...bySubset].map(([subset, some]) => {
    return { subset, ...(some.length === clips.length ? all : subsetStatistics(some, dataset.taxonomy, options)) };
  });
  return { all, subsets };
}

// ---- below: internals ----

function atFrameRate(clip: Clip, { countAtFrameRate: frameRate }: StatisticsOptions): Clip {
  if (frameRate === undefined || clip.frameRate === undefined || clip.frameRate === frameRate) return clip;
  const factor = clip.frameRate / frameRate;
  return {
    ...clip,
    frameRate,
    ...(clip.durationSeconds !== undefined && { durationSeconds: clip.durationSeconds * factor }),
    instances: clip.instances.map((one) => ({ ...one, start: one.start * factor, end: one.end * factor })),
  };
}

function subsetStatistics(clips: readonly Clip[], taxonomy: Taxonomy, options: StatisticsOptions): SubsetStatistics {
  const lengths = clips.flatMap(({ durationSeconds }) => durationSeconds ?? []);
  const seconds = lengths.reduce((sum, length) => sum + length, 0);
  const subjects = new Set(clips.flatMap(({ subject }) => subject ?? []));
  const instances = clips.reduce((sum, clip) => sum + clip.instances.length, 0);
  const actionOf = memo((name: string) => taxonomy.get(name).name);
  const partOf = memo((name: string) => taxonomy.bodyPartOf(name).code);
  const perAction = labelStatistics(clips, actionOf, instances);
  const perPart = labelStatistics(clips, partOf, instances);
  const none: LabelStatistics = { instances: 0, share: 0, videos: 0, ...durationsOf([]) };
  return {
    videos: clips.length,
    instances,
    hours: seconds / 3600,
    meanVideoSeconds: lengths.length > 0 ? seconds / lengths.length : null,
    videosOfUnknownLength: clips.length - lengths.length,
    subjects: subjects.size > 0 ? subjects.size : null,
    instancesPerVideo: clips.length > 0 ? instances / clips.length : null,
    instanceSeconds: durationsOf(clips.flatMap((clip) => clip.instances.map(({ start, end }) => end - start))),
    actions: taxonomy.actions.map(({ id, name, bodyPart }) => ({
      id,
      action: name,
      bodyPart,
      ...(perAction.get(name) ?? none),
    })),
    bodyParts: taxonomy.bodyParts.map(({ code, name }) => ({ code, bodyPart: name, ...(perPart.get(code) ?? none) })),
    videosByInstances: videosByInstances(clips),
    concurrency: concurrencyOf(clips, options),
    cooccurrence: {
      actions: cooccurrenceOf(
        clips,
        taxonomy.actions.map(({ name }) => name),
        actionOf,
      ),
      bodyParts: cooccurrenceOf(
        clips,
        taxonomy.bodyParts.map(({ name }) => name),
        memo((name: string) => taxonomy.bodyPartOf(name).name),
      ),
    },
  };
}

function labelStatistics(
  clips: readonly Clip[],
  labelOf: (action: string) => string,
  total: number,
): Map<string, LabelStatistics> {
  const seconds = new Map<string, number[]>();
  const videos = new Map<string, number>();
  for (const { instances } of clips) {
    const present = new Set<string>();
    for (const { action, start, end } of instances) {
      const label = labelOf(action);
      present.add(label);
      const list = seconds.get(label);
      if (list) list.push(end - start);
      else seconds.set(label, [end - start]);
    }
    for (const label of present) videos.set(label, (videos.get(label) ?? 0) + 1);
  }
  return new Map(
    [...seconds].map(([label, list]) => [
      label,
      { instances: list.length, share: list.length / total, videos: videos.get(label)!, ...durationsOf(list) },
    ]),
  );
}

function videosByInstances(clips: readonly Clip[]): SubsetStatistics['videosByInstances'] {
  const counts: number[] = [];
  for (const { instances } of clips) counts[instances.length] = (counts[instances.length] ?? 0) + 1;
  return Array.from(counts, (videos, instances) => ({ instances, videos: videos ?? 0 }));
}

/** Look-ups by name fold case and marks, which is slow to do for every instance. */
function memo<T>(look: (name: string) => T): (name: string) => T {
  const seen = new Map<string, T>();
  return (name) => {
    const known = seen.get(name);
    if (known !== undefined) return known;
    const found = look(name);
    seen.set(name, found);
    return found;
  };
}
