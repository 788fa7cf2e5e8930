import { describe, expect, it } from 'vitest';
import { buffer, parameter } from '../graph/tensor.ts';
import { AdamW, clipByGlobalNorm, Ema, GradientAccumulator, LossScale, type State, schedule } from './index.ts';

/** Fits a line through points by hand-written gradients, with everything that surrounds a step. */
class Training {
  readonly weight = parameter([1], [0], { name: 'weight' });
  readonly bias = parameter([1], [0], { name: 'bias' });
  readonly frozen = parameter([1], [7], { name: 'frozen', trainable: false });
  readonly seen = buffer([], [0], { name: 'seen', dtype: 'int64' });
  readonly optimizer = new AdamW([this.weight, this.bias, this.frozen], {
    learningRate: 0.1,
    weightDecay: 1e-4,
    groups: [{ match: 'bias', weightDecay: 0 }],
  });
  readonly ema = new Ema([this.weight, this.bias, this.frozen, this.seen], { decay: 0.9 });
  readonly lossScale = new LossScale({ growthInterval: 50 });
  readonly #accumulator = new GradientAccumulator();
  readonly #rate = schedule({ kind: 'warmupCosine', warmupSteps: 10, totalSteps: 200 });

  run(from: number, to: number): void {
    for (let step = from; step < to; step++) {
      for (const part of [0, 1]) this.#accumulator.add(this.gradients(step * 2 + part));
      const gradients = this.#accumulator.take();
      if (this.lossScale.unscale(gradients)) {
        clipByGlobalNorm(gradients, 1);
        this.optimizer.step(gradients, { learningRate: (base) => this.#rate(step, base) });
        (this.seen.data as BigInt64Array)[0] += 2n;
        this.ema.update();
      }
      this.lossScale.update();
    }
  }

  /** Of half the squared error at one point of y = 3 x - 2, times the loss scale. */
  gradients(sample: number): Map<string, Float32Array> {
    const x = Math.sin(sample);
    const error = this.weight.data[0] * x + this.bias.data[0] - (3 * x - 2);
    const { scale } = this.lossScale;
    return new Map([
      ['weight', Float32Array.of(error * x * scale)],
      ['bias', Float32Array.of(error * scale)],
    ]);
  }

  weights(): unknown {
    return [this.weight, this.bias, this.frozen, this.seen].map(({ data }) => data.slice());
  }

  state(): State {
    return new Map([...this.optimizer.state(), ...this.ema.state(), ...this.lossScale.state()]);
  }
}

describe('the optimiser room', () => {
  it("trains a model's own parameters with everything around a step, and leaves frozen ones", () => {
    const training = new Training();
    training.run(0, 200);
    expect(training.weight.data[0]).toBeCloseTo(3, 1);
    expect(training.bias.data[0]).toBeCloseTo(-2, 1);
    expect(training.frozen.data[0]).toBe(7);
    expect(training.lossScale.scale).toBe(65_536 * 2 ** 4);
  });

  it('ends with the same bits when it is interrupted and taken up from one saved state', () => {
    const whole = new Training();
    whole.run(0, 120);
    const first = new Training();
    first.run(0, 70);
    const state = first.state();
    const second = new Training();
    for (const name of ['weight', 'bias', 'seen'] as const) {
      (second[name].data as Float32Array).set(first[name].data as Float32Array);
    }
    for (const owner of [second.optimizer, second.ema, second.lossScale]) owner.load(state);
    second.run(70, 120);
    expect(second.weights()).toEqual(whole.weights());
    expect(second.state()).toEqual(whole.state());
  });
});
