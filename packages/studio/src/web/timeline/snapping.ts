import type { Span } from 'microaction/time-line';
import type { FrameGrid } from './frameGrid.ts';

// Whatever is moved by hand lands on frame boundaries of the video, and is at least one frame long.

/** One edge at the boundary nearest to a moment, but at least a frame from the other edge, which stays as it is. */
export function edgeMoved(grid: FrameGrid, { start, end }: Span, edge: 'start' | 'end', seconds: number): Span {
  const wanted = grid.indexNear(seconds);
  return edge === 'start'
    ? { start: grid.at(Math.min(wanted, grid.indexNear(end) - 1)), end }
    : { start, end: grid.at(Math.max(wanted, grid.indexNear(start) + 1)) };
}

/** The whole to another place, as long as it was to the nearest frame, and within the video. */
export function bodyMoved(grid: FrameGrid, { start, end }: Span, toStart: number): Span {
  const length = Math.min(end - start, grid.end - grid.at(0));
  const moved = Math.max(grid.at(0), Math.min(toStart, grid.end - length));
  const first = Math.min(grid.indexNear(moved), grid.frameCount - 1);
  return { start: grid.at(first), end: grid.at(Math.max(first + 1, grid.indexNear(grid.at(first) + length))) };
}

/** A new instance between two moments in any order: the frames shown at both, and all between them. */
export function drawnSpan(grid: FrameGrid, from: number, to: number): Span {
  const [first, last] = [from, to].map((seconds) => grid.frameAt(seconds)).sort((a, b) => a - b);
  return { start: grid.at(first), end: grid.at(last + 1) };
}

/** One edge or both by so many frames; the length stays when both move. */
export function nudged(grid: FrameGrid, span: Span, edge: 'start' | 'end' | 'both', frames: number): Span {
  if (edge !== 'both') return edgeMoved(grid, span, edge, grid.at(grid.indexNear(span[edge]) + frames));
  return bodyMoved(grid, span, grid.at(grid.indexNear(span.start) + frames));
}

/** The moment within reach that is nearest, of some in ascending order. */
export function nearestTarget(targets: Float64Array, seconds: number, reachSeconds: number): number | undefined {
  let low = 0;
  let high = targets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (targets[middle] < seconds) low = middle + 1;
    else high = middle;
  }
  let best: number | undefined;
  let least = reachSeconds;
  for (const target of targets.subarray(Math.max(0, low - 1), low + 1)) {
    const away = Math.abs(target - seconds);
    if (away <= least) [best, least] = [target, away];
  }
  return best;
}
