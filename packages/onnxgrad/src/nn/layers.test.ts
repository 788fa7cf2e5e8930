import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { distance } from '../grad/gradientTesting.ts';
import { constant, input } from '../graph/tensor.ts';
import { add, multiply } from '../ops/elementwise.ts';
import { sum } from '../ops/reduce.ts';
import { numbers, valuesOf } from '../ops/valuesTesting.ts';
import { compile } from '../runtime/program.ts';
import { BatchNorm } from './batchNorm.ts';
import { Convolution } from './convolution.ts';
import { Embedding } from './embedding.ts';
import { GroupNorm } from './groupNorm.ts';
import { Initializer } from './initializer.ts';
import { LayerNorm } from './layerNorm.ts';
import { Linear } from './linear.ts';
import { Mlp } from './mlp.ts';
import { inference, training } from './mode.ts';
import { RmsNorm } from './rmsNorm.ts';
import { stateOf } from './state.ts';

const init = new Initializer(5);
const namesOf = (layer: object) => [...stateOf(layer).keys()];

describe('layers', () => {
  it('start linear layers and convolutions as PyTorch: evenly within one over the root of their inputs', () => {
    const linear = new Linear({ inputs: 64, outputs: 500 }, init);
    const conv = new Convolution({ inputs: 8, outputs: 500, kernel: [4, 4], groups: 2 }, init);
    for (const { weight, bias } of [linear, conv]) {
      const sizes = [weight, bias].map((tensor) => Math.max(...Array.from(tensor?.data ?? [], Math.abs)));
      for (const size of sizes) {
        expect(size).toBeLessThanOrEqual(1 / 8);
        expect(size).toBeGreaterThan(0.9 / 8);
      }
    }
    expect(conv.weight.shape).toEqual([500, 4, 4, 4]);
    const told = new Linear({ inputs: 4, outputs: 2, initial: { kind: 'constant', value: 3 } }, init);
    expect([...told.weight.data, ...(told.bias?.data ?? [])]).toEqual([...new Array(8).fill(3), 0, 0]);
  });

  it('convolve with their stride, padding and groups', () => {
    const x = input('x', [2, 4, 9]);
    const layer = new Convolution({ inputs: 4, outputs: 6, kernel: [3], stride: 2, padding: 1, groups: 2 }, init);
    expect(layer.apply(x).shape).toEqual([2, 6, 5]);
    expect(namesOf(layer)).toEqual(['weight', 'bias']);
  });

  it('normalise groups and rows', async () => {
    const x = numbers([1, 4, 2], [1, 2, 3, 4, -1, 0, 1, 5], 'float32');
    const group = new GroupNorm({ channels: 4, groups: 2 }, init);
    const rms = new RmsNorm({ features: 2 }, init);
    const channels = new LayerNorm({ features: 4, axis: 1 }, init);
    const found = await valuesOf({ group: group.apply(x), rms: rms.apply(x), channels: channels.apply(x) });
    // The first step holds 1, 3, −1 and 1: mean 1, variance 2.
    expect(
      distance(
        [0, 2, 4, 6].map((i) => found.channels[i]),
        [0, Math.SQRT2, -Math.SQRT2, 0],
      ),
    ).toBeLessThan(1e-4);
    const spread = Math.sqrt(1.25);
    expect(
      distance(
        found.group.slice(0, 4),
        [-1.5, -0.5, 0.5, 1.5].map((value) => value / spread),
      ),
    ).toBeLessThan(1e-4);
    expect(
      distance(
        found.rms.slice(0, 2),
        [1, 2].map((value) => value / Math.sqrt(2.5)),
      ),
    ).toBeLessThan(1e-4);
    expect(namesOf(group)).toEqual(['weight', 'bias']);
    expect(namesOf(rms)).toEqual(['weight']);
  });

  it('move running statistics in training only, and not where they are frozen', async () => {
    const x = numbers([4, 1], [1, 2, 3, 6], 'float32');
    const layer = new BatchNorm({ channels: 1 }, init);
    const frozen = new BatchNorm({ channels: 1, frozen: true }, init);
    expect(namesOf(layer)).toEqual(['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']);
    for (const [mode, mean, variance] of [
      [inference, 0, 1],
      [training, 0.3, 0.9 + 0.1 * (14 / 3)],
    ] as const) {
      await using program = await compile(
        { a: layer.apply(x, mode), b: frozen.apply(x, mode) },
        { updateBuffers: true, threads: 1 },
      );
      const { b } = await program.run();
      expect(layer.running_mean.data[0]).toBeCloseTo(mean, 5);
      expect(layer.running_var.data[0]).toBeCloseTo(variance, 5);
      expect(frozen.running_mean.data[0]).toBe(0);
      expect(distance(b.data as Float32Array, [1, 2, 3, 6])).toBeLessThan(1e-4);
    }
  });

  it('look rows up, and give each row the gradients of all its places', async () => {
    const layer = new Embedding({ count: 3, features: 2 }, init);
    const rows = layer.apply(constant([2, 0, 2], { dtype: 'int64' }));
    const [dw] = grad(sum(multiply(rows, numbers([3, 1], [1, 10, 100], 'float32'))), [layer.weight]);
    const found = await valuesOf({ rows, dw });
    const { data } = layer.weight;
    expect(found.rows).toEqual([data[4], data[5], data[0], data[1], data[4], data[5]]);
    expect(found.dw).toEqual([10, 10, 0, 0, 101, 101]);
  });

  it('put an activation between two linear layers, and drop in training', async () => {
    const mlp = new Mlp({ inputs: 2, hidden: 3, outputs: 1, activation: (x) => multiply(x, x), dropout: 0.5 }, init);
    const x = numbers([1, 2], [0.5, -2], 'float32');
    const hidden = mlp.fc1.apply(x);
    const found = await valuesOf({ y: mlp.apply(x), expected: mlp.fc2.apply(multiply(hidden, hidden)) });
    expect(found.y).toEqual(found.expected);
    await using program = await compile({ y: mlp.apply(add(x, input('x', [1, 2])), training) }, { threads: 1 });
    expect([...program.inputs.keys()].sort()).toEqual(['onnxgrad.seed', 'x']);
  });
});
