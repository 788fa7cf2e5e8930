import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGradient, distance, sample } from '../grad/gradientTesting.ts';
import { input } from '../graph/tensor.ts';
import { convolution } from './convolution.ts';
import { deformableConvolution } from './deformableConvolution.ts';
import { numbers, valuesOf } from './valuesTesting.ts';

const made = (shape: readonly number[], value: (i: number) => number) =>
  numbers(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
  );

describe('deformableConvolution', () => {
  const settings = fc.record({
    stride: fc.integer({ min: 1, max: 2 }),
    padding: fc.integer({ min: 0, max: 2 }),
    dilation: fc.integer({ min: 1, max: 2 }),
  });
  const outOf = (length: number, kernel: number, { stride, padding, dilation }: Record<string, number>) =>
    Math.floor((length + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;

  it('without offsets is an ordinary convolution, along one axis and two', async () => {
    await fc.assert(
      fc.asyncProperty(settings, fc.boolean(), async (options, isImage) => {
        const [spatial, kernel] = isImage
          ? [
              [5, 6],
              [3, 2],
            ]
          : [[6], [3]];
        const out = spatial.map((length, axis) => outOf(length, kernel[axis], options));
        const x = made([2, 4, ...spatial], Math.sin);
        const weight = made([3, 4, ...kernel], (i) => Math.cos(i * 0.9));
        const bias = made([3], (i) => i);
        const offsets = made([2, 2 * kernel.reduce((a, b) => a * b) * spatial.length, ...out], () => 0);
        const deformed = deformableConvolution(x, offsets, weight, { ...options, bias, offsetGroups: 2 });
        const ordinary = convolution(x, weight, bias, options);
        const found = await valuesOf({ deformed, ordinary });
        expect(deformed.shape).toEqual(ordinary.shape);
        expect(distance(found.deformed, found.ordinary)).toBeLessThan(1e-6);
      }),
      { seed: 52, numRuns: 20 },
    );
  });

  it('reads the offsets of each group and tap, along H before along W, in the order of torchvision', async () => {
    // One tap. Group 0 looks one row down, group 1 one column to the right; the mask doubles group 1.
    const x = numbers([1, 2, 2, 2], [1, 2, 3, 4, 10, 20, 30, 40]);
    const offsets = made([1, 4, 2, 2], (i) => [1, 0, 0, 1][Math.floor(i / 4)]);
    const mask = made([1, 2, 2, 2], (i) => 1 + Math.floor(i / 4));
    const y = deformableConvolution(x, offsets, numbers([1, 2, 1, 1], [1, 1]), { mask, offsetGroups: 2 });
    expect((await valuesOf({ y })).y).toEqual([3 + 40, 4, 80, 0]);
  });

  it('agrees with central differences in x, offsets, weight and mask', async () => {
    await checkGradient(
      (x, offsets, weight, mask) => deformableConvolution(x, offsets, weight, { mask, padding: 1, offsetGroups: 2 }),
      [
        sample([2, 4, 5]),
        sample([2, 6, 5], [0.1, 0.9], 2),
        sample([2, 4, 3], [-1, 1], 3),
        sample([2, 6, 5], [0.5, 1.5], 4),
      ],
    );
    await checkGradient(
      (x, offsets, weight) => deformableConvolution(x, offsets, weight, { stride: 2, padding: 1 }),
      [sample([1, 2, 4, 3]), sample([1, 8, 3, 2], [-0.9, -0.1], 2), sample([2, 2, 2, 2], [-1, 1], 3)],
    );
  });

  it('says which argument does not fit', () => {
    const [x, weight] = [input('x', [2, 4, 6]), input('w', [3, 4, 3])];
    expect(() => deformableConvolution(x, input('o', [2, 3, 6]), weight)).toThrow(
      'deformableConvolution: offsets has shape [2, 3, 6]; expected [2, 3, 4]',
    );
    expect(() => deformableConvolution(x, input('o', [2, 9, 4]), weight, { offsetGroups: 3 })).toThrow(
      'offsetGroups are 3; expected a whole number that divides the 4 channels',
    );
  });
});
