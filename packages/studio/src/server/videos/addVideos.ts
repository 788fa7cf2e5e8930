import { randomUUID } from 'node:crypto';
import { basename } from 'node:path/posix';
import { sql as rawSql, type Selectable } from 'kysely';
import { detectorNames } from 'microaction';
import type { VideoFacts } from '../../contract/video.ts';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { addHistory } from '../review/history.ts';
import type { VideoTable } from '../store/tables.ts';
import type { OpenedFile } from './dataFolder.ts';
import { derivedOf } from './derived.ts';
import { fingerprint } from './fingerprint.ts';
import { notOpen, othersFiles } from './folderAccess.ts';

type VideoRow = Selectable<VideoTable>;

/**
 * Takes files of the data folder into a project, all or none, and has them prepared. A file that is in the project
 * already stays as it is; one that was taken out of it comes back with its codings. Where it was asked for few videos,
 * and nobody codes blind, detection begins by itself.
 *
 * @param facts - of the only file, where it was looked at before
 * @throws Refusal as `DataFolder.open`
 */
export async function addVideos(
  studio: StudioContext,
  scope: ProjectScope,
  paths: readonly string[],
  facts: VideoFacts | null = null,
): Promise<VideoRow[]> {
  const { store, events, jobs, folder } = studio;
  const isOthers = othersFiles(studio, scope);
  const files: FileLook[] = [];
  for (const path of paths) {
    const opened = await folder.open(path);
    await using _ = opened.handle;
    if (isOthers(opened.name)) throw notOpen(path);
    files.push({ ...opened, fingerprint: await fingerprint(opened.handle, opened.stats.size) });
  }
  const rows = store.transaction(() => files.map((file) => addVideo(studio, scope, file, facts)));
  const project = scope.project.id;
  for (const { id } of rows) events.publish(project, { type: 'video', video: id });
  store.transaction(() => {
    for (const { id: video } of rows.filter((row) => derivedOf(row).motionRate === undefined)) {
      jobs.enqueue({ project, video, kind: 'prepare', account: scope.caller.account });
      if (scope.project.blind || rows.length > mostDetectedUnasked) continue;
      jobs.enqueue({ project, video, kind: 'detect', model: detectorNames[0], account: scope.caller.account });
    }
  });
  return rows;
}

// ---- below: internals ----

/** Detection takes about as long as the video: for many, the person decides. */
const mostDetectedUnasked = 5;

interface FileLook extends Pick<OpenedFile, 'name' | 'stats'> {
  readonly fingerprint: string;
}

function addVideo(studio: StudioContext, scope: ProjectScope, file: FileLook, facts: VideoFacts | null): VideoRow {
  const { store, now } = studio;
  const { sql } = store;
  const earlier = store.all(
    sql
      .selectFrom('video')
      .selectAll()
      .where('project', '=', scope.project.id)
      .where('path', '=', file.name)
      .orderBy(rawSql`rowid desc`),
  );
  const active = earlier.find(({ removedAt }) => removedAt === null);
  if (active) return active;
  const takenOut = earlier.find((row) => row.fingerprint === file.fingerprint);
  if (takenOut) {
    store.run(sql.updateTable('video').set({ removedAt: null }).where('id', '=', takenOut.id));
    addHistory(studio, { ...scope, video: takenOut }, 'added', { path: file.name });
    return { ...takenOut, removedAt: null };
  }
  const video: VideoRow = {
    id: randomUUID(),
    project: scope.project.id,
    name: basename(file.name),
    path: file.name,
    sizeBytes: file.stats.size,
    modifiedMs: file.stats.mtimeMs,
    fingerprint: file.fingerprint,
    subject: '',
    notes: '',
    facts: facts && JSON.stringify(facts),
    status: 'preparing',
    problem: null,
    derived: '{}',
    addedAt: now(),
    removedAt: null,
  };
  store.run(sql.insertInto('video').values(video));
  addHistory(studio, { ...scope, video }, 'added', { path: file.name });
  return video;
}
