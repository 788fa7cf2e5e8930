import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import type { Tensor } from '../graph/tensor.ts';
import { lower } from '../runtime/lower.ts';
import { onnxBytes } from '../runtime/onnxFile.ts';
import { loadProgram } from '../runtime/program.ts';
import { multiply, square } from './elementwise.ts';
import {
  adaptiveAveragePool,
  adaptiveMaxPool,
  averagePool,
  globalAveragePool,
  globalMaxPool,
  maxPool,
} from './pooling.ts';
import { sum } from './reduce.ts';
import { numbers, valuesOf } from './valuesTesting.ts';

const line = numbers([1, 1, 9], [7, 3, 10, 6, 2, 9, 5, 1, 8]);
const plane = numbers(
  [1, 1, 5, 7],
  Array.from({ length: 35 }, (_, i) => ((i + 1) * 7) % 11),
);

// Right sides: torch 2.15, torch.nn.functional.max_pool1d and so on of the same numbers.
const known: { name: string; y: Tensor; expected: readonly number[] }[] = [
  { name: 'max, padded', y: maxPool(line, 3, { stride: 2, padding: 1, ceil: true }), expected: [7, 10, 9, 9, 8] },
  { name: 'max, stride beyond the kernel', y: maxPool(line, 2, { stride: 3, ceil: true }), expected: [7, 6, 5] },
  { name: 'max, dilated', y: maxPool(line, 3, { stride: 2, padding: 1, dilation: 2 }), expected: [6, 9, 9, 9] },
  { name: 'max, ceil', y: maxPool(line, 2, { stride: 4, padding: 1, ceil: true }), expected: [7, 6, 8] },
  {
    name: 'average, padding counted',
    y: averagePool(line, 3, { stride: 2, padding: 1, ceil: true }),
    expected: [3.33333, 6.33333, 5.66667, 5, 3],
  },
  {
    name: 'average, padding not counted',
    y: averagePool(line, 3, { stride: 2, padding: 1, ceil: true, countPadding: false }),
    expected: [5, 6.33333, 5.66667, 5, 4.5],
  },
  {
    name: 'average, ceil beyond the padding',
    y: averagePool(line, 4, { stride: 3, padding: 2, ceil: true }),
    expected: [2.5, 5.25, 4.25, 2.25],
  },
  {
    name: 'adaptive average',
    y: adaptiveAveragePool(plane, [2, 3]),
    expected: [5.55556, 4.88889, 5.44444, 4.55556, 5.11111, 4.44444],
  },
  { name: 'adaptive max', y: adaptiveMaxPool(plane, [2, 3]), expected: [10, 10, 10, 9, 10, 9] },
  { name: 'global max', y: globalMaxPool(line), expected: [10] },
  { name: 'global average', y: globalAveragePool(line), expected: [51 / 9] },
];

const axis = fc.record({
  length: fc.integer({ min: 1, max: 6 }),
  kernel: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  padding: fc.integer({ min: 0, max: 2 }),
  count: fc.integer({ min: 1, max: 4 }),
});

const arbitrary = fc.integer({ min: 1, max: 3 }).chain((rank) =>
  fc.record({
    axes: fc.array(axis, { minLength: rank, maxLength: rank }),
    ceil: fc.boolean(),
    countPadding: fc.boolean(),
    seed: fc.integer({ min: 1, max: 1000 }),
  }),
);

describe('pooling', () => {
  for (const { name, y, expected } of known) {
    it(`${name}: as torch`, async () => {
      const result = await valuesOf({ y });
      expect(result.y).toHaveLength(expected.length);
      for (const [i, value] of expected.entries()) expect(result.y[i]).toBeCloseTo(value, 4);
    });
  }

  it('gives the gradient to the first of equal maxima, as torch', async () => {
    const x = numbers([1, 1, 6], [1, 3, 3, 2, 3, 3]);
    const [dx] = grad(maxPool(x, 3, { stride: 1 }), [x], numbers([1, 1, 4], [1, 2, 4, 8]));
    expect(await valuesOf({ dx })).toEqual({ dx: [0, 3, 4, 0, 8, 0] });
  });

  it(
    'has the gradient of central differences for any windows, in 1 to 3 dimensions',
    () =>
      fc.assert(
        fc.asyncProperty(arbitrary, async ({ axes, ceil, countPadding, seed }) => {
          const padding = axes.map((a) => Math.min(a.padding, a.kernel >> 1));
          const dilation = axes.map((a) => a.dilation);
          const lengths = axes.map((a, i) => Math.max(a.length, a.dilation * (a.kernel - 1) + 1 - 2 * padding[i]));
          const kernel = axes.map((a) => a.kernel);
          const stride = axes.map((a) => a.stride);
          const counts = axes.map((a) => a.count);
          const x = [sample([2, 1, ...lengths], [-1, 1], seed)];
          // Padding hides every element of a dilated window on a short axis: torch gives −∞ there.
          if (axes.every((a, i) => padding[i] < a.dilation || a.dilation === 1)) {
            await checkGradient((t) => maxPool(t, kernel, { stride, padding, dilation, ceil }), x);
          }
          await checkGradient((t) => averagePool(t, kernel, { stride, padding, ceil, countPadding }), x);
          await checkGradient((t) => adaptiveAveragePool(t, counts), x);
          await checkGradient((t) => adaptiveMaxPool(t, counts), x);
        }),
        { seed: 52, numRuns: 25 },
      ),
    60_000,
  );

  it(
    'gives the same gradients without the engine telling places, as for WebGPU',
    () =>
      fc.assert(
        fc.asyncProperty(arbitrary, async ({ axes, ceil, seed }) => {
          const padding = axes.map((a) => (a.dilation === 1 ? Math.min(a.padding, a.kernel >> 1) : 0));
          const lengths = axes.map((a, i) => Math.max(a.length, a.dilation * (a.kernel - 1) + 1 - 2 * padding[i]));
          // Few different numbers: equal ones meet in most windows.
          const size = 2 * lengths.reduce((product, length) => product * length, 1);
          const x = numbers(
            [2, 1, ...lengths],
            Array.from({ length: size }, (_, i) => ((i * seed) % 7) % 3),
            'float32',
          );
          const y = maxPool(
            x,
            axes.map((a) => a.kernel),
            { stride: axes.map((a) => a.stride), padding, dilation: axes.map((a) => a.dilation), ceil },
          );
          const count = y.shape.reduce((product, length) => product * length, 1);
          const dy = numbers(
            y.shape,
            Array.from({ length: count }, (_, i) => i + 1),
            'float32',
          );
          const [dx] = grad(y, [x], dy);
          const [ddy] = grad(sum(multiply(dx, square(x))), [dy]);
          const { model } = lower({ dx, ddy }, { operators: 'onnxruntime', device: 'webgpu', precision: 'single' });
          const asksPlaces = ({ type, outputs }: { type: string; outputs: readonly string[] }) =>
            type === 'MaxPool' && outputs.length > 1;
          expect(model.nodes.filter(asksPlaces)).toEqual([]);
          await using program = await loadProgram(onnxBytes(model), { threads: 1 });
          const found = await program.run();
          const own = await valuesOf({ dx, ddy });
          expect([...(found.dx.data as Float32Array)]).toEqual(own.dx);
          expect([...(found.ddy.data as Float32Array)]).toEqual(own.ddy);
        }),
        { seed: 52, numRuns: 25 },
      ),
    60_000,
  );

  it('takes long axes in parts, with the same result', async () => {
    const x = numbers(
      [1, 1, 1000],
      Array.from({ length: 1000 }, (_, i) => i * i),
    );
    const { y } = await valuesOf({ y: averagePool(x, 4, { stride: 2 }) });
    expect(y).toHaveLength(499);
    for (const [i, value] of y.entries()) expect(value).toBeCloseTo(4 * i * i + 6 * i + 3.5, 3);
  });

  it('says what is wrong with an argument', () => {
    expect(() => maxPool(line, 3, { padding: 2 })).toThrow(
      'maxPool: padding is 2 and 2 along axis 2; expected at most half of the kernel, 3',
    );
    expect(() => averagePool(line, 10)).toThrow('averagePool: x has shape [1, 1, 9], 9 elements');
    expect(() => averagePool(line, [3, 3])).toThrow('averagePool: kernel is [3, 3]');
    expect(() => adaptiveMaxPool(line, 0)).toThrow('adaptiveMaxPool: counts is 0');
  });
});
