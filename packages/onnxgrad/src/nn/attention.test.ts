import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { distance } from '../grad/gradientTesting.ts';
import type { Parameter } from '../graph/tensor.ts';
import type { FloatType } from '../graph/tensorData.ts';
import { convolution } from '../ops/convolution.ts';
import { reshape, swapLast } from '../ops/shape.ts';
import { numbers, valuesOf } from '../ops/valuesTesting.ts';
import { compile } from '../runtime/program.ts';
import { Initializer } from './initializer.ts';
import { training } from './mode.ts';
import { MultiHeadAttention } from './multiHeadAttention.ts';
import { PatchEmbedding } from './patchEmbedding.ts';
import { SelfAttention } from './selfAttention.ts';
import { loadState, stateOf } from './state.ts';
import { TransformerBlock } from './transformerBlock.ts';

const fill = (weight: Parameter | null, value: (i: number) => number) => {
  if (weight) for (let i = 0; i < weight.data.length; i++) weight.data[i] = value(i);
};
const made = (shape: readonly number[], value: (i: number) => number, dtype: FloatType = 'float64') =>
  numbers(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
    dtype,
  );
const double = () => new Initializer(1, { dtype: 'float64' });

/** The weights that the stored values below were made with. */
function torchLike(): MultiHeadAttention {
  const layer = new MultiHeadAttention({ features: 4, heads: 2 }, double());
  fill(layer.in_proj_weight, (i) => Math.sin(i * 0.7));
  fill(layer.in_proj_bias, (i) => Math.cos(i * 0.3));
  fill(layer.out_proj.weight, (i) => Math.sin(i * 1.1));
  fill(layer.out_proj.bias, (i) => i * 0.1);
  return layer;
}

// Stored values: torch 2.15, float64, torch.nn.MultiheadAttention(4, 2, batch_first=True), written with nine digits.
describe('MultiHeadAttention', () => {
  it('gives the values and gradients of torch, from queries to a memory', async () => {
    const layer = torchLike();
    expect([...stateOf(layer).keys()]).toEqual(['in_proj_weight', 'in_proj_bias', 'out_proj.weight', 'out_proj.bias']);
    const queries = made([1, 3, 4], (i) => Math.sin(i * 0.5));
    const memory = made([1, 2, 4], (i) => Math.cos(i * 0.9));
    const y = layer.apply(queries, { keys: memory });
    const dy = made([1, 3, 4], (i) => Math.cos(i * 0.4));
    const [dQueries, dMemory, dBias] = grad(y, [queries, memory, layer.in_proj_bias], dy);
    const found = await valuesOf({ y, dQueries, dMemory, dBias });
    const expected = {
      y: [
        -1.94639352, 1.23410229, 1.44929969, -1.60200401, -0.506557101, -0.36524975, 0.992530184, 0.278108599,
        -1.83935252, 0.477655732, 1.80722048, -1.0655591,
      ],
      dQueries: [
        0.0258763002, 0.00309969893, -0.0211347392, -0.0354291793, -0.292997896, -0.205489119, -0.021335599,
        0.172852387, -0.241588616, -0.0284136799, 0.198124654, 0.331481867,
      ],
      dMemory: [
        -0.549126878, -0.663735278, -0.466178606, -0.0493708509, 0.502772334, 0.882459743, 0.847112545, 0.413355081,
      ],
      dBias: [
        -0.177273702, 0.147059135, 0.56758178, -0.233650938, 0, 0, 0, 0, -0.558532228, -0.305821587, 0.281093256,
        0.560827209,
      ],
    };
    for (const name of ['y', 'dQueries', 'dMemory', 'dBias'] as const) {
      // The engine moves the scale of the scores into a product, where it has it in single precision.
      expect(distance(found[name], expected[name]), name).toBeLessThan(1e-7);
    }
  });

  it('leaves out what a mask of large negative numbers hides', async () => {
    const x = made([1, 3, 4], (i) => Math.sin(i * 0.5));
    const bias = numbers([3, 3], [0, -1e9, 0, 0, 0, -1e9, 0, 0, 0]);
    const { y } = await valuesOf({ y: torchLike().apply(x, { bias }) });
    const expected = [
      -1.5112992, -0.996243814, 2.38512272, 0.0531237414, -1.17163197, 0.88645678, 0.888223928, -0.90948445, -1.7637574,
      0.872587865, 1.48887411, -1.26481462,
    ];
    expect(distance(y, expected)).toBeLessThan(1e-7);
  });
});

describe('MultiHeadAttention with dropout', () => {
  it('drops weights in training alone, and in the mean gives what it gives without', async () => {
    const [plain, dropping] = [0, 0.25].map((dropout) => {
      const layer = new MultiHeadAttention({ features: 4, heads: 2, dropout }, new Initializer(2));
      loadState(layer, stateOf(torchLike()));
      return layer;
    });
    // A thousand times the same sequence: each has its own draws.
    const x = made([1000, 3, 4], (i) => Math.sin((i % 12) * 0.5), 'float32');
    await using program = await compile(
      {
        plain: plain.apply(x, {}, training),
        inference: dropping.apply(x),
        training: dropping.apply(x, {}, training),
      },
      { threads: 1 },
    );
    const found = await program.run({ 'onnxgrad.seed': 3 });
    const [expected, still, drawn] = ['plain', 'inference', 'training'].map(
      (name) => found[name as keyof typeof found].data as Float32Array,
    );
    expect(distance(still, expected)).toBeLessThan(1e-6);
    expect(distance(drawn, expected)).toBeGreaterThan(0.1);
    for (let i = 0; i < 12; i++) {
      const mean = Array.from({ length: 1000 }, (_, n) => drawn[12 * n + i]).reduce((a, b) => a + b) / 1000;
      expect(Math.abs(mean - expected[i])).toBeLessThan(0.5);
    }
  });
});

describe('SelfAttention', () => {
  it('is multi-head attention of a sequence with itself, whichever way its biases are kept', async () => {
    const other = torchLike();
    const x = made([1, 3, 4], (i) => Math.sin(i * 0.5));
    const packed = new SelfAttention({ features: 4, heads: 2 }, double());
    const apart = new SelfAttention({ features: 4, heads: 2, bias: 'queries-values' }, double());
    for (const layer of [packed, apart]) {
      layer.qkv.weight.data.set(other.in_proj_weight.data as Float64Array);
      layer.proj.weight.data.set(other.out_proj.weight.data as Float64Array);
      fill(layer.proj.bias, (i) => i * 0.1);
    }
    packed.qkv.bias?.data.set(other.in_proj_bias.data as Float64Array);
    fill(apart.q_bias, (i) => Math.cos(i * 0.3));
    fill(apart.v_bias, (i) => Math.cos((i + 8) * 0.3));
    const found = await valuesOf({ expected: other.apply(x), packed: packed.apply(x), apart: apart.apply(x) });
    expect(distance(found.packed, found.expected)).toBeLessThan(1e-12);
    // A bias of the keys moves all scores of a query alike, and so nothing.
    expect(distance(found.apart, found.expected)).toBeLessThan(1e-12);
    expect([...stateOf(packed).keys()]).toEqual(['qkv.weight', 'qkv.bias', 'proj.weight', 'proj.bias']);
    expect([...stateOf(apart).keys()]).toEqual(['q_bias', 'v_bias', 'qkv.weight', 'proj.weight', 'proj.bias']);
  });
});

describe('PatchEmbedding', () => {
  it('is a convolution whose kernel is as long as its stride, for images and for clips', async () => {
    for (const [patch, shape] of [
      [
        [2, 3],
        [2, 3, 4, 9],
      ],
      [
        [2, 1, 2],
        [2, 3, 4, 3, 4],
      ],
    ]) {
      const layer = new PatchEmbedding({ patch, features: 5 }, double());
      const x = made(shape, (i) => Math.sin(i * 1.3));
      const tokens = layer.apply(x);
      const maps = convolution(x, layer.proj.weight, layer.proj.bias, { stride: patch });
      const expected = swapLast(reshape(maps, [2, 5, -1]));
      const found = await valuesOf({ tokens, expected });
      expect(tokens.shape).toEqual(expected.shape);
      expect(distance(found.tokens, found.expected)).toBeLessThan(1e-12);
    }
  });

  it('names its layer as checkpoints do, and refuses what is no multiple of a patch', () => {
    const layer = new PatchEmbedding({ patch: [2, 2], features: 5, name: 'projection' }, double());
    expect([...stateOf(layer).keys()]).toEqual(['projection.weight', 'projection.bias']);
    expect(() => layer.apply(made([1, 3, 4, 5], () => 0))).toThrow(
      'PatchEmbedding: x has shape [1, 3, 4, 5]; expected multiples of the patch [2, 2]',
    );
    expect(() => layer.apply(made([1, 1, 4, 4], () => 0))).toThrow('expected [1, 3, 4, 4]');
  });
});

describe('TransformerBlock', () => {
  it('passes samples around its branches in training, and each branch of each block by itself', () => {
    const init = new Initializer(1);
    const blocks = [0, 1].map(() => new TransformerBlock({ features: 4, heads: 2, dropPath: 0.5 }, init));
    const draws = (x: ReturnType<typeof made>): string[] => {
      const own = x.node.operation.name === 'randomUniform' ? [JSON.stringify(x.node.attributes)] : [];
      return [...own, ...x.node.inputs.flatMap(draws)];
    };
    const x = numbers([2, 3, 4], new Array(24).fill(0.5), 'float32');
    const trained = blocks.reduce((y, block) => block.apply(y, training), x);
    expect(new Set(draws(trained)).size).toBe(4);
    expect(draws(blocks[0].apply(x))).toEqual([]);
  });
});
