import type { Instance } from '../annotation/dataset.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { levelsOf, secondsTogether } from './levels.ts';

/** Kinds of features: of single actions, of body parts, of two body parts at once. */
export const featureGroups = ['action', 'part', 'together'] as const;
export type FeatureGroup = (typeof featureGroups)[number];

/**
 * The names of what `videoFeatures` measures, in its order:
 *
 * - `all/per_minute`: instances a minute;
 * - `action/NAME/per_minute`, `/share`, `/seconds`, `/maximum`: instances a minute, share of the video's time,
 *   mean length in seconds, highest score; the same of each body part as `part/NAME/...`;
 * - `together/PART+PART/share`: share of the video's time in which both are active.
 *
 * An instance counts by its score in all but the maximum, so that many doubtful ones weigh as a few sure ones; what
 * people coded counts 1. A label that does not occur has zeros.
 */
export function featureNames(taxonomy: Taxonomy, groups: readonly FeatureGroup[] = featureGroups): string[] {
  const of = (group: FeatureGroup, labels: readonly string[]) =>
    groups.includes(group) ? labels.flatMap((label) => measures.map((measure) => `${label}/${measure}`)) : [];
  const { actions, parts, pairs } = labelsOf(taxonomy);
  return [
    'all/per_minute',
    ...of('action', actions),
    ...of('part', parts),
    ...(groups.includes('together')
      ? pairs.map((pair) => `together/${pair.map((part) => part.slice('part/'.length)).join('+')}/share`)
      : []),
  ];
}

/**
 * What the micro-actions of one video say about it as numbers, in the order of `featureNames`.
 *
 * @param video - what was coded or found in it, with scores or without
 */
export function videoFeatures(
  { durationSeconds, instances }: { readonly durationSeconds: number; readonly instances: readonly Instance[] },
  taxonomy: Taxonomy,
  groups: readonly FeatureGroup[] = featureGroups,
): Float64Array {
  const minutes = durationSeconds / 60;
  const { actions, parts, pairs } = labelsOf(taxonomy);
  const both = (action: string) => [`action/${action}`, `part/${taxonomy.bodyPartOf(action).name}`];
  const levels = levelsOf(instances, durationSeconds, both);
  const byLabel = new Map<string, Instance[]>();
  for (const instance of instances) {
    for (const label of both(instance.action)) {
      const some = byLabel.get(label);
      if (some) some.push(instance);
      else byLabel.set(label, [instance]);
    }
  }
  const measured = (label: string): number[] => {
    const some = byLabel.get(label) ?? [];
    const weight = sum(some, scoreOf);
    return [
      weight / minutes,
      secondsTogether(levels, [label]) / durationSeconds,
      weight > 0 ? sum(some, (one) => scoreOf(one) * (one.end - one.start)) / weight : 0,
      some.reduce((most, one) => Math.max(most, scoreOf(one)), 0),
    ];
  };
  return Float64Array.from([
    sum(instances, scoreOf) / minutes,
    ...(groups.includes('action') ? actions.flatMap(measured) : []),
    ...(groups.includes('part') ? parts.flatMap(measured) : []),
    ...(groups.includes('together') ? pairs.map((pair) => secondsTogether(levels, pair) / durationSeconds) : []),
  ]);
}

// ---- below: internals ----

const measures = ['per_minute', 'share', 'seconds', 'maximum'] as const;

const scoreOf = ({ score = 1 }: Instance) => score;

const sum = (some: readonly Instance[], of: (one: Instance) => number) =>
  some.reduce((total, one) => total + of(one), 0);

function labelsOf(taxonomy: Taxonomy): { actions: string[]; parts: string[]; pairs: [string, string][] } {
  const parts = taxonomy.bodyParts.map(({ name }) => `part/${name}`);
  return {
    actions: taxonomy.actions.map(({ name }) => `action/${name}`),
    parts,
    pairs: parts.flatMap((one, i) => parts.slice(i + 1).map((other): [string, string] => [one, other])),
  };
}
