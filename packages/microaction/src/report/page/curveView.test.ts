import fc from 'fast-check';
import { expect, it } from 'vitest';
import { curveRange, lastAtOrBefore } from './curveView.ts';

it('the last time at or before a moment is found', () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 50 })).map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(times, fc.integer({ min: -1, max: 51 }), (all, moment) => {
      expect(lastAtOrBefore(all, moment)).toBe(all.findLastIndex((time) => time <= moment));
    }),
  );
});

it('one spike does not flatten a curve, unless the spike is what is selected', () => {
  const values = Array.from({ length: 1000 }, (_, i) => (i === 500 ? 100 : Math.sin(i)));
  expect(curveRange(values, 0, -1).high).toBeLessThan(1.5);
  expect(curveRange(values, 490, 510).high).toBeGreaterThan(100);
});

it('a curve of gaps, or of one value, has a range to draw in', () => {
  for (const values of [[], [Number.NaN], [3, 3]]) {
    const { low, high } = curveRange(values, 0, values.length - 1);
    expect(high).toBeGreaterThan(low);
  }
});
