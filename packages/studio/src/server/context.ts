import type { EventHub } from './events/eventHub.ts';
import type { JobQueue } from './jobs/jobQueue.ts';
import type { Store } from './store/store.ts';
import type { DataFolder } from './videos/dataFolder.ts';

/** What every part of the server works with. One studio, one data folder. */
export interface StudioContext {
  readonly store: Store;
  readonly folder: DataFolder;
  readonly events: EventHub;
  readonly jobs: JobQueue;
  /** For people to read, ISO 8601: nothing is ordered by it. */
  now(): string;
  readonly version: string;
  /** One line for whoever reads the terminal. */
  log(line: string): void;
}
