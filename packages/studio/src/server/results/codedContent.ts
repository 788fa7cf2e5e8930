import type { Selectable } from 'kysely';
import { type Instance, microActions52, Taxonomy, type TaxonomyData } from 'microaction';
import type { CodedInstance } from '../../contract/coding.ts';
import type { VideoFacts } from '../../contract/video.ts';
import type { Store } from '../store/store.ts';
import type { CodingTable, ProjectTable, VideoTable } from '../store/tables.ts';

export type CodingRow = Selectable<CodingTable>;

/**
 * What counts in a coding, ordered by start, then end, then action: what a person coded or a review settled, without
 * proposals that wait or were turned down; of a model all that it found.
 */
export function countedInstances(store: Store, { id, kind }: Pick<CodingRow, 'id' | 'kind'>): CodedInstance[] {
  const all = store.sql
    .selectFrom('instance')
    .select(['id', 'action', 'start', 'end', 'state', 'score', 'reason', 'version'])
    .where('coding', '=', id)
    .where('deleted', '=', 0)
    .orderBy('start')
    .orderBy('end')
    .orderBy('action');
  return store.all(kind === 'model' ? all : all.where('state', '=', 'coded'));
}

/** How many instances `countedInstances` would give, by coding of a project. */
export function countsByCoding(store: Store, project: string): Map<string, number> {
  const rows = store.all(
    store.sql
      .selectFrom('instance')
      .innerJoin('coding', 'coding.id', 'instance.coding')
      .innerJoin('video', 'video.id', 'coding.video')
      .select(['instance.coding', store.sql.fn.countAll<number>().as('count')])
      .where('video.project', '=', project)
      .where('instance.deleted', '=', 0)
      .where((where) => where.or([where('coding.kind', '=', 'model'), where('instance.state', '=', 'coded')]))
      .groupBy('instance.coding'),
  );
  return new Map(rows.map(({ coding, count }) => [coding, count]));
}

/** As the library has instances. Of people's, the score that a proposal once had is left out: they are sure. */
export function plainInstances(kind: CodingRow['kind'], instances: readonly CodedInstance[]): Instance[] {
  return instances.map(({ action, start, end, score, reason }) => ({
    action,
    start,
    end,
    ...(kind === 'model' && { score: score ?? 1 }),
    ...(reason && { reason }),
  }));
}

/** All codings of a video, the oldest first. Nothing is said yet of who may read them: see `codings/visibility.ts`. */
export function codingsOfVideo(store: Store, video: string): CodingRow[] {
  const query = store.sql.selectFrom('coding').selectAll().where('video', '=', video);
  return store.all(query.orderBy('createdAt').orderBy('id'));
}

/** What a project codes with. */
export function taxonomyOf({ taxonomy }: Pick<Selectable<ProjectTable>, 'taxonomy'>): Taxonomy {
  return taxonomy === null ? microActions52 : new Taxonomy(JSON.parse(taxonomy) as TaxonomyData);
}

/** What is known of a video's file; null until it has been looked at. */
export function factsOf({ facts }: Pick<Selectable<VideoTable>, 'facts'>): VideoFacts | null {
  return facts === null ? null : (JSON.parse(facts) as VideoFacts);
}
