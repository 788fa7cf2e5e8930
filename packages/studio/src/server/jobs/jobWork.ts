import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Selectable } from 'kysely';
import { microActions52, Taxonomy, type TaxonomyData, UserError } from 'microaction';
import { storeModelCoding } from '../codings/modelCoding.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { preparedFiles } from '../media/preparedFiles.ts';
import type { JobTable, VideoTable } from '../store/tables.ts';
import { type Derived, derivedFiles, derivedOf } from '../videos/derived.ts';
import { findDetector } from './detectors.ts';
import { type RunOptions, runTask } from './runTask.ts';
import type { TaskResults } from './tasks.ts';

type JobRow = Selectable<JobTable>;
type VideoRow = Selectable<VideoTable>;

export interface JobWorkOptions {
  readonly signal: AbortSignal;
  /** Seconds of video done and in all, in this stage. */
  readonly onProgress: (stage: string, done: number, total: number) => void;
}

/**
 * Does what a job is about and keeps what comes of it.
 *
 * @throws UserError, Refusal with what is wrong with the file or the detector; the signal's reason, and then nothing of
 * it is left
 */
export async function doJob(studio: StudioContext, job: JobRow, options: JobWorkOptions): Promise<void> {
  const { store } = studio;
  const video = store.first(store.sql.selectFrom('video').selectAll().where('id', '=', job.video));
  if (!video) throw new Error(`There is no video ${job.video}.`);
  try {
    await works[job.kind](studio, video, job, options);
  } catch (error) {
    removeHalfFiles(studio, job);
    throw error;
  }
}

/**
 * Takes away what a job that was ended by force may have left in the folder of its video: files that are not whole,
 * called `.NAME.xxxxxxxx.tmp`.
 */
export function removeHalfFiles({ folder, log }: StudioContext, { video, kind }: JobRow): void {
  const path = folder.derived(video);
  try {
    for (const name of readdirSync(path)) {
      const isHalf = name.endsWith('.tmp') && outputs[kind].some((whole) => name.startsWith(`.${whole}.`));
      if (isHalf) rmSync(join(path, name), { force: true });
    }
  } catch (error) {
    // Nothing was derived yet, as a rule.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log(`What is left of a job could not be removed: ${error}`);
  }
}

/** Why a job was aborted: the studio ends, and the job begins anew with the next. */
export const studioEnds = new Error('The studio ends.');

/** Whether an error is a letter to a person: of a file, a detector, a disk. */
export const isExpected = (error: unknown): error is UserError | Refusal =>
  error instanceof UserError || error instanceof Refusal;

// ---- below: internals ----

type Work = (studio: StudioContext, video: VideoRow, job: JobRow, options: JobWorkOptions) => Promise<void>;

const works: Readonly<Record<JobRow['kind'], Work>> = {
  async prepare(studio, video, _, { signal, onProgress }) {
    const { path } = await studio.folder.find(video.path);
    const folder = studio.folder.derived(video.id);
    const { motionRate, soundRate } = await runTask<'prepare'>(
      { kind: 'prepare', path, name: video.name, folder },
      {
        signal,
        onReport: (report) => {
          if (report.type === 'facts') updateVideo(studio, video, { facts: JSON.stringify(report.facts) });
          else onProgress(report.stage, report.done, report.total);
        },
      },
    );
    updateVideo(studio, video, { status: 'ready', problem: null }, { motionRate, soundRate });
  },

  async proxy(studio, video, _, options) {
    const { path } = await studio.folder.find(video.path);
    const output = join(studio.folder.derived(video.id), derivedFiles.proxy);
    await runTask<'proxy'>({ kind: 'proxy', path, name: video.name, output }, runOptions(options));
    updateVideo(studio, video, {}, { proxy: true });
  },

  async detect(studio, video, job, options) {
    const { folder, store } = studio;
    const model = await findDetector(folder, job.model ?? '');
    const { path } = await folder.find(video.path);
    const pointsFile = join(folder.derived(video.id), derivedFiles.points);
    const found = await runTask<'detect'>(
      { kind: 'detect', path, name: video.name, model, pointsFile },
      runOptions(options),
    );
    const instances = inScheme(studio, video, found);
    updateVideo(studio, video, {}, { points: found.hasPoints });
    storeModelCoding(studio, video, job.model ?? found.model, instances);
    const details = JSON.stringify({ model: job.model, instances: instances.length, warnings: found.warnings });
    const entry = { project: video.project, video: video.id, account: job.account, what: 'detected', details };
    store.run(store.sql.insertInto('history').values({ ...entry, at: studio.now() }));
  },
};

const runOptions = ({ signal, onProgress }: JobWorkOptions): RunOptions => ({
  signal,
  onReport: (report) => {
    if (report.type === 'progress') onProgress(report.stage, report.done, report.total);
  },
});

/**
 * Sets what is known of a video, and tells.
 *
 * @throws UserError `video-replaced` where the video has been taken for another content since
 */
function updateVideo(studio: StudioContext, video: VideoRow, change: Partial<VideoRow>, derived: Derived = {}): void {
  const { store, events } = studio;
  const { sql } = store;
  store.transaction(() => {
    const now = store.first(sql.selectFrom('video').select(['fingerprint', 'derived']).where('id', '=', video.id));
    if (now?.fingerprint !== video.fingerprint) {
      const message = `${video.name}: another file took its place while it was worked on. What came of the work was not kept: begin again.`;
      throw new UserError('video-replaced', message);
    }
    const known = { ...change, derived: JSON.stringify({ ...derivedOf(now), ...derived }) };
    store.run(sql.updateTable('video').set(known).where('id', '=', video.id));
  });
  events.publish(video.project, { type: 'video', video: video.id });
}

/**
 * What was found, in the coding scheme of the project; what the scheme does not know is left out.
 *
 * @throws UserError `other-scheme` where it knows nothing of it
 */
function inScheme(
  { store }: StudioContext,
  { project, name }: VideoRow,
  { instances, taxonomy }: TaskResults['detect'],
) {
  const row = store.first(store.sql.selectFrom('project').select('taxonomy').where('id', '=', project));
  const scheme = row?.taxonomy ? new Taxonomy(JSON.parse(row.taxonomy) as TaxonomyData) : microActions52;
  const known = instances.flatMap((instance) => {
    const action = scheme.find(instance.action);
    return action ? [{ ...instance, action: action.name }] : [];
  });
  if (known.length > 0 || instances.length === 0) return known;
  throw new UserError(
    'other-scheme',
    `${name}: the detector names actions as "${taxonomy.name}" does; the coding scheme of this project has none of those that it found. Choose a detector that was trained for this scheme.`,
  );
}

/** What each kind of work writes into a video's folder. */
const outputs: Readonly<Record<JobRow['kind'], readonly string[]>> = {
  prepare: Object.values(preparedFiles),
  proxy: [derivedFiles.proxy],
  detect: [derivedFiles.points],
};
