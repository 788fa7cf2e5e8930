import type { VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { addHistory } from '../review/history.ts';
import { derivedOf, removeDerived } from './derived.ts';
import { fingerprint } from './fingerprint.ts';
import { notOpen, othersFiles } from './folderAccess.ts';
import { sizeText } from './standing.ts';

/**
 * Says where a video's file is now. Its codings stay.
 *
 * @param acceptsChange - takes a file with another content: what was derived from the earlier one is made anew
 * @throws Refusal 409 `other-content` for another content unless it is accepted, `already-added` for the file of another
 * video of the project; as `DataFolder.open`
 */
export async function relinkVideo(
  studio: StudioContext,
  scope: VideoScope,
  { path, acceptsChange }: { readonly path: string; readonly acceptsChange: boolean },
): Promise<void> {
  const { store, folder, events, jobs } = studio;
  const { video } = scope;
  const opened = await folder.open(path);
  await using handle = opened.handle;
  const { name, stats } = opened;
  if (othersFiles(studio, scope)(name)) throw notOpen(path);
  requireFree(studio, scope, name);
  const found = await fingerprint(handle, stats.size);
  const isSame = found === video.fingerprint;
  if (!isSame && !acceptsChange) {
    throw new Refusal(
      409,
      'other-content',
      `${path} has another content (${sizeText(stats.size)}) than the video that was added (${sizeText(video.sizeBytes)}). Nothing was changed. Choose another file, or say that this one counts: codings are kept as they are, with times of the earlier content.`,
      { sizeBytes: stats.size, expectedBytes: video.sizeBytes },
    );
  }
  if (!isSame) {
    stopJobs(studio, video.id);
    await removeDerived(studio, video.id);
  }
  const isReady = isSame && derivedOf(video).motionRate !== undefined;
  const place = { path: name, sizeBytes: stats.size, modifiedMs: stats.mtimeMs, fingerprint: found, problem: null };
  const anew = isSame ? {} : { facts: null, derived: '{}' };
  store.transaction(() => {
    const change = { ...place, ...anew, status: isReady ? 'ready' : 'preparing' } as const;
    store.run(store.sql.updateTable('video').set(change).where('id', '=', video.id));
    addHistory(studio, scope, 'relinked', { from: video.path, to: name, sameContent: isSame });
    if (isReady) return;
    jobs.enqueue({ project: video.project, video: video.id, kind: 'prepare', account: scope.caller.account });
  });
  events.publish(video.project, { type: 'video', video: video.id });
}

/** Cancels what is queued or running for a video. */
export function stopJobs({ store, jobs }: StudioContext, video: string): void {
  const unfinished = store.sql.selectFrom('job').select('id').where('video', '=', video);
  for (const { id } of store.all(unfinished.where('status', 'in', ['queued', 'running']))) jobs.cancel(id);
}

// ---- below: internals ----

function requireFree({ store }: StudioContext, { project, video }: VideoScope, path: string): void {
  const ofPath = store.sql
    .selectFrom('video')
    .select('name')
    .where('project', '=', project.id)
    .where('path', '=', path);
  const other = store.first(ofPath.where('removedAt', 'is', null).where('id', '!=', video.id));
  if (!other) return;
  const message = `${path} is the file of another video of this project, ${other.name}. Nothing was changed: choose another file, or take that video out first.`;
  throw new Refusal(409, 'already-added', message);
}
