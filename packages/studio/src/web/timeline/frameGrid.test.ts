import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grids } from './arbitrariesTesting.ts';
import { FrameGrid } from './frameGrid.ts';

describe('the frame boundaries of a video', () => {
  it('are its frame times and the end of the last frame', () => {
    const grid = new FrameGrid(Float64Array.of(0, 0.04, 0.1), 0.14);
    expect([...grid.boundaries]).toEqual([0, 0.04, 0.1, 0.14]);
    expect(grid.frameCount).toBe(3);
  });

  it('end a usual frame after the last time where the duration says less', () => {
    expect(new FrameGrid(Float64Array.of(0, 0.1, 0.2), 0.2).end).toBeCloseTo(0.3, 9);
  });

  it('are 25 a second while frame times are not known', () => {
    const grid = new FrameGrid(new Float64Array(0), 2);
    expect([grid.frameCount, grid.end]).toEqual([50, 2]);
  });

  it('leave out frame times that do not rise', () => {
    expect([...new FrameGrid(Float64Array.of(0, 0.1, 0.1, 0.2), 0.3).boundaries]).toEqual([0, 0.1, 0.2, 0.3]);
  });

  it('are found by the nearest moment, as by looking at all', () => {
    fc.assert(
      fc.property(grids, fc.double({ min: -5, max: 100, noNaN: true }), (grid, seconds) => {
        const least = Math.min(...grid.boundaries.map((boundary) => Math.abs(boundary - seconds)));
        expect(Math.abs(grid.nearest(seconds) - seconds)).toBe(least);
      }),
    );
  });

  it('tell which frame is shown at a moment, also at the very start of a frame', () => {
    fc.assert(
      fc.property(grids, fc.nat(), fc.double({ min: 0, max: 0.9, noNaN: true }), (grid, pick, share) => {
        const frame = pick % grid.frameCount;
        const [from, to] = [grid.at(frame), grid.at(frame + 1)];
        expect(grid.frameAt(from + share * (to - from))).toBe(frame);
      }),
    );
  });
});
