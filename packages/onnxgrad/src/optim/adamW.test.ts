import { describe, expect, it } from 'vitest';
import fromTorch from '../../test/optim/fromTorch.json' with { type: 'json' };
import { AdamW } from './adamW.ts';
import { expectContinues, expectTorchRun, torchGradients, torchWeights } from './optimTesting.ts';

describe('AdamW', () => {
  it('takes the steps of torch.optim.AdamW, with groups and a step in which a parameter has no gradient', () => {
    const groups = [{ match: 'b', learningRate: 0.04, weightDecay: 0 }];
    expectTorchRun((all) => new AdamW(all, { learningRate: 0.01, weightDecay: 0.05, groups }), fromTorch.adamW);
  });

  it('takes the steps of torch.optim.Adam with l2 decay, other betas and a large epsilon', () => {
    const options = { learningRate: 0.02, betas: [0.8, 0.99], epsilon: 1e-3, decay: 'l2', weightDecay: 0.1 } as const;
    expectTorchRun((all) => new AdamW(all, options), fromTorch.adam);
  });

  it('decays by 0.01 unless told otherwise, and not at all with l2', () => {
    const [decoupled, l2] = (['decoupled', 'l2'] as const).map(
      (decay) => new AdamW(torchWeights(Float64Array), { learningRate: 0.1, decay }),
    );
    expect(decoupled.groups[0].weightDecay).toBe(0.01);
    expect(l2.groups[0].weightDecay).toBe(0);
  });

  it('goes on from a saved state bit for bit', () => {
    expectContinues((all) => new AdamW(all, { learningRate: 0.1, groups: [{ match: 'p0', weightDecay: 0.3 }] }));
  });

  it('leaves a parameter without gradient as it is and does not count the step for it', () => {
    const [a, b] = torchWeights(Float32Array);
    const optimizer = new AdamW([a, b], { learningRate: 0.1 });
    const before = b.data.slice();
    optimizer.step(new Map([['a', new Float32Array(6).fill(1)]]));
    expect(b.data).toEqual(before);
    expect(optimizer.state().get('adamW.step.a')).toEqual({ dtype: 'int64', shape: [], data: BigInt64Array.of(1n) });
    expect(optimizer.state().get('adamW.step.b')!.data).toEqual(BigInt64Array.of(0n));
  });

  it('applies a factor, or a schedule to the rate of each group', () => {
    const weightsAfter = (learningRate: number, options?: Parameters<AdamW['step']>[1]) => {
      const parameters = torchWeights(Float64Array);
      new AdamW(parameters, { learningRate }).step(torchGradients(Float64Array)[0], options);
      return parameters;
    };
    expect(weightsAfter(0.5, { learningRateFactor: 0.25 })).toEqual(weightsAfter(0.125));
    expect(weightsAfter(0.5, { learningRate: (base) => base / 4 })).toEqual(weightsAfter(0.125));
    const both = { learningRateFactor: 1, learningRate: () => 1 };
    expect(() => weightsAfter(0.5, both)).toThrow('learningRateFactor or learningRate, not both');
    expect(() => weightsAfter(0.5, { learningRate: () => Number.NaN })).toThrow("of group 'default' comes to NaN");
  });

  it('refuses gradients that do not fit before it changes anything', () => {
    const parameters = torchWeights(Float32Array);
    const optimizer = new AdamW(parameters, { learningRate: 0.1 });
    const good = new Float32Array(6).fill(1);
    const unknown = new Map([
      ['a', good],
      ['bias', good],
    ]);
    expect(() => optimizer.step(unknown)).toThrow("no parameter is named 'bias'");
    const short = new Map([
      ['a', good],
      ['b', good],
    ]);
    expect(() => optimizer.step(short)).toThrow("the gradient of 'b' has 6 elements, its weights [3] have 3");
    expect(parameters).toEqual(torchWeights(Float32Array));
    expect(optimizer.state()).toEqual(new AdamW(parameters, { learningRate: 0.1 }).state());
  });

  it('lists everything in a state that does not fit, and loads nothing of it', () => {
    const [a, b] = torchWeights(Float32Array);
    const optimizer = new AdamW([a, b], { learningRate: 0.1 });
    const state = optimizer.state();
    state.set('adamW.exp_avg.a', { dtype: 'float32', shape: [3, 2], data: new Float32Array(6) });
    state.set('adamW.exp_avg.c', { dtype: 'float32', shape: [1], data: new Float32Array(1) });
    state.set('ema.c', { dtype: 'float32', shape: [1], data: new Float32Array(1) });
    state.set('adamW.step.a', { dtype: 'int64', shape: [], data: BigInt64Array.of(7n) });
    state.delete('adamW.exp_avg_sq.b');
    expect(() => optimizer.load(state)).toThrow(
      expect.objectContaining({
        code: 'state-mismatch',
        message: [
          'The saved state does not fit this adamW; nothing loaded:',
          '  missing    adamW.exp_avg_sq.b',
          '  different  adamW.exp_avg.a: expected float32 [2, 3] (6 elements), found float32 [3, 2] (6 elements)',
          '  unexpected adamW.exp_avg.c',
        ].join('\n'),
      }),
    );
    expect(optimizer.state().get('adamW.step.a')!.data).toEqual(BigInt64Array.of(0n));
  });

  it('gives copies of its state', () => {
    const optimizer = new AdamW(torchWeights(Float32Array), { learningRate: 0.1 });
    const state = optimizer.state();
    optimizer.step(torchGradients(Float32Array)[0]);
    expect(state.get('adamW.exp_avg.a')!.data).toEqual(new Float32Array(6));
  });

  it('refuses numbers out of range', () => {
    const make = (options: object) => () => new AdamW(torchWeights(Float32Array), { learningRate: 0.1, ...options });
    expect(make({ betas: [0.9, 1] })).toThrow('betas are [0.9, 1]');
    expect(make({ epsilon: -1 })).toThrow('epsilon is -1');
    expect(make({ learningRate: Number.NaN })).toThrow("learningRate of group 'default' is NaN");
    expect(make({ groups: [{ match: 'a', momentum: 0.9 }] })).toThrow("group 'a' sets momentum");
  });
});
