import { randomUUID } from 'node:crypto';
import type { StudioContext } from '../context.ts';
import { newProject } from '../projects/newProject.ts';

/** What an empty database starts with: the one person of this machine, and a project for their videos. */
export function prepareSolo(studio: Pick<StudioContext, 'store' | 'now'>): void {
  const { store, now } = studio;
  if (store.readOnly || store.first(store.sql.selectFrom('account').select('id'))) return;
  const id = randomUUID();
  const account = { id, name: 'me', passwordHash: null, administrator: 1, disabled: 0, preferences: '{}' };
  store.transaction(() => {
    store.run(store.sql.insertInto('account').values({ ...account, createdAt: now() }));
    newProject(studio, id, { name: 'My videos' });
  });
}
