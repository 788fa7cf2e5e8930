import { describe, expect, it } from 'vitest';
import fromTorch from '../../test/optim/fromTorch.json' with { type: 'json' };
import { expectContinues, expectTorchRun, torchWeights } from './optimTesting.ts';
import { Sgd } from './sgd.ts';

describe('Sgd', () => {
  it('takes the steps of torch.optim.SGD without momentum', () => {
    expectTorchRun((all) => new Sgd(all, { learningRate: 0.1, weightDecay: 0.01 }), fromTorch.sgd);
  });

  it('takes its steps with momentum, another one in a group', () => {
    const options = { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01, groups: [{ match: 'b', momentum: 0.5 }] };
    expectTorchRun((all) => new Sgd(all, options), fromTorch.momentum);
  });

  it('takes its steps with Nesterov momentum', () => {
    const options = { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 };
    expectTorchRun((all) => new Sgd(all, options), fromTorch.nesterov);
  });

  it('goes on from a saved state bit for bit', () => {
    expectContinues((all) => new Sgd(all, { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 }));
    expectContinues((all) => new Sgd(all, { learningRate: 0.1, groups: [{ match: 'p0', momentum: 0.5 }] }));
  });

  it('keeps a buffer only where there is momentum', () => {
    const [a, b] = torchWeights(Float32Array);
    const optimizer = new Sgd([a, b], { learningRate: 0.1, groups: [{ match: 'b', momentum: 0.5 }] });
    expect([...optimizer.state().keys()]).toEqual(['sgd.momentum_buffer.b']);
  });

  it('refuses Nesterov without momentum, naming the group', () => {
    const make = () => new Sgd(torchWeights(Float32Array), { learningRate: 0.1, nesterov: true });
    expect(make).toThrow("nesterov needs momentum, which is 0 in group 'default'");
  });
});
