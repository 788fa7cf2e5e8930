import { UsageError } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Clip, Dataset } from '../dataset.ts';
import { isSameSubset } from './subsets.ts';

/** What to keep; conditions that are absent keep all. */
export interface Filter {
  /** Names, codes or known variants. Together with `bodyParts`: either will do. */
  readonly actions?: readonly string[];
  /** Codes or names. */
  readonly bodyParts?: readonly string[];
  readonly subsets?: readonly string[];
  readonly subjects?: readonly string[];
  /** Of an instance, inclusive. */
  readonly minSeconds?: number;
  readonly maxSeconds?: number;
  /** Instances without a score, coded by people, stay. */
  readonly minScore?: number;
  /** Leaves out clips that keep no instance. Default false. */
  readonly dropEmptyClips?: boolean;
}

/**
 * Keeps the clips and the instances that meet all conditions.
 *
 * @throws UserError `unknown-action`
 * @throws UsageError for a body part, subset or subject that does not exist, with those that do
 */
export function filterDataset(dataset: Dataset, filter: Filter): Dataset {
  const { clips, taxonomy } = dataset;
  const inSubset = known(
    'subset',
    filter.subsets,
    clips.map(({ subset }) => subset),
    isSameSubset,
  );
  const ofSubject = known(
    'subject',
    filter.subjects,
    clips.map(({ subject }) => subject),
  );
  const actions = wantedActions(taxonomy, filter);
  const { minSeconds = Number.NEGATIVE_INFINITY, maxSeconds = Number.POSITIVE_INFINITY, minScore = 0 } = filter;
  const kept = clips.flatMap((clip): Clip[] => {
    if (!inSubset(clip.subset) || !ofSubject(clip.subject)) return [];
    const instances = clip.instances.filter(({ action, start, end, score = 1 }) => {
      const seconds = end - start;
      return (!actions || actions.has(action)) && seconds >= minSeconds && seconds <= maxSeconds && score >= minScore;
    });
    return filter.dropEmptyClips && instances.length === 0 ? [] : [{ ...clip, instances }];
  });
  return { ...dataset, clips: kept };
}

// ---- below: internals ----

function wantedActions(taxonomy: Taxonomy, { actions, bodyParts }: Filter): Set<string> | undefined {
  if (!actions && !bodyParts) return undefined;
  const wanted = new Set(actions?.map((name) => taxonomy.get(name).name));
  for (const text of bodyParts ?? []) {
    const key = text.trim().toLowerCase();
    const part = taxonomy.bodyParts.find(({ code, name }) => [code, name].some((one) => one.toLowerCase() === key));
    if (!part) {
      const all = taxonomy.bodyParts.map(({ code, name }) => `${code} (${name})`).join(', ');
      throw new UsageError(`There is no body part "${text}"; there are ${all}.`);
    }
    for (const { name } of taxonomy.actionsOf(part.code)) wanted.add(name);
  }
  return wanted;
}

/** Wanted values as a set, each of which must occur. */
/** Whether a value is one of those wanted; of all that there are, unless some are. @throws UsageError for one that is not there */
function known(
  what: string,
  wanted: readonly string[] | undefined,
  found: readonly (string | undefined)[],
  isSame = (one: string, other: string): boolean => one === other,
): (value: string | undefined) => boolean {
  if (!wanted) return () => true;
  const existing = [...new Set(found.filter((value) => value !== undefined))];
  const missing = wanted.find((value) => !existing.some((one) => isSame(one, value)));
  if (missing !== undefined) {
    const some = existing.length > 0 ? `there are ${existing.slice(0, 10).join(', ')}` : 'the clips name none';
    throw new UsageError(`There is no ${what} "${missing}"; ${some}${existing.length > 10 ? ', ...' : ''}.`);
  }
  const kept = new Set(existing.filter((one) => wanted.some((value) => isSame(one, value))));
  return (value) => value !== undefined && kept.has(value);
}
