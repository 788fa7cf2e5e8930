import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, distance, sample } from '../grad/gradientTesting.ts';
import { input } from '../graph/tensor.ts';
import type { FloatType } from '../graph/tensorData.ts';
import { layerNorm } from './normalisation.ts';
import { numbers, valuesOf } from './valuesTesting.ts';

// Stored values: torch 2.15, float64, torch.nn.functional, written with nine digits.
const rows = [0.5, -1.25, 2, 0.75, 3, 3.5, 2.25, -4];
const weight = [1.5, -0.5, 0.25, 2];
const bias = [0.1, 0.2, -0.3, 0.4];
const cotangent = [1, -2, 0.5, 3, -1, 0.25, 2, -0.5];

describe('layerNorm', () => {
  for (const [dtype, tolerance] of [
    ['float64', 1e-8],
    ['float32', 1e-6],
  ] as const satisfies [FloatType, number][]) {
    it(`gives the values and gradients of torch in ${dtype}`, async () => {
      const [x, w, b] = [numbers([2, 4], rows, dtype), numbers([4], weight, dtype), numbers([4], bias, dtype)];
      const y = layerNorm(x, w, b, { epsilon: 1e-6 });
      const [dx, dw, db] = grad(y, [x, w, b], numbers([2, 4], cotangent, dtype));
      const found = await valuesOf({ y, dx, dw, db });
      const expected = {
        y: [0.1, 0.954829132, 0.0234981992, 0.831330932, 0.997909752, -0.181869665, -0.212273185, -3.02650618],
        dx: [-0.566121849, -1.01500693, -1.7372355, 3.31836428, -0.364196331, 0.0777116417, 0.314645937, -0.0281612471],
        dw: [-0.598606501, 3.21025136, 1.34881092, 1.50362294],
        db: [0, -1.75, 2.5, 2.5],
      };
      for (const name of ['y', 'dx', 'dw', 'db'] as const) {
        expect(distance(found[name], expected[name]), name).toBeLessThan(tolerance);
      }
    });
  }

  it('agrees with central differences', async () => {
    const x = sample([2, 3, 5]);
    await checkGradient((x, w, b) => layerNorm(x, w, b), [x, sample([5], [0.5, 1.5], 2), sample([5], [-1, 1], 3)]);
    await checkGradient((x, w) => layerNorm(x, w), [x, sample([5], [0.5, 1.5], 2)]);
    await checkGradient((x, b) => layerNorm(x, null, b), [x, sample([5], [-1, 1], 2)]);
    await checkGradient((x) => layerNorm(x), [x]);
  });

  it('says which argument does not fit', () => {
    const x = input('x', [2, 4]);
    expect(() => layerNorm(x, input('w', [3]))).toThrow('layerNorm: weight has shape [3]; expected [4]');
    expect(() => layerNorm(x, null, input('b', [4], 'float64'))).toThrow(
      'layerNorm: bias is float64; expected float32',
    );
    expect(() => layerNorm(input('i', [2], 'int64'))).toThrow('layerNorm: x is int64');
  });
});
