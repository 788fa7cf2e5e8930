import type { Clip } from '../annotation/dataset.ts';
import { Problems } from '../problems.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import { type FeatureGroup, featureGroups, featureNames, videoFeatures } from './videoFeatures.ts';

export interface FeatureSettings {
  /** Default all. */
  readonly groups?: readonly FeatureGroup[];
  /** Instances with a lower score are passed over. Default 0. */
  readonly minScore?: number;
  /** A vector for each video, from a network that saw it, by video id; all of one length. */
  readonly clipFeatures?: ReadonlyMap<string, ArrayLike<number>>;
}

/** A row of numbers for each video. */
export interface FeatureTable {
  readonly names: readonly string[];
  readonly videos: readonly string[];
  /** `[videos, names]`. */
  readonly features: Matrix;
  /** Videos in which nothing was found or coded: zeros. */
  readonly withoutActions: readonly string[];
}

/**
 * Measures each clip; clip features stand last, as `clip/0`, `clip/1` ...
 *
 * @throws UserError `bad-annotations` where a video has no length, occurs twice, lacks clip features, or has more or fewer than others
 */
export function featureTable(clips: readonly Clip[], taxonomy: Taxonomy, settings: FeatureSettings = {}): FeatureTable {
  const { groups = featureGroups, minScore = 0, clipFeatures } = settings;
  const kept = clips.map((clip) => ({
    ...clip,
    instances: clip.instances.filter(({ score = 1 }) => score >= minScore),
  }));
  const problems = new Problems('The videos');
  const seen = new Set<string>();
  const channels = clipFeatures?.values().next().value?.length ?? 0;
  const rows = kept.map((clip) => {
    if (seen.has(clip.id)) problems.add(clip.id, 'found twice, expected one set of annotations a video');
    seen.add(clip.id);
    const own = clipFeatures?.get(clip.id);
    if (clipFeatures && !own) problems.add(clip.id, 'found no clip features, expected some for each video');
    else if (own && own.length !== channels)
      problems.add(clip.id, `found ${own.length} clip features, expected ${channels}`);
    const { durationSeconds, instances } = clip;
    if (durationSeconds === undefined) {
      problems.add(
        clip.id,
        'found no length of the video, expected seconds: in the annotations, or as a column duration of the table of emotions',
      );
      return [];
    }
    return [...videoFeatures({ durationSeconds, instances }, taxonomy, groups), ...Array.from(own ?? [])];
  });
  problems.throwIfAny();
  const names = [...featureNames(taxonomy, groups), ...Array.from({ length: channels }, (_, c) => `clip/${c}`)];
  return {
    names,
    videos: kept.map(({ id }) => id),
    features: matrixOf(rows, names.length),
    withoutActions: kept.flatMap(({ id, instances }) => (instances.length === 0 ? [id] : [])),
  };
}
