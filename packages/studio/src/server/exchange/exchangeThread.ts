import { extname } from 'node:path';
import { TaskThread } from '../threads/taskThread.ts';
import type { ExchangeTasks } from './exchangeTasks.ts';

/** Reads and writes files of annotations. */
export const exchangeThread = new TaskThread<ExchangeTasks>(
  new URL(`./exchangeWorker${extname(import.meta.url)}`, import.meta.url),
);
