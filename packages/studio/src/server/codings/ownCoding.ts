import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import type { CodingTable } from '../store/tables.ts';
import { seedProposals } from './proposals.ts';

/**
 * The asker's own coding of a video; made, with what models propose, where there is none yet.
 *
 * @throws Refusal 409 `looked` where the project is blind and the asker has seen others' work in this video
 */
export function ownCoding(studio: StudioContext, scope: VideoScope): Selectable<CodingTable> {
  const { store, events } = studio;
  const { sql } = store;
  const { caller, video, project } = scope;
  const find = sql.selectFrom('coding').selectAll().where('video', '=', video.id).where('account', '=', caller.account);
  const found = store.first(find);
  if (found) return found;
  refuseWhoLooked(studio, scope);
  const coding = store.transaction(() => {
    const made = { id: randomUUID(), video: video.id, kind: 'coder', account: caller.account } as const;
    const values = { ...made, model: null, status: 'open', revision: 0, submittedAt: null } as const;
    store.run(sql.insertInto('coding').values({ ...values, createdAt: studio.now() }));
    return store.first(find)!;
  });
  seedProposals(studio, coding);
  events.publish(project.id, { type: 'coding', coding: coding.id, video: video.id, revision: coding.revision });
  return store.first(find)!;
}

// ---- below: internals ----

function refuseWhoLooked({ store }: StudioContext, { project, caller, video }: VideoScope): void {
  if (!project.blind) return;
  const looks = store.sql.selectFrom('looked').selectAll().where('video', '=', video.id);
  const look = store.first(looks.where('account', '=', caller.account));
  if (!look) return;
  const message = `This project is coded blind, and you have seen what others or a model coded in this video (${look.at}). You can review it, but not code it any more: let somebody else code it.`;
  throw new Refusal(409, 'looked', message);
}
