import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { checkGradient, distance, sample } from '../grad/gradientTesting.ts';
import { constant, input, type Tensor } from '../graph/tensor.ts';
import { numbersOf } from '../graph/tensorData.ts';
import { compile } from '../runtime/program.ts';
import { erf, gelu, leakyRelu, logSigmoid, mish, relu, silu, softplus, step } from './activation.ts';
import { abs, ceil, clamp, cos, floor, maximum, minimum, pow, round, sign, sin, square } from './elementwise.ts';
import { sum } from './reduce.ts';

type Range = readonly [number, number];

const wide: Range = [-4, 4];
/** Away from where the derivative jumps, which no central difference sees right. */
const positive: Range = [0.2, 3];
const negative: Range = [-3, -0.2];

const ofOne: { name: string; build: (x: Tensor) => Tensor; ranges: readonly Range[] }[] = [
  { name: 'abs', build: abs, ranges: [positive, negative] },
  { name: 'square', build: square, ranges: [wide] },
  { name: 'sin', build: sin, ranges: [wide] },
  { name: 'cos', build: cos, ranges: [wide] },
  { name: 'pow 3', build: (x) => pow(x, 3), ranges: [wide] },
  { name: 'pow 2', build: (x) => pow(x, 2), ranges: [wide] },
  { name: 'pow 0.5', build: (x) => pow(x, 0.5), ranges: [positive] },
  { name: 'pow −1', build: (x) => pow(x, -1), ranges: [positive, negative] },
  { name: 'pow −1.7, above 0', build: (x) => pow(x, -1.7), ranges: [positive] },
  { name: 'clamp', build: (x) => clamp(x, -5, 0.1), ranges: [positive, negative] },
  { name: 'relu', build: relu, ranges: [positive, negative] },
  { name: 'leakyRelu', build: (x) => leakyRelu(x, 0.3), ranges: [positive, negative] },
  { name: 'softplus', build: softplus, ranges: [wide] },
  { name: 'logSigmoid', build: logSigmoid, ranges: [wide] },
  { name: 'silu', build: silu, ranges: [wide] },
  { name: 'mish', build: mish, ranges: [wide] },
  { name: 'erf', build: erf, ranges: [wide] },
  { name: 'gelu', build: (x) => gelu(x), ranges: [wide] },
  { name: 'gelu by tanh', build: (x) => gelu(x, { approximate: 'tanh' }), ranges: [wide] },
];

describe('gradients of functions of one number agree with central differences', () => {
  for (const { name, build, ranges } of ofOne) {
    for (const range of ranges) {
      it(`${name}, ${range[0]} to ${range[1]}`, () =>
        fc.assert(
          fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }), fc.nat(1000), (shape, seed) =>
            checkGradient(build, [sample(shape, range, seed)]),
          ),
          { seed: 52, numRuns: 3 },
        ));
    }
  }
});

const ofTwo: { name: string; build: (a: Tensor, b: Tensor) => Tensor; range: Range }[] = [
  { name: 'maximum', build: maximum, range: wide },
  { name: 'minimum', build: minimum, range: wide },
  { name: 'pow, above 0', build: pow, range: positive },
];

describe('gradients of functions of two numbers agree with central differences, broadcast', () => {
  for (const { name, build, range } of ofTwo) {
    it(name, () =>
      fc.assert(
        fc.asyncProperty(broadcastPair, fc.nat(1000), ([a, b], seed) =>
          checkGradient(build as (...xs: readonly Tensor[]) => Tensor, [
            sample(a, range, seed),
            sample(b, range, seed + 7),
          ]),
        ),
        { seed: 52, numRuns: 8 },
      ),
    );
  }
});

/** Shapes that fit together: any axis may be of length 1 in either, and leading ones may be missing. */
const broadcastPair = fc
  .array(fc.record({ length: fc.integer({ min: 1, max: 4 }), kept: fc.constantFrom('both', 'left', 'right') }), {
    maxLength: 3,
  })
  .chain((axes) =>
    fc
      .nat(axes.length)
      .map((missing) => [
        axes.map(({ length, kept }) => (kept === 'right' ? 1 : length)),
        axes.map(({ length, kept }) => (kept === 'left' ? 1 : length)).slice(missing),
      ]),
  );

describe('values', () => {
  it('agree with PyTorch 2 at seven places', async () => {
    const x = input('x', [7]);
    const results = await run({
      gelu: gelu(x),
      tanh: gelu(x, { approximate: 'tanh' }),
      silu: silu(x),
      mish: mish(x),
      softplus: softplus(x),
    });
    for (const [name, expected] of Object.entries(fromTorch))
      expect(distance(results[name], expected), name).toBeLessThan(1e-6);
  });

  it('erf in double precision is exact to 1e-13 far beyond where it is flat', async () => {
    const x = input('x', [7], 'float64');
    const { y } = await run({ y: erf(x) }, Float64Array.from([-7, -3, -0.5, 0, 1e-8, 0.1, 5.9]));
    const exact = [
      -1, -0.9999779095030014, -0.5204998778130465, 0, 1.1283791670955126e-8, 0.1124629160182849, 0.9999999999999999,
    ];
    for (const [i, value] of exact.entries()) expect(Math.abs(y[i] - value)).toBeLessThan(1e-13);
  });

  it('silu exists in every type', async () => {
    for (const dtype of ['float32', 'float64', 'float16'] as const) {
      const { y } = await run({ y: silu(constant([1], { dtype })) });
      expect(y[0], dtype).toBeCloseTo(0.7311, 3);
    }
  });

  it('gelu has slope ½ at exactly 0, where its rule divides by x', async () => {
    for (const dtype of ['float32', 'float64', 'float16'] as const) {
      const x = constant([0, -0, 1e-30, 3], { dtype });
      const [slope] = await slopes(gelu, x);
      expect(
        [...slope].map((value) => Number(value.toFixed(3))),
        dtype,
      ).toEqual([0.5, 0.5, 0.5, 1.012]);
    }
  });

  it('softplus and the logarithm of sigmoid neither overflow nor lose large numbers', async () => {
    const { plus, log } = await run({ plus: softplus(sevenTimes), log: logSigmoid(sevenTimes) });
    expect([...plus]).toEqual([0, 0, expect.closeTo(Math.LN2, 6), 1000, 1000, 1000, 1000]);
    expect([...log]).toEqual(
      [-1000, -1000, expect.closeTo(-Math.LN2, 6), -0, -0, -0, -0].map((value) => value || expect.closeTo(0)),
    );
  });

  it('floor, ceil and round, halves to even, and sign', async () => {
    const x = constant([-1.5, -0.5, 0.5, 1.2, 2.5]);
    const { floors, ceils, rounds, signs } = await run({
      floors: floor(x),
      ceils: ceil(x),
      rounds: round(x),
      signs: sign(x),
    });
    expect([...floors].map((value) => value + 0)).toEqual([-2, -1, 0, 1, 2]);
    expect([...ceils].map((value) => value + 0)).toEqual([-1, 0, 1, 2, 3]);
    expect([...rounds].map((value) => value + 0)).toEqual([-2, 0, 0, 1, 2]);
    expect([...signs]).toEqual([-1, -1, 1, 1, 1]);
  });
});

describe('beyond the finite numbers', () => {
  const x = constant([Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY]);

  it('clamp leaves infinity where there is no bound', async () => {
    const { low, high, plus, log } = await run({
      low: clamp(x, -1),
      high: clamp(x, null, 1),
      plus: softplus(x),
      log: logSigmoid(x),
    });
    expect([...low]).toEqual([-1, 0, Infinity]);
    expect([...high]).toEqual([-Infinity, 0, 1]);
    expect([...plus]).toEqual([0, expect.closeTo(Math.LN2, 6), Infinity]);
    expect([...log]).toEqual([-Infinity, expect.closeTo(-Math.LN2, 6), expect.closeTo(0)]);
    expect([...(await slopes((t) => clamp(t, null, 1), x))[0]]).toEqual([1, 1, 0]);
  });
});

describe('gradients where the derivative jumps', () => {
  it('relu has slope 0 at 0, clamp slope 1 at its bounds, abs slope 0 at 0', async () => {
    const x = constant([-1, 0, 1e-30, 1]);
    expect([...(await slopes(relu, x))[0]]).toEqual([0, 0, 1, 1]);
    expect([...(await slopes((t) => clamp(t, 0, 1), x))[0]]).toEqual([0, 1, 1, 1]);
    expect([...(await slopes(abs, constant([-2, 0, 2])))[0]]).toEqual([-1, 0, 1]);
    expect([...(await slopes((t) => leakyRelu(t, 0.25), constant([-2, 0, 2])))[0]]).toEqual([0.25, 0.25, 1]);
  });

  it('maximum and minimum share the gradient of equal numbers half and half', async () => {
    const [a, b] = [constant([1, 2, 3]), constant([2, 2, 2])];
    const largest = grad(sum(maximum(a, b)), [a, b]);
    const smallest = grad(sum(minimum(a, b)), [a, b]);
    const results = await run({ a: largest[0], b: largest[1], c: smallest[0], d: smallest[1] });
    expect([...results.a]).toEqual([0, 0.5, 1]);
    expect([...results.b]).toEqual([1, 0.5, 0]);
    expect([...results.c]).toEqual([1, 0.5, 0]);
    expect([...results.d]).toEqual([0, 0.5, 1]);
  });

  it('a power of 0 gives its exponent slope 0', async () => {
    const [a, b] = [constant([0, 2]), constant([2, 2])];
    const { db } = await run({ db: grad(sum(pow(a, b)), [b])[0] });
    expect([...db]).toEqual([0, expect.closeTo(4 * Math.log(2), 5)]);
  });

  it('the power 0 is 1 and has slope 0, at 0 too', async () => {
    const [a, b] = [constant([0, 2]), constant([0, 0])];
    const { y, da, byNumber } = await run({
      y: pow(a, 0),
      da: grad(sum(pow(a, b)), [a])[0],
      byNumber: grad(sum(pow(a, 0)), [a])[0],
    });
    expect([...y]).toEqual([1, 1]);
    expect([...da]).toEqual([0, 0]);
    expect([...byNumber]).toEqual([0, 0]);
  });

  it('what is piecewise constant gives gradient 0', async () => {
    for (const build of [step, sign, floor, ceil, round]) {
      expect([...(await slopes(build, constant([-1.5, 0.5])))[0]]).toEqual([0, 0]);
    }
  });
});

describe('mistakes', () => {
  it('are told where they are made', () => {
    const whole = constant([1], { dtype: 'int64' });
    expect(() => relu(whole)).toThrow('relu: x is int64; expected float32, float16 or float64; cast it first');
    expect(() => clamp(constant([1]), 2, 1)).toThrow('clamp: bounds are 2 and 1; expected numbers in rising order');
    expect(() => gelu(constant([1]), { approximate: 'fast' as 'tanh' })).toThrow(
      `gelu: approximate is "fast"; expected 'none' or 'tanh'`,
    );
  });
});

// ---- below: internals ----

/** torch 2: functional.gelu, silu, mish and softplus of float64, rounded. */
const fromTorch = {
  gelu: [-0.00404969, -0.15865525, -0.15426877, 0.0, 0.34573123, 0.84134475, 2.99595031],
  tanh: [-0.00363739, -0.15880801, -0.15428599, 0.0, 0.34571401, 0.84119199, 2.99636261],
  silu: [-0.14227762, -0.26894142, -0.18877033, 0.0, 0.31122967, 0.73105858, 2.85772238],
  mish: [-0.14564746, -0.30340146, -0.22074377, 0.0, 0.37524521, 0.86509839, 2.986535],
  softplus: [0.04858735, 0.31326169, 0.47407698, Math.LN2, 0.97407698, 1.31326169, 3.04858735],
};

const sevenTimes = constant([-1000, -1000, 0, 1000, 1000, 1000, 1000]);

async function run(outputs: Record<string, Tensor>, x: ArrayLike<number> = [-3, -1, -0.5, 0, 0.5, 1, 3]) {
  await using program = await compile(outputs, { threads: 1 });
  const results = await program.run(program.inputs.has('x') ? { x: x as Float64Array } : {});
  return Object.fromEntries(Object.entries(results).map(([name, data]) => [name, numbersOf(data)]));
}

async function slopes(build: (x: Tensor) => Tensor, x: Tensor): Promise<Float64Array[]> {
  const { dx } = await run({ dx: grad(sum(build(x)), [x])[0] });
  return [dx];
}
