import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, distance, sample } from '../grad/gradientTesting.ts';
import { input } from '../graph/tensor.ts';
import { gridSample1d, gridSample2d } from './gridSample.ts';
import { numbers, valuesOf } from './valuesTesting.ts';

// Stored values: torch 2.15, float64, torch.nn.functional.grid_sample (for one axis: of an image one pixel high).
const line = [0.5, -1.25, 2, 0.75, 3];
const image = [0.5, -1.25, 2, 0.75, 3, 3.5, 2.25, -4, 1, 0.25, -0.5, -0.75];

describe('gridSample1d', () => {
  const stored = [
    {
      padding: 'zeros',
      alignCorners: false,
      y: [0.25, 0.3125, 1.53125, 2.4375, 0.75],
      dx: [-0.75, 0.0, 0.3125, 0.9375, 2.0],
      dgrid: [1.25, -2.5, -1.5625, 16.875, 7.5],
    },
    {
      padding: 'zeros',
      alignCorners: true,
      y: [0.5, 0.325, 1.625, 1.65, 2.4],
      dx: [-0.8, -0.2, 0.35, 1.95, 0.4],
      dgrid: [-3.5, 7.0, -1.25, 13.5, 6.0],
    },
    {
      padding: 'border',
      alignCorners: false,
      y: [0.5, 0.5, 1.53125, 2.4375, 3.0],
      dx: [-1.0, 0.0, 0.3125, 0.9375, 1.25],
      dgrid: [-0.0, 0.0, -1.5625, 16.875, 0.0],
    },
    {
      padding: 'border',
      alignCorners: true,
      y: [0.5, 0.325, 1.625, 1.65, 3.0],
      dx: [-0.8, -0.2, 0.35, 1.95, 0.2],
      dgrid: [-0.0, 7.0, -1.25, 13.5, 0.0],
    },
  ] as const;
  for (const { padding, alignCorners, ...expected } of stored) {
    it(`gives the values and gradients of torch, ${padding}${alignCorners ? ', aligned corners' : ''}`, async () => {
      const [x, positions] = [numbers([1, 1, 5], line), numbers([1, 5], [-1, -0.95, 0.15, 0.7, 1.1])];
      const y = gridSample1d(x, positions, { padding, alignCorners });
      const [dx, dgrid] = grad(y, [x, positions], numbers([1, 1, 5], [1, -2, 0.5, 3, -1]));
      const found = await valuesOf({ y, dx, dgrid });
      for (const name of ['y', 'dx', 'dgrid'] as const) {
        expect(distance(found[name], expected[name]), name).toBeLessThan(1e-8);
      }
    });
  }

  it('takes positions of any shape and agrees with central differences', async () => {
    // Positions whose places in the samples are off whole numbers, where the slope jumps.
    const positions = [0.3, 1.7, -0.4, 3.2, 2.6, 4.4, 0.8, 1.1];
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.constantFrom('zeros', 'border'), async (alignCorners, padding) => {
        const half = alignCorners ? 1.5 : 2;
        const grid = { shape: [2, 2, 2], values: Float64Array.from(positions, (place) => (place - 1.5) / half) };
        await checkGradient((x, g) => gridSample1d(x, g, { alignCorners, padding }), [sample([2, 3, 4]), grid]);
      }),
      { seed: 52, numRuns: 8 },
    );
  });

  it('moves an image of offsets that start on samples: the slope there is that of the cell behind', async () => {
    const [x, positions] = [numbers([1, 1, 3], [1, 4, 2]), numbers([1, 2], [-1, 0])];
    const [slopes] = grad(gridSample1d(x, positions, { alignCorners: true }), [positions], numbers([1, 1, 2], [1, 1]));
    expect((await valuesOf({ slopes })).slopes).toEqual([3, -2]);
  });
});

describe('gridSample2d', () => {
  const stored = [
    {
      padding: 'zeros',
      alignCorners: false,
      y: [1.3125, 1.755, -0.1875, 0.075, -0.1075, 0.125],
      dx: [0.3775, 0.0, 0.09, 0.06, 0.385, -0.42, -0.98, -0.01, 0.0, -0.18, -0.42, 0.035],
      dgrid: [3.75, 2.625, 4.4, 8.7, 0.375, 0.28125, -0.375, 6.75, -2.15, -0.4875, 0.125, 0.09375],
    },
    {
      padding: 'zeros',
      alignCorners: true,
      y: [2.22375, 2.1025, -0.75, 1.246875, -1.435, 0.5],
      dx: [0.505, 0.045, 1.7325, 0.3675, 0.595, -0.455, -1.04, -0.28, 0.0, -0.14, -0.26, 0.08],
      dgrid: [-0.2625, 2.8375, 3.45, 5.85, 0.5625, 0.375, -3.9375, 5.34375, -3.075, -2.275, -0.65625, 0.625],
    },
    {
      padding: 'border',
      alignCorners: false,
      y: [1.875, 1.755, -0.75, 1.5, -1.075, 0.5],
      dx: [0.7, 0.0, 1.8, 1.2, 0.55, -0.42, -0.98, -0.1, 0.0, -0.18, -0.42, -0.4],
      dgrid: [-0.0, 3.75, 4.4, 8.7, 0.0, 0.0, -7.5, -0.0, -0.0, -4.875, -0.0, 0.0],
    },
    {
      padding: 'border',
      alignCorners: true,
      y: [2.22375, 2.1025, -0.75, 1.78125, -2.05, 0.5],
      dx: [0.505, 0.045, 2.475, 0.525, 0.595, -0.455, -1.04, -0.4, 0.0, -0.14, -0.26, -0.1],
      dgrid: [-0.2625, 2.8375, 3.45, 5.85, 0.0, 0.0, -5.625, -0.0, -0.0, -3.25, -0.0, 0.0],
    },
  ] as const;
  for (const { padding, alignCorners, ...expected } of stored) {
    it(`gives the values and gradients of torch, ${padding}${alignCorners ? ', aligned corners' : ''}`, async () => {
      const x = numbers([1, 1, 3, 4], image);
      const grid = numbers([1, 2, 3, 2], [-0.9, -0.3, 0.1, 0.2, 1, 1, 0.45, -1.3, 1.2, 0.6, -1, -1]);
      const y = gridSample2d(x, grid, { padding, alignCorners });
      const [dx, dgrid] = grad(y, [x, grid], numbers([1, 1, 2, 3], [1, -2, 0.5, 3, -1, 0.25]));
      const found = await valuesOf({ y, dx, dgrid });
      for (const name of ['y', 'dx', 'dgrid'] as const) {
        expect(distance(found[name], expected[name]), name).toBeLessThan(1e-8);
      }
    });
  }

  it('agrees with central differences for any sizes, inside the border and beyond it', async () => {
    const size = fc.integer({ min: 1, max: 4 });
    const shape = fc.record({ batch: size, channels: size, height: size, width: size, count: size });
    const settings = fc.record({ alignCorners: fc.boolean(), padding: fc.constantFrom('zeros', 'border') });
    await fc.assert(
      fc.asyncProperty(shape, settings, async ({ batch, channels, height, width, count }, options) => {
        // Between samples, off the whole numbers where the slope jumps: a cell, and a place within it.
        const within = sample([batch, count, 2], [0.1, 0.9], 2).values;
        const values = sample([batch, count, 2], [-1.5, 4.5], 3).values.map((cell, i) => {
          const length = i % 2 === 0 ? width : height;
          const place = (Math.floor(cell) % (length + 1)) + within[i];
          const half = (options.alignCorners ? length - 1 : length) / 2;
          return (place - (length - 1) / 2) / (half || 1);
        });
        const grid = { shape: [batch, count, 2], values };
        await checkGradient(
          (x, g) => gridSample2d(x, g, options),
          [sample([batch, channels, height, width]), grid],
          // A gradient that is 0 is met to some 1e-7; the figure is relative to 1e-3 then.
          { single: 1e-3 },
        );
      }),
      { seed: 52, numRuns: 40 },
    );
  });

  it('says which argument does not fit', () => {
    const x = input('x', [2, 3, 4, 5]);
    expect(() => gridSample2d(x, input('g', [2, 4, 4]))).toThrow(
      'gridSample2d: grid has shape [2, 4, 4]; expected [N, ..., 2]',
    );
    expect(() => gridSample2d(x, input('g', [1, 4, 2]))).toThrow('gridSample2d: grid has shape [1, 4, 2]; expected [2');
    expect(() => gridSample2d(x, input('g', [2, 4, 2]), { padding: 'reflection' as 'border' })).toThrow(
      "gridSample2d: padding is \"reflection\"; expected 'zeros' or 'border'",
    );
    expect(() => gridSample1d(x, input('g', [2, 4]))).toThrow('gridSample1d: x has shape [2, 3, 4, 5]');
  });
});
