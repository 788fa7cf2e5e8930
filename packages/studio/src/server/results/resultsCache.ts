import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import type { SourcedCoding } from './sources.ts';

/**
 * What was worked out of codings, as long as none of them has changed; those asked for least recently go first. Who asks
 * at the same time waits for the same work. Whether the asker may read the codings is checked before.
 *
 * @param question - what is asked of them, plain data
 */
export function cached<T>(
  studio: StudioContext,
  { project }: ProjectScope,
  codings: readonly SourcedCoding[],
  question: unknown,
  work: () => Promise<T>,
): Promise<T> {
  const of = codings.map(({ coding, video, title }) => {
    return [coding.id, coding.revision, coding.status, title, video.name, video.facts?.length];
  });
  const key = JSON.stringify([question, project.id, project.taxonomy, project.agreedAboveIou, of]);
  const cache = caches.get(studio) ?? new Map<string, Promise<unknown>>();
  caches.set(studio, cache);
  const found = cache.get(key) ?? work();
  cache.delete(key);
  cache.set(key, found);
  for (const oldest of [...cache.keys()].slice(0, -mostKept)) cache.delete(oldest);
  found.catch(() => cache.delete(key));
  return found as Promise<T>;
}

// ---- below: internals ----

/** A figure has up to a quarter of a megabyte as a picture. */
const mostKept = 100;
const caches = new WeakMap<StudioContext, Map<string, Promise<unknown>>>();
