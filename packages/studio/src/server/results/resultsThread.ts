import { extname } from 'node:path';
import { TaskThread } from '../threads/taskThread.ts';
import type { ResultsTasks } from './resultsTasks.ts';

/** Draws figures and works out agreement and comparisons. */
export const resultsThread = new TaskThread<ResultsTasks>(
  new URL(`./resultsWorker${extname(import.meta.url)}`, import.meta.url),
);
