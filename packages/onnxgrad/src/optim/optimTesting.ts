import fc from 'fast-check';
import { expect } from 'vitest';
import fromTorch from '../../test/optim/fromTorch.json' with { type: 'json' };
import type { Optimizer, StepOptions } from './optimizer.ts';
import type { FloatArray, Gradients, Trainable } from './trainable.ts';

type Floats = Float32ArrayConstructor | Float64ArrayConstructor;

/** The weights a [2, 3] and b [3] that the stored PyTorch runs begin with. */
export const torchWeights = (floats: Floats): Trainable[] => [
  { name: 'a', shape: [2, 3], data: new floats(fromTorch.weights.a) },
  { name: 'b', shape: [3], data: new floats(fromTorch.weights.b) },
];

/** The gradients of those runs, one map a step. */
export const torchGradients = (floats: Floats): Map<string, FloatArray>[] =>
  fromTorch.gradients.map((step) => new Map(Object.entries(step).map(([name, values]) => [name, new floats(values)])));

/** Takes the stored steps and holds the weights after each against PyTorch's, in double and in single precision. */
export function expectTorchRun(
  make: (parameters: Trainable[]) => Optimizer,
  expected: readonly { a: number[]; b: number[] }[],
): void {
  // Single precision: six steps, each rounding the weight, its moments and the gradient; weights are near 1.
  for (const { floats, tolerance } of [
    { floats: Float64Array, tolerance: 1e-14 },
    { floats: Float32Array, tolerance: 1e-6 },
  ]) {
    const parameters = torchWeights(floats);
    const optimizer = make(parameters);
    for (const [step, gradients] of torchGradients(floats).entries()) {
      optimizer.step(gradients);
      for (const { name, data } of parameters) expectNear(data, expected[step][name as 'a' | 'b'], tolerance);
    }
  }
}

export function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  const furthest = Math.max(...Array.from(found, (value, i) => Math.abs(value - expected[i])));
  expect(furthest).toBeLessThanOrEqual(tolerance);
}

/** A training run in miniature: a few parameters, and for every step gradients of some of them. */
export interface Run {
  readonly weights: readonly Float32Array[];
  readonly steps: readonly { readonly gradients: Gradients; readonly options: StepOptions }[];
}

const array = (length: number) =>
  fc.float32Array({ noNaN: true, min: -100, max: 100, minLength: length, maxLength: length });

export const runs: fc.Arbitrary<Run> = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
  .chain((lengths) =>
    fc.record({
      weights: fc.tuple(...lengths.map(array)),
      steps: fc.array(
        fc.record({
          gradients: fc
            .tuple(...lengths.map((length) => fc.option(array(length), { freq: 4 })))
            .map((all) => new Map(all.flatMap((gradient, i) => (gradient ? [[`p${i}`, gradient] as const] : [])))),
          options: fc.record({ learningRateFactor: fc.constantFrom(0, 0.1, 1) }),
        }),
        { minLength: 2, maxLength: 8 },
      ),
    }),
  );

/** An interrupted run, taken up by a fresh optimiser with saved weights and state, ends with the same bits. */
export function expectContinues(make: (parameters: Trainable[]) => Optimizer): void {
  const parametersOf = (weights: readonly Float32Array[]): Trainable[] =>
    weights.map((data, i) => ({ name: `p${i}`, shape: [data.length], data: data.slice() }));
  fc.assert(
    fc.property(runs, fc.nat(), ({ weights, steps }, at) => {
      const whole = parametersOf(weights);
      const optimizer = make(whole);
      const cut = at % steps.length;
      let saved = { weights: [...weights], state: optimizer.state() };
      for (const [i, { gradients, options }] of steps.entries()) {
        if (i === cut)
          saved = { weights: whole.map(({ data }) => data.slice() as Float32Array), state: optimizer.state() };
        optimizer.step(gradients, options);
      }
      const resumed = parametersOf(saved.weights);
      const second = make(resumed);
      second.load(saved.state);
      for (const { gradients, options } of steps.slice(cut)) second.step(gradients, options);
      expect(resumed).toEqual(whole);
      expect(second.state()).toEqual(optimizer.state());
    }),
    { seed: 52 },
  );
}
