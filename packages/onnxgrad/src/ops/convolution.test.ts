import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import type { Tensor } from '../graph/tensor.ts';
import { loadProgram, toOnnx } from '../runtime/program.ts';
import { type ConvolutionOptions, convolution, convolutionTransposed } from './convolution.ts';
import { numbers, valuesOf } from './valuesTesting.ts';

const range = (count: number, value: (i: number) => number) => Array.from({ length: count }, (_, i) => value(i));
const [x, weight, bias] = [
  numbers(
    [1, 2, 4, 5],
    range(40, (i) => ((i * 5) % 7) - 3),
    'float32',
  ),
  numbers(
    [2, 2, 3, 2],
    range(24, (i) => ((i * 3) % 5) - 2),
    'float32',
  ),
  numbers([2], [0.5, -1], 'float32'),
];

const arbitrary = fc
  .record({
    rank: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 1, max: 3 }),
    channels: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    batch: fc.integer({ min: 1, max: 2 }),
    seed: fc.integer({ min: 1, max: 1000 }),
    bias: fc.boolean(),
  })
  .chain((head) =>
    fc.record({
      head: fc.constant(head),
      axes: fc.array(
        fc.record({
          kernel: fc.integer({ min: 1, max: 3 }),
          stride: fc.integer({ min: 1, max: 3 }),
          dilation: fc.integer({ min: 1, max: 3 }),
          before: fc.integer({ min: 0, max: 2 }),
          after: fc.integer({ min: 0, max: 2 }),
          windows: fc.integer({ min: 1, max: head.rank === 3 ? 2 : 4 }),
          rest: fc.integer({ min: 0, max: 2 }),
        }),
        { minLength: head.rank, maxLength: head.rank },
      ),
    }),
  );

// Right sides: torch 2.15, torch.nn.functional.conv2d and conv_transpose2d of the same numbers.
describe('convolution', () => {
  it('agrees with torch', async () => {
    const y = convolution(x, weight, bias, { stride: [2, 1], padding: [1, 0], dilation: [1, 2] });
    expect(y.shape).toEqual([1, 2, 2, 3]);
    expect(await valuesOf({ y })).toEqual({ y: [0.5, -20.5, 14.5, 13.5, -12.5, 3.5, 2, -1, -11, 6, 4, 2] });
  });

  // Sizes at which the gradients are arranged otherwise than for the small ones of the property.
  const larger: { name: string; x: number[]; weight: number[]; options: ConvolutionOptions }[] = [
    { name: 'one product over all batches', x: [2, 16, 70], weight: [16, 16, 3], options: { padding: 1 } },
    { name: 'planes, over all batches', x: [2, 16, 9, 9], weight: [16, 16, 3, 3], options: { padding: 1 } },
    {
      name: 'planes, strided and dilated',
      x: [2, 16, 19, 12],
      weight: [16, 16, 3, 3],
      options: { stride: [2, 1], dilation: [1, 2], padding: [1, 2] },
    },
    { name: 'a product for each batch', x: [2, 16, 70], weight: [2, 16, 3], options: { padding: 1 } },
    { name: 'points of many short axes, strided', x: [2, 3, 70], weight: [4, 3, 1], options: { stride: 2 } },
    { name: 'points of a long axis, strided', x: [1, 2, 200], weight: [2, 2, 1], options: { stride: 3, padding: 1 } },
    { name: 'depthwise', x: [2, 4, 90], weight: [4, 1, 3], options: { padding: 1, groups: 4 } },
    { name: 'patches', x: [2, 3, 12, 12], weight: [4, 3, 4, 4], options: { stride: 4 } },
    { name: 'frames alone', x: [1, 2, 3, 9, 9], weight: [2, 2, 3, 1, 1], options: { padding: [1, 0, 0] } },
  ];
  for (const { name, x: lengths, weight: shape, options } of larger) {
    it(
      `has the gradient of central differences: ${name}`,
      () => checkGradient((t, w) => convolution(t, w, null, options), [sample(lengths), sample(shape, [-1, 1], 2)]),
      60_000,
    );
  }

  it('says what is wrong with an argument', () => {
    expect(() => convolution(x, numbers([2, 3, 1, 1], range(6, Number), 'float32'))).toThrow(
      'convolution: x has shape [1, 2, 4, 5]; expected 3 channels, by weight of shape [2, 3, 1, 1] in 1 groups',
    );
    expect(() => convolution(x, weight, bias, { padding: [1, 2, 3] })).toThrow('convolution: padding is [1,2,3]');
    expect(() => convolution(x, weight, bias, { stride: 0 })).toThrow('convolution: stride is 0');
    expect(() => convolution(x, weight, bias, { dilation: 4 })).toThrow(
      'convolution: x has shape [1, 2, 4, 5], 4 elements with padding along axis 2; expected at least the 9',
    );
    expect(() => convolution(x, weight, bias, { groups: 3 })).toThrow('convolution: groups is 3');
  });

  it(
    'has the gradient of central differences for any stride, padding, dilation and groups, in 1 to 3 dimensions',
    () =>
      fc.assert(
        fc.asyncProperty(arbitrary, async ({ head: { groups, channels, batch, seed, bias }, axes }) => {
          const lengths = axes.map(({ kernel, stride, dilation, before, after, windows, rest }) =>
            Math.max(1, dilation * (kernel - 1) + 1 + (windows - 1) * stride + (rest % stride) - before - after),
          );
          const options: ConvolutionOptions = {
            groups,
            stride: axes.map(({ stride }) => stride),
            dilation: axes.map(({ dilation }) => dilation),
            padding: axes.map(({ before, after }) => [before, after] as const),
          };
          const kernel = axes.map((axis) => axis.kernel);
          const samples = [
            sample([batch, channels[0] * groups, ...lengths], [-1, 1], seed),
            sample([channels[1] * groups, channels[0], ...kernel], [-1, 1], seed + 1),
            ...(bias ? [sample([channels[1] * groups], [-1, 1], seed + 2)] : []),
          ];
          await checkGradient((x, w, b?: Tensor) => convolution(x, w, b, options), samples);
        }),
        { seed: 52, numRuns: 60 },
      ),
    60_000,
  );
});

describe('convolutionTransposed', () => {
  const expected = [-11.5, -1.5, 2.5, 2.5, -1.5, 3.5, 2.5, 5.5, 2, 1, 3, 1, -1, -17, -2, 0];
  const small = numbers([1, 2, 2, 2], [-3, 2, -1, -3, 3, 1, 0, 5], 'float32');

  it('agrees with torch', async () => {
    const y = convolutionTransposed(small, weight, bias, { stride: 2, padding: 1, outputPadding: [1, 0] });
    expect(y.shape).toEqual([1, 2, 4, 2]);
    expect(await valuesOf({ y })).toEqual({ y: expected });
  });

  it('is one standard operator in files for other runtimes, with the same result', async () => {
    const y = convolutionTransposed(small, weight, bias, { stride: 2, padding: 1, outputPadding: [1, 0] });
    const file = toOnnx({ y });
    expect(Buffer.from(file).includes('ConvTranspose')).toBe(true);
    await using program = await loadProgram(file);
    expect([...((await program.run()).y.data as Float32Array)]).toEqual(expected);
  });

  it(
    'has the gradient of central differences for any stride, padding, dilation and groups, in 1 to 3 dimensions',
    () =>
      fc.assert(
        fc.asyncProperty(arbitrary, async ({ head: { groups, channels, batch, seed, bias }, axes }) => {
          const kernel = axes.map((axis) => axis.kernel);
          const counts = axes.map(({ windows }) => windows);
          const options = {
            groups,
            stride: axes.map(({ stride }) => stride),
            dilation: axes.map(({ dilation }) => dilation),
            // At least one element remains.
            padding: axes.map(({ kernel, dilation, before, after, rest, stride, windows }) => {
              const most = dilation * (kernel - 1) + (windows - 1) * stride + (rest % stride);
              const first = Math.min(before, most);
              return [first, Math.min(after, most - first)] as const;
            }),
            outputPadding: axes.map(({ rest, stride }) => rest % stride),
          };
          const samples = [
            sample([batch, channels[0] * groups, ...counts], [-1, 1], seed),
            sample([channels[0] * groups, channels[1], ...kernel], [-1, 1], seed + 1),
            ...(bias ? [sample([channels[1] * groups], [-1, 1], seed + 2)] : []),
          ];
          await checkGradient((x, w, b?: Tensor) => convolutionTransposed(x, w, b, options), samples);
        }),
        { seed: 52, numRuns: 60 },
      ),
    60_000,
  );
});
