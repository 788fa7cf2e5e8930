import { describe, expect, it } from 'vitest';
import { type Distribution, Initializer } from './initializer.ts';

/** Mean and deviation of many draws; their own deviations are about σ / √n and σ / √(2n). */
function drawn(distribution: Distribution, shape: readonly number[] = [400, 500]) {
  const { data } = new Initializer(7, { dtype: 'float64' }).draw(shape, distribution);
  const values = data as Float64Array;
  const mean = values.reduce((a, b) => a + b) / values.length;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const range = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
  const within = (bound: number) => values.filter((value) => Math.abs(value - mean) < bound).length / values.length;
  return { mean, std, low: range[0], high: range[1], within };
}

describe('Initializer', () => {
  // 200,000 draws: bounds of 2 % of the deviation are nine of their own deviations wide or more.
  const cases: { name: string; distribution: Distribution; shape?: number[]; mean?: number; std: number }[] = [
    { name: 'normal', distribution: { kind: 'normal', mean: 3, std: 2 }, mean: 3, std: 2 },
    { name: 'uniform', distribution: { kind: 'uniform', low: -1, high: 3 }, mean: 1, std: 4 / Math.sqrt(12) },
    // torch.nn.init.trunc_normal_(std=0.02): ±2 is a hundred deviations away.
    { name: 'truncatedNormal, cut far away', distribution: { kind: 'truncatedNormal', std: 0.02 }, std: 0.02 },
    // Deviation of a normal cut at ±2 deviations: √(1 − 4 φ(2) / (2 Φ(2) − 1)) = 0.87963.
    { name: 'truncatedNormal, cut at two', distribution: { kind: 'truncatedNormal', std: 1 }, std: 0.87963 },
    {
      name: 'truncatedNormal, cut at two small deviations',
      distribution: { kind: 'truncatedNormal', std: 0.02, low: -0.04, high: 0.04 },
      std: 0.02 * 0.87963,
    },
    { name: 'kaimingNormal', distribution: { kind: 'kaimingNormal' }, std: Math.sqrt(2 / 500) },
    { name: 'kaimingUniform', distribution: { kind: 'kaimingUniform' }, std: Math.sqrt(2 / 500) },
    { name: 'kaimingNormal, fan out', distribution: { kind: 'kaimingNormal', fan: 'out' }, std: Math.sqrt(2 / 400) },
    {
      name: 'kaimingNormal of a convolution, fan out',
      distribution: { kind: 'kaimingNormal', fan: 'out', gain: 1 },
      shape: [100, 200, 2, 5],
      std: Math.sqrt(1 / 1000),
    },
    { name: 'xavierNormal', distribution: { kind: 'xavierNormal' }, std: Math.sqrt(2 / 900) },
    { name: 'xavierUniform', distribution: { kind: 'xavierUniform', gain: 3 }, std: 3 * Math.sqrt(2 / 900) },
  ];
  for (const { name, distribution, shape, mean = 0, std } of cases) {
    it(`draws ${name} with the mean and the deviation it states`, () => {
      const found = drawn(distribution, shape);
      expect(Math.abs(found.mean - mean)).toBeLessThan(0.02 * std);
      expect(Math.abs(found.std - std)).toBeLessThan(0.02 * std);
    });
  }

  it('draws bells and boxes: the share near the middle tells them apart', () => {
    const normal = drawn({ kind: 'normal', std: 1 });
    expect(normal.within(1)).toBeCloseTo(0.6827, 1.9);
    expect(normal.within(2)).toBeCloseTo(0.9545, 1.9);
    expect(normal.high).toBeGreaterThan(3.5);
    expect(normal.low).toBeLessThan(-3.5);
    const uniform = drawn({ kind: 'uniform', low: -1, high: 1 });
    expect(uniform.within(0.5)).toBeCloseTo(0.5, 1.9);
    expect(uniform.low).toBeGreaterThanOrEqual(-1);
    expect(uniform.high).toBeLessThan(1);
  });

  it('keeps a cut, and reaches to it', () => {
    const { low, high } = drawn({ kind: 'truncatedNormal', std: 1 });
    expect(low).toBeGreaterThanOrEqual(-2);
    expect(low).toBeLessThan(-1.99);
    expect(high).toBeLessThanOrEqual(2);
    expect(high).toBeGreaterThan(1.99);
  });

  it('gives the same numbers for the same seed, others for another, and others for the next weight', () => {
    const normal = { kind: 'normal', std: 1 } as const;
    const [a, b] = [new Initializer(3), new Initializer(3)];
    const first = a.draw([10], normal).data;
    expect(b.draw([10], normal).data).toEqual(first);
    expect(a.draw([10], normal).data).not.toEqual(first);
    for (const seed of [4, 3 + 2 ** 32, -3]) {
      expect(new Initializer(seed).draw([10], normal).data).not.toEqual(first);
    }
  });

  it('draws nothing without a seed, but what is constant', () => {
    const init = new Initializer(null);
    expect([...init.draw([2, 2], { kind: 'xavierNormal' }).data]).toEqual([0, 0, 0, 0]);
    expect([...init.draw([2], { kind: 'constant', value: 3 }).data]).toEqual([3, 3]);
  });

  it('refuses fans of a vector, cuts that hold next to nothing, and seeds that are not whole', () => {
    const init = new Initializer(1);
    expect(() => init.draw([3], { kind: 'kaimingNormal' })).toThrow('kaimingNormal of shape [3]; expected [outputs');
    expect(() => init.draw([3], { kind: 'truncatedNormal', std: 1, low: 5, high: 6 })).toThrow('truncatedNormal');
    expect(() => new Initializer(0.5)).toThrow('seed is 0.5');
  });
});
