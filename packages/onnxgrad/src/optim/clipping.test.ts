import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import fromTorch from '../../test/optim/fromTorch.json' with { type: 'json' };
import { clipByGlobalNorm, clipByValue, globalNorm } from './clipping.ts';
import { expectNear, torchGradients } from './optimTesting.ts';

const tensors = fc.array(fc.float32Array({ noNaN: true, noDefaultInfinity: true, maxLength: 9 }), { maxLength: 4 });
const named = (arrays: readonly Float32Array[]) => new Map(arrays.map((array, i) => [`p${i}`, array.slice()]));

describe('clipByGlobalNorm', () => {
  it('clips as torch does, and leaves what is below the maximum', () => {
    for (const { maxNorm, norm, clipped } of fromTorch.clip) {
      const [gradients] = torchGradients(Float64Array);
      expect(clipByGlobalNorm(gradients, maxNorm)).toBeCloseTo(norm, 14);
      expectNear(gradients.get('a')!, clipped.a, 1e-15);
      expectNear(gradients.get('b')!, clipped.b, 1e-15);
    }
  });

  it('never leaves a norm above the maximum, and changes nothing below it', () => {
    fc.assert(
      fc.property(tensors, fc.double({ noNaN: true, min: 1e-3, max: 1e3 }), (arrays, maxNorm) => {
        const gradients = named(arrays);
        const before = clipByGlobalNorm(gradients, maxNorm);
        expect(before).toBe(globalNorm(named(arrays)));
        expect(globalNorm(gradients)).toBeLessThanOrEqual(maxNorm * (1 + 1e-6)); // float32 rounding of the elements
        if (before <= maxNorm - 1e-6) expect(gradients).toEqual(named(arrays));
      }),
      { seed: 52 },
    );
  });

  it('measures float32 gradients whose squares exceed float32', () => {
    expect(globalNorm(new Map([['w', Float32Array.of(3e30, 4e30)]]))).toBeCloseTo(5e30, -24);
    expect(globalNorm(new Map())).toBe(0);
  });

  it('spreads, leaves or reports a norm that is not finite', () => {
    const bad = () =>
      new Map([
        ['w', Float32Array.of(1, 2)],
        ['v', Float32Array.of(1, Number.NaN)],
      ]);
    const spread = bad();
    expect(clipByGlobalNorm(spread, 1)).toBeNaN();
    expect(spread.get('w')).toEqual(Float32Array.of(Number.NaN, Number.NaN));
    const left = bad();
    expect(clipByGlobalNorm(left, 1, { nonFinite: 'leave' })).toBeNaN();
    expect(left).toEqual(bad());
    expect(() => clipByGlobalNorm(bad(), 1, { nonFinite: 'throw' })).toThrow(
      "the norm is NaN; the first offender is the gradient of 'v', element 1: NaN",
    );
  });

  it('refuses a maximum that is not above zero', () => {
    expect(() => clipByGlobalNorm(new Map(), 0)).toThrow('maxNorm is 0');
  });
});

describe('clipByValue', () => {
  it('moves every element into the range and leaves those within', () => {
    const gradients = new Map([['w', Float32Array.of(-3, -0.5, 0.25, 2, Number.POSITIVE_INFINITY, Number.NaN)]]);
    clipByValue(gradients, 0.5);
    expect(gradients.get('w')).toEqual(Float32Array.of(-0.5, -0.5, 0.25, 0.5, 0.5, Number.NaN));
    expect(() => clipByValue(gradients, -1)).toThrow('maxAbsolute is -1');
  });
});
