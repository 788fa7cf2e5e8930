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
import { numbered } from './fileNames.ts';
import { fingerprint } from './fingerprint.ts';
import { notOpen, othersFiles } from './folderAccess.ts';

type VideoRow = Selectable<VideoTable>;

/**
 * Takes files of the data folder into a project, all or none, and has them prepared. A file that is in the project
 * already stays as it is; one that was taken out of it comes back with its codings. Where it was asked for few videos,
 * and nobody codes blind, detection begins by itself.
 *
 * @param known - of the only file, where it was sent: what it was called, and what was found when it was looked at
 * @throws Refusal as `DataFolder.open`
 */
export async function addVideos(
  studio: StudioContext,
  scope: ProjectScope,
  paths: readonly string[],
  known?: KnownFile,
): Promise<VideoRow[]> {
  const { store, events, folder } = studio;
  const isOthers = othersFiles(studio, scope);
  const files: FileLook[] = [];
  for (const path of paths) {
    const opened = await folder.open(path);
    await using _ = opened.handle;
    if (isOthers(opened.name)) throw notOpen(path);
    files.push({ ...opened, fingerprint: await fingerprint(opened.handle, opened.stats.size) });
  }
  const rows = store.transaction(() => {
    const added = files.map((file) => addVideo(studio, scope, file, known));
    const isFew = added.length <= mostDetectedUnasked;
    for (const row of added) if (!isPrepared(row)) beginWork(studio, scope, row, isFew && !scope.project.blind);
    return added;
  });
  for (const { id } of rows) events.publish(scope.project.id, { type: 'video', video: id });
  return rows;
}

export interface KnownFile {
  /** The video's, numbered where the project has one that is called so. The file may have had to take another name. */
  readonly name: string;
  readonly facts: VideoFacts;
}

// ---- below: internals ----

/** Detection takes about as long as the video: for many, the person decides. */
const mostDetectedUnasked = 5;

const isPrepared = (row: VideoRow) => derivedOf(row).motionRate !== undefined;

function beginWork(
  { jobs }: StudioContext,
  { project, caller }: ProjectScope,
  { id }: VideoRow,
  detects: boolean,
): void {
  const job = { project: project.id, video: id, account: caller.account };
  jobs.enqueue({ ...job, kind: 'prepare' });
  if (detects) jobs.enqueue({ ...job, kind: 'detect', model: detectorNames[0] });
}

interface FileLook extends Pick<OpenedFile, 'name' | 'stats'> {
  readonly fingerprint: string;
}

function addVideo(studio: StudioContext, scope: ProjectScope, file: FileLook, known?: KnownFile): VideoRow {
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
    const anew = isPrepared(takenOut) ? {} : ({ status: 'preparing', problem: null } as const);
    const back = { ...anew, removedAt: null };
    store.run(sql.updateTable('video').set(back).where('id', '=', takenOut.id));
    addHistory(studio, { ...scope, video: takenOut }, 'added', { path: file.name });
    return { ...takenOut, ...back };
  }
  const video: VideoRow = {
    id: randomUUID(),
    project: scope.project.id,
    name: known ? freeName(studio, scope, known.name) : basename(file.name),
    path: file.name,
    sizeBytes: file.stats.size,
    modifiedMs: file.stats.mtimeMs,
    fingerprint: file.fingerprint,
    subject: '',
    notes: '',
    facts: known ? JSON.stringify(known.facts) : null,
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

function freeName({ store }: StudioContext, { project }: ProjectScope, wanted: string): string {
  const videos = store.sql.selectFrom('video').select('name').where('project', '=', project.id);
  const taken = new Set(store.all(videos.where('removedAt', 'is', null)).map(({ name }) => name));
  let number = 1;
  while (taken.has(numbered(wanted, number))) number++;
  return numbered(wanted, number);
}
