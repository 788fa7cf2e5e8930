import type { Selectable } from 'kysely';
import type { Job } from '../../contract/job.ts';
import type { JobTable } from '../store/tables.ts';

/** Long work in the background, one at a time, each in a process of its own. What is queued survives a restart. */
export interface JobQueue {
  /** Puts work into the queue; a queued or running job of the same kind, video and model is not doubled. */
  enqueue(job: {
    readonly project: string;
    readonly video: string;
    readonly kind: Job['kind'];
    readonly model?: string;
    readonly account: string | null;
  }): Job;
  cancel(id: string): void;
  retry(id: string): Job;
  /** A stored job with what is only known while it runs: stage, progress, remaining time. */
  view(row: Selectable<JobTable>): Job;
  /** Ends the running process; its job begins anew at the next start. */
  close(): Promise<void>;
}
