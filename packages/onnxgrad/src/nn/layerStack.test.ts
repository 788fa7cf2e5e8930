import { describe, expect, it } from 'vitest';
import { distance } from '../grad/gradientTesting.ts';
import { constant, input, type Tensor } from '../graph/tensor.ts';
import { multiply } from '../ops/elementwise.ts';
import { sum } from '../ops/reduce.ts';
import { slice } from '../ops/shape.ts';
import { compileTraining } from '../runtime/training.ts';
import { BatchNorm, freeze, Initializer, LayerStack, Linear, stateOf, TransformerBlock, training } from './index.ts';

const shape = [2, 5, 8];
const numbers = (seed: number) => Float32Array.from({ length: 80 }, (_, i) => Math.sin(seed + i * 1.7));

/** Loss and gradients of the whole stack as one program. */
async function whole(blocks: readonly TransformerBlock[], x: Float32Array, dy: Float32Array, seed: number) {
  stateOf(blocks);
  const start = input('x', shape);
  let y: Tensor = start;
  for (const block of blocks) y = block.apply(y, training);
  await using program = await compileTraining(sum(multiply(y, constant(dy, { shape }))), {
    outputs: { y },
    threads: 1,
  });
  const { outputs, gradients } = await program.run({ x }, { seed });
  return { y: outputs.y.data, gradients: new Map([...gradients].map(([name, data]) => [name, data.slice()])) };
}

describe('a stack of layers', () => {
  it('gives what one program of all of them gives, from two programs for any depth', async () => {
    const init = new Initializer(1);
    const blocks = Array.from({ length: 4 }, () => new TransformerBlock({ features: 8, heads: 2 }, init));
    freeze(blocks[2].mlp);
    freeze(blocks[3].mlp);
    const expected = await whole(blocks, numbers(1), numbers(2), 0);
    await using stack = await LayerStack.compile(blocks, (block, x) => block.apply(x, training), { shape, threads: 1 });
    const run = await stack.forward(numbers(1));
    const { dx, gradients } = await stack.backward(run, numbers(2));
    expect(stack.programs).toBe(3); // forward, and backward with and without the frozen halves
    expect(distance(run.y as Float32Array, expected.y as Float32Array)).toBeLessThan(1e-5);
    expect(await stack.infer(numbers(1))).toEqual(run.y);
    expect([...gradients.keys()].sort()).toEqual([...expected.gradients.keys()].sort());
    for (const [name, gradient] of expected.gradients) {
      expect(distance(gradients.get(name) as Float32Array, gradient), name).toBeLessThan(1e-4);
    }
    expect(dx).toHaveLength(80);
  });

  it('draws the same random numbers forward and backward, others in each layer and for each seed', async () => {
    const init = new Initializer(1);
    const blocks = Array.from(
      { length: 2 },
      () => new TransformerBlock({ features: 8, heads: 2, dropPath: 0.5 }, init),
    );
    await using stack = await LayerStack.compile(blocks, (block, x) => block.apply(x, training), { shape, threads: 1 });
    const runs = await Promise.all([3, 3, 4, 5, 6].map((seed) => stack.forward(numbers(1), { seed })));
    expect(runs[0].y).toEqual(runs[1].y);
    expect(new Set(runs.map(({ y }) => String(y))).size).toBeGreaterThan(1);
  });

  it('gives gradients by the names that weights have now', async () => {
    const model = { blocks: [0, 1].map((seed) => new Linear({ inputs: 8, outputs: 8 }, new Initializer(seed))) };
    await using stack = await LayerStack.compile(model.blocks, (block, x) => block.apply(x), { shape, threads: 1 });
    const names = [...stateOf(model).keys()];
    const { gradients } = await stack.backward(await stack.forward(numbers(1)), numbers(2));
    expect([...gradients.keys()].sort()).toEqual(names.sort());
  });

  it('refuses inputs beside x, and weights of two layers', async () => {
    const block = new Linear({ inputs: 8, outputs: 8 }, new Initializer(1));
    const mask = input('mask', [1]);
    await expect(LayerStack.compile([block], (layer, x) => layer.apply(multiply(x, mask)), { shape })).rejects.toThrow(
      'a layer reads the input mask; expected x alone',
    );
    await expect(LayerStack.compile([block, block], (layer, x) => layer.apply(x), { shape })).rejects.toThrow(
      '1.weight is a weight of two layers',
    );
  });

  it('says which layer changes the shape, and which keeps statistics', async () => {
    const init = new Initializer(1);
    const blocks = [new TransformerBlock({ features: 8, heads: 2 }, init)];
    await expect(LayerStack.compile(blocks, (_, x) => slice(x, 1, 1), { shape })).rejects.toThrow(
      'layer 0 makes float32 [2, 4, 8] of float32 [2, 5, 8]; expected the same',
    );
    const norms = [new BatchNorm({ channels: 5 }, init)];
    await expect(LayerStack.compile(norms, (norm, x) => norm.apply(x, training), { shape })).rejects.toThrow(
      'running statistics',
    );
  });
});
