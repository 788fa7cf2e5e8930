import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import { constant } from '../graph/tensor.ts';
import { sizeOf } from '../graph/tensorData.ts';
import { multiply, square } from './elementwise.ts';
import { sum } from './reduce.ts';
import { chunkSteps, linearScan } from './scan.ts';
import { valuesOf } from './valuesTesting.ts';

describe('linearScan', () => {
  it('agrees with one step after the other, for any length, axis and direction', () =>
    fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 3 })),
        fc.boolean(),
        async ([outer, steps, inner], reverse) => {
          const shape = [outer, steps, inner];
          const [a, b] = [sample(shape, [-1, 1], 3), sample(shape, [-1, 1], 4)];
          const tensor = ({ values }: typeof a) => constant(values, { shape, dtype: 'float64' });
          const { h } = await valuesOf({ h: linearScan(tensor(a), tensor(b), 1, { reverse }) });
          const expected = new Float64Array(sizeOf(shape));
          for (let i = 0; i < outer; i++) {
            for (let j = 0; j < inner; j++) {
              let state = 0;
              for (let step = 0; step < steps; step++) {
                const at = (i * steps + (reverse ? steps - 1 - step : step)) * inner + j;
                expected[at] = state = a.values[at] * state + b.values[at];
              }
            }
          }
          for (const [i, value] of expected.entries()) expect(h[i]).toBeCloseTo(value, 12);
        },
      ),
      { seed: 52, numRuns: 30 },
    ));

  for (const reverse of [false, true]) {
    it(`has gradients that agree with central differences${reverse ? ', from the end' : ''}`, async () => {
      for (const [shape, axis] of [
        [[2, 5, 2], 1],
        [[13], 0],
        [[2, 12], -1],
        [[30, 2], 0],
      ] as const) {
        await checkGradient((a, b) => linearScan(a, b, axis, { reverse }), [sample(shape), sample(shape, [-1, 1], 2)]);
      }
    });

    it(`has gradients of gradients that agree with central differences${reverse ? ', from the end' : ''}`, () =>
      checkGradient(
        (a, b) => grad(sum(square(linearScan(a, b, 0, { reverse }))), [a, b]).reduce(multiply),
        [sample([11]), sample([11], [-1, 1], 2)],
      ));
  }

  it('cuts time near half its square root, evenly where it can, and always into fewer chunks than steps', () => {
    expect([2304, 576, 100, 97, 11, 9, 3, 1].map(chunkSteps)).toEqual([24, 12, 5, 5, 2, 3, 3, 1]);
  });

  it('tells coefficients of another shape', () => {
    expect(() => linearScan(constant([1, 2]), constant([1]), 0)).toThrow('linearScan: b has shape [1]; expected [2]');
  });
});
