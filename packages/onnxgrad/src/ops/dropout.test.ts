import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { constant, input, rematerialise } from '../graph/tensor.ts';
import { compile } from '../runtime/program.ts';
import { dropout, stochasticDepth } from './dropout.ts';
import { multiply, square } from './elementwise.ts';
import { sum } from './reduce.ts';

const ones = constant(new Float32Array(4000).fill(1), { shape: [100, 40] });

describe('dropout', () => {
  it('keeps as many as it should, scaled so that the mean stays', async () => {
    const { y } = await run({ y: dropout(ones, 0.3, { training: true, stream: 0 }) });
    const kept = y.filter((value) => value !== 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.7)]));
    // 2800 of 4000 with a deviation of 29.
    expect(Math.abs(kept.length - 2800)).toBeLessThan(170);
  });

  it('passes gradients by the same mask, also where the stretch is computed twice', async () => {
    const x = input('x', [100, 40]);
    const build = () => square(dropout(square(x), 0.5, { training: true, stream: 'mask' }));
    const plain = sum(build());
    const again = sum(rematerialise(() => square(build())));
    const values = Float32Array.from({ length: 4000 }, (_, i) => 1 + i / 4000);
    const found = await run(
      {
        mask: dropout(ones, 0.5, { training: true, stream: 'mask' }),
        dx: grad(plain, [x])[0],
        dAgain: grad(again, [x])[0],
      },
      values,
    );
    for (const [i, value] of values.entries()) {
      expect(found.dx[i] / (4 * value ** 3 * found.mask[i] ** 2 || 1)).toBeCloseTo(found.mask[i] ? 1 : 0, 5);
      expect(found.dAgain[i] / (8 * value ** 7 * found.mask[i] ** 4 || 1)).toBeCloseTo(found.mask[i] ? 1 : 0, 4);
    }
  });

  it('does nothing outside of training, or at rate 0', () => {
    expect(dropout(ones, 0.5, { training: false, stream: 0 })).toBe(ones);
    expect(stochasticDepth(ones, 0, { training: true, stream: 0 })).toBe(ones);
  });

  it('refuses rates that are no probabilities', () => {
    expect(() => dropout(ones, 1, { training: true, stream: 0 })).toThrow(
      'dropout: rate is 1; expected a probability from 0',
    );
    expect(() => stochasticDepth(ones, -0.1, { training: false, stream: 0 })).toThrow('stochasticDepth: rate is -0.1');
  });
});

describe('stochasticDepth', () => {
  it('drops whole samples', async () => {
    const { y } = await run({ y: stochasticDepth(multiply(ones, 2), 0.2, { training: true, stream: 0 }) });
    const rows = Array.from({ length: 100 }, (_, row) => new Set(y.slice(row * 40, row * 40 + 40)));
    expect(rows.every(({ size }) => size === 1)).toBe(true);
    const kept = rows.filter((row) => row.has(2.5)).length;
    expect(rows.filter((row) => row.has(0)).length).toBe(100 - kept);
    // 80 of 100 with a deviation of 4.
    expect(Math.abs(kept - 80)).toBeLessThan(21);
  });
});

// ---- below: internals ----

async function run<K extends string>(outputs: Record<K, ReturnType<typeof square>>, x?: Float32Array) {
  await using program = await compile(outputs, { threads: 1 });
  const results = await program.run({ 'onnxgrad.seed': 5, ...(x && { x }) });
  return Object.fromEntries(Object.keys(outputs).map((name) => [name, results[name as K].data])) as Record<
    K,
    Float32Array
  >;
}
