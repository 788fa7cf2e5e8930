import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TensorData } from 'onnxgrad';
import { Initializer, saveState } from 'onnxgrad/nn';
import { saveWeights } from 'onnxgrad/weights/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ActionFormer, VideoDetector } from '../../models/detection/index.ts';
import { loadInitialBackbone, loadInitialWeights } from './initialWeights.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weights-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const detector = { classes: 3, features: 8, heads: 2, levels: 2, window: null };
const modelOf = (seed: number | null, classes = 3, adapter?: { kind: 'tia' }) =>
  new VideoDetector(
    {
      backbone: { width: 8, depth: 2, heads: 2, patchPixels: 8, picturePixels: 16, adapter },
      detector: { ...detector, classes },
      tuned: 'all',
    },
    new Initializer(seed),
  );

async function written(tensors: ReadonlyMap<string, TensorData>): Promise<string> {
  const path = join(folder, 'some.safetensors');
  await saveWeights(path, tensors);
  return path;
}

const backboneOf = (model: VideoDetector) => saveState(model.backbone);

describe('loadInitialWeights', () => {
  it('takes a whole detector, and leaves the last product new where classes differ', async () => {
    const source = modelOf(1);
    const path = await written(saveState(source));
    const same = modelOf(2);
    expect(await loadInitialWeights(same, path)).toMatchObject({ kind: 'detector', fresh: [] });
    expect(saveState(same)).toEqual(saveState(source));
    const other = modelOf(2, 5);
    const head = saveState(other).get('rpn_head.cls_head.weight');
    const { fresh } = await loadInitialWeights(other, path);
    expect(fresh).toEqual(['rpn_head.cls_head.weight', 'rpn_head.cls_head.bias']);
    expect(saveState(other).get('rpn_head.cls_head.weight')).toEqual(head);
    expect(backboneOf(other)).toEqual(backboneOf(source));
  });

  it('takes a backbone, and says that adapters stay new', async () => {
    const source = modelOf(1);
    const path = await written(backboneOf(source));
    const target = modelOf(2, 3, { kind: 'tia' });
    const { kind, loaded, fresh } = await loadInitialWeights(target, path);
    expect([kind, loaded]).toEqual(['backbone', backboneOf(source).size]);
    expect(fresh.length).toBe(2 * 9);
    expect(fresh.every((name) => name.includes('adapter.'))).toBe(true);
    for (const [name, tensor] of backboneOf(source)) expect(backboneOf(target).get(name), name).toEqual(tensor);
  });

  it('takes the backbone alone of a detector, without its adapters and head', async () => {
    const source = modelOf(1, 3, { kind: 'tia' });
    const path = await written(saveState(source));
    for (const target of [modelOf(2), modelOf(2, 5, { kind: 'tia' })]) {
      const before = saveState(target);
      const { kind, loaded } = await loadInitialBackbone(target.backbone, path);
      expect([kind, loaded]).toEqual(['backbone', backboneOf(modelOf(1)).size]);
      for (const [name, tensor] of saveState(target)) {
        const isTaken = name.startsWith('backbone.') && !name.includes('adapter.');
        expect(tensor, name).toEqual((isTaken ? saveState(source) : before).get(name));
      }
    }
    const whole = modelOf(3);
    await loadInitialBackbone(whole.backbone, await written(backboneOf(modelOf(1))));
    expect(backboneOf(whole)).toEqual(backboneOf(modelOf(1)));
  });

  it('takes what VideoMAE was pre-trained as, without its decoder', async () => {
    const source = modelOf(1);
    const named = [...backboneOf(source)].map(([name, tensor]): [string, TensorData] => [`encoder.${name}`, tensor]);
    const decoder: [string, TensorData] = ['decoder.blocks.0.norm1.weight', named[1][1]];
    const target = modelOf(2);
    await loadInitialWeights(target, await written(new Map([...named, decoder, ['mask_token', named[1][1]]])));
    expect(backboneOf(target)).toEqual(backboneOf(source));
  });

  it("takes Hugging Face's names: queries, keys and values apart, no position table", async () => {
    const source = modelOf(1);
    const target = modelOf(2);
    await loadInitialWeights(target, await written(asHuggingFace(backboneOf(source))));
    expect(backboneOf(target)).toEqual(backboneOf(source));
  });

  it('lists all that does not fit, and changes nothing', async () => {
    const tensors = new Map([...saveState(modelOf(1))].filter(([name]) => !name.startsWith('neck.')));
    const path = await written(
      new Map([...tensors, ['nekc.fpn_norms.0.weight', tensors.values().next().value as TensorData]]),
    );
    const target = modelOf(2);
    const before = saveState(target);
    const failure = await loadInitialWeights(target, path).catch((error) => error);
    expect(failure).toMatchObject({ code: 'mismatch' });
    expect(failure.message).toContain(path);
    expect(failure.message.match(/missing {4}neck/g)).toHaveLength(4);
    expect(failure.message).toContain('unexpected nekc.fpn_norms.0.weight');
    expect(saveState(target)).toEqual(before);
    const features = new ActionFormer({ ...detector, inputs: 4 }, new Initializer(1));
    await expect(loadInitialWeights(features, await written(backboneOf(target)))).rejects.toThrow('has no backbone');
  });
});

/** As transformers' VideoMAEModel has them. */
function asHuggingFace(tensors: ReadonlyMap<string, TensorData>): Map<string, TensorData> {
  const renamed = new Map<string, TensorData>();
  for (const [name, tensor] of tensors) {
    if (name === 'pos_embed') continue;
    const own = name
      .replace('patch_embed.projection', 'embeddings.patch_embeddings.projection')
      .replace(/^blocks\.(\d+)\./, 'encoder.layer.$1.')
      .replace(/attn\.(q_bias|v_bias)$/, 'attention.attention.$1')
      .replace('attn.proj.', 'attention.output.dense.')
      .replace('norm1.', 'layernorm_before.')
      .replace('norm2.', 'layernorm_after.')
      .replace('mlp.layers.0.0.', 'intermediate.dense.')
      .replace('mlp.layers.1.', 'output.dense.');
    const prefixed = own.startsWith('fc_norm.') ? own : `videomae.${own}`;
    if (!own.endsWith('attn.qkv.weight')) renamed.set(prefixed, tensor);
    else {
      for (const [i, part] of ['query', 'key', 'value'].entries()) {
        const [rows, columns] = tensor.shape;
        const data = (tensor.data as Float32Array).slice((i * rows * columns) / 3, ((i + 1) * rows * columns) / 3);
        const key = `${prefixed.replace('attn.qkv', `attention.attention.${part}`)}`;
        renamed.set(key, { dtype: 'float32', shape: [rows / 3, columns], data });
      }
    }
  }
  return renamed;
}
