import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import type { CodingTable } from '../store/tables.ts';
import { looked } from './mayWrite.ts';
import { seedProposals } from './proposals.ts';
import { mayNotBegin } from './visibility.ts';

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
  if (mayNotBegin(store, scope)) throw looked();
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
