import type { Dataset } from 'microaction';
import { type AgreementReport, agreementBetween } from 'microaction/agreement';
import type { Results } from '../../contract/results.ts';
import type { SourcedCoding } from './sources.ts';

type AgreementFigures = NonNullable<Results['agreement']>['figures'];

/** Coders whose codings can be compared. */
export interface ComparableCoders {
  /** Their names. */
  readonly coders: readonly string[];
  /** The codings of each, all of the same videos. */
  readonly codings: readonly (readonly SourcedCoding[])[];
}

/**
 * Coders who coded and submitted the same videos. Not every video may be coded by the same people; taken is the group of
 * coders that gives the most pairs of codings to compare.
 *
 * @returns null where no video has two
 */
export function comparableCoders(codings: readonly SourcedCoding[]): ComparableCoders | null {
  const submitted = codings.filter(({ coding }) => coding.kind === 'coder' && coding.status === 'submitted');
  const byVideo = Map.groupBy(submitted, ({ video }) => video.id);
  const group = bestGroup([...byVideo.values()].map((some) => new Set(some.map(({ source }) => source))));
  if (!group) return null;
  const videos = [...byVideo.values()].filter((some) =>
    group.every((source) => some.some((one) => one.source === source)),
  );
  const theirs = group
    .map((source) => videos.flatMap((some) => some.filter((one) => one.source === source)))
    .sort(([a], [b]) => a.title.localeCompare(b.title));
  return { coders: theirs.map(([{ title }]) => title), codings: theirs };
}

export interface CodersDatasets {
  /** Their names. */
  readonly coders: readonly string[];
  /** One a coder, all of the same videos. */
  readonly datasets: readonly Dataset[];
  /** Of the data set's rule. */
  readonly agreedAboveIou: number;
}

/** Their agreement at one level, with 95 % intervals. */
export function agreementReport({ datasets, ...options }: CodersDatasets, level: 'action' | 'body'): AgreementReport {
  return agreementBetween(datasets, { ...options, level, resamples: resamplesFor(datasets) });
}

/** The figures of a report, each with what it means. */
export function agreementFigures({ overall, pairs, level, settings }: AgreementReport): AgreementFigures {
  const what = level === 'action' ? 'action' : 'body part';
  const two = pairs.length === 1;
  const percent = Math.round(100 * settings.agreedAboveIou);
  return [
    {
      name: two ? "Cohen's kappa" : "Fleiss' kappa",
      meaning: `How far the coders agree, tenth of a second by tenth, which ${what} is on, beyond what chance would give: 1 is perfect, 0 is chance.`,
      estimate: two ? pairs[0].overall.cohensKappa : overall.fleissKappa,
    },
    {
      name: "Krippendorff's alpha",
      meaning: `The same agreement on time with a correction for few samples; 0.8 and above is commonly called reliable, below 0.667 not.`,
      estimate: overall.alpha,
    },
    {
      name: 'Unitised alpha',
      meaning: `Krippendorff's alpha for stretches of time: counts how much of each coded ${what} the others coded, from when to when included.`,
      estimate: overall.unitisedAlpha,
    },
    {
      name: 'F1 of events',
      meaning: `Of the movements that one coder saw, the share that another saw too, with a temporal IoU of at least ${settings.event.minIou}; both directions averaged.`,
      estimate: overall.f1,
    },
    {
      name: 'Agreed by all',
      meaning: `The data set's own rule: the share of movements that all coders gave with a temporal IoU above ${percent / 100}.`,
      estimate: overall.agreedByAll.share,
    },
  ].map((figure) => ({ ...figure, level }));
}

// ---- below: internals ----

/** An interval comes from drawing videos again: 1000 times, fewer where it would take seconds; of one video never. */
function resamplesFor(datasets: readonly Dataset[]): number {
  if (datasets[0].clips.length < 2) return 0;
  const instances = datasets.flatMap(({ clips }) => clips).reduce((sum, clip) => sum + clip.instances.length, 0);
  return Math.round(Math.min(1000, Math.max(200, 1e7 / Math.max(instances, 1))));
}

/** Of all groups that coded a video together, and all pairs, the one with the most pairs of codings. */
function bestGroup(videos: readonly ReadonlySet<string>[]): string[] | undefined {
  const everybody = [...new Set(videos.flatMap((coders) => [...coders]))].sort();
  const pairs = everybody.flatMap((a, i) => everybody.slice(i + 1).map((b) => [a, b]));
  const together = videos.map((coders) => [...coders].sort());
  let best: string[] | undefined;
  let most = 0;
  for (const group of [...together, ...pairs]) {
    const common = videos.filter((coders) => group.every((coder) => coders.has(coder))).length;
    const value = (common * group.length * (group.length - 1)) / 2;
    if (value > most) [best, most] = [group, value];
  }
  return best;
}
