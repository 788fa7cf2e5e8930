import { sql as rawSql, type Selectable } from 'kysely';
import { detectorNames } from 'microaction';
import { z } from 'zod';
import { detectorSchema, jobSchema, newJobsSchema } from '../../contract/job.ts';
import { memberOf, memberOfJob, type ProjectScope, signedIn } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { type Route, route } from '../http/route.ts';
import type { JobTable } from '../store/tables.ts';
import { detectorChoices, findDetector } from './detectors.ts';

export const jobRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/detectors',
    summary: 'What can be run on videos.',
    access: signedIn,
    answer: z.array(detectorSchema),
    handle: ({ studio }) => detectorChoices(studio.folder),
  }),
  route({
    method: 'get',
    path: '/projects/{project}/jobs',
    summary: 'Work in the background: what waits, runs, and has ended, in the order in which it was asked for.',
    access: memberOf(),
    answer: z.array(jobSchema),
    handle: ({ studio, scope }) => {
      const { store, jobs } = studio;
      const rows = store.sql.selectFrom('job').selectAll().where('project', '=', scope.project.id);
      return store.all(rows.orderBy(rawSql`rowid`)).map((row) => jobs.view(row));
    },
  }),
  route({
    method: 'post',
    path: '/projects/{project}/jobs',
    summary: 'Has videos prepared, copied so that browsers play them, or looked through by a detector.',
    access: memberOf(),
    body: newJobsSchema,
    answer: z.array(jobSchema),
    status: 202,
    handle: async ({ studio, scope, body }) => {
      const { kind, videos, model = detectorNames[0] } = body;
      if (kind === 'detect') {
        requireManager(scope);
        await findDetector(studio.folder, model);
      }
      requireVideos(studio, scope, videos);
      const { store, jobs } = studio;
      const job = { project: scope.project.id, kind, account: scope.caller.account } as const;
      const what = kind === 'detect' ? { ...job, model } : job;
      return store.transaction(() => [...new Set(videos)].map((video) => jobs.enqueue({ ...what, video })));
    },
  }),
  route({
    method: 'post',
    path: '/jobs/{job}/cancel',
    summary: 'Stops a job that waits or runs. What is half done is thrown away.',
    access: memberOfJob(),
    answer: null,
    handle: ({ studio, scope }) => {
      requireOwnJob(scope, scope.job);
      studio.jobs.cancel(scope.job.id);
    },
  }),
  route({
    method: 'post',
    path: '/jobs/{job}/retry',
    summary: 'Begins a job again that failed or was cancelled.',
    access: memberOfJob(),
    answer: jobSchema,
    handle: ({ studio, scope }) => {
      requireOwnJob(scope, scope.job);
      return studio.jobs.retry(scope.job.id);
    },
  }),
];

// ---- below: internals ----

/** Detectors fill the queue for hours, and change what others see. */
function requireManager({ role }: ProjectScope): void {
  if (role !== 'coder') return;
  throw new Refusal(403, 'not-allowed', 'This needs the role owner or reviewer in the project; yours is coder.');
}

function requireOwnJob(scope: ProjectScope, job: Selectable<JobTable>): void {
  if (job.account !== scope.caller.account) requireManager(scope);
}

function requireVideos({ store }: StudioContext, { project }: ProjectScope, videos: readonly string[]): void {
  const inProject = store.all(
    store.sql.selectFrom('video').select('id').where('project', '=', project.id).where('removedAt', 'is', null),
  );
  const known = new Set(inProject.map(({ id }) => id));
  if (!videos.every((id) => known.has(id))) throw notFound('video');
}
