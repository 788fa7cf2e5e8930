import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import { constant, type Tensor } from '../graph/tensor.ts';
import { sigmoid } from './elementwise.ts';
import {
  binaryCrossEntropy,
  crossEntropy,
  type LossReduction,
  meanSquaredError,
  sigmoidFocalLoss,
  smoothL1,
} from './losses.ts';
import { valuesOf } from './valuesTesting.ts';

const { NEGATIVE_INFINITY } = Number;
const reductions: readonly LossReduction[] = ['mean', 'sum', 'none'];
const classes = (values: readonly number[], shape: readonly number[] = [values.length]) =>
  constant(values, { shape, dtype: 'int64' });
const logits = constant([1, 2, 3, 0, -1, 0.5], { shape: [2, 3] });

describe('gradients agree with central differences', () => {
  const cases: {
    name: string;
    build: (x: Tensor, t: Tensor, reduction: LossReduction) => Tensor;
    targets?: readonly [number, number];
  }[] = [
    {
      name: 'crossEntropy of classes',
      build: (x, _, reduction) => crossEntropy(x, classes([2, -1]), { reduction, labelSmoothing: 0.1 }),
    },
    {
      name: 'crossEntropy of classes along axis 0',
      build: (x, _, reduction) => crossEntropy(x, classes([1, 0, 0]), { axis: 0, reduction }),
    },
    {
      name: 'crossEntropy of probabilities',
      build: (x, t, reduction) => crossEntropy(x, t, { reduction, labelSmoothing: 0.2 }),
      targets: [0, 0.5],
    },
    {
      name: 'binaryCrossEntropy',
      build: (x, t, reduction) => binaryCrossEntropy(x, t, { reduction }),
      targets: [0, 1],
    },
    {
      name: 'sigmoidFocalLoss',
      build: (x, t, reduction) => sigmoidFocalLoss(x, t, { reduction }),
      targets: [0.1, 0.9],
    },
    {
      name: 'sigmoidFocalLoss, other options',
      build: (x, t, reduction) => sigmoidFocalLoss(x, t, { alpha: null, gamma: 1.5, reduction }),
      targets: [0.1, 0.9],
    },
    { name: 'meanSquaredError', build: (x, t, reduction) => meanSquaredError(x, t, { reduction }), targets: [0, 1] },
    { name: 'smoothL1', build: (x, t, reduction) => smoothL1(x, t, { beta: 0.4, reduction }), targets: [2.2, 3] },
    { name: 'smoothL1, near', build: (x, t, reduction) => smoothL1(x, t, { beta: 9, reduction }), targets: [0, 1] },
  ];
  for (const { name, build, targets = [0, 1] as const } of cases) {
    it(name, async () => {
      for (const reduction of reductions) {
        await checkGradient((x, t) => build(x, t, reduction), [sample([2, 3], [-2, 2]), sample([2, 3], targets, 5)], {
          single: 1e-4,
        });
      }
    });
  }
});

describe('values', () => {
  it('agree with PyTorch 2', async () => {
    const targets = constant([0, 1, 1, 0, 0.5, 1], { shape: [2, 3] });
    const options = { reduction: 'none' } as const;
    const found = await valuesOf({
      crossEntropy: crossEntropy(logits, classes([0, 2]), { labelSmoothing: 0.1 }),
      binary: binaryCrossEntropy(logits, targets, options),
      smooth: smoothL1(logits, targets, { ...options, beta: 0.7 }),
      squared: meanSquaredError(logits, targets),
    });
    for (const [name, expected] of Object.entries(fromTorch)) {
      for (const [i, value] of expected.entries())
        expect(found[name as keyof typeof found][i], name).toBeCloseTo(value, 5);
    }
  });

  it('of focal loss are those of its formula', async () => {
    const x = constant([-2, 0.5, 3]);
    const t = constant([1, 0, 1]);
    const { loss, p } = await valuesOf({ loss: sigmoidFocalLoss(x, t, { reduction: 'none' }), p: sigmoid(x) });
    const expected = p.map((share, i) =>
      i === 1 ? -0.75 * share ** 2 * Math.log(1 - share) : -0.25 * (1 - share) ** 2 * Math.log(share),
    );
    for (const [i, value] of expected.entries()) expect(loss[i]).toBeCloseTo(value, 6);
  });

  it('leave out classes below 0, also from the mean, and are 0 where none is left', async () => {
    const found = await valuesOf({
      some: crossEntropy(logits, classes([1, -1])),
      one: crossEntropy(constant([1, 2, 3], { shape: [1, 3] }), classes([1])),
      none: crossEntropy(logits, classes([-1, -100])),
      dx: grad(crossEntropy(logits, classes([1, -1])), [logits])[0],
    });
    expect(found.some[0]).toBeCloseTo(found.one[0], 6);
    expect(found.none[0]).toBeCloseTo(0, 10);
    expect(found.dx.slice(3).map(Math.abs)).toEqual([0, 0, 0]);
  });

  it('are NaN for a number beyond the classes', async () => {
    const found = await valuesOf({ none: crossEntropy(logits, classes([3, -1]), { reduction: 'none' }) });
    expect(found.none).toEqual([Number.NaN, 0]);
  });

  it('stay finite for logits of a thousand and for classes masked by −∞', async () => {
    const far = constant([-1000, 1000, 1000, -1000]);
    const truth = constant([1, 0, 1, 0]);
    const masked = constant([0, NEGATIVE_INFINITY, 0], { shape: [1, 3] });
    const found = await valuesOf({
      binary: binaryCrossEntropy(far, truth, { reduction: 'none' }),
      dbinary: grad(binaryCrossEntropy(far, truth, { reduction: 'sum' }), [far])[0],
      dfocal: grad(sigmoidFocalLoss(far, truth, { reduction: 'sum' }), [far])[0],
      masked: crossEntropy(masked, classes([2])),
      dmasked: grad(crossEntropy(masked, classes([2])), [masked])[0],
    });
    expect(found.binary).toEqual([1000, 1000, 0, 0]);
    expect(found.dbinary).toEqual([-1, 1, 0, 0].map((value) => expect.closeTo(value, 5)));
    expect(found.dfocal).toEqual([-0.25, 0.75, 0, 0].map((value) => expect.closeTo(value, 5)));
    expect(found.masked[0]).toBeCloseTo(Math.LN2, 6);
    expect(found.dmasked).toEqual([expect.closeTo(0.5, 6), 0, expect.closeTo(-0.5, 6)]);
  });
});

describe('mistakes', () => {
  it('are told where they are made', () => {
    expect(() => crossEntropy(logits, classes([0, 1, 2]))).toThrow('crossEntropy: targets has shape [3]; expected [2]');
    expect(() => crossEntropy(logits, classes([0, 1]), { labelSmoothing: 2 })).toThrow(
      'crossEntropy: labelSmoothing is 2',
    );
    expect(() => binaryCrossEntropy(logits, classes([0, 1]))).toThrow(
      'binaryCrossEntropy: targets is int64; expected float32',
    );
    expect(() => meanSquaredError(logits, logits, { reduction: 'batchmean' as 'mean' })).toThrow(
      'loss: reduction is "batchmean"; expected mean, sum, none',
    );
    expect(() => smoothL1(logits, constant([1]))).toThrow('smoothL1: targets has shape [1]; expected [2, 3]');
  });
});

// ---- below: internals ----

/** torch 2: functional.cross_entropy, binary_cross_entropy_with_logits, smooth_l1_loss and mse_loss. */
const fromTorch = {
  crossEntropy: [1.489202],
  binary: [1.313262, 0.126928, 0.048587, Math.LN2, 0.813262, 0.474077],
  smooth: [0.65, 0.65, 1.65, 0.0, 1.15, 0.178571],
  squared: [1.416667],
};
