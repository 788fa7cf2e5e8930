import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, distance, sample } from '../grad/gradientTesting.ts';
import { input, type Tensor } from '../graph/tensor.ts';
import type { FloatType } from '../graph/tensorData.ts';
import { groupNorm, layerNorm, rmsNorm } from './normalisation.ts';
import { transpose } from './shape.ts';
import { numbers, valuesOf } from './valuesTesting.ts';

// Stored values: torch 2.15, float64, torch.nn.functional, written with nine digits.
const rows = [0.5, -1.25, 2, 0.75, 3, 3.5, 2.25, -4];
const weight = [1.5, -0.5, 0.25, 2];
const bias = [0.1, 0.2, -0.3, 0.4];
const sample24 = Array.from(sample([2, 4, 3], [-2, 3]).values);
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

  it('agrees with central differences along any axis, with and without weight and bias', async () => {
    const size = fc.integer({ min: 1, max: 4 });
    const shape = fc.array(size, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(shape, fc.nat(3), fc.boolean(), fc.boolean(), async (shape, place, hasWeight, hasBias) => {
        const axis = place % shape.length;
        const [weight, bias] = [sample([shape[axis]], [0.5, 1.5], 2), sample([shape[axis]], [-1, 1], 3)];
        const samples = [sample(shape, [-2, 2]), ...(hasWeight ? [weight] : []), ...(hasBias ? [bias] : [])];
        const build = (x: Tensor, ...rest: readonly Tensor[]) =>
          layerNorm(x, hasWeight ? rest[0] : null, hasBias ? rest.at(-1) : null, { axis, epsilon: 0.1 });
        // A line of one gives zeros, met to some 1e-7; the figure is relative to 1e-3 then.
        await checkGradient(build, samples, { single: shape[axis] === 1 ? 1e-3 : 2e-5 });
      }),
      { seed: 52, numRuns: 60 },
    );
  });

  it('keeps single precision to 1e-4 where the mean is ten deviations away', async () => {
    const [weight, bias] = [sample([16], [0.5, 1.5], 2), sample([16], [-1, 1], 3)];
    await checkGradient((x, w, b) => layerNorm(x, w, b), [sample([3, 16], [9, 12.5]), weight, bias], { single: 1e-4 });
  });

  it('along the channels of [N, C, T] is that of [N, T, C] transposed, in float32 too', async () => {
    const [x, w, b] = [
      numbers([2, 4, 3], sample24, 'float32'),
      numbers([4], weight, 'float32'),
      numbers([4], bias, 'float32'),
    ];
    const order = [0, 2, 1];
    const along = layerNorm(x, w, b, { axis: 1 });
    const last = transpose(layerNorm(transpose(x, order), w, b), order);
    const found = await valuesOf({ along, last });
    expect(distance(found.along, found.last)).toBeLessThan(1e-6);
  });

  it.each([
    [[3, 0], -1],
    [[2, 3, 0], 1],
    [[0, 4], 1],
  ] as const)('leaves what is empty empty: %j along axis %i', async (shape, axis) => {
    const x = numbers(shape, [], 'float32');
    const [features] = shape.slice(axis);
    const w = numbers([features], new Array(features).fill(2), 'float32');
    const y = layerNorm(x, w, w, { axis });
    const [dx, dw] = grad(y, [x, w], x);
    expect(y.shape).toEqual(shape);
    expect(await valuesOf({ y, dx, dw })).toEqual({ y: [], dx: [], dw: new Array(features).fill(0) });
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

describe('groupNorm', () => {
  it('gives the values and gradients of torch', async () => {
    const x = numbers([1, 4, 3], [0.5, -1.25, 2, 0.75, 3, 3.5, 2.25, -4, 1, 0.25, -0.5, -0.75]);
    const [w, b] = [numbers([4], weight), numbers([4], bias)];
    const y = groupNorm(x, 2, w, b);
    const dy = numbers([1, 4, 3], [1, -2, 0.5, 3, -1, 0.25, 2, -0.5, 0.75, -1.5, 0.5, 1.25]);
    const [dx, dw, db] = grad(y, [x, w, b], dy);
    const found = await valuesOf({ y, dx, dw, db });
    const expected = {
      y: [
        -0.753193046, -2.38201613, 0.642941029, 0.406834678, -0.29123236, -0.446358368, 0.0286603004, -0.779520766,
        -0.132975913, 0.960338873, 0.184485049, -0.0741328923,
      ],
      dx: [
        1.43833627, -0.755102172, 0.459675632, -0.508722935, -0.0376387836, -0.596548008, 0.225795047, -0.241996134,
        0.035255083, -1.63077654, 0.420824737, 1.19089781,
      ],
      dw: [2.92153982, -1.9002936, 4.0893962, -0.77046595],
      db: [-0.5, 2.25, 2.25, 0.25],
    };
    for (const name of ['y', 'dx', 'dw', 'db'] as const) {
      expect(distance(found[name], expected[name]), name).toBeLessThan(1e-8);
    }
  });

  it('agrees with central differences for any rank, from one group to one for each channel', async () => {
    const shape = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 0, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(shape, fc.constantFrom(1, 2, 4), fc.boolean(), async (spatial, groups, isAffine) => {
        const samples = [sample([2, 4, ...spatial], [-2, 2]), sample([4], [0.5, 1.5], 2), sample([4], [-1, 1], 3)];
        const build = (x: Tensor, w?: Tensor, b?: Tensor) => groupNorm(x, groups, w, b, { epsilon: 0.1 });
        await checkGradient(build, isAffine ? samples : samples.slice(0, 1));
      }),
      { seed: 52, numRuns: 30 },
    );
  });

  it('says which argument does not fit', () => {
    expect(() => groupNorm(input('x', [2, 4, 3]), 0.5)).toThrow('groupNorm: groups are 0.5');
    expect(() => groupNorm(input('x', [2, 4, 3]), 3)).toThrow(
      'groupNorm: groups are 3; expected a whole number that divides the 4 channels',
    );
    expect(() => groupNorm(input('x', [4]), 1)).toThrow('groupNorm: x has shape [4]; expected [N, C, ...]');
    expect(() => groupNorm(input('x', [2, 4]), 2, input('w', [2]))).toThrow('groupNorm: weight has shape [2]');
  });
});

describe('rmsNorm', () => {
  it('gives the values and gradients of torch', async () => {
    const [x, w] = [numbers([2, 4], rows), numbers([4], weight)];
    const y = rmsNorm(x, w, { epsilon: 1e-6 });
    const [dx, dw] = grad(y, [x, w], numbers([2, 4], cotangent));
    const found = await valuesOf({ y, dx, dw });
    const expected = {
      y: [0.594088339, 0.495073616, 0.396058893, 1.18817668, 1.38359233, -0.538063684, 0.172949041, -2.4597197],
      dx: [0.924137583, 1.45221553, -0.957141662, 4.35664807, -0.465284865, -0.0432017788, 0.150666915, -0.302015067],
      dw: [-0.526335994, 2.24932631, 2.17571012, 2.39719494],
    };
    for (const name of ['y', 'dx', 'dw'] as const) {
      expect(distance(found[name], expected[name]), name).toBeLessThan(1e-8);
    }
  });

  it('agrees with central differences', async () => {
    await checkGradient((x, w) => rmsNorm(x, w), [sample([2, 3, 5]), sample([5], [0.5, 1.5], 2)]);
    await checkGradient((x) => rmsNorm(x), [sample([5])]);
  });
});
