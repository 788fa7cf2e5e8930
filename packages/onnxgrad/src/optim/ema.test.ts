import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import fromTorch from '../../test/optim/fromTorch.json' with { type: 'json' };
import { type Averageable, Ema } from './ema.ts';
import { expectNear } from './optimTesting.ts';

const tensor = (data: Float32Array | BigInt64Array, name = 'w'): Averageable =>
  data instanceof Float32Array
    ? { name, dtype: 'float32', shape: [data.length], data }
    : { name, dtype: 'int64', shape: [data.length], data };

describe('Ema', () => {
  for (const { decay, values, averages, counts, countAverages, floats, truncatedAverages } of fromTorch.ema) {
    it(`averages float and int64 tensors as torch does, decay ${decay}`, () => {
      const weights = tensor(Float32Array.from(values[0]));
      const count = tensor(BigInt64Array.from(counts[0], BigInt), 'count');
      const normalizer = tensor(Float32Array.from(floats[0]), 'normalizer');
      const ema = new Ema([weights, count, normalizer], { decay, truncated: ['normalizer'] });
      for (const [i, expected] of averages.entries()) {
        (weights.data as Float32Array).set(values[i + 1]);
        (count.data as BigInt64Array).set(counts[i + 1].map(BigInt));
        (normalizer.data as Float32Array).set(floats[i + 1]);
        ema.update();
        const found = ema.averaged();
        expectNear(found.get('w')!.data as Float32Array, expected, 5e-7);
        expect(found.get('count')!.data).toEqual(BigInt64Array.from(countAverages[i], BigInt));
        expect(found.get('normalizer')!.data).toEqual(Float32Array.from(truncatedAverages[i]));
      }
    });
  }

  it('keeps the loss normaliser of a detector at 97 after three steps with ten positives each, as OpenTAD does', () => {
    const normalizer = tensor(Float32Array.of(100));
    const ema = new Ema([normalizer], { truncated: ['w'] });
    for (const value of [91, 82.9, 75.61]) {
      (normalizer.data as Float32Array)[0] = value;
      ema.update();
    }
    expect(ema.averaged().get('w')!.data).toEqual(Float32Array.of(97));
  });

  it('lends the averages to the model and gives the weights back bit for bit', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 1 }), fc.float32Array({ minLength: 1 }), (start, later) => {
        const length = Math.min(start.length, later.length);
        const weights = tensor(start.slice(0, length));
        const ema = new Ema([weights], { decay: 0.5 });
        (weights.data as Float32Array).set(later.subarray(0, length));
        ema.update();
        const averages = (ema.averaged().get('w')!.data as Float32Array).slice();
        {
          using _ = ema.swapIn();
          expect(weights.data).toEqual(averages);
        }
        expect(weights.data).toEqual(later.slice(0, length));
        expect(ema.averaged().get('w')!.data).toEqual(averages);
      }),
      { seed: 52 },
    );
  });

  it('refuses other work while the averages are lent, and is not disturbed by a second dispose', () => {
    const weights = tensor(Float32Array.of(1));
    const ema = new Ema([weights], { decay: 0 });
    (weights.data as Float32Array)[0] = 2;
    const lent = ema.swapIn();
    for (const method of ['update', 'state', 'averaged', 'swapIn'] as const) {
      expect(() => ema[method]()).toThrow(`Ema.${method}: the averages stand in the model at present`);
    }
    lent[Symbol.dispose]();
    lent[Symbol.dispose]();
    expect(weights.data).toEqual(Float32Array.of(2));
  });

  it('goes on from a saved state bit for bit', () => {
    const run = (ema: Ema, weights: Averageable, steps: readonly number[]) => {
      for (const value of steps) {
        (weights.data as Float32Array).fill(Math.sin(value));
        ema.update();
      }
    };
    const weights = tensor(new Float32Array(3));
    const whole = new Ema([weights]);
    run(whole, weights, [1, 2, 3]);
    const state = whole.state();
    const resumed = new Ema([weights]);
    resumed.load(state);
    run(whole, weights, [4, 5]);
    run(resumed, weights, [4, 5]);
    expect(resumed.state()).toEqual(whole.state());
    expect(state).not.toEqual(whole.state());
    expect(() => new Ema([tensor(new Float32Array(3), 'v')]).load(state)).toThrow(
      /missing {4}ema\.v\n {2}unexpected ema\.w/,
    );
  });

  it('refuses what it cannot average', () => {
    const w = tensor(new Float32Array(1));
    const half: Averageable = { name: 'h', dtype: 'float16', shape: [1], data: new Uint16Array(1) };
    expect(() => new Ema([half])).toThrow("'h' is float16");
    expect(() => new Ema([w, w])).toThrow('same name');
    expect(() => new Ema([w], { decay: 1.1 })).toThrow('decay is 1.1');
    expect(() => new Ema([w], { truncated: ['x'] })).toThrow('truncated names no tensor: x');
  });
});
