import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PeakOptions, proposalsFromPeaks } from './peaks.ts';

const windowSeconds = 2;
const strideSeconds = 0.5;

interface Act {
  readonly start: number;
  readonly end: number;
  readonly classId: number;
}

const middlesOf = (durationSeconds: number) => {
  const count = 1 + Math.floor((durationSeconds - windowSeconds) / strideSeconds);
  return Array.from({ length: count }, (_, i) => windowSeconds / 2 + i * strideSeconds);
};

/** A recogniser that answers by how much of a window, or of an action that is shorter, is seen; above a background. */
function answers(acts: readonly Act[], middles: readonly number[], classes: number, background: readonly number[]) {
  const seen = ({ start, end }: Act, middle: number) => {
    const shared = Math.min(end, middle + windowSeconds / 2) - Math.max(start, middle - windowSeconds / 2);
    return Math.max(0, shared) / Math.min(windowSeconds, end - start);
  };
  return middles.flatMap((middle) =>
    Array.from({ length: classes }, (_, classId) =>
      acts.reduce((sum, act) => sum + (act.classId === classId ? 0.6 * seen(act, middle) : 0), background[classId]),
    ),
  );
}

const listed = ({ starts, ends, scores, classes }: ReturnType<typeof proposalsFromPeaks>) =>
  Array.from(classes, (classId, i) => ({ start: starts[i], end: ends[i], classId, score: scores[i] }));

const find = (acts: readonly Act[], durationSeconds: number, background: readonly number[], options?: object) => {
  const middles = middlesOf(durationSeconds);
  const classes = background.length;
  const values = answers(acts, middles, classes, background);
  return listed(proposalsFromPeaks({ middles, values, classes }, { durationSeconds, ...options } as PeakOptions));
};

/** Acts of one class, all holding a whole window, with more than a window between them, some seconds from both ends. */
const acts = (classId: number) =>
  fc
    .array(fc.tuple(fc.double({ min: 2.1, max: 6, noNaN: true }), fc.double({ min: 2.5, max: 5, noNaN: true })), {
      maxLength: 3,
    })
    .map((parts) => {
      let at = 1;
      return parts.map(([gap, length]): Act => {
        const start = at + gap;
        at = start + length;
        return { start, end: at, classId };
      });
    });

describe('proposalsFromPeaks', () => {
  it('finds actions that hold a whole window exactly, whatever the background', () => {
    const background = fc.array(fc.double({ min: 0, max: 0.3, noNaN: true }), { minLength: 2, maxLength: 2 });
    const property = fc.property(acts(0), acts(1), background, (first, second, levels) => {
      const all = [...first, ...second];
      const found = find(all, 60, levels);
      expect(found).toHaveLength(all.length);
      for (const [i, { start, end, classId }] of all.entries()) {
        expect(found[i].classId).toBe(classId);
        expect(found[i].start).toBeCloseTo(start, 6);
        expect(found[i].end).toBeCloseTo(end, 6);
        expect(found[i].score).toBeCloseTo(0.6, 6);
      }
    });
    fc.assert(property, { seed: 3, numRuns: 200 });
  });

  it('makes a shorter action as long as a window, around its middle', () => {
    const [found, ...others] = find([{ start: 9.25, end: 9.75, classId: 0 }], 20, [0.1]);
    expect(others).toEqual([]);
    expect((found.start + found.end) / 2).toBeCloseTo(9.5, 6);
    expect(found.end - found.start).toBeCloseTo(windowSeconds, 6);
  });

  it('finds nothing in what stays the same, and in what rises less than asked for', () => {
    expect(find([], 30, [0.9, 0.1])).toEqual([]);
    const act = { start: 10, end: 14, classId: 1 };
    expect(find([act], 30, [0.9, 0.1], { leastRise: 0.61 })).toEqual([]);
    expect(find([act], 30, [0.9, 0.1], { leastRise: 0.59 })).toHaveLength(1);
  });

  it('reaches the ends of a video where an action does', () => {
    const found = find(
      [
        { start: 0, end: 5, classId: 0 },
        { start: 26, end: 30, classId: 0 },
      ],
      30,
      [0.1],
    );
    expect(found).toMatchObject([{ start: 0 }, { end: 30 }]);
    expect(found[0].end).toBeCloseTo(5, 6);
    expect(found[1].start).toBeCloseTo(26, 6);
  });

  it('takes few windows as they are: nobody knows their background', () => {
    const values = [0.7, 0.3];
    const found = proposalsFromPeaks({ middles: [0.8], values, classes: 2 }, { durationSeconds: 1.6 });
    expect(listed(found)).toEqual([
      { start: 0, end: 1.6, classId: 0, score: 0.7 },
      { start: 0, end: 1.6, classId: 1, score: 0.3 },
    ]);
  });

  it('never gives segments of one class that overlap, leave the video or have no length, whatever the numbers', () => {
    const series = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 4, maxLength: 60 });
    const property = fc.property(series, (levels) => {
      const values = levels.map((level) => level / 6);
      const middles = levels.map((_, i) => 1 + i / 2);
      const durationSeconds = 1 + middles[middles.length - 1];
      const found = listed(proposalsFromPeaks({ middles, values, classes: 1 }, { durationSeconds }));
      const background = values.toSorted((a, b) => a - b)[Math.floor(0.5 * (values.length - 1))];
      const highest = Math.max(...values) - background;
      expect(found.length > 0).toBe(highest > 0.05);
      if (found.length > 0) expect(Math.max(...found.map(({ score }) => score))).toBeCloseTo(highest, 9);
      const inOrder = found.toSorted((a, b) => a.start - b.start);
      for (const [i, { start, end }] of inOrder.entries()) {
        expect(start).toBeGreaterThanOrEqual(i === 0 ? 0 : inOrder[i - 1].end);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(durationSeconds);
      }
    });
    fc.assert(property, { seed: 4, numRuns: 500 });
  });
});
