import type { Results } from '../../contract/results.ts';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import type { ComparableCoders } from './coderAgreement.ts';
import { type PlainCoders, type PlainDataset, plain } from './plainDataset.ts';
import { cached } from './resultsCache.ts';
import { resultsThread } from './resultsThread.ts';
import { datasetOf, noteLooks } from './sources.ts';

/** How far coders agree, at both levels. */
export function agreementOf(
  studio: StudioContext,
  scope: ProjectScope,
  comparable: ComparableCoders,
): Promise<NonNullable<Results['agreement']>> {
  const shown = comparable.codings.flat();
  noteLooks(studio, scope, shown);
  return cached(studio, scope, shown, 'agreement', async () =>
    resultsThread.run('agreement', await codersData(studio, scope, comparable)),
  );
}

/** What they coded. */
export async function codersData(
  studio: StudioContext,
  scope: ProjectScope,
  { coders, codings }: ComparableCoders,
): Promise<PlainCoders> {
  const datasets: PlainDataset[] = [];
  for (const theirs of codings) datasets.push(plain(await datasetOf(studio, scope, theirs)));
  return { coders, datasets, agreedAboveIou: scope.project.agreedAboveIou };
}
