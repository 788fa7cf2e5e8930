import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import { constant, type Tensor } from '../graph/tensor.ts';
import { multiply } from './elementwise.ts';
import { sum } from './reduce.ts';
import { logSoftmax, softmax } from './softmax.ts';
import { valuesOf } from './valuesTesting.ts';

const { NEGATIVE_INFINITY } = Number;
const shapeAndAxis = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
  .chain((shape) => fc.integer({ min: -shape.length, max: shape.length - 1 }).map((axis) => [shape, axis] as const));

for (const [name, operation] of Object.entries({ softmax, logSoftmax })) {
  describe(name, () => {
    it('has a gradient that agrees with central differences, along any axis', () =>
      fc.assert(
        fc.asyncProperty(shapeAndAxis, fc.nat(1000), ([shape, axis], seed) =>
          checkGradient((x) => operation(x, axis), [sample(shape, [-2, 2], seed)]),
        ),
        { seed: 52, numRuns: 10 },
      ));

    it('tells an axis that is not there', () => {
      expect(() => operation(constant([1, 2]), 1)).toThrow(
        `${name}: axis is 1 for a tensor of shape [2]; expected -1 to 0`,
      );
    });
  });
}

describe('masked with −∞', () => {
  const masked = constant([NEGATIVE_INFINITY, 0, Math.LN2], { shape: [1, 3] });
  const weights = constant([5, 1, 2], { shape: [1, 3] });
  const slope = (y: Tensor) => grad(sum(multiply(y, weights)), [masked])[0];

  it('gives share and gradient 0 there', async () => {
    const y = softmax(masked);
    const found = await valuesOf({ y, dx: slope(y) });
    expect(found.y).toEqual([0, expect.closeTo(1 / 3, 6), expect.closeTo(2 / 3, 6)]);
    expect(found.dx).toEqual([0, expect.closeTo(-2 / 9, 6), expect.closeTo(2 / 9, 6)]);
  });

  it('keeps the gradient of logSoftmax finite where that entry is used by nothing', async () => {
    const y = logSoftmax(masked);
    const { dx } = await valuesOf({ dx: grad(sum(multiply(y, constant([0, 1, 0], { shape: [1, 3] }))), [masked])[0] });
    expect(dx).toEqual([0, expect.closeTo(2 / 3, 6), expect.closeTo(-2 / 3, 6)]);
  });

  it('gives NaN where a whole row is masked, and equal shares where it is masked by a large number', async () => {
    const rows = constant([NEGATIVE_INFINITY, NEGATIVE_INFINITY, -1e9, -1e9], { shape: [2, 2] });
    const { y } = await valuesOf({ y: softmax(rows) });
    expect(y).toEqual([Number.NaN, Number.NaN, 0.5, 0.5]);
  });
});
