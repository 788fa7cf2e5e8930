import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { constant, input, named, parameter, type Tensor } from '../graph/tensor.ts';
import { add, divide, log, multiply } from '../ops/elementwise.ts';
import { linear, matmul } from '../ops/matmul.ts';
import { mean, sum } from '../ops/reduce.ts';
import { expand } from '../ops/shape.ts';
import { compile, loadProgram, toOnnx } from './program.ts';
import { compileTraining } from './training.ts';

describe('a program', () => {
  it('computes what its outputs ask for, from arrays, lists and numbers', async () => {
    const [x, y] = [input('x', [2, 2]), input('y', [])];
    await using program = await compile({ product: matmul(x, x), scaled: multiply(x, y) });
    const { product, scaled } = await program.run({ x: [1, 2, 3, 4], y: 10 });
    expect(product).toEqual({ dtype: 'float32', shape: [2, 2], data: Float32Array.of(7, 10, 15, 22) });
    expect(scaled.data).toEqual(Float32Array.of(10, 20, 30, 40));
  });

  it('writes into arrays that it is given, and makes the others', async () => {
    const x = input('x', [3]);
    await using program = await compile({ double: add(x, x), half: divide(x, 2) });
    const double = new Float32Array(3);
    const results = await program.run({ x: [1, 2, 3] }, { into: { double } });
    expect(double).toEqual(Float32Array.of(2, 4, 6));
    expect(results.half.data).toEqual(Float32Array.of(0.5, 1, 1.5));
  });

  it('reads trainable weights anew at every run, and keeps frozen ones', async () => {
    const [free, frozen] = [parameter([1], [1]), parameter([1], [1], { trainable: false })];
    await using program = await compile({ y: add(multiply(free, 10), frozen) });
    free.data[0] = 2;
    frozen.data[0] = 5;
    expect((await program.run()).y.data).toEqual(Float32Array.of(21));
  });

  it('stores weights of equal shape and other numbers apart, however alike they look', async () => {
    const weights = [1, 2].map((value) =>
      parameter([100], new Float32Array(100).fill(value), { name: 'same', trainable: false }),
    );
    await using program = await compile({ y: sum(add(multiply(weights[0], 3), weights[1])) });
    expect((await program.run()).y.data).toEqual(Float32Array.of(500));
  });

  it.each([
    ['is missing', {}, /input "x" is missing; expected float32 \[2\]/],
    ['is unknown', { x: [1, 2], z: 1 }, /no input is named z; expected x/],
    ['has another length', { x: [1, 2, 3] }, /"x" is Float32Array of 3 .*expected float32 \[2\]/],
    ['has another type', { x: new Float64Array(2) }, /"x" is Float64Array .*expected float32 \[2\]/],
  ])('says which input %s', async (_, feeds, message) => {
    await using program = await compile({ y: multiply(input('x', [2]), 2) });
    await expect(program.run(feeds as never)).rejects.toThrow(message);
  });

  it('does not run once it is disposed', async () => {
    const program = await compile({ y: multiply(input('x', [2]), 2) });
    await program.dispose();
    await program.dispose();
    await expect(program.run({ x: [1, 2] })).rejects.toThrow('disposed');
  });

  it('says that a device is not there', async () => {
    await expect(compile({ y: multiply(input('x', [2]), 2) }, { device: 'coreml' })).rejects.toThrow(/coreml/);
  });

  it('says what to do where memory does not suffice, and what a damaged model is', async () => {
    const terabytes = expand(input('x', [1]), [2 ** 20, 2 ** 20]);
    await using program = await compile({ y: sum(multiply(terabytes, terabytes)) });
    await expect(program.run({ x: [1] })).rejects.toThrow(/Not enough memory on cpu: use smaller batches/);
    await expect(loadProgram(Uint8Array.of(1, 2, 3))).rejects.toThrow(/Not a readable ONNX model/);
  });

  it('saves as a file of standard operators, weights included, that loads again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'onnxgrad-'));
    try {
      const [x, weight] = [input('x', [1, 2]), parameter([3, 2], [1, 2, 3, 4, 5, 6], { name: 'weight' })];
      writeFileSync(join(folder, 'model.onnx'), toOnnx({ y: linear(x, weight) }, 'three sums'));
      await using program = await loadProgram(join(folder, 'model.onnx'));
      expect([...program.inputs.keys()]).toEqual(['x']);
      expect((await program.run({ x: [1, 1] })).y.data).toEqual(Float32Array.of(3, 7, 11));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('runs in float16 and in whole numbers', async () => {
    const [half, whole] = [input('half', [2], 'float16'), input('whole', [2], 'int64')];
    await using program = await compile({ half: multiply(half, 2), whole: add(whole, whole) });
    const { half: doubled, whole: twice } = await program.run({ half: [0.5, 1], whole: [3, 4] });
    expect(doubled.data).toEqual(Uint16Array.of(0x3c00, 0x4000));
    expect(twice.data).toEqual(BigInt64Array.of(6n, 8n));
  });

  it('refuses two inputs of one name', async () => {
    await expect(compile({ y: add(input('x', [1]), input('x', [1])) })).rejects.toThrow('two inputs are named "x"');
  });
});

describe('a training program', () => {
  const squares = (x: Tensor, weight: Tensor) => {
    const y = linear(x, weight);
    return mean(multiply(y, y));
  };

  it('gives the loss, the gradients by name, and what else was asked for', async () => {
    const weight = parameter([1, 2], [1, 2], { name: 'weight' });
    const x = input('x', [1, 2]);
    await using training = await compileTraining(squares(x, weight), { outputs: { y: linear(x, weight) } });
    const { loss, outputs, gradients } = await training.run({ x: [3, 4] });
    expect(loss).toBe(121);
    expect(outputs.y.data).toEqual(Float32Array.of(11));
    expect(gradients.get('weight')).toEqual(Float32Array.of(66, 88));
  });

  it('asks for nothing of frozen weights', async () => {
    const [first, second] = [true, false].map((trainable, i) =>
      parameter([2, 2], [1, 0, 0, 1], { name: `w${i}`, trainable }),
    );
    await using training = await compileTraining(squares(linear(input('x', [1, 2]), first), second));
    expect(training.parameters.map(({ name }) => name)).toEqual(['w0']);
  });

  it('multiplies the loss before differentiating where it is told to', async () => {
    const weight = parameter([1, 1], [1], { name: 'weight' });
    await using training = await compileTraining(squares(input('x', [1, 1]), weight), { scaledLoss: true });
    const { loss, gradients } = await training.run({ x: [1] }, { lossScale: 1024 });
    expect([loss, gradients.get('weight')?.[0]]).toEqual([1, 2048]);
  });

  it('names the first value that is not finite, when asked', async () => {
    const weight = parameter([2], [1, 1], { name: 'weight' });
    const loss = named('head', () =>
      sum(
        multiply(
          named('logarithm', () => log(multiply(weight, input('x', [2])))),
          2,
        ),
      ),
    );
    await using training = await compileTraining(loss);
    expect((await training.run({ x: [1, -1] })).loss).toBeNaN();
    await expect(training.run({ x: [1, -1] }, { checkFinite: true })).rejects.toThrow(
      'run 1: the loss is NaN; the first value that is not finite: head/logarithm/log [2]',
    );
  });

  it('says so where everything is frozen, and where two parameters share a name', async () => {
    const x = input('x', [1, 1]);
    await expect(compileTraining(squares(x, parameter([1, 1], [1], { trainable: false })))).rejects.toThrow('frozen');
    const [a, b] = [1, 2].map((value) => parameter([1, 1], [value], { name: 'weight' }));
    await expect(compileTraining(squares(linear(x, a), b))).rejects.toThrow('two parameters are named weight');
  });

  it('leaves constants that were made for it out of what is fed', async () => {
    const weight = parameter([2], [1, 1], { name: 'weight' });
    await using training = await compileTraining(sum(multiply(weight, constant([2, 3]))));
    expect((await training.run({})).gradients.get('weight')).toEqual(Float32Array.of(2, 3));
  });
});
