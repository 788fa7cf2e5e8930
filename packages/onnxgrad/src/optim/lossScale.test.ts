import { describe, expect, it } from 'vitest';
import fromTorch from '../../test/optim/fromTorch.json' with { type: 'json' };
import { LossScale } from './lossScale.ts';
import { Sgd } from './sgd.ts';

const gradientsOf = (...values: number[]) => new Map([['w', Float32Array.from(values)]]);

describe('LossScale', () => {
  it('grows, backs off and skips the steps that torch.amp.GradScaler skips', () => {
    const { growthInterval, overflow, scales, weights } = fromTorch.lossScale;
    const w = { name: 'w', shape: [3], data: Float32Array.of(1, 1, 1) };
    const optimizer = new Sgd([w], { learningRate: 0.5 });
    const lossScale = new LossScale({ growthInterval });
    for (const [i, over] of overflow.entries()) {
      const { scale } = lossScale;
      expect(scale).toBe(scales[i]);
      const gradients = gradientsOf(scale, 2 * scale, over ? Number.POSITIVE_INFINITY : 3 * scale);
      if (lossScale.unscale(gradients)) optimizer.step(gradients);
      lossScale.update();
      expect([...w.data]).toEqual(weights[i]);
    }
  });

  it('divides every gradient and finds one that is not finite wherever it is', () => {
    const good = gradientsOf(-8, 0, 16);
    expect(new LossScale({ initial: 8 }).unscale(good)).toBe(true);
    expect(good).toEqual(gradientsOf(-1, 0, 2));
    for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      for (const values of [
        [bad, 1, 1],
        [1, 1, bad],
      ])
        expect(new LossScale().unscale(gradientsOf(...values))).toBe(false);
      const first = new Map([...gradientsOf(bad), ['v', Float32Array.of(1)]]);
      expect(new LossScale().unscale(first)).toBe(false);
    }
  });

  it('stays where growing would pass the range of float32', () => {
    const lossScale = new LossScale({ initial: 2 ** 127, growthInterval: 1 });
    lossScale.unscale(gradientsOf(1));
    lossScale.update();
    expect(lossScale.scale).toBe(2 ** 127);
  });

  it('goes on from a saved state', () => {
    const goodStep = (lossScale: LossScale) => {
      lossScale.unscale(gradientsOf(1));
      lossScale.update();
    };
    const first = new LossScale({ growthInterval: 3 });
    for (let i = 0; i < 5; i++) goodStep(first);
    const resumed = new LossScale({ growthInterval: 3 });
    resumed.load(first.state());
    expect(resumed.scale).toBe(131_072);
    goodStep(resumed); // the third since it last grew
    expect(resumed.scale).toBe(262_144);
    expect(() => resumed.load(new Map())).toThrow('missing    lossScale.scale\n  missing    lossScale.growth_tracker');
  });

  it('refuses steps out of order and options out of range', () => {
    const lossScale = new LossScale();
    expect(() => lossScale.update()).toThrow('call unscale(gradients) before');
    lossScale.unscale(gradientsOf(1));
    expect(() => lossScale.unscale(gradientsOf(1))).toThrow('unscaled already');
    for (const options of [
      { initial: 0 },
      { initial: 1e39 },
      { growthFactor: 1 },
      { backoffFactor: 1 },
      { growthInterval: 0 },
    ]) {
      expect(() => new LossScale(options)).toThrow('LossScale: found');
    }
  });
});
