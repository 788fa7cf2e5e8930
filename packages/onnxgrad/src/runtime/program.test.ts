import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { buffer, constant, input, named, parameter, rematerialise, type Tensor } from '../graph/tensor.ts';
import { batchNorm } from '../ops/batchNorm.ts';
import { add, clamp, divide, log, multiply } from '../ops/elementwise.ts';
import { linear, matmul } from '../ops/matmul.ts';
import { mean, sum } from '../ops/reduce.ts';
import { expand } from '../ops/shape.ts';
import { stopGradient } from '../ops/stopGradient.ts';
import { onnxBytes } from './onnxFile.ts';
import { compile, loadProgram, type Program, toOnnx } from './program.ts';
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

  it('runs on a graphics card, or says that it is not there', async () => {
    const product = multiply(input('x', [2]), 2);
    const found = await compile({ product }, { device: 'cuda' }).catch((error: { code: string }) => error.code);
    if (found !== 'no-backend') {
      await using program = found as Program;
      expect((await program.run({ x: [1, 2] })).product.data).toEqual(Float32Array.of(2, 4));
    }
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
    const [clamped, flags] = [clamp(whole, 4, Infinity), input('flags', [2], 'bool')];
    await using program = await compile({ half: multiply(half, 2), whole: add(whole, whole), clamped, flags });
    const given = { half: [0.5, 1], whole: [3, 4], flags: [true, false] as never };
    const { half: doubled, whole: twice, ...others } = await program.run(given);
    expect(others.clamped.data).toEqual(BigInt64Array.of(4n, 4n));
    expect(others.flags.data).toEqual(Uint8Array.of(1, 0));
    expect(doubled.data).toEqual(Uint16Array.of(0x3c00, 0x4000));
    expect(twice.data).toEqual(BigInt64Array.of(6n, 8n));
  });

  it('ends the runs under way before it is disposed', async () => {
    const x = input('x', [2]);
    const once = async () => {
      await using program = await compile({ y: multiply(x, 2) });
      return program.run({ x: [1, 2] });
    };
    expect((await once()).y.data).toEqual(Float32Array.of(2, 4));
    const program = await compile({ y: multiply(x, 2) });
    const running = program.run({ x: [3, 4] });
    await program.dispose();
    expect((await running).y.data).toEqual(Float32Array.of(6, 8));
    await expect(program.run({ x: [3, 4] })).rejects.toThrow('was disposed');
  });

  it.each([
    ['another type', { dtype: 'int32', shape: [2], data: Int32Array.of(1, 2) }, '"x" is int32, Int32Array of 2'],
    ['another array', Int32Array.of(1, 2), 'expected int64 [2] in a BigInt64Array'],
    ['no numbers', [1n, 2n], '"x" holds 1 (bigint) at place 0'],
    ['no whole numbers', [1, Number.NaN], '"x" holds NaN (number) at place 1; expected whole numbers for int64'],
    ['halves', [1, 0.5], '"x" holds 0.5 (number) at place 1'],
    ['text', 'one', '"x" is a string'],
    ['nothing', null, 'input "x" is missing'],
  ])('refuses %s for whole numbers, and says what it is', async (_, x, message) => {
    await using program = await compile({ y: add(input('x', [2], 'int64'), 1) });
    await expect(program.run({ x } as never)).rejects.toThrow(message);
  });

  it('lets inputs and outputs be called as weights and values between are', async () => {
    const weight = parameter([], [2], { name: 'x' });
    const product = multiply(weight, weight);
    const inputs = ['x', 'multiply_1', 'loss', '日本 ü/.'].map((name) => input(name, []));
    await using program = await compile({ x: inputs.reduce(add, product), multiply_2: product });
    const { x, multiply_2: squared } = await program.run({ x: 10, multiply_1: 20, loss: 30, '日本 ü/.': 40 });
    expect([x.data[0], squared.data[0]]).toEqual([104, 4]);
    expect(() => input('', [])).toThrow('the name is empty');
    await expect(compile({})).rejects.toThrow('no outputs');
  });

  it('moves running statistics once for each time that a layer is applied', async () => {
    const [mean, variance] = [buffer([2]), buffer([2], [1, 1])];
    const normal = (x: Tensor) => batchNorm(x, { running: { mean, variance }, training: true });
    const x = input('x', [2, 2]);
    await using program = await compile({ y: normal(x), z: normal(add(x, 10)), mean }, { updateBuffers: true });
    const results = await program.run({ x: [1, 2, 3, 4] });
    expect(results.mean.data).toEqual(Float32Array.of(0, 0)); // as it was
    for (const [channel, average] of [2, 3].entries()) {
      expect(mean.data[channel]).toBeCloseTo(0.9 * 0.1 * average + 0.1 * (average + 10), 5);
      expect(variance.data[channel]).toBeCloseTo(0.81 + (0.09 + 0.1) * 2, 5);
    }
  });

  it('refuses numbers that whole numbers cannot be', () => {
    const count = input('count', [2], 'int64');
    expect(() => multiply(count, 0.5)).toThrow('argument 2 is 0.5; expected a whole number, as the others are int64');
    expect(() => constant([Number.NaN], { dtype: 'int64' })).toThrow('NaN at place 0 is no whole number');
  });

  it('may be longer than the stack is deep', () => {
    const x = input('x', [2]);
    const steps = () => Array.from({ length: 20_000 }).reduce<Tensor>((y) => multiply(y, x), x);
    expect(grad(sum(rematerialise(steps)), [x])[0].shape).toEqual([2]);
    const nodes = new Array(200_000).fill({ type: 'Identity', inputs: ['x'], outputs: ['y'] });
    const model = { opset: 20, producer: '', name: '', nodes, initializers: [], inputs: [], outputs: [] };
    expect(onnxBytes(model).length).toBeGreaterThan(200_000 * 16);
  });

  it('refuses to write what no file of the format can hold', () => {
    const data = new Uint8Array(2 ** 31);
    const large = { name: 'large', dtype: 'uint8', shape: [2 ** 31], data } as const;
    const model = { opset: 20, producer: '', name: '', nodes: [], initializers: [large], inputs: [], outputs: [] };
    expect(() => onnxBytes(model)).toThrow('the model takes 2.0 GiB; expected less than 2 GiB');
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

  it('leaves running statistics alone where the loss is refused', async () => {
    const [mean, variance] = [buffer([1]), buffer([1], [1])];
    const y = batchNorm(input('x', [2, 1]), {
      weight: parameter([1], [1]),
      running: { mean, variance },
      training: true,
    });
    await using training = await compileTraining(sum(y));
    await expect(training.run({ x: [Number.NaN, 1] }, { checkFinite: true })).rejects.toThrow('input x [2, 1]');
    expect([mean.data, variance.data]).toEqual([Float32Array.of(0), Float32Array.of(1)]);
    await training.run({ x: [1, 3] }, { checkFinite: true });
    expect(mean.data[0]).toBeCloseTo(0.2, 6);
  });

  it('takes one step at a time', async () => {
    const weight = parameter([1], [1], { name: 'weight' });
    await using training = await compileTraining(sum(multiply(weight, input('x', [1]))));
    const [first, second] = await Promise.allSettled([training.run({ x: [1] }), training.run({ x: [2] })]);
    expect(first).toMatchObject({ status: 'fulfilled', value: { loss: 1 } });
    expect(second).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('await it') } });
    expect((await training.run({ x: [3] })).loss).toBe(3);
  });

  it('knows parameters by the names they have now, each its own', async () => {
    const [a, b] = ['a', 'b'].map((name) => parameter([], [2], { name }));
    await using training = await compileTraining(multiply(a, b));
    a.name = 'c';
    expect([...(await training.run({})).gradients.keys()]).toEqual(['c', 'b']);
    a.name = 'b';
    await expect(training.run({})).rejects.toThrow('run: two parameters are named b');
  });

  it('names what has no name, and no two the same', async () => {
    const [a, b] = [parameter([], [2]), parameter([], [3])];
    await using first = await compileTraining(multiply(b, b));
    await using both = await compileTraining(multiply(a, b));
    expect(both.parameters.map(({ name }) => name)).toEqual(['parameter 1', 'parameter 0']);
    expect([...(await first.run({})).gradients]).toEqual([['parameter 0', Float32Array.of(6)]]);
  });

  it('refuses to differentiate what is frozen or out of reach', async () => {
    const weight = parameter([], [2], { name: 'weight' });
    await expect(compileTraining(stopGradient(weight))).rejects.toThrow('no gradient reaches a parameter');
    weight.trainable = false;
    await expect(compileTraining(multiply(weight, weight), { parameters: [weight] })).rejects.toThrow(
      'parameters holds weight, which is frozen',
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
