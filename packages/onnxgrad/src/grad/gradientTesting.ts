import { GraphError } from '../errors.ts';
import { constant, input, type Tensor } from '../graph/tensor.ts';
import { type FloatType, numbersOf, type Shape, sizeOf } from '../graph/tensorData.ts';
import { multiply } from '../ops/elementwise.ts';
import { sum } from '../ops/reduce.ts';
import { compile } from '../runtime/program.ts';
import { grad } from './grad.ts';

export interface Sample {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** Small fixed random numbers, evenly spread over a range: the range belongs to what a test knows of an operation. */
export function sample(shape: Shape, [low, high]: readonly [number, number] = [-1, 1], seed = 1): Sample {
  let state = seed * 2_654_435_761 + 12_345;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
  for (let i = 0; i < 4; i++) next();
  return { shape, values: Float64Array.from({ length: sizeOf(shape) }, () => low + (high - low) * next()) };
}

export interface GradientReport {
  /** Of the largest gradient of each sample: how far rule and central differences lie apart, in float64. */
  readonly differences: number;
  /** The same between float32 and float64, of results and gradients. */
  readonly single: number;
}

/**
 * Holds the gradient of `build` against central differences in float64, and its results and gradients in float32
 * against those in float64 (the two may take different kernels). Figures are relative to the largest value of a tensor.
 */
export async function gradientReport(
  build: (...xs: readonly Tensor[]) => Tensor,
  samples: readonly Sample[],
  { step = 1e-5 }: { step?: number } = {},
): Promise<GradientReport> {
  const double = await evaluate('float64', build, samples);
  const single = await evaluate('float32', build, samples);
  const numeric = await centralDifferences(build, samples, step);
  return {
    differences: largest(double.gradients.map((gradient, i) => distance(gradient, numeric[i]))),
    single: largest([
      distance(single.result, double.result),
      ...single.gradients.map((gradient, i) => distance(gradient, double.gradients[i])),
    ]),
  };
}

/** Throws unless `gradientReport` stays below 1e-6 for float64 and below `single` for float32. */
export async function checkGradient(
  build: (...xs: readonly Tensor[]) => Tensor,
  samples: readonly Sample[],
  { single = 2e-5, step = 1e-5 }: { single?: number; step?: number } = {},
): Promise<void> {
  const report = await gradientReport(build, samples, { step });
  if (!(report.differences <= 1e-6))
    throw new GraphError(`gradient differs from central differences by ${report.differences}`);
  if (!(report.single <= single)) throw new GraphError(`float32 differs from float64 by ${report.single}`);
}

/**
 * Largest distance of two lists of numbers, relative to the largest number of the second (or to 1e-3 where all are
 * smaller).
 */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let [apart, size] = [0, 1e-3];
  for (let i = 0; i < b.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    apart = Math.max(apart, difference);
    size = Math.max(size, Math.abs(b[i]));
  }
  return apart / size;
}

// ---- below: internals ----

type Build = (...xs: readonly Tensor[]) => Tensor;

const largest = (values: readonly number[]): number => Math.max(0, ...values);

/** Σ y w with fixed random weights w, so that every element of y counts and none like another. */
function weighed(y: Tensor): Tensor {
  const weights = constant(sample(y.shape, [0.5, 1.5], 77).values, { shape: y.shape, dtype: y.dtype });
  return sum(multiply(y, weights));
}

const inputsOf = (samples: readonly Sample[], dtype: FloatType) =>
  samples.map(({ shape }, i) => input(`x${i}`, shape, dtype));

const feedsOf = (samples: readonly Sample[], dtype: FloatType) =>
  Object.fromEntries(
    samples.map(({ values }, i) => [`x${i}`, dtype === 'float64' ? values : Float32Array.from(values)]),
  );

async function evaluate(dtype: 'float32' | 'float64', build: Build, samples: readonly Sample[]) {
  const xs = inputsOf(samples, dtype);
  const y = build(...xs);
  const gradients = grad(weighed(y), xs);
  await using program = await compile(
    { y, ...Object.fromEntries(gradients.map((dx, i) => [`dx${i}`, dx])) },
    { threads: 1 },
  );
  const fed = feedsOf(samples, dtype);
  const known = Object.fromEntries([...program.inputs.keys()].map((name) => [name, fed[name]]));
  const results = await program.run(known);
  return {
    result: numbersOf(results.y),
    gradients: xs.map((_, i) => numbersOf((results as Record<string, typeof results.y>)[`dx${i}`])),
  };
}

async function centralDifferences(build: Build, samples: readonly Sample[], step: number): Promise<Float64Array[]> {
  const xs = inputsOf(samples, 'float64');
  await using program = await compile({ loss: weighed(build(...xs)) }, { threads: 1 });
  const moved = samples.map(({ values }) => values.slice());
  const feeds = Object.fromEntries(
    moved.flatMap((values, i) => (program.inputs.has(`x${i}`) ? [[`x${i}`, values]] : [])),
  );
  const loss = async () => numbersOf((await program.run(feeds)).loss)[0];
  const results: Float64Array[] = [];
  for (const [i, { values }] of samples.entries()) {
    const gradient = new Float64Array(values.length);
    for (let j = 0; j < values.length; j++) {
      moved[i][j] = values[j] + step;
      const above = await loss();
      moved[i][j] = values[j] - step;
      gradient[j] = (above - (await loss())) / (2 * step);
      moved[i][j] = values[j];
    }
    results.push(gradient);
  }
  return results;
}
