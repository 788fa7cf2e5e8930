import { z } from 'zod';
import {
  addVideosSchema,
  foundFileSchema,
  relinkSchema,
  type Video,
  videoChangeSchema,
  videoSchema,
} from '../../contract/video.ts';
import { memberOf, memberOfVideo, type ProjectScope, type VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { notFound } from '../http/refusal.ts';
import { type Route, route } from '../http/route.ts';
import { addVideos } from './addVideos.ts';
import { addDemonstration } from './demonstration.ts';
import { fileRoutes } from './fileRoutes.ts';
import { findFiles } from './findFiles.ts';
import { othersFiles } from './folderAccess.ts';
import { relinkVideo, stopJobs } from './relink.ts';
import { uploadRoutes } from './uploadRoutes.ts';
import { projectVideos, videoViews } from './videoViews.ts';

export const videoRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/projects/{project}/videos',
    summary: 'All videos of a project, in the order in which they were added.',
    access: memberOf(),
    answer: z.array(videoSchema),
    handle: ({ studio, scope }) => projectVideos(studio, scope),
  }),
  route({
    method: 'get',
    path: '/projects/{project}/folder',
    summary: 'Files in the data folder that look like videos and are not in the project.',
    access: memberOf('owner'),
    answer: z.array(foundFileSchema),
    handle: async ({ studio, scope }) => {
      const isOthers = othersFiles(studio, scope);
      const inProject = projectPaths(studio, scope);
      return findFiles(studio.folder, (path) => inProject.has(path) || isOthers(path));
    },
  }),
  route({
    method: 'post',
    path: '/projects/{project}/videos',
    summary: 'Takes files of the data folder into a project, where they lie; all of them or none.',
    access: memberOf('owner'),
    body: addVideosSchema,
    answer: z.array(videoSchema),
    status: 201,
    handle: async ({ studio, scope, body }) => videoViews(studio, scope, await addVideos(studio, scope, body.paths)),
  }),
  route({
    method: 'post',
    path: '/projects/{project}/demonstration',
    summary: 'Takes the drawn video that comes along into a project.',
    access: memberOf('owner'),
    answer: videoSchema,
    status: 201,
    handle: async ({ studio, scope }) => oneView(studio, { ...scope, video: await addDemonstration(studio, scope) }),
  }),
  route({
    method: 'get',
    path: '/videos/{video}',
    summary: 'A video: what it is, who has coded it, what is derived from it.',
    access: memberOfVideo(),
    answer: videoSchema,
    handle: ({ studio, scope }) => oneView(studio, scope),
  }),
  route({
    method: 'patch',
    path: '/videos/{video}',
    summary: "Changes a video's name, subject or notes.",
    access: memberOfVideo('owner', 'reviewer'),
    body: videoChangeSchema,
    answer: videoSchema,
    handle: async ({ studio, scope, body }) => {
      const { store, events } = studio;
      if (Object.keys(body).length > 0) {
        store.run(store.sql.updateTable('video').set(body).where('id', '=', scope.video.id));
        events.publish(scope.project.id, { type: 'video', video: scope.video.id });
      }
      return oneView(studio, current(studio, scope));
    },
  }),
  route({
    method: 'delete',
    path: '/videos/{video}',
    summary: 'Takes a video out of its project. File and codings are kept: they come back when it is added again.',
    access: memberOfVideo('owner'),
    answer: null,
    handle: ({ studio, scope }) => {
      const { store, events, now } = studio;
      stopJobs(studio, scope.video.id);
      store.run(store.sql.updateTable('video').set({ removedAt: now() }).where('id', '=', scope.video.id));
      events.publish(scope.project.id, { type: 'video', video: scope.video.id });
    },
  }),
  route({
    method: 'post',
    path: '/videos/{video}/relink',
    summary: 'Says where the file of a video is now.',
    access: memberOfVideo('owner'),
    body: relinkSchema,
    answer: videoSchema,
    handle: async ({ studio, scope, body }) => {
      await relinkVideo(studio, scope, body);
      return oneView(studio, current(studio, scope));
    },
  }),
  ...uploadRoutes,
  ...fileRoutes,
];

// ---- below: internals ----

async function oneView(studio: StudioContext, scope: VideoScope): Promise<Video> {
  const [view] = await videoViews(studio, scope, [scope.video]);
  return view;
}

/** The scope with the video as it is stored now. */
function current({ store }: StudioContext, scope: VideoScope): VideoScope {
  const video = store.first(store.sql.selectFrom('video').selectAll().where('id', '=', scope.video.id));
  if (!video) throw notFound('video');
  return { ...scope, video };
}

function projectPaths({ store }: StudioContext, { project }: ProjectScope): ReadonlySet<string> {
  const rows = store.all(
    store.sql.selectFrom('video').select('path').where('project', '=', project.id).where('removedAt', 'is', null),
  );
  return new Set(rows.map(({ path }) => path));
}
