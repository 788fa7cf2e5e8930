import { UserError } from 'microaction';
import type { Comparison } from '../../contract/results.ts';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { type PlainComparison, plain } from './plainDataset.ts';
import { inResultsThread } from './resultsThread.ts';
import { datasetOf, noteLooks, ofSource, readableCodings } from './sources.ts';

export interface ComparedSources {
  /** Key of a source. */
  readonly model: string;
  readonly against: string;
  readonly video?: string;
}

/** A model against a coder or the final codings. @throws UserError `no-such-source` */
export function compareSources(
  studio: StudioContext,
  scope: ProjectScope,
  sources: ComparedSources,
): Promise<Comparison> {
  const { model, against } = sources;
  return inResultsThread('comparison', { model, against, data: comparedData(studio, scope, sources) });
}

/** Both sides' codings of the videos that both are of. @throws UserError `no-such-source`, `not-a-model` */
export function comparedData(
  studio: StudioContext,
  scope: ProjectScope,
  { model, against, video }: ComparedSources,
): PlainComparison {
  if (!model.startsWith('model:')) {
    throw new UserError(
      'not-a-model',
      `Found "${model}" to be compared, expected a model: its instances have scores to rank them by.`,
    );
  }
  const codings = readableCodings(studio, scope, video);
  const [found, truths] = [ofSource(codings, model), ofSource(codings, against)];
  const inTruth = new Set(truths.map((one) => one.video.id));
  const predictions = found.filter((one) => inTruth.has(one.video.id));
  const predicted = new Set(predictions.map((one) => one.video.id));
  const truth = truths.filter((one) => predicted.has(one.video.id));
  noteLooks(studio, scope, [...predictions, ...truth]);
  return { predictions: plain(datasetOf(studio, scope, predictions)), truth: plain(datasetOf(studio, scope, truth)) };
}
