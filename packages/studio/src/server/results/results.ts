import type { Clip } from 'microaction';
import type { FigureName, Results } from '../../contract/results.ts';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { agreementOf } from './agreementOf.ts';
import { taxonomyOf } from './codedContent.ts';
import { comparableCoders } from './coderAgreement.ts';
import { sharedTime } from './cooccurrence.ts';
import { labelsAt, type ResultLevel } from './labels.ts';
import { datasetOf, defaultSource, noteLooks, ofSource, readableCodings, sourcesOf } from './sources.ts';
import { secondsOf, timeBudget } from './timeBudget.ts';
import { transitionsOf } from './transitions.ts';

export interface ResultsOptions {
  /** Key of a source; absent: as `defaultSource`. */
  readonly source?: string;
  /** One video only. */
  readonly video?: string;
  /** Of transitions and co-occurrence. */
  readonly level: ResultLevel;
}

/** Time budget, transitions and co-occurrence of a source; agreement of the coders. */
export async function resultsOf(studio: StudioContext, scope: ProjectScope, options: ResultsOptions): Promise<Results> {
  const codings = readableCodings(studio, scope, options.video);
  const sources = sourcesOf(studio, scope, codings);
  const source = options.source ?? defaultSource(scope, codings);
  const chosen = source === null ? [] : ofSource(codings, source);
  const taxonomy = taxonomyOf(scope.project);
  const { clips } = datasetOf(studio, scope, chosen);
  const { labels, labelOf } = labelsAt(taxonomy, options.level);
  const comparable = comparableCoders(codings);
  noteLooks(studio, scope, chosen);
  return {
    sources,
    source,
    videos: clips.length,
    totalSeconds: secondsOf(clips),
    budget: source === null ? [] : timeBudget(clips, taxonomy),
    transitions: transitionsOf(clips, labels, labelOf),
    cooccurrence: sharedTime(clips, labels, labelOf),
    agreement: comparable && (await agreementOf(studio, scope, comparable)),
    figures: figuresFor(clips, comparable !== null),
  };
}

// ---- below: internals ----

function figuresFor(clips: readonly Clip[], isComparable: boolean): FigureName[] {
  const hasInstances = clips.some(({ instances }) => instances.length > 0);
  const ofSource: FigureName[] = [
    ...(clips.length === 1 ? (['ethogram'] as const) : []),
    ...(['time-budget', 'instances', 'durations', 'transitions', 'co-occurrence', 'concurrency'] as const),
  ];
  return [...(hasInstances ? ofSource : []), ...(isComparable ? (['agreement'] as const) : [])];
}
