import type { Selectable } from 'kysely';
import type { Role } from '../../contract/account.ts';
import type { StudioContext } from '../context.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import type { Access } from '../http/route.ts';
import type { CodingTable, JobTable, ProjectTable, UploadTable, VideoTable } from '../store/tables.ts';
import type { Caller } from './caller.ts';

/** What a member of a project works on. */
export interface ProjectScope {
  readonly caller: Caller;
  readonly project: Selectable<ProjectTable>;
  readonly role: Role;
}
export interface VideoScope extends ProjectScope {
  readonly video: Selectable<VideoTable>;
}
export interface CodingScope extends VideoScope {
  readonly coding: Selectable<CodingTable>;
}

/** Also for those who are not signed in. */
export const anyone: Access<Caller | null> = (_, caller) => caller;

export const signedIn: Access<Caller> = (_, caller) => {
  if (caller) return caller;
  throw new Refusal(401, 'signed-out', 'Nobody is signed in. Sign in, or send a token, and try again.');
};

/** A person in a browser: a token must not change accounts or make tokens. */
export const person: Access<Caller> = (studio, caller, params) => {
  const found = signedIn(studio, caller, params);
  if (found.by === 'cookie') return found;
  throw new Refusal(403, 'not-by-token', 'This is for people who signed in; a token may not do it.');
};

export const administrator: Access<Caller> = (studio, caller, params) => {
  const found = person(studio, caller, params);
  if (found.administrator) return found;
  throw new Refusal(403, 'not-allowed', 'Only an administrator may do this. Ask whoever set up this studio.');
};

/** Who needs to know the names of the others: administrators, and owners of any project. */
export const choosesMembers: Access<Caller> = (studio, caller, params) => {
  const found = person(studio, caller, params);
  const { store } = studio;
  const owned = store.sql.selectFrom('member').select('project').where('account', '=', found.account);
  if (found.administrator || store.first(owned.where('role', '=', 'owner'))) return found;
  throw new Refusal(403, 'not-allowed', 'Only administrators and owners of projects may do this.');
};

/** Path parameter `project`; with roles: one of these only. */
export const memberOf =
  (...roles: Role[]): Access<ProjectScope> =>
  (studio, caller, params) =>
    projectScope(studio, signedIn(studio, caller, params), params.project, roles, 'project');

/** Path parameter `video`. Videos that were taken out of their project are not found. */
export const memberOfVideo =
  (...roles: Role[]): Access<VideoScope> =>
  (studio, caller, params) =>
    videoScope(studio, signedIn(studio, caller, params), params.video, roles, 'video');

/** Path parameter `coding`. Says nothing yet of who may see it: see `codings/visibility.ts`. */
export const memberOfCoding =
  (...roles: Role[]): Access<CodingScope> =>
  (studio, caller, params) => {
    const known = signedIn(studio, caller, params);
    const { store } = studio;
    const coding = store.first(store.sql.selectFrom('coding').selectAll().where('id', '=', params.coding));
    if (!coding) throw notFound('coding');
    return { ...videoScope(studio, known, coding.video, roles, 'coding'), coding };
  };

/** Path parameter `job`. */
export const memberOfJob =
  (...roles: Role[]): Access<ProjectScope & { readonly job: Selectable<JobTable> }> =>
  (studio, caller, params) => {
    const known = signedIn(studio, caller, params);
    const job = studio.store.first(studio.store.sql.selectFrom('job').selectAll().where('id', '=', params.job));
    if (!job) throw notFound('job');
    return { ...projectScope(studio, known, job.project, roles, 'job'), job };
  };

/** Path parameter `upload`: only who began it goes on with it. */
export const ownUpload: Access<ProjectScope & { readonly upload: Selectable<UploadTable> }> = (
  studio,
  caller,
  params,
) => {
  const known = signedIn(studio, caller, params);
  const upload = studio.store.first(studio.store.sql.selectFrom('upload').selectAll().where('id', '=', params.upload));
  if (upload?.account !== known.account) throw notFound('upload');
  return { ...projectScope(studio, known, upload.project, [], 'upload'), upload };
};

// ---- below: internals ----

function projectScope(
  { store }: StudioContext,
  caller: Caller,
  id: string,
  roles: readonly Role[],
  what: string,
): ProjectScope {
  const project = store.first(store.sql.selectFrom('project').selectAll().where('id', '=', id));
  const membership = store.first(
    store.sql.selectFrom('member').select('role').where('project', '=', id).where('account', '=', caller.account),
  );
  if (!project || !membership || (caller.onlyProject !== null && caller.onlyProject !== id)) throw notFound(what);
  const { role } = membership;
  if (roles.length > 0 && !roles.includes(role)) {
    const message = `This needs the role ${roles.join(' or ')} in the project; yours is ${role}. Ask an owner of it.`;
    throw new Refusal(403, 'not-allowed', message);
  }
  return { caller, project, role };
}

function videoScope(
  studio: StudioContext,
  caller: Caller,
  id: string,
  roles: readonly Role[],
  what: string,
): VideoScope {
  const { store } = studio;
  const video = store.first(
    store.sql.selectFrom('video').selectAll().where('id', '=', id).where('removedAt', 'is', null),
  );
  if (!video) throw notFound(what);
  return { ...projectScope(studio, caller, video.project, roles, what), video };
}
