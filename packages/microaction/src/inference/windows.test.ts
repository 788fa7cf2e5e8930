import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleCount, slidingWindows, windowFrames, windowMask } from './windows.ts';

const ranges = (windows: ReturnType<typeof slidingWindows>) => windows.map(({ start, end }) => [start, end]);

describe('slidingWindows', () => {
  it('moves the last window back to end with the sequence', () => {
    expect(ranges(slidingWindows(777, { length: 128, overlap: 0.5 })).slice(-2)).toEqual([
      [640, 768],
      [649, 777],
    ]);
  });

  it('makes one shorter window of a shorter sequence', () => {
    expect(ranges(slidingWindows(23, { length: 32, overlap: 0.25 }))).toEqual([[0, 23]]);
  });

  it('misses the end as OpenTAD where windows overlap by less than a half, unless told', () => {
    const options = { length: 48, overlap: 0.25 };
    expect(ranges(slidingWindows(100, options))).toEqual([
      [0, 48],
      [36, 84],
    ]);
    expect(ranges(slidingWindows(100, { ...options, coverEnd: true }))).toEqual([
      [0, 48],
      [36, 84],
      [52, 100],
    ]);
  });

  it('leaves nothing out with coverEnd, nor where windows overlap by half, and never leaves the sequence', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 2, max: 60 }),
      fc.constantFrom(0, 0.25, 0.5, 0.8),
      (steps, length, overlap) => {
        const coverEnd = overlap < 0.5;
        const windows = slidingWindows(steps, { length: length * 10, overlap, coverEnd });
        const seen = new Uint8Array(steps);
        for (const { start, end } of windows) {
          expect(end - start).toBe(Math.min(steps, length * 10));
          seen.fill(1, start, end);
        }
        expect(seen.every((step) => step === 1)).toBe(true);
        if (coverEnd) expect(new Set(windows.map(({ start }) => start)).size).toBe(windows.length);
      },
    );
    fc.assert(property, { seed: 7, numRuns: 300 });
  });

  it('refuses windows that would not move on', () => {
    expect(() => slidingWindows(100, { length: 3, overlap: 0.9 })).toThrow('move on by 0');
  });
});

describe('windowFrames', () => {
  it('repeats the last sample where there are no more, and says how many steps are of the video', () => {
    const grid = { frames: 90, strideFrames: 4 };
    expect(sampleCount(grid)).toBe(23);
    const { frames, validSteps } = windowFrames({ start: 20, end: 26 }, grid, 6);
    expect([[...frames], validSteps]).toEqual([[80, 84, 88, 88, 88, 88], 3]);
    expect([...windowMask(validSteps, 6)]).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it('counts a step as valid where all of its samples are there', () => {
    expect(windowFrames({ start: 3, end: 10 }, { frames: 20, strideFrames: 2 }, 8, 2).validSteps).toBe(3);
  });

  it('never leaves the video, whatever the range', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 7 }),
      (frames, strideFrames) => {
        const grid = { frames, strideFrames };
        for (const window of slidingWindows(sampleCount(grid), { length: 8, overlap: 0.5 })) {
          const found = windowFrames(window, grid, 8);
          expect(found.frames.every((frame) => frame >= 0 && frame < frames && frame % strideFrames === 0)).toBe(true);
          expect(found.validSteps).toBe(window.end - window.start);
        }
      },
    );
    fc.assert(property, { seed: 8, numRuns: 200 });
  });

  it('refuses a range without samples', () => {
    expect(() => windowFrames({ start: 30, end: 34 }, { frames: 90, strideFrames: 4 }, 8)).toThrow(
      'samples 30 to 23 of 23 are -7; expected 1 to 8',
    );
  });
});
