import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import { buffer, constant, type Tensor } from '../graph/tensor.ts';
import { compile } from '../runtime/program.ts';
import { batchNorm } from './batchNorm.ts';
import { numbers, valuesOf } from './valuesTesting.ts';

const x = numbers([2, 2, 3], [-3, 2, 0, -2, 3, 1, -1, -3, 2, 0, -2, 3], 'float32');
const weight = numbers([2], [1.5, -0.5], 'float32');
const bias = numbers([2], [0.25, 0], 'float32');
const runningStatistics = () => ({ mean: buffer([2], [0.5, 1]), variance: buffer([2], [2, 3]) });

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 4);
}

// Right sides: torch 2.15, torch.nn.functional.batch_norm of the same numbers.
describe('batchNorm', () => {
  it('normalises by the batch in training and moves the running statistics, as torch', async () => {
    const running = runningStatistics();
    const y = batchNorm(x, { weight, bias, running, training: true });
    const [dx] = grad(y, [x], constant([...Array(12).keys()], { shape: [2, 2, 3] }));
    await using program = await compile({ y, dx }, { updateBuffers: true });
    const results = await program.run();
    expectClose(
      results.y.data as Float32Array,
      [-1.56902, 2.06902, 0.6138, 0.60634, -0.60634, -0.12127, -0.1138, -1.56902, 2.06902, 0.12127, 0.60634, -0.60634],
    );
    expectClose(
      results.dx.data as Float32Array,
      [
        -2.69642, -2.39682, -1.49801, 0.89881, 0.79894, 0.49934, 1.49801, 2.39682, 2.69642, -0.49934, -0.79894,
        -0.89881,
      ],
    );
    expectClose(running.mean.data as Float32Array, [0.4, 0.95]);
    expectClose(running.variance.data as Float32Array, [2.31, 3.21]);
  });

  it('normalises by the running statistics when not training, and leaves them', async () => {
    const running = runningStatistics();
    const y = batchNorm(x, { weight, bias, running, training: false });
    await using program = await compile({ y }, { updateBuffers: true });
    expectClose(
      (await program.run()).y.data as Float32Array,
      [-3.4623, 1.84099, -0.28033, 0.86602, -0.57735, 0, -1.34099, -3.4623, 1.84099, 0.28867, 0.86602, -0.57735],
    );
    expectClose(running.mean.data as Float32Array, [0.5, 1]);
  });

  it(
    'has the gradient of central differences for any shape, training or not, with weights or without',
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 0, maxLength: 3 }),
          fc.integer({ min: 2, max: 4 }),
          fc.integer({ min: 1, max: 4 }),
          fc.boolean(),
          fc.boolean(),
          async (spatial, batch, channels, training, isAffine) => {
            const samples = [sample([batch, channels, ...spatial], [-1, 1], batch + 10 * channels)];
            if (isAffine) samples.push(sample([channels], [0.5, 2], 5), sample([channels], [-1, 1], 6));
            const build = (value: Tensor, w?: Tensor, b?: Tensor) => {
              const { dtype } = value;
              const statistics = (values: readonly number[]) =>
                buffer([channels], values.slice(0, channels), { dtype });
              const running = { mean: statistics([0.1, -0.2, 0.3, 0]), variance: statistics([1, 0.5, 2, 1.5]) };
              // A large epsilon, since central differences of a few nearly equal numbers would be far from straight.
              return batchNorm(value, { weight: w, bias: b, running, training, epsilon: 0.1 });
            };
            await checkGradient(build, samples, { single: 5e-5 });
          },
        ),
        { seed: 52, numRuns: 40 },
      ),
    60_000,
  );

  it(
    'has the gradient of central differences where channels are long',
    () => checkGradient((value) => batchNorm(value, { training: true }), [sample([1, 2, 600])], { step: 1e-4 }),
    60_000,
  );

  it('keeps its digits where the mean is far larger than the deviation', async () => {
    const values = Array.from({ length: 4096 }, (_, i) => 1000 + Math.sin(i));
    const build = (dtype: 'float32' | 'float64') =>
      batchNorm(numbers([4, 1, 1024], values, dtype), { training: true, epsilon: 0 });
    const [single, double] = [await valuesOf({ y: build('float32') }), await valuesOf({ y: build('float64') })];
    const apart = single.y.map((value, i) => Math.abs(value - double.y[i]));
    // Half a unit in the last place of 1000 is 3e-5, and the deviation 0.7.
    expect(Math.max(...apart)).toBeLessThan(5e-4);
  });

  it('says what is wrong with an argument', () => {
    expect(() => batchNorm(x, { training: false })).toThrow('batchNorm: running is not given');
    expect(() => batchNorm(x, { training: true, weight: numbers([3], [1, 2, 3], 'float32') })).toThrow(
      'batchNorm: weight has shape [3]; expected [2]',
    );
    expect(() => batchNorm(numbers([1, 2], [1, 2]), { training: true })).toThrow('at least two elements a channel');
  });
});
