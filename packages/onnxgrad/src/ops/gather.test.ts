import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import { constant, input } from '../graph/tensor.ts';
import { compile } from '../runtime/program.ts';
import { multiply } from './elementwise.ts';
import { gather, oneHot, range, rearrange, scatter, scatterAdd, takeAlongAxis } from './gather.ts';
import { sum } from './reduce.ts';
import { valuesOf } from './valuesTesting.ts';

const int64 = (values: readonly number[], shape: readonly number[] = [values.length]) =>
  constant(values, { shape, dtype: 'int64' });
const shapeAndAxis = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
  .chain((shape) => fc.nat(shape.length - 1).map((axis) => ({ shape, axis })));
const options = { seed: 52, numRuns: 8 };

describe('gather', () => {
  it('has a gradient that agrees with central differences, whatever comes twice or not at all', () =>
    fc.assert(
      fc.asyncProperty(
        shapeAndAxis.chain(({ shape, axis }) =>
          fc.record({
            shape: fc.constant(shape),
            axis: fc.constant(axis),
            indices: fc.array(fc.integer({ min: -shape[axis], max: shape[axis] - 1 }), { minLength: 1, maxLength: 6 }),
          }),
        ),
        ({ shape, axis, indices }) => checkGradient((x) => gather(x, indices, axis), [sample(shape)]),
      ),
      options,
    ));

  it('has a gradient through a permutation, through a choice, and through indices of two axes', async () => {
    await checkGradient((x) => gather(x, [2, 0, 1], 1), [sample([2, 3, 2])]);
    await checkGradient((x) => gather(x, [3, 1], -1), [sample([2, 4])]);
    await checkGradient((x) => gather(x, int64([0, 1, 1, -1], [2, 2]), 1), [sample([2, 3, 2])]);
  });

  it('sums what comes twice, always alike, on several threads', async () => {
    const x = input('x', [3, 4]);
    const indices = Array.from({ length: 30_000 }, (_, i) => i % 3);
    await using program = await compile({ dx: grad(sum(gather(x, indices)), [x])[0] }, { threads: 2 });
    const { dx } = await program.run();
    expect([...(dx.data as Float32Array)]).toEqual(new Array(12).fill(10_000));
  });

  it('replaces its axis by those of the indices', async () => {
    const x = constant([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
    const y = gather(x, int64([2, 0, 1, 1], [2, 2]), 1);
    expect(y.shape).toEqual([2, 2, 2]);
    expect((await valuesOf({ y })).y).toEqual([3, 1, 2, 2, 6, 4, 5, 5]);
  });

  it('tells indices that are not there, or no whole numbers', () => {
    const x = constant([1, 2, 3]);
    expect(() => gather(x, [0, 3])).toThrow('gather: index 1 is 3; expected a whole number from -3 to 2');
    expect(() => oneHot(constant([0], { dtype: 'int64' }), 1.5)).toThrow(
      'range: count is 1.5; expected a whole number',
    );
    expect(() => gather(x, [0.5])).toThrow('gather: index 0 is 0.5');
    expect(() => gather(x, constant([0]))).toThrow('gather: indices is float32; expected int64');
  });
});

describe('rearrange', () => {
  it('puts elements in another order, and 0 where there is none', async () => {
    const x = constant([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
    expect((await valuesOf({ y: rearrange(x, [2, -1, 0, -1], 1) })).y).toEqual([3, 0, 1, 0, 6, 0, 4, 0]);
    expect((await valuesOf({ y: rearrange(x, [1, 0], 0) })).y).toEqual([4, 5, 6, 1, 2, 3]);
    expect((await valuesOf({ y: rearrange(x, [-1, 1, -1], 0) })).y).toEqual([0, 0, 0, 4, 5, 6, 0, 0, 0]);
    expect((await valuesOf({ y: rearrange(x, [-1, -1], 0) })).y).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('has a gradient that agrees with central differences', async () => {
    await checkGradient((x) => rearrange(multiply(x, x), [2, -1, 0, -1], 1), [sample([2, 3])]);
    await checkGradient((x) => rearrange(multiply(x, x), [2, 0, 1], 0), [sample([3, 2])]);
    await checkGradient((x) => rearrange(multiply(x, x), [2, -1, 0, -1], 0), [sample([3, 2])]);
  });

  it('refuses what comes twice or is not there', () => {
    expect(() => rearrange(constant([1, 2]), [0, 0], 0)).toThrow(
      'rearrange: sources hold an element twice; expected each once',
    );
    expect(() => rearrange(constant([1, 2]), [2], 0)).toThrow('rearrange: sources hold 2; expected -1 to 1');
  });
});

describe('along an axis', () => {
  const places = int64([1, 1, 0, 2], [2, 2]);

  it('takeAlongAxis takes each its own, and its gradient agrees with central differences', async () => {
    const x = constant([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
    expect((await valuesOf({ y: takeAlongAxis(x, places, 1) })).y).toEqual([2, 2, 4, 6]);
    await checkGradient((t) => takeAlongAxis(t, places, 1), [sample([2, 3])]);
  });

  it('scatterAdd adds up what goes to one place, and its gradients agree with central differences', async () => {
    const x = constant([1, 1, 1, 1, 1, 1], { shape: [2, 3] });
    const updates = constant([10, 20, 30, 40], { shape: [2, 2] });
    expect((await valuesOf({ y: scatterAdd(x, places, updates, 1) })).y).toEqual([1, 31, 1, 31, 1, 41]);
    await checkGradient(
      (t, u) => scatterAdd(multiply(t, t), places, multiply(u, u), 1),
      [sample([2, 3]), sample([2, 2])],
    );
  });

  it('scatter replaces, and its gradients agree with central differences', async () => {
    const apart = int64([2, 1, 0, 2], [2, 2]);
    const x = constant([1, 1, 1, 1, 1, 1], { shape: [2, 3] });
    expect((await valuesOf({ y: scatter(x, apart, constant([5, 6, 7, 8], { shape: [2, 2] }), 1) })).y).toEqual([
      1, 6, 5, 7, 1, 8,
    ]);
    await checkGradient((t, u) => scatter(multiply(t, t), apart, multiply(u, u), 1), [sample([2, 3]), sample([2, 2])]);
  });

  it('shapes that do not fit are told', () => {
    const x = constant([1, 2, 3, 4, 5, 6], { shape: [3, 2] });
    expect(() => takeAlongAxis(x, places, 1)).toThrow('takeAlongAxis: indices has shape [2, 2]; expected [3, 2]');
    expect(() => scatterAdd(x, places, constant([1]), 0)).toThrow('scatterAdd: updates has shape [1]; expected [2, 2]');
  });
});

describe('constants', () => {
  it('range counts, oneHot leaves out what is no class', async () => {
    const found = await valuesOf({ range: range(3, { start: 2, step: -1 }), hot: oneHot(int64([1, -1, 2]), 3) });
    expect(found).toEqual({ range: [2, 1, 0], hot: [0, 1, 0, 0, 0, 0, 0, 0, 1] });
  });
});
