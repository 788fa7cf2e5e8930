import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { StudioContext } from '../context.ts';
import type { Store } from '../store/store.ts';
import type { CodingTable } from '../store/tables.ts';
import type { InstanceRow } from './codedInstance.ts';
import { offerProposals } from './proposals.ts';
import { raiseRevision } from './revision.ts';

export interface ModelInstance {
  /** Canonical name. */
  readonly action: string;
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  readonly score: number;
  readonly reason?: string;
}

/**
 * Keeps what a model found in a video as its coding, in place of what the same model found before, and offers it as
 * proposals. What it found again stays the same instance, with the comments on it.
 */
export function storeModelCoding(
  studio: StudioContext,
  video: { readonly id: string; readonly project: string },
  model: string,
  instances: readonly ModelInstance[],
): Selectable<CodingTable> {
  const { store, events } = studio;
  const coding = store.transaction(() => {
    const { id } = codingOf(studio, video.id, model);
    replaceInstances(store, id, instances);
    raiseRevision(store, id);
    return codingOf(studio, video.id, model);
  });
  const { id, revision } = coding;
  events.publish(video.project, { type: 'coding', coding: id, video: video.id, revision });
  offerProposals(studio, coding);
  return coding;
}

// ---- below: internals ----

/** Made where there is none yet. */
function codingOf({ store, now }: Pick<StudioContext, 'store' | 'now'>, video: string, model: string) {
  const { sql } = store;
  const find = sql.selectFrom('coding').selectAll().where('video', '=', video).where('model', '=', model);
  const found = store.first(find);
  if (found) return found;
  const at = now();
  const coding = { id: randomUUID(), video, kind: 'model', account: null, model, status: 'submitted' } as const;
  store.run(sql.insertInto('coding').values({ ...coding, revision: 0, submittedAt: at, createdAt: at }));
  return store.first(find)!;
}

function replaceInstances(store: Store, coding: string, instances: readonly ModelInstance[]): void {
  const { sql } = store;
  const rows = store.all(sql.selectFrom('instance').selectAll().where('coding', '=', coding));
  const gone = new Map(rows.map((row) => [keyOf(row), row]));
  const found = new Map(instances.map((instance) => [keyOf(instance), instance]));
  for (const [key, { action, start, end, score, reason = null }] of found) {
    const row = gone.get(key);
    gone.delete(key);
    if (row) {
      store.run(sql.updateTable('instance').set({ score, reason, deleted: 0 }).where('id', '=', row.id));
    } else {
      const body = { action, start, end, score, reason, state: 'coded', version: 1, deleted: 0 } as const;
      store.run(sql.insertInto('instance').values({ ...body, id: randomUUID(), coding }));
    }
  }
  const comments = store.all(sql.selectFrom('comment').select('instance').where('coding', '=', coding));
  const isCommented = new Set(comments.map(({ instance }) => instance));
  for (const { id } of gone.values()) {
    if (isCommented.has(id)) store.run(sql.updateTable('instance').set({ deleted: 1 }).where('id', '=', id));
    else store.run(sql.deleteFrom('instance').where('id', '=', id));
  }
}

const keyOf = ({ action, start, end }: ModelInstance | InstanceRow) => JSON.stringify([action, start, end]);
