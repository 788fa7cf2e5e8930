import { randomUUID } from 'node:crypto';
import { copyFile, open, rm } from 'node:fs/promises';
import type { Selectable } from 'kysely';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import type { VideoTable } from '../store/tables.ts';
import { addVideos } from './addVideos.ts';
import { placeInFolder } from './fileNames.ts';
import { fingerprint } from './fingerprint.ts';

/** Puts the drawn video that comes along into the data folder, unless it is there, and into a project. */
export async function addDemonstration(studio: StudioContext, scope: ProjectScope): Promise<Selectable<VideoTable>> {
  const { folder } = studio;
  const isThere = (await contentOf(() => folder.open(name))) === (await contentOf(openDemonstration));
  const path = isThere ? name : await placeCopy(studio);
  const [video] = await addVideos(studio, scope, [path]);
  return video;
}

// ---- below: internals ----

const name = 'demonstration.mp4';

async function openDemonstration() {
  const handle = await open(await demonstrationPath());
  return { handle, stats: await handle.stat() };
}

/** Asked for when it is wished for: that door brings all of detection along, and the studio starts without. */
const demonstrationPath = async () => (await import('microaction/files')).demonstrationVideo;

/** Undefined where the file cannot be opened. */
async function contentOf(opening: () => ReturnType<typeof openDemonstration>): Promise<string | undefined> {
  const opened = await opening().catch(() => undefined);
  if (!opened) return undefined;
  await using handle = opened.handle;
  return await fingerprint(handle, opened.stats.size);
}

async function placeCopy({ folder }: StudioContext): Promise<string> {
  const copy = folder.inner('uploads', `${randomUUID()}.copy`);
  await copyFile(await demonstrationPath(), copy);
  const placed = await placeInFolder(folder, copy, name);
  await rm(copy);
  return placed;
}
