import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constant, input, parameter, rematerialise, scalar, type Tensor } from '../graph/tensor.ts';
import { numbersOf, type TensorData } from '../graph/tensorData.ts';
import { nodesBehind } from '../graph/walk.ts';
import { add, exp, multiply, sigmoid, tanh } from '../ops/elementwise.ts';
import { linear } from '../ops/matmul.ts';
import { sum } from '../ops/reduce.ts';
import { concat, expand, reshape, slice } from '../ops/shape.ts';
import { stopGradient } from '../ops/stopGradient.ts';
import { compile } from '../runtime/program.ts';
import { compileTraining } from '../runtime/training.ts';
import { grad, gradientsOf } from './grad.ts';

async function values(tensors: Record<string, Tensor>, feeds: Record<string, number[]> = {}) {
  await using program = await compile(tensors, { threads: 1 });
  const results: Record<string, TensorData> = await program.run(feeds);
  return Object.fromEntries(Object.entries(results).map(([name, data]) => [name, [...numbersOf(data)]]));
}

describe('grad', () => {
  it('adds up what flows along several paths', async () => {
    const x = input('x', []);
    const [dx] = grad(add(multiply(x, x), multiply(x, 3)), [x]);
    expect(await values({ dx }, { x: [5] })).toEqual({ dx: [13] });
  });

  it('differentiates again what it gave', async () => {
    const x = input('x', []);
    const [first] = grad(multiply(x, multiply(x, x)), [x]);
    const [second] = grad(first, [x]);
    expect(await values({ first, second }, { x: [2] })).toEqual({ first: [12], second: [12] });
  });

  it('takes what is behind stopGradient as given', async () => {
    const x = input('x', []);
    const [dx] = grad(multiply(stopGradient(multiply(x, x)), x), [x]);
    expect(await values({ dx }, { x: [3] })).toEqual({ dx: [9] });
  });

  it('is zero where nothing depends, and absent from gradientsOf', async () => {
    const [x, y] = [input('x', [2]), input('y', [3])];
    const loss = sum(x);
    expect(gradientsOf(loss, [x, y]).has(y)).toBe(false);
    expect(await values({ dy: grad(loss, [y])[0] })).toEqual({ dy: [0, 0, 0] });
  });

  it('reaches values between, not only leaves', async () => {
    const x = input('x', []);
    const y = exp(x);
    const [dy, dx] = grad(multiply(y, 2), [y, x]);
    expect(await values({ dy, dx }, { x: [0] })).toEqual({ dy: [2], dx: [2] });
  });

  it('reaches values between that programs read past: reshaped twice, or only expanded', async () => {
    const x = input('x', [2]);
    const [column, row] = [reshape(x, [2, 1]), expand(x, [2, 2])];
    const [dColumn] = grad(sum(multiply(reshape(column, [2]), 3)), [column]);
    const [dRow] = grad(sum(multiply(row, constant([1, 2, 3, 4], { shape: [2, 2] }))), [row]);
    expect(await values({ dColumn, dRow })).toEqual({ dColumn: [3, 3], dRow: [1, 2, 3, 4] });
  });

  it('takes a cotangent for what is not one number', async () => {
    const x = input('x', [2]);
    const [dx] = grad(multiply(x, x), [x], constant([1, 10]));
    expect(await values({ dx }, { x: [1, 2] })).toEqual({ dx: [2, 40] });
    expect(() => grad(x, [x])).toThrow('loss has shape [2]; expected one number');
    expect(() => grad(x, [x], constant([1, 1], { dtype: 'float64' }))).toThrow(
      'cotangent is float64; expected float32',
    );
  });

  it('does no work for weights that nobody asks about', () => {
    const [x, frozen] = [input('x', [4, 8]), parameter([8, 8])];
    const loss = sum(linear(linear(x, frozen), parameter([1, 8])));
    const [dx] = grad(loss, [x]);
    const products = nodesBehind([dx]).filter(({ operation }) => operation.name === 'matmul');
    expect(products).toHaveLength(2); // of the gradient with each of the two matrices, none for the matrices themselves
  });

  it('refuses tensors that have no gradient', () => {
    const count = input('count', [2], 'int64');
    expect(() => grad(scalar(1), [count])).toThrow('tensor 0 is int64; expected float32, float16 or float64');
  });
});

describe('rematerialise', () => {
  /** A stack of layers of random kinds, each in a stretch of its own or not. */
  const stack = (kinds: readonly number[], stretch: <T>(make: () => T) => T) => {
    const width = 4;
    let seed = 1;
    const random = (n: number) => Float32Array.from({ length: n }, () => Math.sin(seed++ * 12.9898) * 0.7);
    const parameters: ReturnType<typeof parameter>[] = [];
    const weight = (name: string) => {
      parameters.push(parameter([width, width], random(width * width), { name }));
      return parameters.at(-1) as Tensor;
    };
    const x = input('x', [3, width]);
    let y: Tensor = x;
    for (const [i, kind] of kinds.entries()) {
      const before = y;
      y = stretch(() => {
        const inner = tanh(linear(before, weight(`${i}.a`)));
        if (kind === 0) return add(before, linear(sigmoid(inner), weight(`${i}.b`)));
        if (kind === 1) return stretch(() => multiply(inner, add(exp(inner), before)));
        return concat([slice(multiply(inner, x), 1, 0, 2), slice(inner, 1, 2)], 1);
      });
    }
    return { loss: sum(multiply(y, y)), parameters };
  };

  it('gives the same loss and gradients, for stacks of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 }), async (kinds) => {
        const x = Float32Array.from({ length: 12 }, (_, i) => Math.cos(i));
        const results = [];
        for (const stretch of [<T>(make: () => T) => make(), rematerialise]) {
          await using training = await compileTraining(stack(kinds, stretch).loss, { threads: 1 });
          const { loss, gradients } = await training.run({ x });
          results.push({ loss, gradients: new Map([...gradients].map(([name, data]) => [name, data.slice()])) });
        }
        const [kept, again] = results;
        expect(again.loss).toBe(kept.loss);
        expect([...again.gradients.keys()]).toEqual([...kept.gradients.keys()]);
        for (const [name, gradient] of kept.gradients) expect(again.gradients.get(name), name).toEqual(gradient);
      }),
      { numRuns: 25, seed: 52 },
    );
  });

  it('computes a stretch once more, and only what its gradients need', () => {
    const x = input('x', [2, 4]);
    const weight = parameter([4, 4], undefined, { trainable: false });
    const y = rematerialise(() => linear(tanh(linear(x, weight)), weight));
    const [dx] = grad(sum(y), [x]);
    const count = (name: string) => nodesBehind([dx, y]).filter(({ operation }) => operation.name === name).length;
    expect(count('tanh')).toBe(2);
    expect(count('linear')).toBe(3); // the last product of the stretch need not be computed again
  });
});
