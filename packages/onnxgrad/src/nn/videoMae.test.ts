import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { type Buffer, buffer, input, type Tensor } from '../graph/tensor.ts';
import { numbersOf, type TensorData } from '../graph/tensorData.ts';
import { add, multiply } from '../ops/elementwise.ts';
import { sum } from '../ops/reduce.ts';
import { reshape, swapLast } from '../ops/shape.ts';
import { compile } from '../runtime/program.ts';
import { readSafetensors } from '../weights/index.ts';
import { Initializer } from './initializer.ts';
import { LayerNorm } from './layerNorm.ts';
import { PatchEmbedding } from './patchEmbedding.ts';
import { resizePositions, sinusoidTable } from './positions.ts';
import { loadState, parametersOf } from './state.ts';
import { TransformerBlock } from './transformerBlock.ts';

/** Cases with the numbers of the official implementation; they lie beside the checkout, not in it. */
const cases = fileURLToPath(new URL('../../../../../shared/golden/detection/', import.meta.url));

interface Configuration {
  readonly img_size: number;
  readonly input_size: number;
  readonly patch_size: number;
  readonly embed_dims: number;
  readonly depth: number;
  readonly num_heads: number;
  readonly num_frames: number;
  readonly tubelet_size: number;
}

/** VideoMAE's backbone, put together from the layers of this folder under the names of its checkpoints. */
class Backbone {
  readonly patch_embed: PatchEmbedding;
  readonly pos_embed: Buffer;
  readonly blocks: readonly TransformerBlock[];
  readonly fc_norm: LayerNorm;
  readonly trainedGrid: readonly number[];

  constructor(configuration: Configuration, init: Initializer) {
    const { img_size, patch_size, embed_dims: features, num_heads: heads, num_frames, tubelet_size } = configuration;
    const side = img_size / patch_size;
    this.trainedGrid = [num_frames / tubelet_size, side, side];
    const tokens = this.trainedGrid.reduce((a, b) => a * b);
    const patch = [tubelet_size, patch_size, patch_size];
    this.patch_embed = new PatchEmbedding({ patch, features, name: 'projection' }, init);
    this.pos_embed = buffer([1, tokens, features], sinusoidTable(tokens, features));
    const mlpNames = { fc1: 'layers.0.0', fc2: 'layers.1' };
    this.blocks = Array.from(
      { length: configuration.depth },
      () => new TransformerBlock({ features, heads, attentionBias: 'queries-values', mlpNames }, init),
    );
    this.fc_norm = new LayerNorm({ features, epsilon: 1e-6 }, init);
  }

  /** video: [N, 3, T, H, W] → every stage, tokens [N, t · h · w, features]. */
  stages(video: Tensor): Tensor[] {
    const grid = this.patch_embed.grid(video.shape);
    const patches = this.patch_embed.apply(video);
    const stages = [add(patches, resizePositions(this.pos_embed, this.trainedGrid, grid))];
    for (const block of this.blocks) stages.push(block.apply(stages[stages.length - 1]));
    return [patches, ...stages.slice(1)];
  }
}

describe.skipIf(!existsSync(cases))('layers, as VideoMAE (skipped where the shared golden cases are absent)', () => {
  for (const name of ['vit_tiny', 'vit_posinterp']) {
    it(`load the official weights of ${name} as they are and give its values and gradients`, async () => {
      const read = async (file: string) =>
        readSafetensors(await readFile(`${cases}${name}/${file}.safetensors`)).tensors;
      const { config } = JSON.parse(await readFile(`${cases}${name}/case.json`, 'utf8')) as { config: Configuration };
      const [weights, given, expected] = [await read('weights'), await read('inputs'), await read('outputs')];
      const model = new Backbone(config, new Initializer(1));
      const table = model.pos_embed.data.slice() as Float32Array;
      loadState(model, weights);
      // The table in the checkpoint is the one that was worked out.
      expect(furthest(table, model.pos_embed.data as Float32Array)).toBeLessThan(1e-6);

      const video = input('video', (given.get('video') as TensorData).shape);
      const cotangent = input('cotangent', (given.get('cotangent') as TensorData).shape);
      const [patches, ...blocks] = model.stages(video);
      const features = reshape(swapLast(blocks[blocks.length - 1]), cotangent.shape);
      const parameters = parametersOf(model).filter(({ name }) => expected.has(`grad.${name}`));
      const gradients = grad(sum(multiply(features, cotangent)), parameters);
      const results: Record<string, Tensor> = { feat_map: features, patch_embed: patches };
      for (const [i, block] of blocks.entries()) results[`block${i}`] = block;
      for (const [i, { name }] of parameters.entries()) results[`grad.${name}`] = gradients[i];
      await using program = await compile(results, { threads: 1 });
      const found = await program.run({
        video: given.get('video') as TensorData,
        cotangent: given.get('cotangent') as TensorData,
      });

      const compared = Object.keys(results).filter((key) => expected.has(key));
      expect(compared.filter((key) => key.startsWith('grad.')).length).toBe(2 + 13 * config.depth);
      expect(compared).toContain('feat_map');
      for (const key of compared) {
        const golden = numbersOf(expected.get(key) as TensorData);
        expect(furthest(numbersOf(found[key]), golden), key).toBeLessThan(key.startsWith('grad.') ? 1e-4 : 1e-5);
      }
    });
  }
});

// ---- below: internals ----

/** The largest difference, relative to the largest number of the second. */
function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let [apart, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    apart = Math.max(apart, Math.abs(a[i] - b[i]));
    size = Math.max(size, Math.abs(b[i]));
  }
  return apart / size;
}
