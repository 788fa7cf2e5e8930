import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGradient, distance, sample } from '../grad/gradientTesting.ts';
import { input, type Tensor } from '../graph/tensor.ts';
import { numbersOf } from '../graph/tensorData.ts';
import { compile } from '../runtime/program.ts';
import { attention } from './attention.ts';
import { localAttention } from './localAttention.ts';
import { expand } from './shape.ts';

/** The definition, in loops: q, k, v [T][heads d], `allowed` and `bias` of scores. */
function reference(
  [q, k, v]: readonly Float64Array[],
  { steps, memory, heads, width }: { steps: number; memory: number; heads: number; width: number },
  scoreBias: (head: number, t: number, m: number) => number,
): Float64Array {
  const y = new Float64Array(steps * heads * width);
  for (let h = 0; h < heads; h++) {
    for (let t = 0; t < steps; t++) {
      const at = (row: number, i: number) => row * heads * width + h * width + i;
      const scores = Array.from({ length: memory }, (_, m) => {
        let score = 0;
        for (let i = 0; i < width; i++) score += q[at(t, i)] * k[at(m, i)];
        return score / Math.sqrt(width) + scoreBias(h, t, m);
      });
      const top = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - top));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      for (let i = 0; i < width; i++) {
        for (let m = 0; m < memory; m++) y[at(t, i)] += (weights[m] / total) * v[at(m, i)];
      }
    }
  }
  return y;
}

async function evaluated(
  build: (...xs: Tensor[]) => Tensor,
  samples: readonly ReturnType<typeof sample>[],
  operators: 'standard' | 'onnxruntime',
) {
  const xs = samples.map(({ shape }, i) => input(`x${i}`, shape));
  await using program = await compile({ y: build(...xs) }, { operators, threads: 1 });
  const feeds = Object.fromEntries(samples.map(({ values }, i) => [`x${i}`, Float32Array.from(values)]));
  return numbersOf((await program.run(feeds)).y);
}

describe('attention', () => {
  const [heads, width, steps, memory] = [2, 3, 5, 4];
  const samples = [
    sample([1, steps, 6], [-1, 1], 1),
    sample([1, memory, 6], [-1, 1], 2),
    sample([1, memory, 6], [-1, 1], 3),
  ];
  const bias = sample([1, heads, steps, memory], [-1, 1], 4);

  it.each(['standard', 'onnxruntime'] as const)('is what its definition says, by %s operators', async (operators) => {
    const found = await evaluated(
      (q, k, v, b) => attention(q, k, v, { heads, bias: b }),
      [...samples, bias],
      operators,
    );
    const expected = reference(
      samples.map(({ values }) => values),
      { steps, memory, heads, width },
      (h, t, m) => bias.values[(h * steps + t) * memory + m],
    );
    expect(distance(found, expected)).toBeLessThan(1e-6);
  });

  it.each(['standard', 'onnxruntime'] as const)(
    'broadcasts its bias along any axes, by %s operators',
    async (operators) => {
      const full = [1, heads, steps, memory];
      for (const shape of [[1, 1, 1, memory], [heads, steps, 1], [memory], [1, 1], full]) {
        const narrow = sample(shape, [-1, 1], 5);
        const [found, expected] = await Promise.all(
          [narrow.shape, full].map((wide) =>
            evaluated(
              (q, k, v, b) => attention(q, k, v, { heads, bias: expand(b, wide) }),
              [...samples, narrow],
              operators,
            ),
          ),
        );
        expect(distance(found, expected), shape.join()).toBeLessThan(1e-6);
      }
    },
  );

  it('takes the mean of the values where the scale is 0', async () => {
    const found = await evaluated((q, k, v) => attention(q, k, v, { heads, scale: 0 }), samples, 'onnxruntime');
    const means = Array.from({ length: 6 }, (_, i) => {
      const column = Array.from({ length: memory }, (_, m) => samples[2].values[m * 6 + i]);
      return column.reduce((sum, value) => sum + value, 0) / memory;
    });
    expect(
      distance(
        found,
        Float64Array.from({ length: steps * 6 }, (_, i) => means[i % 6]),
      ),
    ).toBeLessThan(1e-6);
  });

  it('has the gradient of its definition, bias included, whatever the sizes', async () => {
    const sizes = fc.record({
      batch: fc.integer({ min: 1, max: 2 }),
      heads: fc.integer({ min: 1, max: 2 }),
      width: fc.integer({ min: 1, max: 3 }),
      steps: fc.integer({ min: 1, max: 4 }),
      memory: fc.integer({ min: 2, max: 4 }),
      isBiased: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async (s) => {
        const columns = s.heads * s.width;
        const xs = [s.steps, s.memory, s.memory].map((rows, i) => sample([s.batch, rows, columns], [-1, 1], i + 1));
        const biases = s.isBiased ? [sample([s.heads, s.steps, s.memory], [-1, 1], 9)] : [];
        await checkGradient(
          (q, k, v, b?: Tensor) => attention(q, k, v, { heads: s.heads, ...(b && { bias: b }) }),
          [...xs, ...biases],
        );
      }),
      { numRuns: 25, seed: 52 },
    );
  });

  it('says what does not fit', () => {
    const x = (...shape: number[]) => input('x', shape);
    expect(() => attention(x(1, 4, 6), x(1, 5, 6), x(1, 4, 6), { heads: 2 })).toThrow(
      'attention: v has shape [1, 4, 6]; expected [1, 5, 6]',
    );
    for (const heads of [0, -1, 1.5]) {
      expect(() => attention(x(1, 4, 6), x(1, 4, 6), x(1, 4, 6), { heads })).toThrow(
        `attention: heads is ${heads}; expected a whole number from 1 up`,
      );
    }
    expect(() => attention(x(1, 4, 6), x(1, 4, 6), x(1, 4, 6), { heads: 4 })).toThrow(
      'expected a width that 4 heads share evenly',
    );
    expect(() => attention(x(1, 4, 6), x(1, 4, 6), x(1, 4, 6), { heads: 2, bias: x(3, 4, 4) })).toThrow(
      'attention: bias has shape [3, 4, 4]; expected a shape that broadcasts to [1, 2, 4, 4]',
    );
  });
});

describe('local attention', () => {
  it('is attention within the window, whatever the length', async () => {
    const sizes = fc.record({
      steps: fc.integer({ min: 1, max: 23 }),
      reach: fc.integer({ min: 1, max: 4 }),
      masked: fc.integer({ min: 0, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.constantFrom('standard' as const, 'onnxruntime' as const),
        async ({ steps, reach, masked }, operators) => {
          const samples = [1, 2, 3].map((seed) => sample([1, steps, 4], [-1, 1], seed));
          const isMasked = (m: number) => m >= Math.max(1, steps - masked);
          const keyBias = {
            shape: [1, steps],
            values: Float64Array.from({ length: steps }, (_, m) => (isMasked(m) ? -100 : 0)),
          };
          const found = await evaluated(
            (q, k, v, b) => localAttention(q, k, v, { heads: 2, window: 2 * reach + 1, keyBias: b }),
            [...samples, keyBias],
            operators,
          );
          const expected = reference(
            samples.map(({ values }) => values),
            { steps, memory: steps, heads: 2, width: 2 },
            (_, t, m) => (Math.abs(t - m) > reach ? Number.NEGATIVE_INFINITY : keyBias.values[m]),
          );
          expect(distance(found, expected)).toBeLessThan(1e-4);
        },
      ),
      { numRuns: 40, seed: 52 },
    );
  });

  it('has the gradient of its definition', async () => {
    for (const [steps, window] of [
      [7, 3],
      [8, 5],
      [1, 5],
      [12, 7],
    ]) {
      const samples = [1, 2, 3].map((seed) => sample([2, steps, 4], [-1, 1], seed));
      await checkGradient((q, k, v) => localAttention(q, k, v, { heads: 2, window }), samples);
    }
  });

  it('wants an odd window', () => {
    const x = input('x', [1, 4, 6]);
    expect(() => localAttention(x, x, x, { heads: 2, window: 4 })).toThrow(
      'window is 4; expected an odd number from 3 up',
    );
  });
});
