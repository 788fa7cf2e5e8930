import { randomUUID } from 'node:crypto';
import { parseTaxonomy } from 'microaction/formats';
import type { z } from 'zod';
import type { newProjectSchema } from '../../contract/project.ts';
import type { StudioContext } from '../context.ts';

/**
 * Makes a project with its first owner.
 *
 * @returns its id
 * @throws UserError `bad-annotations` for a taxonomy that is none, with all that is wrong
 */
export function newProject(
  { store, now }: Pick<StudioContext, 'store' | 'now'>,
  owner: string,
  { taxonomy, blind = false, ...settings }: z.infer<typeof newProjectSchema>,
): string {
  const id = randomUUID();
  const row = {
    codersWanted: 3,
    agreedAboveIou: 0.9,
    sameFromIou: 0.5,
    ...settings,
    id,
    blind: blind ? 1 : 0,
    taxonomy: taxonomy == null ? null : JSON.stringify(parseTaxonomy(taxonomy, 'taxonomy')),
    createdAt: now(),
  };
  store.transaction(() => {
    store.run(store.sql.insertInto('project').values(row));
    store.run(store.sql.insertInto('member').values({ project: id, account: owner, role: 'owner' }));
  });
  return id;
}
