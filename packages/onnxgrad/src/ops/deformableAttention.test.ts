import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, distance, sample } from '../grad/gradientTesting.ts';
import { input } from '../graph/tensor.ts';
import { deformableAttention1d } from './deformableAttention.ts';
import { numbers, valuesOf } from './valuesTesting.ts';

const made = (shape: readonly number[], value: (i: number) => number) =>
  numbers(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
  );

describe('deformableAttention1d', () => {
  it('gives the values and gradients of torch: grid_sample for each head, then a weighted sum', async () => {
    const values = made([2, 4, 2, 3], Math.sin);
    const locations = made([2, 3, 2, 2], (i) => ((i * 0.37) % 1.2) - 0.1);
    const weights = made([2, 3, 2, 2], (i) => Math.cos(i * 0.7));
    const y = deformableAttention1d(values, locations, weights);
    const [dv, dlocations, dweights] = grad(
      y,
      [values, locations, weights],
      made([2, 3, 6], (i) => Math.cos(i * 0.3)),
    );
    const found = await valuesOf({ y, dv, dlocations, dweights });
    // torch 2.15, float64
    const expected = {
      y: [
        -0.123951081, 0.645900771, 0.821914433, -0.081867726, -0.0440327913, 0.0342856887, 0.488151997, -1.2146108,
        -1.80066603, -0.313711435, -0.117833254, 0.186380277, -0.996807544, 0.645590184, 1.69443527, 0.115572268,
        -0.369368875, -0.514713977, 0.617195649, 0.396707219, -0.188511998, -1.36790349, -0.762770202, 0.543650488,
        -0.806844406, -0.230483288, 0.557783102, 1.46560157, 1.21100169, -0.156987563, 0.416514405, 0.247862124,
        -0.14867345, -1.3031942, -0.973649845, 0.251063688,
      ],
      dv: [
        0.588212132, 0.773448219, 0.88959448, -0.225120074, -0.125544186, -0.0147538105, 0.0955075695, 0.298688817,
        0.475189082, -0.0316839545, 0.0131516559, 0.056812468, -0.24892663, 0.00886438383, 0.265863568, 0.0993140741,
        0.0578935775, 0.0113016201, -0.735237951, -0.595180341, -0.401957043, 0.225432749, 0.317535999, 0.381274703,
        0.157534528, -0.0312222671, -0.21719007, 0.0902225806, 0.0204750913, -0.051101377, 0.42575602, 0.399095013,
        0.336784037, -0.640068418, -0.683093959, -0.665100751, 0.00676469808, -0.0328810566, -0.0695896445,
        -0.489413485, -0.695447334, -0.839358944, -0.0997415765, -0.169835329, -0.224758197, 0.540084379, 0.239334902,
        -0.0827936484,
      ],
      dlocations: [
        6.21745395, -1.19187842, 0.153046604, 0.922872575, -0.367782036, -0.663247519, 0.172554561, 1.17022669,
        1.24683278, 1.70601743, -1.38241243, -0.0331466646, 0.782932894, -0.177967458, -1.78984742, -0.50634441,
        0.686103233, -0.489653188, -1.2200754, 2.2818254, 0.112420179, -1.05053221, 0.555456357, 2.6922476,
      ],
      dweights: [
        0.155436349, 1.32840528, 0.245401559, 0.210223165, -1.07385515, -0.873795755, 0.0721527877, 1.34896542,
        -0.574753557, 0.040290499, -0.229209493, -0.511367597, -1.05546598, 0.00657245864, 0.970492659, 1.56891707,
        -0.35487248, -0.596132743, -0.423553447, -0.599066239, 0.184986507, 0.945176746, -1.43909514, -0.393291339,
      ],
    };
    for (const name of ['y', 'dv', 'dlocations', 'dweights'] as const) {
      expect(distance(found[name], expected[name]), name).toBeLessThan(1e-8);
    }
  });

  it('has the same gradient of values whether the sparse matrix is written out or rows are added at indices', async () => {
    // 600 steps are too many to be written out for two terms a query.
    const [values, weights] = [made([1, 600, 1, 2], Math.sin), made([1, 3, 1, 1], (i) => i + 1)];
    const locations = numbers([1, 3, 1, 1], [0.25, 0.25, 0.7504]);
    const [dv] = grad(
      deformableAttention1d(values, locations, weights),
      [values],
      made([1, 3, 2], (i) => i + 1),
    );
    const found = (await valuesOf({ dv })).dv;
    // Places 149.5, twice, and 449.74: dy is [1, 2], [3, 4], [5, 6] and the weights 1, 2, 3.
    const expected = new Float64Array(1200);
    expected.set([3.5, 5, 3.5, 5], 2 * 149);
    expected.set([0.26 * 15, 0.26 * 18, 0.74 * 15, 0.74 * 18], 2 * 449);
    expect(distance(found, expected)).toBeLessThan(1e-8);
  });

  it('agrees with central differences for any sizes', async () => {
    const size = fc.integer({ min: 1, max: 3 });
    const sizes = fc.record({ batch: size, heads: size, features: size, queries: size, points: size });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ batch, heads, features, queries, points }) => {
        const steps = 4;
        const shape = [batch, queries, heads, points];
        const cells = sample(shape, [-1, 4], 2).values;
        const within = sample(shape, [0.1, 0.9], 3).values;
        const locations = cells.map((cell, i) => (Math.floor(cell) + within[i] + 0.5) / steps);
        await checkGradient(
          (v, at, w) => deformableAttention1d(v, at, w),
          [sample([batch, steps, heads, features]), { shape, values: locations }, sample(shape, [0.5, 1.5], 4)],
          { single: 1e-4 },
        );
      }),
      { seed: 52, numRuns: 25 },
    );
  });

  it('says which argument does not fit', () => {
    const values = input('v', [2, 4, 2, 3]);
    expect(() => deformableAttention1d(values, input('l', [2, 3, 4, 2]), input('w', [2, 3, 4, 2]))).toThrow(
      'deformableAttention1d: locations has shape [2, 3, 4, 2]; expected [2, 3, 2, 2]',
    );
  });
});
