import { randomUUID } from 'node:crypto';
import { sql as rawSql, type Selectable } from 'kysely';
import type { Job } from '../../contract/job.ts';
import type { StudioContext } from '../context.ts';
import type { JobTable } from '../store/tables.ts';
import { JobProgress } from './jobProgress.ts';
import type { JobQueue } from './jobQueue.ts';
import { doJob, isExpected, removeHalfFiles, studioEnds } from './jobWork.ts';

/**
 * Begins to work off what is queued, also what an earlier run of the studio left: one detection at a time, and beside it
 * one of what people wait for before they can begin to code. A video is prepared before anything else is done with it.
 */
export function startJobQueue(studio: Omit<StudioContext, 'jobs'>): JobQueue {
  const queue = new RunningQueue(studio);
  queue.begin();
  return queue;
}

// ---- below: internals ----

type JobRow = Selectable<JobTable>;

/** Kinds of which one runs at a time, the first first. */
const lanes: readonly (readonly Job['kind'][])[] = [['prepare', 'proxy'], ['detect']];

/** A file that makes the studio itself end must not do so for ever. */
const mostAttempts = 3;

const cancelled = new Error('The job was cancelled.');

/** Of a video whose preparation was cancelled. */
const stopped = 'Its preparation was stopped. Nothing is lost: prepare it again to see it on the time line.';

interface Running {
  readonly row: JobRow;
  readonly stop: AbortController;
  readonly progress: JobProgress;
  readonly ended: Promise<void>;
}

class RunningQueue implements JobQueue {
  readonly #studio: StudioContext;
  readonly #running = new Map<string, Running>();
  readonly #untold: string[] = [];
  #isClosed = false;

  constructor(studio: Omit<StudioContext, 'jobs'>) {
    this.#studio = { ...studio, jobs: this };
  }

  begin(): void {
    if (this.#studio.store.readOnly) {
      this.#isClosed = true;
      return;
    }
    this.#resume();
    this.#startNext();
  }

  enqueue({ project, video, kind, model, account }: Parameters<JobQueue['enqueue']>[0]): Job {
    const { store, now } = this.#studio;
    const unfinished = this.#unfinished(video, kind, model ?? null);
    if (unfinished) return this.view(unfinished);
    const what = { id: randomUUID(), project, video, kind, model: model ?? null, account };
    const row: JobRow = { ...what, status: 'queued', error: null, attempts: 0, createdAt: now(), finishedAt: null };
    store.run(store.sql.insertInto('job').values(row));
    this.#setOut(row);
    return this.view(row);
  }

  cancel(id: string): void {
    const running = this.#running.get(id);
    if (running) running.stop.abort(cancelled);
    else {
      const row = this.#row(id);
      if (row?.status === 'queued') this.#end(row, { status: 'cancelled' });
    }
  }

  retry(id: string): Job {
    const row = this.#row(id);
    if (!row) throw new Error(`There is no job ${id}.`);
    if (row.status !== 'failed' && row.status !== 'cancelled') return this.view(row);
    const unfinished = this.#unfinished(row.video, row.kind, row.model);
    if (unfinished) return this.view(unfinished);
    this.#update(id, { status: 'queued', error: null, attempts: 0, finishedAt: null });
    this.#setOut(row);
    return this.view(this.#row(id)!);
  }

  view({ account: _, ...row }: JobRow): Job {
    const progress = this.#running.get(row.id)?.progress.view();
    const isDone = row.status === 'done';
    return { ...row, ...(progress ?? { stage: null, progress: isDone ? 1 : 0, remainingSeconds: null }) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort(studioEnds);
    await Promise.all(running.map(({ ended }) => ended));
  }

  /** What was running when the studio ended is queued again, without what it had half done. */
  #resume(): void {
    const { store } = this.#studio;
    for (const row of store.all(store.sql.selectFrom('job').selectAll().where('status', '=', 'running'))) {
      removeHalfFiles(this.#studio, row);
      if (row.attempts < mostAttempts) this.#update(row.id, { status: 'queued' });
      else {
        const error = `The studio ended ${row.attempts} times while working on it. Nothing else was lost. The file may be damaged; try again to see whether it was by chance.`;
        this.#end(row, { status: 'failed', error });
      }
    }
  }

  #startNext(): void {
    for (const kinds of lanes) {
      if (this.#isClosed) return;
      const isBusy = [...this.#running.values()].some(({ row }) => kinds.includes(row.kind));
      const next = isBusy ? undefined : this.#next(kinds);
      if (next) this.#start(next);
    }
  }

  #next(kinds: readonly Job['kind'][]): JobRow | undefined {
    const { store } = this.#studio;
    for (const kind of kinds) {
      const queued = store.sql.selectFrom('job').selectAll().where('status', '=', 'queued').where('kind', '=', kind);
      const ready =
        kind === 'prepare'
          ? queued
          : queued.where(({ not, exists, selectFrom }) => {
              const ofVideo = selectFrom('job as other').select('other.id').whereRef('other.video', '=', 'job.video');
              const preparing = ofVideo.where('other.kind', '=', 'prepare');
              return not(exists(preparing.where('other.status', 'in', ['queued', 'running'])));
            });
      const next = store.first(ready.orderBy(rawSql`rowid`).limit(1));
      if (next) return next;
    }
    return undefined;
  }

  #start(row: JobRow): void {
    const stop = new AbortController();
    const progress = new JobProgress(row.kind);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.#running.set(row.id, { row, stop, progress, ended });
    this.#update(row.id, { status: 'running', attempts: row.attempts + 1 });
    this.#tell(row.id);
    const onProgress = (stage: string, done: number, total: number) => {
      progress.update(stage, done, total);
      this.#tell(row.id);
    };
    doJob(this.#studio, row, { signal: stop.signal, onProgress })
      .then(
        () => this.#end(row, { status: 'done' }),
        (error) => this.#fail(row, stop.signal, error),
      )
      .catch((error) => this.#studio.log(`A job could not be ended: ${error}`))
      .finally(() => {
        this.#running.delete(row.id);
        resolve();
        this.#startNext();
      });
  }

  #fail(row: JobRow, { reason }: AbortSignal, error: unknown): void {
    // It begins anew with the next start, as if it had not begun.
    if (reason === studioEnds) this.#update(row.id, { status: 'queued', attempts: row.attempts });
    else if (reason === cancelled) this.#end(row, { status: 'cancelled' });
    else if (isExpected(error)) this.#end(row, { status: 'failed', error: error.message });
    else {
      this.#studio.log(`A job of kind ${row.kind} failed: ${error instanceof Error ? error.stack : error}`);
      const message =
        'It failed for a reason that is not of the file; the terminal of the studio says more. Nothing was lost.';
      this.#end(row, { status: 'failed', error: message });
    }
  }

  /** A video that is going to be prepared (again) is not unusable yet. */
  #setOut({ id, kind, video }: JobRow): void {
    const { store } = this.#studio;
    if (kind === 'prepare') {
      const again = store.sql.updateTable('video').set({ status: 'preparing', problem: null }).where('id', '=', video);
      store.run(again.where('status', '=', 'unusable'));
    }
    this.#tellSoon(id);
  }

  #end(row: JobRow, outcome: { readonly status: 'done' | 'failed' | 'cancelled'; readonly error?: string }): void {
    const { id, kind, video, project } = row;
    const { store, events, now } = this.#studio;
    this.#running.delete(id);
    this.#update(id, { ...outcome, finishedAt: now() });
    if (kind === 'prepare' && outcome.status !== 'done' && !this.#unfinished(video, 'prepare', null)) {
      const problem = outcome.error ?? stopped;
      const unprepared = store.sql.updateTable('video').set({ status: 'unusable', problem }).where('id', '=', video);
      if (store.run(unprepared.where('status', '=', 'preparing')) > 0)
        events.publish(project, { type: 'video', video });
    }
    this.#tellSoon(id);
  }

  #update(id: string, change: Partial<JobRow>): void {
    const { store } = this.#studio;
    store.run(store.sql.updateTable('job').set(change).where('id', '=', id));
  }

  #row(id: string): JobRow | undefined {
    const { store } = this.#studio;
    return store.first(store.sql.selectFrom('job').selectAll().where('id', '=', id));
  }

  /** One that is being stopped does not count. */
  #unfinished(video: string, kind: Job['kind'], model: string | null): JobRow | undefined {
    const { store } = this.#studio;
    const same = store.sql.selectFrom('job').selectAll().where('video', '=', video).where('kind', '=', kind);
    const rows = store.all(same.where('model', 'is', model).where('status', 'in', ['queued', 'running']));
    return rows.find(({ id }) => !this.#running.get(id)?.stop.signal.aborted);
  }

  #tell(id: string): void {
    const row = this.#row(id);
    if (row) this.#studio.events.publish(row.project, { type: 'job', job: this.view(row) });
  }

  /** After the transaction that it may be part of; and looks for work, once for all that were put in together. */
  #tellSoon(id: string): void {
    if (this.#untold.push(id) > 1) return;
    queueMicrotask(() => {
      const ids = this.#untold.splice(0);
      if (this.#isClosed) return;
      for (const told of ids) this.#tell(told);
      this.#startNext();
    });
  }
}
