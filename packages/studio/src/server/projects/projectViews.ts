import type { Project } from '../../contract/project.ts';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';

/** A project as its member sees it. */
export function projectView(studio: StudioContext, { project, role }: Pick<ProjectScope, 'project' | 'role'>): Project {
  const { taxonomy, blind, ...facts } = project;
  return {
    ...facts,
    blind: blind === 1,
    role,
    members: members(studio, project.id),
    videoCount: videoCount(studio, project.id),
    taxonomy: taxonomy === null ? null : JSON.parse(taxonomy),
  };
}

// ---- below: internals ----

function members({ store }: StudioContext, project: string): Project['members'] {
  return store.all(
    store.sql
      .selectFrom('member')
      .innerJoin('account', 'account.id', 'member.account')
      .select(['member.account', 'account.name', 'member.role'])
      .where('member.project', '=', project)
      .orderBy('account.name'),
  );
}

function videoCount({ store }: StudioContext, project: string): number {
  const { sql } = store;
  const count = sql.fn.countAll<number>().as('count');
  const counted = store.first(
    sql.selectFrom('video').select(count).where('project', '=', project).where('removedAt', 'is', null),
  );
  return counted?.count ?? 0;
}
