import { UserError } from 'microaction';
import type { Comparison } from '../../contract/results.ts';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { type PlainComparison, plain } from './plainDataset.ts';
import { cached } from './resultsCache.ts';
import { resultsThread } from './resultsThread.ts';
import { datasetOf, noteLooks, ofSource, readableCodings, type SourcedCoding } from './sources.ts';

export interface ComparedSources {
  /** Key of a source. */
  readonly model: string;
  readonly against: string;
  readonly video?: string;
}

/** A model's codings and those they are held against, of the videos that both are of. */
export interface ComparedCodings {
  readonly predictions: readonly SourcedCoding[];
  readonly truth: readonly SourcedCoding[];
}

/** A model against a coder or the final codings. @throws UserError `no-such-source`, `not-a-model` */
export function compareSources(
  studio: StudioContext,
  scope: ProjectScope,
  sources: ComparedSources,
): Promise<Comparison> {
  const { model, against, video } = sources;
  const compared = comparedCodings(readableCodings(studio, scope, video), sources);
  const shown = [...compared.predictions, ...compared.truth];
  noteLooks(studio, scope, shown);
  return cached(studio, scope, shown, ['comparison', model, against], async () =>
    resultsThread.run('comparison', { model, against, data: await comparisonData(studio, scope, compared) }),
  );
}

/** @throws UserError `no-such-source`, `not-a-model` */
export function comparedCodings(
  codings: readonly SourcedCoding[],
  { model, against }: Pick<ComparedSources, 'model' | 'against'>,
): ComparedCodings {
  if (!model.startsWith('model:')) {
    const message = `Found "${model}" to be compared, expected a model: its instances have scores to rank them by.`;
    throw new UserError('not-a-model', message);
  }
  const [found, truths] = [ofSource(codings, model), ofSource(codings, against)];
  const inTruth = new Set(truths.map(({ video }) => video.id));
  const predictions = found.filter(({ video }) => inTruth.has(video.id));
  const predicted = new Set(predictions.map(({ video }) => video.id));
  return { predictions, truth: truths.filter(({ video }) => predicted.has(video.id)) };
}

/** What both sides say. */
export async function comparisonData(
  studio: StudioContext,
  scope: ProjectScope,
  { predictions, truth }: ComparedCodings,
): Promise<PlainComparison> {
  return {
    predictions: plain(await datasetOf(studio, scope, predictions)),
    truth: plain(await datasetOf(studio, scope, truth)),
  };
}
