import type { FigureName, Results } from '../../contract/results.ts';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { agreementOf } from './agreementOf.ts';
import { comparableCoders } from './coderAgreement.ts';
import type { ResultLevel } from './labels.ts';
import { plain } from './plainDataset.ts';
import { cached } from './resultsCache.ts';
import { resultsThread } from './resultsThread.ts';
import { datasetOf, defaultSource, noteLooks, ofSource, readableCodings, sourcesOf } from './sources.ts';

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
  const { level, video } = options;
  const codings = readableCodings(studio, scope, video);
  const source = options.source ?? defaultSource(scope, codings);
  const chosen = source === null ? [] : ofSource(codings, source);
  const comparable = comparableCoders(codings);
  noteLooks(studio, scope, chosen);
  const [sources, times, agreement] = await Promise.all([
    cached(studio, scope, codings, 'sources', async () => sourcesOf(studio, scope, codings)),
    cached(studio, scope, chosen, ['times', level], async () =>
      resultsThread.run('times', { level, data: plain(await datasetOf(studio, scope, chosen)) }),
    ),
    comparable && agreementOf(studio, scope, comparable),
  ]);
  const hasInstances = times.budget.some(({ count }) => count > 0);
  const hasTransitions = times.transitions.counts.flat().some((count) => count > 0);
  return {
    ...{ sources, source, ...times, agreement },
    ...(source === null && { budget: [] }),
    figures: [
      ...(hasInstances && chosen.length === 1 ? (['ethogram'] as const) : []),
      ...(hasInstances ? figuresOfAny.filter((name) => name !== 'transitions' || hasTransitions) : []),
      ...(comparable ? (['agreement'] as const) : []),
    ],
  };
}

// ---- below: internals ----

/** Of codings of one or many videos. */
const figuresOfAny = [
  'time-budget',
  'instances',
  'durations',
  'transitions',
  'co-occurrence',
  'concurrency',
] as const satisfies readonly FigureName[];
