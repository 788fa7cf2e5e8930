import { type ExpressionBuilder, sql as rawSql, type Selectable } from 'kysely';
import type { CodingSummary } from '../../contract/coding.ts';
import type { ProjectScope, VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import type { CodingTable, Tables, VideoTable } from '../store/tables.ts';
import { readable } from './visibility.ts';

/** All codings of a video as the asker may see them, in the order they were made: of hidden ones only that they are there. */
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
      .select((e) => [countOf(e, 'coded').as('coded'), countOf(e, 'proposed').as('proposed')])
      .where('video.project', '=', scope.project.id)
      .$if(only !== undefined, (query) => query.where('video.id', '=', only!))
      .orderBy(rawSql`coding.rowid`),
  );
  const names = new Map(store.all(sql.selectFrom('account').select(['id', 'name'])).map(({ id, name }) => [id, name]));
  const byVideo = Map.groupBy(codings, ({ video }) => video);
  const asked = videos.filter(({ id }) => byVideo.has(id));
  return new Map(
    asked.map((video) => {
      const all = byVideo.get(video.id)!;
      const open = new Set(readable({ ...scope, video }, all));
      return [video.id, all.map((coding) => summary(coding, names, open.has(coding)))];
    }),
  );
}

// ---- below: internals ----

interface CountedCoding extends Selectable<CodingTable> {
  readonly coded: number | null;
  readonly proposed: number | null;
}

/** Of a coding in the query: how many instances are in a state. Read from an index alone. */
const countOf = (e: ExpressionBuilder<Tables, 'coding'>, state: 'coded' | 'proposed') =>
  e
    .selectFrom('instance')
    .select((i) => i.fn.countAll<number>().as('count'))
    .whereRef('instance.coding', '=', 'coding.id')
    .where('instance.deleted', '=', 0)
    .where('instance.state', '=', state);

function summary(
  { id, video, kind, account, model, status, submittedAt, revision, coded, proposed }: CountedCoding,
  names: ReadonlyMap<string, string>,
  isOpen: boolean,
): CodingSummary {
  return {
    id,
    video,
    kind,
    account,
    title: kind === 'coder' ? (names.get(account ?? '') ?? '') : (model ?? 'final'),
    status,
    submittedAt,
    revision: isOpen ? revision : 0,
    hidden: !isOpen,
    instanceCount: isOpen ? coded : null,
    proposalCount: isOpen ? proposed : null,
  };
}
