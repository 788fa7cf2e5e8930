import type { Selectable } from 'kysely';
import type { CodingSummary } from '../../contract/coding.ts';
import type { VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import type { CodingTable } from '../store/tables.ts';
import { readable } from './visibility.ts';

/** All codings of a video as the asker may see them: of hidden ones only that they are there. */
export function codingSummaries({ store }: StudioContext, scope: VideoScope): CodingSummary[] {
  const { sql } = store;
  const codings = store.all(
    sql.selectFrom('coding').selectAll().where('video', '=', scope.video.id).orderBy('createdAt').orderBy('id'),
  );
  const open = new Set(readable(scope, codings));
  const counts = store.all(
    sql
      .selectFrom('instance')
      .innerJoin('coding', 'coding.id', 'instance.coding')
      .select(['instance.coding', 'instance.state', sql.fn.countAll<number>().as('count')])
      .where('coding.video', '=', scope.video.id)
      .where('instance.deleted', '=', 0)
      .groupBy(['instance.coding', 'instance.state']),
  );
  const countOf = (coding: string, state: string) =>
    counts.find((row) => row.coding === coding && row.state === state)?.count ?? 0;
  const names = new Map(store.all(sql.selectFrom('account').select(['id', 'name'])).map(({ id, name }) => [id, name]));
  return codings.map((coding) => summary(coding, names, open.has(coding) ? countOf : undefined));
}

// ---- below: internals ----

function summary(
  { id, video, kind, account, model, status, submittedAt, revision }: Selectable<CodingTable>,
  names: ReadonlyMap<string, string>,
  countOf: ((coding: string, state: string) => number) | undefined,
): CodingSummary {
  return {
    id,
    video,
    kind,
    account,
    title: kind === 'coder' ? (names.get(account ?? '') ?? '') : (model ?? 'final'),
    status,
    submittedAt,
    revision: countOf ? revision : 0,
    hidden: !countOf,
    instanceCount: countOf?.(id, 'coded') ?? null,
    proposalCount: countOf?.(id, 'proposed') ?? null,
  };
}
