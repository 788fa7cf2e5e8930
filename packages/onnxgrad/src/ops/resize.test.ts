import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGradient, distance, sample } from '../grad/gradientTesting.ts';
import { input } from '../graph/tensor.ts';
import { type ResizeMode, resize } from './resize.ts';
import { numbers, valuesOf } from './valuesTesting.ts';

const line = [0.5, -1.25, 2, 0.75, 3];
const image = [0.5, -1.25, 2, 0.75, 3, 3.5, 2.25, -4, 1, 0.25, -0.5, -0.75];
const volume = Array.from({ length: 12 }, (_, i) => Math.sin(i));

interface Stored {
  readonly from: readonly number[];
  readonly values: readonly number[];
  readonly sizes: readonly number[];
  readonly mode: ResizeMode;
  readonly alignCorners?: boolean;
  readonly expected: readonly number[];
}

// Stored values: torch 2.15, float64, torch.nn.functional.interpolate, written with nine digits.
const stored: Stored[] = [
  { from: [5], values: line, sizes: [8], mode: 'nearest', expected: [0.5, 0.5, -1.25, -1.25, 2.0, 0.75, 0.75, 3.0] },
  {
    from: [5],
    values: line,
    sizes: [8],
    mode: 'linear',
    expected: [0.5, -0.265625, -1.046875, 0.984375, 1.609375, 0.828125, 2.015625, 3.0],
  },
  {
    from: [5],
    values: line,
    sizes: [8],
    mode: 'linear',
    alignCorners: true,
    expected: [0.5, -0.5, -0.785714286, 1.07142857, 1.64285714, 0.928571429, 1.71428571, 3.0],
  },
  { from: [5], values: line, sizes: [3], mode: 'nearest', expected: [0.5, -1.25, 0.75] },
  { from: [5], values: line, sizes: [3], mode: 'linear', expected: [-0.0833333333, 2.0, 2.25] },
  { from: [5], values: line, sizes: [3], mode: 'linear', alignCorners: true, expected: [0.5, 2.0, 3.0] },
  { from: [5], values: line, sizes: [1], mode: 'nearest', expected: [0.5] },
  { from: [5], values: line, sizes: [1], mode: 'linear', expected: [2.0] },
  { from: [5], values: line, sizes: [1], mode: 'linear', alignCorners: true, expected: [0.5] },
  {
    from: [3, 4],
    values: image,
    sizes: [2, 6],
    mode: 'nearest',
    expected: [0.5, 0.5, -1.25, 2.0, 2.0, 0.75, 3.0, 3.0, 3.5, 2.25, 2.25, -4.0],
  },
  {
    from: [3, 4],
    values: image,
    sizes: [2, 6],
    mode: 'linear',
    expected: [
      1.125, 0.53125, 0.291666667, 1.70833333, 0.8125, -0.4375, 1.5, 1.28125, 0.916666667, 0.333333333, -0.6875,
      -1.5625,
    ],
  },
  {
    from: [3, 4],
    values: image,
    sizes: [2, 6],
    mode: 'cubic',
    expected: [
      1.24056329, 0.331115723, 0.199206317, 2.04011253, 1.06390381, -0.665581597, 1.57466973, 1.44293213, 1.00405658,
      0.42666852, -0.856506348, -1.80828179,
    ],
  },
  {
    from: [3, 4],
    values: image,
    sizes: [2, 6],
    mode: 'linear',
    alignCorners: true,
    expected: [0.5, -0.55, -0.6, 1.35, 1.5, 0.75, 1.0, 0.55, 0.1, -0.35, -0.6, -0.75],
  },
  {
    from: [3, 4],
    values: image,
    sizes: [2, 6],
    mode: 'cubic',
    alignCorners: true,
    expected: [0.5, -0.922, -0.816, 1.506, 1.866, 0.75, 1.0, 0.622, 0.052, -0.362, -0.678, -0.75],
  },
  {
    from: [3, 4],
    values: image,
    sizes: [5, 3],
    mode: 'nearest',
    expected: [0.5, -1.25, 2.0, 0.5, -1.25, 2.0, 3.0, 3.5, 2.25, 3.0, 3.5, 2.25, 1.0, 0.25, -0.5],
  },
  {
    from: [3, 4],
    values: image,
    sizes: [5, 3],
    mode: 'linear',
    expected: [
      0.208333333, 0.375, 0.958333333, 1.35833333, 1.375, -0.608333333, 3.08333333, 2.875, -2.95833333, 1.75833333,
      1.075, -1.60833333, 0.875, -0.125, -0.708333333,
    ],
  },
  {
    from: [3, 4],
    values: image,
    sizes: [5, 3],
    mode: 'cubic',
    expected: [
      -0.0860810185, 0.022875, 1.38043287, 1.47556481, 1.82678125, -0.781689815, 3.09346065, 3.5078125, -3.12471065,
      1.96323148, 1.48478125, -1.95335648, 0.695326389, -0.525125, -0.496974537,
    ],
  },
  {
    from: [3, 4],
    values: image,
    sizes: [5, 3],
    mode: 'linear',
    alignCorners: true,
    expected: [0.5, 0.375, 0.75, 1.75, 1.625, -1.625, 3.0, 2.875, -4.0, 2.0, 1.375, -2.375, 1.0, -0.125, -0.75],
  },
  {
    from: [3, 4],
    values: image,
    sizes: [5, 3],
    mode: 'cubic',
    alignCorners: true,
    expected: [
      0.5, 0.328125, 0.75, 1.9375, 2.26293945, -1.9296875, 3.0, 3.5078125, -4.0, 2.234375, 1.96606445, -2.8203125, 1.0,
      -0.171875, -0.75,
    ],
  },
  {
    from: [2, 3, 2],
    values: volume,
    sizes: [3, 2, 1],
    mode: 'linear',
    expected: [0.446853799, -0.512095359, 0.381813776, -0.457957506, 0.316773754, -0.403819653],
  },
  {
    from: [2, 3, 2],
    values: volume,
    sizes: [3, 2, 1],
    mode: 'linear',
    alignCorners: true,
    expected: [0.0, -0.756802495, -0.139707749, -0.650411803, -0.279415498, -0.544021111],
  },
];

describe('resize', () => {
  for (const { from, values, sizes, mode, alignCorners, expected } of stored) {
    const corners = alignCorners ? ' with aligned corners' : '';
    it(`gives torch's values from ${from.join(' x ')} to ${sizes.join(' x ')}, ${mode}${corners}`, async () => {
      const y = resize(numbers([1, 1, ...from], values), { sizes, mode, alignCorners });
      expect(y.shape).toEqual([1, 1, ...sizes]);
      expect(distance((await valuesOf({ y })).y, expected)).toBeLessThan(1e-8);
    });
  }

  it('agrees with central differences for any sizes, modes and axes', async () => {
    const size = fc.integer({ min: 1, max: 5 });
    const spatial = fc.array(fc.tuple(size, size), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        spatial,
        fc.constantFrom('nearest', 'linear', 'cubic'),
        fc.boolean(),
        async (axes, mode, corners) => {
          const sizes = axes.map(([, to]) => to);
          const alignCorners = corners && mode !== 'nearest';
          await checkGradient(
            (x) => resize(x, { sizes, mode, alignCorners }),
            [sample([2, 1, ...axes.map(([from]) => from)])],
          );
        },
      ),
      { seed: 52, numRuns: 40 },
    );
  });

  it('repeats many times, too', async () => {
    const y = resize(numbers([1, 1, 2], [3, 5]), { sizes: [20], mode: 'nearest' });
    expect((await valuesOf({ y })).y).toEqual([...new Array(10).fill(3), ...new Array(10).fill(5)]);
  });

  it('takes masks and indices in nearest mode', async () => {
    const mask = resize(input('mask', [1, 1, 6], 'bool'), { sizes: [3], mode: 'nearest' });
    expect([mask.dtype, mask.shape]).toEqual(['bool', [1, 1, 3]]);
  });

  it('says which argument does not fit', () => {
    const x = input('x', [1, 2, 5]);
    expect(() => resize(x, { sizes: [3, 3] })).toThrow(
      'resize: sizes are [3, 3]; expected 1 whole numbers above 0, for x of shape [1, 2, 5]',
    );
    expect(() => resize(input('x', [5]), { sizes: [] })).toThrow('resize: x has shape [5]');
    expect(() => resize(x, { sizes: [3], mode: 'nearest', alignCorners: true })).toThrow('alignCorners is set');
    expect(() => resize(x, { sizes: [3], mode: 'bilinear' as 'linear' })).toThrow(
      'resize: mode is "bilinear"; expected nearest, linear, cubic',
    );
    expect(() => resize(input('mask', [1, 1, 6], 'bool'), { sizes: [3] })).toThrow('resize: x is bool');
  });
});
