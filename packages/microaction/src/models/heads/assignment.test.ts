import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignTargets, doublingLevels, type Points, pointsOf, type Truth } from './index.ts';

const { fround } = Math;
const points = pointsOf(doublingLevels(4), 32);
const [classes, pointCount] = [5, points.positions.length];

const truthOf = (...rows: [start: number, end: number, classId: number][]): Truth => ({
  starts: Float32Array.from(rows, ([start]) => start),
  ends: Float32Array.from(rows, ([, end]) => end),
  classes: Int32Array.from(rows, ([, , id]) => id),
});

describe('pointsOf', () => {
  it('puts the points of all levels behind each other, each at a multiple of its stride', () => {
    const { positions, strides, nears, fars } = pointsOf(doublingLevels(3), 8);
    expect([...positions]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0, 2, 4, 6, 0, 4]);
    expect([...strides]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4]);
    expect([...nears.slice(7)]).toEqual([0, 4, 4, 4, 4, 8, 8]);
    expect([...fars.slice(7)]).toEqual([4, 8, 8, 8, 8, 10_000, 10_000]);
  });
});

describe('assignTargets', () => {
  it('gives the point in the middle of a segment its class, and how far its ends are in strides', () => {
    const { classes: found, distances } = assignTargets(points, [truthOf([9.5, 22.5, 3])], { classes });
    const positive = Array.from({ length: pointCount }, (_, point) => point).filter(
      (point) => found[point * 5 + 3] === 1,
    );
    // The farther end of a point at 16 ± 1.5 strides is 6.5 or more away: for the levels of 4 to 8 and 8 to 16 steps.
    expect(positive.map((point) => [points.strides[point], points.positions[point]])).toEqual([
      [2, 16],
      [4, 12],
      [4, 20],
    ]);
    expect(positive.map((point) => [...distances.slice(2 * point, 2 * point + 2)])).toEqual([
      [3.25, 3.25],
      [0.625, 2.625],
      [2.625, 0.625],
    ]);
  });

  it('lets a point find several classes at the same time, and the shorter of two segments otherwise', () => {
    const same = assignTargets(points, [truthOf([3, 7, 0], [3, 7, 2], [3, 7, 2])], { classes });
    expect([...same.classes.slice(5 * 5, 6 * 5)]).toEqual([1, 0, 1, 0, 0]);
    const nested = assignTargets(points, [truthOf([2, 8, 0], [4, 6, 1])], { classes });
    expect([...nested.classes.slice(5 * 5, 6 * 5)]).toEqual([0, 1, 0, 0, 0]);
    expect([...nested.distances.slice(10, 12)]).toEqual([1, 1]);
  });

  it('assigns nothing in a window without actions, and nothing on the very ends of a segment', () => {
    const none = assignTargets(points, [truthOf()], { classes });
    expect(none.classes).toEqual(new Float32Array(pointCount * classes));
    const { classes: found } = assignTargets(points, [truthOf([4, 6, 0])], { classes });
    expect([4, 5, 6].map((point) => found[point * classes])).toEqual([0, 1, 0]);
  });

  it('refuses classes that there are not, and segments that are none', () => {
    expect(() => assignTargets(points, [truthOf(), truthOf([1, 2, 0], [3, 4, 5])], { classes })).toThrow(
      'segment 1 of window 1 goes from 3 to 4 and has class 5; expected an end at or after the start, and a class from 0 to 4',
    );
    expect(() => assignTargets(points, [truthOf([4, 3, 0])], { classes })).toThrow('goes from 4 to 3');
    expect(() => assignTargets(points, [truthOf([Number.NaN, 3, 0])], { classes })).toThrow('goes from NaN to 3');
  });

  it('agrees with the rule written down point by point, for any segments', () => {
    const time = fc.oneof(fc.integer({ min: -4, max: 72 }), fc.float({ min: -4, max: 72, noNaN: true }));
    const row = fc.tuple(time, fc.float({ min: 0, max: 40, noNaN: true }), fc.nat(classes - 1));
    const rows = fc.array(row, { maxLength: 8 });
    const radius = fc.constantFrom(0.75, 1.5, 2.1);
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 3 }), radius, (windows, centreRadius) => {
        const truths = windows.map((list) =>
          truthOf(...list.map(([s, d, id]): [number, number, number] => [s, s + d, id])),
        );
        const found = assignTargets(points, truths, { classes, centreRadius });
        expect(found.classes).toEqual(
          Float32Array.from(truths.flatMap((truth) => byRule(points, truth, centreRadius))),
        );
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});

/** The classes of all points of a window, as facts about sets of segments. */
function byRule({ positions, strides, nears, fars }: Points, truth: Truth, centreRadius: number): number[] {
  const segments = Array.from(truth.classes, (id, i) => ({ start: truth.starts[i], end: truth.ends[i], id }));
  return Array.from(positions, (p, point) => {
    const candidates = segments.filter(({ start, end }) => {
      const centre = fround(0.5 * fround(start + end));
      const reach = fround(strides[point] * fround(centreRadius));
      const [left, right] = [fround(p - start), fround(end - p)];
      const isCentral = fround(centre - reach) < p && p < fround(centre + reach);
      const farther = Math.max(left, right);
      return isCentral && left > 0 && right > 0 && farther >= nears[point] && farther <= fars[point];
    });
    const lengthOf = ({ start, end }: { start: number; end: number }) => fround(end - start);
    const shortest = Math.min(...candidates.map(lengthOf));
    const wanted = candidates.filter((one) => lengthOf(one) <= fround(shortest + fround(1e-3))).map(({ id }) => id);
    return Array.from({ length: classes }, (_, id) => Number(wanted.includes(id)));
  }).flat();
}
