import { expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { distance } from '../grad/gradientTesting.ts';
import { input } from '../graph/tensor.ts';
import { Convolution, Initializer, Linear, parametersOf, TransformerBlock, training } from '../nn/index.ts';
import { multiply } from '../ops/elementwise.ts';
import { crossEntropy } from '../ops/losses.ts';
import { mean } from '../ops/reduce.ts';
import { swapLast } from '../ops/shape.ts';
import { AdamW, LossScale } from '../optim/index.ts';
import { lower } from './lower.ts';
import { compileTraining } from './training.ts';

function network() {
  const init = new Initializer(3);
  const model = {
    conv: new Convolution({ inputs: 2, outputs: 8, kernel: [3], padding: 1 }, init),
    block: new TransformerBlock({ features: 8, heads: 2 }, init),
    head: new Linear({ inputs: 8, outputs: 3 }, init),
  };
  const parameters = parametersOf(model);
  const tokens = swapLast(model.conv.apply(input('x', [6, 2, 10])));
  const scores = model.head.apply(mean(model.block.apply(tokens, training), 1));
  return { parameters, loss: crossEntropy(scores, input('labels', [6], 'int64')) };
}

const feeds = { x: Float32Array.from({ length: 120 }, (_, i) => Math.sin(i * i)), labels: [0, 1, 2, 0, 1, 2] };

it('takes every product in float16, each value halved once, and nothing else', () => {
  const { loss, parameters } = network();
  const gradients = grad(loss, parameters);
  const outputs = Object.fromEntries([loss, ...gradients].map((tensor, i) => [`y${i}`, tensor]));
  const { nodes } = lower(outputs, { operators: 'onnxruntime', device: 'cuda', precision: 'mixed' }).model;
  const halved = nodes.filter(({ type, attributes }) => type === 'Cast' && attributes?.to === 10);
  const halves = new Set(halved.flatMap((node) => node.outputs));
  expect(new Set(halved.flatMap((node) => node.inputs)).size).toBe(halved.length);
  const kinds = { half: new Set<string>(), single: new Set<string>() };
  for (const { type, inputs } of nodes) kinds[inputs.some((name) => halves.has(name)) ? 'half' : 'single'].add(type);
  expect([...kinds.half].sort()).toEqual(['Conv', 'FusedMatMul', 'Gemm', 'MatMul', 'MultiHeadAttention']);
  for (const product of kinds.half) expect(kinds.single).not.toContain(product);
});

// ONNX Runtime's processor kernels of these are in float32, so that here it leaves the halving out; devices do not.
it('gives nearly the gradients of float32, once the loss is scaled', async () => {
  const { loss } = network();
  await using single = await compileTraining(loss, { threads: 1 });
  await using mixed = await compileTraining(loss, { threads: 1, precision: 'mixed', scaledLoss: true });
  const expected = await single.run(feeds);
  const found = await mixed.run(feeds, { lossScale: 1024 });
  expect(found.loss).toBeCloseTo(expected.loss, 3);
  for (const [name, gradient] of expected.gradients) {
    const scaled = (found.gradients.get(name) as Float32Array).map((value) => value / 1024);
    expect(distance(scaled, gradient), name).toBeLessThan(0.02);
  }
});

it('trains in mixed precision: the scale falls where gradients overflow, and those steps are left out', async () => {
  const { loss, parameters } = network();
  await using program = await compileTraining(multiply(loss, 1000), {
    threads: 1,
    precision: 'mixed',
    scaledLoss: true,
  });
  const optimizer = new AdamW(parameters, { learningRate: 0.01 });
  const scale = new LossScale({ initial: 2 ** 127 });
  const losses: number[] = [];
  let skipped = 0;
  for (let step = 0; step < 40; step++) {
    const { loss, gradients } = await program.run(feeds, { lossScale: scale.scale });
    if (scale.unscale(gradients)) optimizer.step(gradients);
    else skipped++;
    scale.update();
    losses.push(loss);
  }
  expect(skipped).toBeGreaterThan(0);
  expect(scale.scale).toBeLessThan(2 ** 127);
  expect(losses[39]).toBeLessThan(losses[0] / 3);
});
