import { z } from 'zod';
import { memberChangeSchema, newProjectSchema, projectChangeSchema, projectSchema } from '../../contract/project.ts';
import { administrator, memberOf, signedIn } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { notFound } from '../http/refusal.ts';
import { type Route, route } from '../http/route.ts';
import { refuseLastOwner, requireAccount } from './members.ts';
import { newProject } from './newProject.ts';
import { projectView } from './projectViews.ts';

export const projectRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/projects',
    summary: 'The projects of the one who asks.',
    access: signedIn,
    answer: z.array(projectSchema),
    handle: ({ studio, scope: { account, onlyProject } }) =>
      projectsOf(studio, account)
        .filter(({ id }) => onlyProject === null || id === onlyProject)
        .map(({ role, ...project }) => projectView(studio, { project, role })),
  }),
  route({
    method: 'post',
    path: '/projects',
    summary: 'Makes a project; who makes it owns it.',
    access: administrator,
    body: newProjectSchema,
    answer: projectSchema,
    status: 201,
    handle: ({ studio, scope: caller, body }) => {
      const id = newProject(studio, caller.account, body);
      return projectView(studio, memberOf()(studio, caller, { project: id }));
    },
  }),
  route({
    method: 'get',
    path: '/projects/{project}',
    summary: 'A project with its settings and members.',
    access: memberOf(),
    answer: projectSchema,
    handle: ({ studio, scope }) => projectView(studio, scope),
  }),
  route({
    method: 'patch',
    path: '/projects/{project}',
    summary: 'Changes settings of a project.',
    access: memberOf('owner'),
    body: projectChangeSchema,
    answer: projectSchema,
    handle: ({ studio, scope, body: { blind, ...change } }) => {
      const { store, events } = studio;
      const set = { ...change, ...(blind !== undefined && { blind: blind ? 1 : 0 }) };
      if (Object.keys(set).length > 0) {
        store.run(store.sql.updateTable('project').set(set).where('id', '=', scope.project.id));
        events.publish(scope.project.id, { type: 'project' });
      }
      return projectView(studio, memberOf()(studio, scope.caller, { project: scope.project.id }));
    },
  }),
  route({
    method: 'put',
    path: '/projects/{project}/members/{account}',
    summary: 'Takes an account into a project, or changes its role.',
    access: memberOf('owner'),
    body: memberChangeSchema,
    answer: projectSchema,
    handle: ({ studio, scope, params: { account }, body: { role } }) => {
      const { store, events } = studio;
      const { project, caller } = scope;
      requireAccount(studio, account);
      store.transaction(() => {
        if (role !== 'owner') refuseLastOwner(studio, project, account);
        const member = { project: project.id, account, role };
        store.run(
          store.sql
            .insertInto('member')
            .values(member)
            .onConflict((clash) => clash.columns(['project', 'account']).doUpdateSet({ role })),
        );
      });
      events.publish(project.id, { type: 'project' });
      return projectView(studio, memberOf()(studio, caller, { project: project.id }));
    },
  }),
  route({
    method: 'delete',
    path: '/projects/{project}/members/{account}',
    summary: 'Takes an account out of a project. What it coded stays.',
    access: memberOf('owner'),
    answer: null,
    handle: ({ studio, scope: { project }, params: { account } }) => {
      const { store, events } = studio;
      const removed = store.transaction(() => {
        refuseLastOwner(studio, project, account);
        return store.run(
          store.sql.deleteFrom('member').where('project', '=', project.id).where('account', '=', account),
        );
      });
      if (removed === 0) throw notFound('member');
      events.publish(project.id, { type: 'project' });
    },
  }),
];

// ---- below: internals ----

function projectsOf({ store }: StudioContext, account: string) {
  return store.all(
    store.sql
      .selectFrom('project')
      .innerJoin('member', 'member.project', 'project.id')
      .selectAll('project')
      .select('member.role')
      .where('member.account', '=', account)
      .orderBy('project.createdAt')
      .orderBy('project.id'),
  );
}
