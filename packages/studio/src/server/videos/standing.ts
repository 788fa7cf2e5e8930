import type { Stats } from 'node:fs';
import type { Selectable } from 'kysely';
import type { StudioContext } from '../context.ts';
import type { VideoTable } from '../store/tables.ts';
import { derivedOf } from './derived.ts';
import { fingerprint } from './fingerprint.ts';

type VideoRow = Selectable<VideoTable>;

/**
 * Looks whether the files of videos are still there and still the same, writes down what has changed, and gives the
 * rows as they are now. Costs one look at each file; a file is read (in part) only where its size or time differs.
 */
export async function checkFiles(studio: StudioContext, rows: readonly VideoRow[]): Promise<VideoRow[]> {
  return await Promise.all(rows.map((row) => checkFile(studio, row)));
}

/** `12.3 MB` */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toPrecision(3)} ${units[power]}`;
}

// ---- below: internals ----

async function checkFile(studio: StudioContext, row: VideoRow): Promise<VideoRow> {
  const stats = await studio.folder.stat(row.path);
  const isSame = stats?.isFile() && stats.size === row.sizeBytes && stats.mtimeMs === row.modifiedMs;
  const wasThere = row.status !== 'missing' && row.status !== 'changed';
  if (isSame && wasThere) return row;
  if (stats?.isFile() && row.status === 'preparing') return row; // while it is being read; it may be half copied
  const change = stats?.isFile() ? await changeOf(studio, row, stats) : missing(row);
  return save(studio, row, change);
}

type Change = Partial<Pick<VideoRow, 'status' | 'problem' | 'sizeBytes' | 'modifiedMs' | 'fingerprint'>>;

const missing = ({ path }: VideoRow): Change => ({
  status: 'missing',
  problem: `${path} is not in the data folder any more: it was moved, renamed or deleted. All codings are kept. Put the file back, or say where it is now.`,
});

/** Of a file that is there, but is not as it was. */
async function changeOf({ folder }: StudioContext, row: VideoRow, stats: Stats): Promise<Change> {
  const found = await fingerprintOf(folder, row.path, stats);
  const now = { sizeBytes: stats.size, modifiedMs: stats.mtimeMs };
  // Nothing was derived of it yet: what lies there now counts.
  if (derivedOf(row).motionRate === undefined)
    return { ...now, fingerprint: found, status: 'preparing', problem: null };
  if (found === row.fingerprint) return { ...now, status: 'ready', problem: null };
  return {
    status: 'changed',
    problem: `${row.path} has another content than when it was added (${sizeText(stats.size)}, before ${sizeText(row.sizeBytes)}). All codings are kept; they are of the earlier content. Put the earlier file back, or take the new content over.`,
  };
}

/** Undefined where the file cannot be read now. */
async function fingerprintOf(folder: StudioContext['folder'], path: string, stats: Stats) {
  const opened = await folder.open(path).catch(() => undefined);
  if (!opened) return undefined;
  await using handle = opened.handle;
  return await fingerprint(handle, stats.size);
}

function save(studio: StudioContext, row: VideoRow, change: Change): VideoRow {
  const { store, events, jobs } = studio;
  const differs = Object.entries(change).some(([key, value]) => row[key as keyof VideoRow] !== value);
  if (!differs) return row;
  const now = { ...row, ...change };
  if (store.readOnly) return now;
  const isKept = store.transaction(() => {
    const asSeen = store.sql.updateTable('video').set(change).where('id', '=', row.id).where('path', '=', row.path);
    const kept = store.run(asSeen.where('status', '=', row.status).where('modifiedMs', '=', row.modifiedMs)) > 0;
    if (kept && now.status === 'preparing') {
      jobs.enqueue({ project: row.project, video: row.id, kind: 'prepare', account: null });
    }
    return kept;
  });
  if (!isKept) return row; // somebody changed it while the file was looked at: next time
  events.publish(row.project, { type: 'video', video: row.id });
  return now;
}
