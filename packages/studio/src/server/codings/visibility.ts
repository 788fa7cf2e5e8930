import type { Selectable } from 'kysely';
import type { ProjectScope, VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import type { Store } from '../store/store.ts';
import type { CodingTable } from '../store/tables.ts';

type CodingRow = Selectable<CodingTable>;

/**
 * Which codings of a video the asker may look into. One's own always. In a blind project, another's, a model's and the
 * final one only
 * - once they are submitted (models and the final one count as submitted),
 * - to coders who have submitted their own coding of the video,
 * - to owners and reviewers unless they are coding the video themselves and have not submitted. To have opened the
 *   editor is not to code yet: a coding in which nothing was ever done does not count.
 * In a project that is not blind, all members see all.
 *
 * @param codings - all of the video
 */
export function readable({ project, role, caller }: VideoScope, codings: readonly CodingRow[]): CodingRow[] {
  if (!project.blind) return [...codings];
  const own = codings.find(({ kind, account }) => kind === 'coder' && account === caller.account);
  const isDone = own && (role === 'coder' || !isBlank(own)) ? own.status === 'submitted' : role !== 'coder';
  return codings.filter((coding) => coding === own || (isDone && isSubmitted(coding)));
}

/**
 * Notes that somebody looks into others' work in a video of a blind project without having coded it, so that they
 * cannot code it afterwards. To be called wherever the content of `shown` leaves the server.
 */
export function noteLook(
  { store, now }: StudioContext,
  { project, caller, video }: VideoScope,
  shown: readonly CodingRow[],
): void {
  const isOthers = shown.some(({ account }) => account !== caller.account);
  if (!project.blind || !isOthers || store.readOnly) return;
  const look = { video: video.id, account: caller.account, at: now() };
  store.run(
    store.sql
      .insertInto('looked')
      .values(look)
      .onConflict((clash) => clash.doNothing()),
  );
}

/** Ids of the videos of a blind project of which the asker has seen others' work. */
export function lookedVideos({ store }: StudioContext, { project, caller }: ProjectScope): Set<string> {
  if (!project.blind) return new Set();
  const looks = store.sql.selectFrom('looked').select('video').where('account', '=', caller.account);
  return new Set(store.all(looks).map(({ video }) => video));
}

/**
 * Whether the asker has seen others' work in the video before coding anything of it themselves: then they may not begin.
 *
 * @param own - their own coding of the video, if there is one
 */
export function mayNotBegin(store: Store, { project, caller, video }: VideoScope, own?: CodingRow): boolean {
  if (!project.blind || (own && !isBlank(own))) return false;
  const looks = store.sql.selectFrom('looked').select('at').where('video', '=', video.id);
  return store.first(looks.where('account', '=', caller.account)) !== undefined;
}

// ---- below: internals ----

/** Made by opening the editor, and untouched since. */
const isBlank = ({ status, revision }: CodingRow) => status === 'open' && revision === 0;

const isSubmitted = ({ kind, status }: CodingRow) => kind !== 'coder' || status === 'submitted';
