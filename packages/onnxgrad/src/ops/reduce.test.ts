import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import { constant, type Tensor } from '../graph/tensor.ts';
import { argmax, argmin, logsumexp, max, mean, min, norm, sum, topK, variance } from './reduce.ts';
import { valuesOf } from './valuesTesting.ts';

type Reduction = (x: Tensor, axes?: number | readonly number[], options?: { keepAxes?: boolean }) => Tensor;

const reductions: Record<string, Reduction> = {
  sum,
  mean,
  max,
  min,
  logsumexp,
  norm,
  variance,
  'variance of a sample': (x, axes, options) => variance(x, axes, { ...options, correction: 0.5 }),
};

/** A shape, some of its axes counted from either end, and whether those are kept. */
const reduced = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    axes: fc.option(fc.subarray([...shape.keys()]), { nil: undefined }),
    fromEnd: fc.boolean(),
    keepAxes: fc.boolean(),
    seed: fc.nat(1000),
  }),
);

describe('gradients of reductions agree with central differences, over any axes', () => {
  for (const [name, build] of Object.entries(reductions)) {
    it(name, () =>
      fc.assert(
        fc.asyncProperty(reduced, ({ shape, axes, fromEnd, keepAxes, seed }) => {
          const counted = fromEnd ? axes?.map((axis) => axis - shape.length) : axes;
          // Above 0 throughout: the norm of a single number has an edge at 0.
          return checkGradient((x) => build(x, counted, { keepAxes }), [sample(shape, [0.5, 3], seed)], {
            single: 1e-4,
          });
        }),
        { seed: 52, numRuns: 6 },
      ),
    );
  }

  it('topK, largest and smallest', async () => {
    await checkGradient((x) => topK(x, 2).values, [sample([3, 5])]);
    await checkGradient((x) => topK(x, 3, 0, { largest: false }).values, [sample([4, 2])]);
  });
});

describe('values', () => {
  const x = constant([3, 1, 3, -2, 5, 5], { shape: [2, 3] });

  it('agree with what can be counted by hand', async () => {
    const { values, indices } = topK(x, 2);
    expect(
      await valuesOf({
        max: max(x, 1),
        min: min(x, 0),
        all: max(x),
        argmax: argmax(x),
        argmin: argmin(x, 0),
        values,
        indices,
        variance: variance(x, 1, { correction: 1 }),
        norm: norm(constant([3, -4])),
      }),
    ).toEqual({
      max: [3, 5],
      min: [-2, 1, 3],
      all: [5],
      argmax: [0, 1],
      argmin: [1, 0, 0],
      values: [3, 3, 5, 5],
      indices: [0, 2, 1, 2],
      variance: [expect.closeTo(4 / 3, 5), expect.closeTo(49 / 3, 4)],
      norm: [5],
    });
  });

  it('the largest numbers share their gradient evenly', async () => {
    const found = await valuesOf({
      rows: grad(sum(max(x, 1)), [x])[0],
      all: grad(max(x), [x])[0],
      min: grad(min(x), [x])[0],
    });
    expect(found).toEqual({ rows: [0.5, 0, 0.5, 0, 0.5, 0.5], all: [0, 0, 0, 0, 0.5, 0.5], min: [0, 0, 0, 1, 0, 0] });
  });

  it('logsumexp neither overflows nor gives NaN where all is −∞', async () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const large = constant([1000, 1000], { dtype });
      const nothing = constant([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], { dtype });
      const found = await valuesOf({
        y: logsumexp(large),
        dx: grad(logsumexp(large), [large])[0],
        none: logsumexp(nothing),
        dnone: grad(logsumexp(nothing), [nothing])[0],
      });
      expect(found.y[0], dtype).toBeCloseTo(1000 + Math.LN2, 3);
      expect(found.dx[0], dtype).toBeCloseTo(0.5, 3);
      expect(found.none, dtype).toEqual([Number.NEGATIVE_INFINITY]);
      expect(found.dnone, dtype).toEqual([0, 0]);
    }
  });

  it('logsumexp is ∞ where one number is, and NaN where one is NaN', async () => {
    const x = constant([Number.POSITIVE_INFINITY, 1, Number.NaN, 1], { shape: [2, 2] });
    expect((await valuesOf({ y: logsumexp(x, 1) })).y).toEqual([Number.POSITIVE_INFINITY, Number.NaN]);
  });

  it('the variance of a sample of one is no number', async () => {
    const x = constant([1, 2], { shape: [2, 1] });
    expect((await valuesOf({ y: variance(x, 1, { correction: 1 }) })).y).toEqual([Number.NaN, Number.NaN]);
    expect((await valuesOf({ y: variance(constant([1, 3]), 0, { correction: 3 }) })).y).toEqual([Infinity]);
  });

  it('over no axes, each number is on its own', async () => {
    const found = await valuesOf({
      norm: norm(x, []),
      max: max(x, []),
      logsumexp: logsumexp(x, [], { keepAxes: true }),
    });
    expect(found.norm).toEqual([3, 1, 3, 2, 5, 5]);
    expect(found.max).toEqual([3, 1, 3, -2, 5, 5]);
    expect(found.logsumexp).toEqual([3, 1, 3, -2, 5, 5]);
    expect(norm(constant([3], { shape: [] })).shape).toEqual([]);
  });

  it('the norm of zeros has gradient 0', async () => {
    const zero = constant([0, 0]);
    expect((await valuesOf({ dx: grad(norm(zero), [zero])[0] })).dx).toEqual([0, 0]);
  });

  it('mistakes are told where they are made', () => {
    expect(() => max(x, 2)).toThrow('max: axis is 2 for a tensor of shape [2, 3]; expected -2 to 1');
    expect(() => topK(x, 4)).toThrow('topK: count is 4 for a tensor of shape [2, 3]; expected 1 to 3');
    expect(() => norm(constant([1], { dtype: 'int64' }))).toThrow('norm: x is int64');
  });
});
