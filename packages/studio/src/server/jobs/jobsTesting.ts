import type { Job } from '../../contract/job.ts';
import type { TestStudio } from '../serverTesting.ts';
import type { JobQueue } from './jobQueue.ts';
import { startJobQueue } from './startJobQueue.ts';

/** Lets a studio for tests really work; called again after `close`, it is as if the studio had been started again. */
export function startWork(studio: TestStudio): JobQueue {
  const { jobs: _, ...parts } = studio.context;
  const jobs = startJobQueue(parts);
  Object.assign(studio.context, { jobs });
  return jobs;
}

export const jobsOf = async ({ solo, project }: TestStudio): Promise<Job[]> =>
  (await solo.get(`/projects/${project}/jobs`)).body;

/** Waits until a job is as it is wanted. */
export async function jobWhen(studio: TestStudio, id: string, isWanted: (job: Job) => boolean): Promise<Job> {
  const endMs = Date.now() + 60_000;
  for (;;) {
    const job = (await jobsOf(studio)).find((one) => one.id === id)!;
    if (isWanted(job)) return job;
    if (Date.now() > endMs) throw new Error(`The job does not become what is wanted: ${JSON.stringify(job)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const hasEnded = ({ status }: Job) => status !== 'queued' && status !== 'running';
