import { describe, expect, it } from 'vitest';
import { named, rematerialise, type Tensor } from '../graph/tensor.ts';
import { compile } from '../runtime/program.ts';
import { randomUniform } from './random.ts';

const size = 1 << 18;

describe('random numbers', () => {
  it('lie between 0 and 1, and fill 256 bins evenly, for high bits and for low ones', async () => {
    for (const step of [0, 1, 2, 1_000_003]) {
      const { a: numbers } = await drawn({ a: randomUniform([size], { stream: 'a' }) }, step);
      expect(numbers.every((u) => u > 0 && u < 1)).toBe(true);
      // χ² with 255 degrees of freedom has mean 255 and deviation 22.6.
      expect(chiSquare(numbers, (u) => u * 256)).toBeLessThan(400);
      expect(chiSquare(numbers, (u) => (u * 2 ** 16) % 256)).toBeLessThan(400);
    }
  });

  it('have the moments of an even spread', async () => {
    const { a } = await drawn({ a: randomUniform([size], { stream: 'a' }) }, 3);
    const mean = average(a);
    expect(mean).toBeCloseTo(0.5, 2);
    expect(average(a.map((u) => (u - mean) ** 2))).toBeCloseTo(1 / 12, 2);
  });

  it('do not correlate with their neighbours, rows, other streams or other steps', async () => {
    const shape = [512, 512];
    const one = await drawn({ a: randomUniform(shape, { stream: 'a' }), b: randomUniform(shape, { stream: 'b' }) }, 7);
    const next = await drawn({ a: randomUniform(shape, { stream: 'a' }) }, 8);
    const far = await drawn({ a: randomUniform(shape, { stream: 'a' }) }, 7 + 2 ** 32);
    const shifted = (by: number) => Float32Array.from(one.a, (_, i) => one.a[(i + by) % size]);
    // The coefficient of 2^18 pairs has a deviation of 0.002.
    const partners = {
      b: one.b,
      next: next.a,
      far: far.a,
      ...Object.fromEntries([1, 2, 16, 511, 512, 513].map((by) => [by, shifted(by)])),
    };
    for (const [name, other] of Object.entries(partners))
      expect(Math.abs(correlation(one.a, other)), name).toBeLessThan(0.012);
  });

  it('fill the plane evenly in pairs: neighbours, and the same place in other streams and steps', async () => {
    const one = await drawn({ a: randomUniform([size], { stream: 0 }), b: randomUniform([size], { stream: 1 }) }, 1);
    const { a: next } = await drawn({ a: randomUniform([size], { stream: 0 }) }, 2);
    const cell = (u: number, v: number) => Math.floor(u * 16) * 16 + Math.floor(v * 16);
    const pairs = (other: Float32Array, by: number) => one.a.map((u, i) => cell(u, other[(i + by) % size]));
    for (const numbers of [pairs(one.a, 1), pairs(one.a, 512), pairs(one.b, 0), pairs(next, 0)]) {
      expect(chiSquare(numbers, (index) => index)).toBeLessThan(400);
    }
  });

  it('average out over steps at each single place', async () => {
    const shape = [64];
    await using program = await compile({ a: randomUniform(shape, { stream: 'a' }) }, { threads: 1 });
    const sums = new Float64Array(64);
    for (let step = 0; step < 1000; step++) {
      const { a } = await program.run({ 'onnxgrad.seed': step });
      for (const [i, u] of (a.data as Float32Array).entries()) sums[i] += u / 1000;
    }
    // A mean of 1000 has a deviation of 0.009.
    for (const mean of sums) expect(Math.abs(mean - 0.5)).toBeLessThan(0.055);
  });

  it('are a function of seed, stream, path and position: the same however and whenever they are drawn', async () => {
    const draw = () => named('block', () => randomUniform([5], { stream: 'mask' }));
    const first = await drawn({ a: draw() }, 9);
    randomUniform([5], { stream: 'another that nobody uses' });
    const again = await drawn({ other: randomUniform([5], { stream: 'x' }), a: draw() }, 9);
    expect(again.a).toEqual(first.a);
    expect((await drawn({ a: rematerialise(draw) }, 9)).a).toEqual(first.a);
    const elsewhere = await drawn({ a: named('block2', () => randomUniform([5], { stream: 'mask' })) }, 9);
    expect(elsewhere.a).not.toEqual(first.a);
    expect((await drawn({ a: draw() }, 10)).a).not.toEqual(first.a);
  });

  it('come in any shape', async () => {
    for (const shape of [[], [1], [7], [3, 5, 2], [0, 3]]) {
      const { a } = await drawn({ a: randomUniform(shape, { stream: 0 }) }, 1);
      expect(a).toHaveLength(shape.reduce((product, length) => product * length, 1));
    }
  });
});

// ---- below: internals ----

async function drawn<K extends string>(tensors: Record<K, Tensor>, step: number): Promise<Record<K, Float32Array>> {
  await using program = await compile(tensors, { threads: 1 });
  const results = await program.run({ 'onnxgrad.seed': step });
  return Object.fromEntries(Object.keys(tensors).map((name) => [name, results[name as K].data])) as Record<
    K,
    Float32Array
  >;
}

const average = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function chiSquare(values: Float32Array, bin: (value: number) => number): number {
  const counts = new Float64Array(256);
  for (const value of values) counts[Math.floor(bin(value))]++;
  const expected = values.length / 256;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function correlation(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - 0.5) * (b[i] - 0.5);
  return (sum / a.length) * 12;
}
