import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';

/**
 * Projects share the data folder, people do not share all projects: a file that is used only by projects of others is
 * not there for whoever asks.
 *
 * @returns whether a path is one of those
 */
export function othersFiles({ store }: StudioContext, { caller }: ProjectScope): (path: string) => boolean {
  const { sql } = store;
  const own = new Set(
    store
      .all(sql.selectFrom('member').select('project').where('account', '=', caller.account))
      .map((row) => row.project),
  );
  const used = store.all(sql.selectFrom('video').select(['path', 'project']));
  const open = new Set(used.filter(({ project }) => own.has(project)).map(({ path }) => path));
  const closed = new Set(used.map(({ path }) => path).filter((path) => !open.has(path)));
  return (path) => closed.has(path);
}

/** A path that `othersFiles` tells of, as if it were not there. */
export const notOpen = (path: string) =>
  new Refusal(404, 'no-file', `${path}: there is no such file in the data folder, or it is not open to you.`);
