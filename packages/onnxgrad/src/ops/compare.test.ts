import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import { constant } from '../graph/tensor.ts';
import {
  and,
  cast,
  equal,
  greater,
  greaterOrEqual,
  isFiniteNumber,
  isNan,
  less,
  lessOrEqual,
  not,
  notEqual,
  or,
  where,
  xor,
} from './compare.ts';
import { divide, log, multiply } from './elementwise.ts';
import { sum } from './reduce.ts';
import { valuesOf } from './valuesTesting.ts';

const [a, b] = [constant([1, 2, 3]), constant([2])];
const flags = (values: number[]) => constant(values, { dtype: 'bool' });

describe('comparisons', () => {
  it('compare element by element, broadcast', async () => {
    expect(
      await valuesOf({
        less: less(a, b),
        lessOrEqual: lessOrEqual(a, b),
        greater: greater(a, 2),
        greaterOrEqual: greaterOrEqual(a, 2),
        equal: equal(a, b),
        notEqual: notEqual(a, b),
      }),
    ).toEqual({
      less: [1, 0, 0],
      lessOrEqual: [1, 1, 0],
      greater: [0, 0, 1],
      greaterOrEqual: [0, 1, 1],
      equal: [0, 1, 0],
      notEqual: [1, 0, 1],
    });
  });

  it('exist for every type of number', async () => {
    for (const dtype of ['float64', 'float16', 'int64', 'int32'] as const) {
      const [x, y] = [constant([1, 2, 3], { dtype }), constant([2], { dtype })];
      const found = await valuesOf({
        less: less(x, y),
        equal: equal(x, y),
        atLeast: greaterOrEqual(x, y),
        chosen: where(less(x, y), x, y),
      });
      expect(found, dtype).toEqual({ less: [1, 0, 0], equal: [0, 1, 0], atLeast: [0, 1, 1], chosen: [1, 2, 2] });
    }
  });

  it('combine as logic does', async () => {
    const [x, y] = [flags([0, 0, 1, 1]), flags([0, 1, 0, 1])];
    expect(await valuesOf({ and: and(x, y), or: or(x, y), xor: xor(x, y), not: not(x) })).toEqual({
      and: [0, 0, 0, 1],
      or: [0, 1, 1, 1],
      xor: [0, 1, 1, 0],
      not: [1, 1, 0, 0],
    });
  });

  it('know what is no number, and what is infinite', async () => {
    for (const dtype of ['float32', 'float64', 'float16'] as const) {
      const x = constant([1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 65_504], { dtype });
      const found = await valuesOf({ nan: isNan(x), finite: isFiniteNumber(x) });
      expect(found, dtype).toEqual({ nan: [0, 0, 0, 1, 0], finite: [1, 0, 0, 0, 1] });
    }
  });
});

describe('where', () => {
  const mask = flags([1, 0, 1]);

  it('passes gradients to what was chosen, summed over what was broadcast', () =>
    checkGradient((x, y) => where(mask, x, multiply(y, y)), [sample([2, 1, 3]), sample([4, 1])]));

  it('keeps what was not chosen out of the gradient, even where that is not finite', async () => {
    const x = constant([0, 1, 4]);
    const y = where(greater(x, 0), log(x), 0);
    const guarded = where(greater(x, 0), divide(1, x), x);
    const found = await valuesOf({
      one: where(equal(x, 0), x, constant([Number.NaN])),
      y,
      dx: grad(sum(where(greater(x, 0), multiply(x, 2), constant([Number.NaN]))), [x])[0],
      guarded,
    });
    expect(found.one[0]).toBe(0);
    expect(found.y).toEqual([0, 0, expect.closeTo(Math.log(4), 5)]);
    expect(found.dx).toEqual([0, 2, 2]);
    expect(found.guarded).toEqual([0, 1, 0.25]);
  });

  it('tells a condition that is a number', () => {
    expect(() => where(a, a, b)).toThrow('where: condition is float32; expected bool');
  });
});

describe('cast', () => {
  it('carries gradients between types of fractions, and none through whole numbers', async () => {
    const x = constant([0.5, 2.75]);
    const through = grad(sum(cast(multiply(cast(x, 'float64'), 3), 'float32')), [x])[0];
    const cut = grad(sum(multiply(cast(cast(x, 'int64'), 'float32'), x)), [x])[0];
    const found = await valuesOf({ through, cut, whole: cast(x, 'int32'), truth: cast(x, 'bool') });
    expect(found).toEqual({ through: [3, 3], cut: [0, 2], whole: [0, 2], truth: [1, 1] });
  });
});
