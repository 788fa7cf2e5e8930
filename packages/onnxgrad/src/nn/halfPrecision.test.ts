import { expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { distance } from '../grad/gradientTesting.ts';
import { input } from '../graph/tensor.ts';
import { type FloatType, numbersOf } from '../graph/tensorData.ts';
import {
  averagePool,
  dropout,
  gather,
  localAttention,
  logSoftmax,
  maxPool,
  mean,
  multiply,
  reshape,
  resize,
  silu,
  softplus,
  swapLast,
} from '../index.ts';
import { compile } from '../runtime/program.ts';
import {
  BatchNorm,
  Convolution,
  GroupNorm,
  Initializer,
  Linear,
  parametersOf,
  TransformerBlock,
  training,
} from './index.ts';

/** Loss and gradients of a network in which most kinds of operations meet, all of it in one element type. */
async function evaluated(dtype: FloatType): Promise<Record<string, Float64Array>> {
  const init = new Initializer(1, { dtype });
  const model = {
    conv: new Convolution({ inputs: 3, outputs: 8, kernel: [3, 3], padding: 1, bias: false }, init),
    norm: new BatchNorm({ channels: 8 }, init),
    groups: new GroupNorm({ channels: 8, groups: 2 }, init),
    block: new TransformerBlock({ features: 8, heads: 2, dropPath: 0.1 }, init),
    head: new Linear({ inputs: 8, outputs: 4 }, init),
  };
  const parameters = parametersOf(model);
  const seen = averagePool(
    maxPool(model.norm.apply(model.conv.apply(input('x', [2, 3, 8, 8], dtype)), training), 2),
    2,
  );
  const map = model.groups.apply(resize(gather(seen, [0, 0, 1, 1, 2, 3, 4, 5], 1), { sizes: [4, 4], mode: 'cubic' }));
  const tokens = swapLast(reshape(map, [2, 8, 16]));
  const mixed = localAttention(model.block.apply(tokens, training), tokens, tokens, { heads: 2, window: 5 });
  const pooled = mean(dropout(silu(softplus(mixed)), 0.1, { training: true, stream: 1 }), 1);
  const scores = logSoftmax(model.head.apply(pooled), -1);
  const loss = mean(multiply(scores, scores));
  const named = grad(loss, parameters).map((gradient, i) => [parameters[i].name, gradient]);
  await using program = await compile({ loss, ...Object.fromEntries(named) }, { threads: 1 });
  const x = Array.from({ length: 384 }, (_, i) => Math.sin(i * i));
  const results = await program.run({ x, 'onnxgrad.seed': [3] });
  return Object.fromEntries(Object.entries(results).map(([name, data]) => [name, numbersOf(data)]));
}

it('gives in float16 nearly the loss and the gradients of float32, for most kinds of operations at once', async () => {
  const [single, half] = [await evaluated('float32'), await evaluated('float16')];
  expect(Object.keys(half)).toEqual(Object.keys(single));
  for (const [name, numbers] of Object.entries(single)) expect(distance(half[name], numbers), name).toBeLessThan(0.05);
});
