import { createHash } from 'node:crypto';
import { sql as rawSql, type Selectable } from 'kysely';
import { temporalIou } from 'microaction/agreement';
import type { StudioContext } from '../context.ts';
import type { CodingTable } from '../store/tables.ts';
import { type InstanceRow, instancesOf } from './codedInstance.ts';
import { raiseRevision } from './revision.ts';

type CodingRow = Selectable<CodingTable>;

/**
 * Offers what a model found to everybody who is coding the video: as instances `proposed` in their open codings, to be
 * accepted or rejected. In a blind project to nobody. Doing it again offers nothing twice.
 */
export function offerProposals(studio: StudioContext, model: CodingRow): void {
  const { store } = studio;
  const { sql } = store;
  const project = projectOf(studio, model.video);
  if (project.blind) return;
  const open = sql.selectFrom('coding').selectAll().where('video', '=', model.video).where('kind', '=', 'coder');
  for (const coding of store.all(open.where('status', '=', 'open'))) proposeTo(studio, coding, model);
}

/** Offers what all models have found to a coding that was just made; in a blind project nothing. */
export function seedProposals(studio: StudioContext, coding: CodingRow): void {
  const { store } = studio;
  if (projectOf(studio, coding.video).blind) return;
  const models = store.sql
    .selectFrom('coding')
    .selectAll()
    .where('video', '=', coding.video)
    .where('kind', '=', 'model');
  for (const model of store.all(models.orderBy(rawSql`rowid`))) proposeTo(studio, coding, model);
}

/**
 * Copies a model's instances into a coding as proposals. Left out is what was offered before, whatever became of it, and
 * what the coding holds already: coded, rejected or proposed, the same action at the same time (the project's
 * `sameFromIou`). Proposals that the model made before and does not make any more are withdrawn, unless somebody has
 * touched them or commented on them.
 */
export function proposeTo(studio: StudioContext, coding: CodingRow, model: CodingRow): void {
  const { store, events } = studio;
  const { sql } = store;
  const project = projectOf(studio, coding.video);
  const revision = store.transaction(() => {
    const found = instancesOf(store, model.id).map((instance) => ({ ...instance, id: proposalId(coding, instance) }));
    const withdrawn = withdraw(studio, coding, model, new Set(found.map(({ id }) => id)));
    const held = instancesOf(store, coding.id);
    const ids = store.all(sql.selectFrom('instance').select('id').where('coding', '=', coding.id));
    const offered = new Set(ids.map(({ id }) => id));
    const fresh = found.filter(
      (one) => !offered.has(one.id) && !held.some((other) => isSame(one, other, project.sameFromIou)),
    );
    for (const { id, action, start, end, score, reason } of fresh) {
      const proposal = { id, action, start, end, score, reason, state: 'proposed', version: 1, deleted: 0 } as const;
      store.run(sql.insertInto('instance').values({ ...proposal, coding: coding.id, proposedBy: model.id }));
    }
    if (fresh.length + withdrawn === 0) return null;
    return raiseRevision(store, coding.id);
  });
  if (revision === null) return;
  events.publish(project.id, { type: 'coding', coding: coding.id, video: coding.video, revision });
}

// ---- below: internals ----

function projectOf({ store }: StudioContext, video: string) {
  const project = store.first(
    store.sql
      .selectFrom('video')
      .innerJoin('project', 'project.id', 'video.project')
      .select(['project.id', 'project.blind', 'project.sameFromIou'])
      .where('video.id', '=', video),
  );
  if (!project) throw new Error(`There is no video ${video}.`);
  return project;
}

/** @returns how many */
function withdraw({ store }: StudioContext, coding: CodingRow, model: CodingRow, kept: ReadonlySet<string>): number {
  const { sql } = store;
  const untouched = store.all(
    sql
      .selectFrom('instance')
      .select('id')
      .where('coding', '=', coding.id)
      .where('proposedBy', '=', model.id)
      .where('state', '=', 'proposed')
      .where('version', '=', 1)
      .where('id', 'not in', sql.selectFrom('comment').select('instance').where('coding', '=', coding.id)),
  );
  const stale = untouched.filter(({ id }) => !kept.has(id));
  for (const { id } of stale) store.run(sql.deleteFrom('instance').where('id', '=', id));
  return stale.length;
}

/** The same for the same find, so that what was offered is known again. */
function proposalId(coding: CodingRow, { coding: model, action, start, end }: InstanceRow): string {
  const what = JSON.stringify([coding.id, model, action, start, end]);
  return createHash('sha256').update(what).digest('base64url').slice(0, 22);
}

const isSame = (a: InstanceRow, b: InstanceRow, fromIou: number) =>
  a.action === b.action && temporalIou(a, b) >= fromIou;
