import type { VideoFacts } from '../../contract/video.ts';
import { runTask } from './runTask.ts';

/**
 * What a file is that somebody sent, told by its content.
 *
 * @param name - what messages call it
 * @throws UserError `not-a-video` ...: see `media/probe.ts`; `work-failed` for a file that makes the reader fail
 */
export function lookAt(path: string, name: string): Promise<VideoFacts> {
  return runTask<'look'>({ kind: 'look', path, name }, { signal: AbortSignal.timeout(longestMs) });
}

// ---- below: internals ----

/** To read through a file of many hours from a slow disk. */
const longestMs = 10 * 60 * 1000;
