import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GradientAccumulator } from './accumulate.ts';
import { expectNear } from './optimTesting.ts';

const gradientsOf = (record: Record<string, number[]>) =>
  new Map(Object.entries(record).map(([name, values]) => [name, Float32Array.from(values)]));

describe('GradientAccumulator', () => {
  it('gives the weighted mean, or the sum, of any micro-batches', () => {
    const part = fc.record({
      values: fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })),
      weight: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const sum = new GradientAccumulator({ reduction: 'sum' });
        const mean = new GradientAccumulator();
        for (const { values, weight } of parts) {
          sum.add(gradientsOf({ w: values }), weight);
          mean.add(gradientsOf({ w: values }), weight);
        }
        const total = [0, 1].map((i) => parts.reduce((all, { values, weight }) => all + values[i] * weight, 0));
        const weight = parts.reduce((all, part) => all + part.weight, 0);
        expect([...sum.take().get('w')!]).toEqual(total);
        expectNear(
          mean.take().get('w')!,
          total.map((t) => t / weight),
          1e-5,
        );
      }),
      { seed: 52 },
    );
  });

  it('counts a missing gradient as zero, and leaves out what no micro-batch had', () => {
    const accumulator = new GradientAccumulator();
    accumulator.add(gradientsOf({ a: [2], b: [4] }));
    accumulator.add(gradientsOf({ a: [4] }));
    expect(accumulator.count).toBe(2);
    expect(accumulator.take()).toEqual(gradientsOf({ a: [3], b: [2] }));
    accumulator.add(gradientsOf({ a: [5] }));
    expect(accumulator.take()).toEqual(gradientsOf({ a: [5] }));
  });

  it('begins afresh with the same buffers, and leaves the arrays it was given alone', () => {
    const accumulator = new GradientAccumulator();
    const given = gradientsOf({ a: [2, 6] });
    accumulator.add(given);
    const first = accumulator.take().get('a');
    first!.fill(Number.NaN);
    accumulator.add(given);
    accumulator.add(given);
    expect(accumulator.take().get('a')).toBe(first);
    expect(first).toEqual(Float32Array.of(2, 6));
    expect(given).toEqual(gradientsOf({ a: [2, 6] }));
  });

  it('refuses an empty take, a changed length and a senseless weight', () => {
    const accumulator = new GradientAccumulator();
    expect(() => accumulator.take()).toThrow('no micro-batch');
    accumulator.add(gradientsOf({ a: [1] }));
    expect(() => accumulator.add(gradientsOf({ b: [1], a: [1, 2] }))).toThrow("of 'a' has 2 elements, before it had 1");
    expect(() => accumulator.add(gradientsOf({ a: [1] }), 0)).toThrow('weight is 0');
    expect(accumulator.take()).toEqual(gradientsOf({ a: [1] }));
  });
});
