import { randomUUID } from 'node:crypto';
import type { VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { codingsOfVideo } from '../results/codedContent.ts';
import type { SettledInstance } from './settlement.ts';

/** The final coding of a video with these instances and no others. What it held before stays, marked as deleted. */
export function replaceFinal({ store, now }: StudioContext, video: string, instances: readonly SettledInstance[]) {
  const { sql } = store;
  const before = codingsOfVideo(store, video).find(({ kind }) => kind === 'final');
  const id = before?.id ?? randomUUID();
  const revision = (before?.revision ?? 0) + 1;
  const at = now();
  if (before) {
    store.run(sql.updateTable('coding').set({ revision, submittedAt: at, status: 'submitted' }).where('id', '=', id));
    const deleted = sql.updateTable('instance').set((row) => ({ deleted: 1, version: row('version', '+', 1) }));
    store.run(deleted.where('coding', '=', id).where('deleted', '=', 0));
  } else {
    const row = { id, video, kind: 'final' as const, account: null, model: null, status: 'submitted' as const };
    store.run(sql.insertInto('coding').values({ ...row, revision, submittedAt: at, createdAt: at }));
  }
  for (const instance of instances) {
    const row = {
      ...instance,
      id: randomUUID(),
      coding: id,
      state: 'coded' as const,
      score: null,
      version: 1,
      deleted: 0,
    };
    store.run(sql.insertInto('instance').values(row));
  }
  return { id, revision };
}

/** Tells everybody who has the project open; after the transaction. */
export function tellFinal(
  { events }: StudioContext,
  { project, video }: VideoScope,
  coding: string,
  revision: number,
): void {
  events.publish(project.id, { type: 'coding', coding, video: video.id, revision });
  events.publish(project.id, { type: 'review', video: video.id });
  events.publish(project.id, { type: 'video', video: video.id });
}
