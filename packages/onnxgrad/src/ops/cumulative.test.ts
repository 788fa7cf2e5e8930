import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import { constant } from '../graph/tensor.ts';
import { cumulativeSum } from './cumulative.ts';
import { multiply } from './elementwise.ts';
import { valuesOf } from './valuesTesting.ts';

describe('cumulativeSum', () => {
  it('counts from either end, with and without the element itself', async () => {
    const x = constant([1, 2, 3, 4]);
    expect(
      await valuesOf({
        plain: cumulativeSum(x, 0),
        exclusive: cumulativeSum(x, 0, { exclusive: true }),
        reverse: cumulativeSum(x, 0, { reverse: true }),
        both: cumulativeSum(x, 0, { exclusive: true, reverse: true }),
      }),
    ).toEqual({ plain: [1, 3, 6, 10], exclusive: [0, 1, 3, 6], reverse: [10, 9, 7, 4], both: [9, 7, 4, 0] });
  });

  it('has gradients that agree with central differences, along any axis', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
        fc.nat(2),
        fc.record({ exclusive: fc.boolean(), reverse: fc.boolean() }),
        (shape, axis, options) =>
          checkGradient((x) => cumulativeSum(multiply(x, x), axis % shape.length, options), [sample(shape)]),
      ),
      { seed: 52, numRuns: 12 },
    ));

  it('refuses whole numbers and axes that are not there', () => {
    expect(() => cumulativeSum(constant([1], { dtype: 'int64' }), 0)).toThrow('cumulativeSum: x is int64');
    expect(() => cumulativeSum(constant([1]), 1)).toThrow('cumulativeSum: axis is 1');
  });
});
