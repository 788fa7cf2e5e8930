import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, type Sample, sample } from '../grad/gradientTesting.ts';
import { constant, rematerialise, type Tensor } from '../graph/tensor.ts';
import { square } from './elementwise.ts';
import { sum } from './reduce.ts';
import { selectiveScan } from './selectiveScan.ts';
import { valuesOf } from './valuesTesting.ts';

const sizes = fc.record({
  N: fc.integer({ min: 1, max: 2 }),
  T: fc.integer({ min: 1, max: 40 }),
  d: fc.integer({ min: 1, max: 3 }),
  n: fc.integer({ min: 1, max: 3 }),
});

describe('selectiveScan', () => {
  it('agrees with one step after the other, for any length', () =>
    fc.assert(
      fc.asyncProperty(sizes, async (size) => {
        const samples = samplesOf(size);
        const { y } = await valuesOf({ y: selectiveScan(...constants(samples)) });
        for (const [i, value] of oneByOne(size, samples).entries()) expect(y[i]).toBeCloseTo(value, 12);
      }),
      { seed: 52, numRuns: 12 },
    ));

  it('has gradients of all it takes that agree with central differences', async () => {
    const build = (...[x, dt, A, B, C, D]: readonly Tensor[]) => selectiveScan(x, dt, A, B, C, D);
    for (const size of [
      { N: 2, T: 1, d: 2, n: 2 },
      { N: 1, T: 7, d: 2, n: 3 },
      { N: 2, T: 12, d: 1, n: 2 },
    ]) {
      await checkGradient(build, samplesOf(size), { single: 1e-4 });
    }
  });

  it('gives the same gradients where its stretch is computed twice', async () => {
    const [x, dt, A, B, C, D] = constants(samplesOf({ N: 1, T: 9, d: 2, n: 2 }));
    const build = () => square(selectiveScan(x, dt, A, B, C, D));
    const found = await valuesOf({
      plain: grad(sum(square(build())), [dt])[0],
      again: grad(sum(square(rematerialise(build))), [dt])[0],
    });
    for (const [i, value] of found.plain.entries()) expect(found.again[i]).toBeCloseTo(value, 12);
  });

  it('tells what does not fit', () => {
    const [x, dt, A, B, C] = constants(samplesOf({ N: 1, T: 4, d: 2, n: 3 }));
    expect(() => selectiveScan(x, B, A, B, C)).toThrow('selectiveScan: dt has shape [1, 4, 3]; expected [1, 4, 2]');
    expect(() => selectiveScan(x, dt, B, B, C)).toThrow('selectiveScan: A has shape [1, 4, 3]; expected 2 axes');
  });
});

// ---- below: internals ----

interface Size {
  readonly N: number;
  readonly T: number;
  readonly d: number;
  readonly n: number;
}

/** x, dt, A, B, C, D. */
const samplesOf = ({ N, T, d, n }: Size): Sample[] => [
  sample([N, T, d], [-1, 1], 1),
  sample([N, T, d], [0.1, 1], 2),
  sample([d, n], [-2, -0.2], 3),
  sample([N, T, n], [-1, 1], 4),
  sample([N, T, n], [-1, 1], 5),
  sample([d], [-1, 1], 6),
];

const constants = (samples: readonly Sample[]) =>
  samples.map(({ shape, values }) => constant(values, { shape, dtype: 'float64' })) as unknown as Parameters<
    typeof selectiveScan
  >;

/** The definition, one number at a time. */
function oneByOne({ N, T, d, n }: Size, samples: readonly Sample[]): number[] {
  const [x, dt, A, B, C, D] = samples.map(({ values }) => values);
  const y: number[] = [];
  for (let sampleIndex = 0; sampleIndex < N; sampleIndex++) {
    const h = new Float64Array(d * n);
    for (let t = sampleIndex * T; t < (sampleIndex + 1) * T; t++) {
      for (let channel = 0; channel < d; channel++) {
        const at = t * d + channel;
        let result = D[channel] * x[at];
        for (let state = 0; state < n; state++) {
          const cell = channel * n + state;
          h[cell] = Math.exp(dt[at] * A[cell]) * h[cell] + dt[at] * x[at] * B[t * n + state];
          result += C[t * n + state] * h[cell];
        }
        y.push(result);
      }
    }
  }
  return y;
}
