import type { TimeLineInstance } from './types.ts';

export type Direction = 'forwards' | 'backwards';

/** By start, then end, then id: the order in which the keyboard goes through instances. */
export function inOrder(instances: readonly TimeLineInstance[]): TimeLineInstance[] {
  return [...instances].sort((a, b) => a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1));
}

/**
 * The next instance that a filter lets through.
 *
 * @param ordered - as `inOrder` gives them
 * @param from - the instance to go on from, or a moment in seconds: the first that starts at or after it, or before it
 */
export function nextInstance(
  ordered: readonly TimeLineInstance[],
  from: string | number,
  direction: Direction,
  filter: (instance: TimeLineInstance) => boolean,
): TimeLineInstance | undefined {
  const step = direction === 'forwards' ? 1 : -1;
  for (let i = firstOf(ordered, from, direction); i >= 0 && i < ordered.length; i += step) {
    if (filter(ordered[i])) return ordered[i];
  }
  return undefined;
}

// ---- below: internals ----

function firstOf(ordered: readonly TimeLineInstance[], from: string | number, direction: Direction): number {
  if (typeof from === 'string') {
    const at = ordered.findIndex(({ id }) => id === from);
    if (at >= 0) return direction === 'forwards' ? at + 1 : at - 1;
    return direction === 'forwards' ? 0 : ordered.length - 1;
  }
  const after = ordered.findIndex(({ start }) => start >= from);
  const first = after < 0 ? ordered.length : after;
  return direction === 'forwards' ? first : first - 1;
}
