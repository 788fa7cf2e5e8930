import type { Selectable } from 'kysely';
import type { CodingSummary } from '../../contract/coding.ts';
import type { ProjectScope, VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import type { CodingTable, VideoTable } from '../store/tables.ts';
import { readable } from './visibility.ts';

/** All codings of a video as the asker may see them: of hidden ones only that they are there. */
export function codingSummaries(studio: StudioContext, scope: VideoScope): CodingSummary[] {
  return codingSummariesByVideo(studio, scope, [scope.video]).get(scope.video.id) ?? [];
}

/** As `codingSummaries` for many videos of one project at once, by the video's id. Videos without any are left out. */
export function codingSummariesByVideo(
  { store }: StudioContext,
  scope: ProjectScope,
  videos: readonly Selectable<VideoTable>[],
): Map<string, CodingSummary[]> {
  const { sql } = store;
  // One video, or all of the project: a list of ids could be longer than a query may be.
  const only = videos.length === 1 ? videos[0].id : undefined;
  const codings = store.all(
    sql
      .selectFrom('coding')
      .innerJoin('video', 'video.id', 'coding.video')
      .selectAll('coding')
      .where('video.project', '=', scope.project.id)
      .$if(only !== undefined, (query) => query.where('video.id', '=', only!))
      .orderBy('coding.createdAt')
      .orderBy('coding.id'),
  );
  const counts = store.all(
    sql
      .selectFrom('instance')
      .innerJoin('coding', 'coding.id', 'instance.coding')
      .innerJoin('video', 'video.id', 'coding.video')
      .select(['instance.coding', 'instance.state', sql.fn.countAll<number>().as('count')])
      .where('video.project', '=', scope.project.id)
      .$if(only !== undefined, (query) => query.where('video.id', '=', only!))
      .where('instance.deleted', '=', 0)
      .groupBy(['instance.coding', 'instance.state']),
  );
  const countBy = new Map(counts.map(({ coding, state, count }) => [`${coding} ${state}`, count]));
  const countOf = (coding: string, state: string) => countBy.get(`${coding} ${state}`) ?? 0;
  const names = new Map(store.all(sql.selectFrom('account').select(['id', 'name'])).map(({ id, name }) => [id, name]));
  const byVideo = Map.groupBy(codings, ({ video }) => video);
  const asked = videos.filter(({ id }) => byVideo.has(id));
  return new Map(
    asked.map((video) => {
      const all = byVideo.get(video.id)!;
      const open = new Set(readable({ ...scope, video }, all));
      return [video.id, all.map((coding) => summary(coding, names, open.has(coding) ? countOf : undefined))];
    }),
  );
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
