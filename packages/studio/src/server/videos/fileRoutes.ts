import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { memberOfVideo, type VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { type Route, route } from '../http/route.ts';
import { preparedFiles } from '../media/preparedFiles.ts';
import { derivedFiles, isDerived } from './derived.ts';
import { serveFile } from './serveFile.ts';
import { factsOf, playsOf } from './videoViews.ts';

const playedFile = route({
  method: 'get',
  path: '/videos/{video}/file',
  summary: 'The video that browsers play: the file itself, or its proxy. Takes byte ranges.',
  access: memberOfVideo(),
  answer: 'video/mp4',
  handle: async ({ studio, scope, request }) => {
    const { video } = scope;
    switch (playsOf(video)) {
      case 'original': {
        const type = playedTypes[factsOf(video)?.container ?? ''] ?? 'video/mp4';
        return serveFile(request, await studio.folder.open(video.path), type);
      }
      case 'proxy':
        return serveFile(request, await openDerived(studio, scope, derivedFiles.proxy), 'video/mp4');
      case 'none':
        throw notPlayable(video.facts === null);
    }
  },
});

const derivedFile = (name: string, file: string, type: string, summary: string): Route =>
  route({
    method: 'get',
    path: `/videos/{video}/${name}`,
    summary,
    access: memberOfVideo(),
    answer: type,
    handle: async ({ studio, scope, request }) => serveFile(request, await openDerived(studio, scope, file), type),
  });

const numbers = 'application/octet-stream';

export const fileRoutes: readonly Route[] = [
  playedFile,
  derivedFile('thumbnail', preparedFiles.thumbnail, 'image/webp', 'A picture of the video.'),
  derivedFile('frames', preparedFiles.frames, numbers, 'Seconds at which each frame is shown: 64-bit floats.'),
  derivedFile('motion', preparedFiles.motion, numbers, 'How much moves, 0 to 1, `motionRate` a second: 32-bit floats.'),
  derivedFile(
    'sound',
    preparedFiles.sound,
    numbers,
    'Peak level of sound, 0 to 1, `soundRate` a second: 32-bit floats.',
  ),
  derivedFile('points', derivedFiles.points, numbers, 'Key points of the person, where a detector followed one.'),
];

// ---- below: internals ----

/** By container: a name never makes a file anything but a video. */
const playedTypes: Readonly<Record<string, string>> = {
  MP4: 'video/mp4',
  WebM: 'video/webm',
  QuickTime: 'video/quicktime',
};

const notPlayable = (isNew: boolean) =>
  isNew
    ? new Refusal(409, 'not-looked-at', 'The video has not been looked at yet. Wait for it to be prepared.')
    : new Refusal(409, 'not-playable', 'Browsers do not play this video. Make a copy that they play: a job `proxy`.');

async function openDerived(studio: StudioContext, { video }: VideoScope, file: string) {
  const path = join(studio.folder.derived(video.id), file);
  let handle: FileHandle;
  try {
    handle = await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if (isDerived(video, file)) throw deriveAgain(studio, video, file);
    throw new Refusal(404, 'not-derived', 'This has not been derived from the video yet, or there is none of it.');
  }
  return { handle, stats: await handle.stat() };
}

/** Somebody tidied up among the files of the studio: nothing is lost that cannot be made again. */
function deriveAgain({ store, jobs }: StudioContext, { id, project }: VideoScope['video'], file: string): Refusal {
  const kind = file === derivedFiles.proxy ? 'proxy' : 'prepare';
  if (!store.readOnly) jobs.enqueue({ project, video: id, kind, account: null });
  return new Refusal(404, 'not-derived', 'A file that was derived from the video is gone. It is being made again.');
}
