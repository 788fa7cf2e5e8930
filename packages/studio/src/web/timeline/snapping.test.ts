import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grids } from './arbitrariesTesting.ts';
import { FrameGrid } from './frameGrid.ts';
import { bodyMoved, drawnSpan, edgeMoved, nearestTarget, nudged } from './snapping.ts';

const moments = fc.double({ min: -10, max: 100, noNaN: true });

/** A grid, and an instance somewhere on it, from boundary to boundary. */
const placed = grids.chain((grid) =>
  fc.tuple(fc.nat(grid.frameCount - 1), fc.nat(grid.frameCount - 1)).map(([a, b]) => {
    const [first, last] = [Math.min(a, b), Math.max(a, b) + 1];
    return { grid, span: { start: grid.at(first), end: grid.at(last) } };
  }),
);

function expectOnFrames(grid: FrameGrid, { start, end }: { start: number; end: number }): void {
  expect(grid.boundaries).toContain(start);
  expect(grid.boundaries).toContain(end);
  expect(grid.indexNear(end) - grid.indexNear(start)).toBeGreaterThanOrEqual(1);
}

describe('what is moved by hand', () => {
  it('lands on frames of the video and lasts at least one, whichever edge goes wherever', () => {
    fc.assert(
      fc.property(placed, fc.constantFrom('start', 'end'), moments, ({ grid, span }, edge, seconds) => {
        const moved = edgeMoved(grid, span, edge, seconds);
        expectOnFrames(grid, moved);
        const other = edge === 'start' ? 'end' : 'start';
        expect(moved[other]).toBe(span[other]);
      }),
    );
  });

  it('lands on frames of the video as a whole too, about as long as it was', () => {
    fc.assert(
      fc.property(placed, moments, ({ grid, span }, toStart) => {
        const moved = bodyMoved(grid, span, toStart);
        expectOnFrames(grid, moved);
        const longestFrame = Math.max(...grid.boundaries.slice(1).map((end, i) => end - grid.boundaries[i]));
        expect(Math.abs(moved.end - moved.start - (span.end - span.start))).toBeLessThanOrEqual(longestFrame + 1e-9);
      }),
    );
  });

  it('keeps its count of frames where all frames are equally long', () => {
    const grid = new FrameGrid(
      Float64Array.from({ length: 300 }, (_, i) => i / 29.97),
      300 / 29.97,
    );
    fc.assert(
      fc.property(fc.nat(290), fc.integer({ min: 1, max: 9 }), moments, (first, frames, toStart) => {
        const moved = bodyMoved(grid, { start: grid.at(first), end: grid.at(first + frames) }, toStart);
        expect(grid.indexNear(moved.end) - grid.indexNear(moved.start)).toBe(frames);
      }),
    );
  });

  it('stays one frame long at least when an edge lay between frames', () => {
    const grid = new FrameGrid(Float64Array.of(0, 1, 2, 3), 4);
    expect(edgeMoved(grid, { start: 0.2, end: 1.4 }, 'start', 9)).toEqual({ start: 0, end: 1.4 });
    expect(edgeMoved(grid, { start: 2.6, end: 3.9 }, 'end', 0)).toEqual({ start: 2.6, end: 4 });
  });

  it('is drawn over the frames of both its ends, in whichever direction', () => {
    fc.assert(
      fc.property(grids, moments, moments, (grid, from, to) => {
        const span = drawnSpan(grid, from, to);
        expectOnFrames(grid, span);
        expect(drawnSpan(grid, to, from)).toEqual(span);
      }),
    );
  });

  it('goes by single frames, and back to where it was', () => {
    const grid = new FrameGrid(
      Float64Array.from({ length: 50 }, (_, i) => i * 0.04),
      2,
    );
    const span = { start: grid.at(10), end: grid.at(20) };
    for (const edge of ['start', 'end', 'both'] as const) {
      expect(nudged(grid, nudged(grid, span, edge, 3), edge, -3)).toEqual(span);
    }
    expect(nudged(grid, span, 'end', -1)).toEqual({ start: grid.at(10), end: grid.at(19) });
    expect(nudged(grid, span, 'both', 100)).toEqual({ start: grid.at(40), end: grid.at(50) });
  });
});

describe('what a drag may catch on', () => {
  it('is the nearest within reach, as by looking at all', () => {
    const targetLists = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { maxLength: 30 });
    const reaches = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(targetLists, fc.double({ min: -1, max: 11, noNaN: true }), reaches, (list, seconds, reach) => {
        const found = nearestTarget(Float64Array.from(list).sort(), seconds, reach);
        const least = Math.min(...list.map((target) => Math.abs(target - seconds)));
        if (least <= reach) expect(Math.abs(found! - seconds)).toBe(least);
        else expect(found).toBeUndefined();
      }),
    );
  });

  it('is nothing when snapping is off', () => {
    expect(nearestTarget(Float64Array.of(1), 1, -1)).toBeUndefined();
  });
});
