import { compile, input, numbersOf } from 'onnxgrad';
import { Initializer, saveState } from 'onnxgrad/nn';
import { describe, expect, it } from 'vitest';
import { VideoMae } from '../../models/backbones/index.ts';
import { snippetModel, videoMaeOf } from './snippetModel.ts';
import { noisePicture, pictureVideo, toyModel, toyRecipe } from './toyTesting.ts';
import { detectorFeatures, snippetFeatures } from './videoFeatures.ts';

const noise = (frameCount: number, sizePixels: number) =>
  pictureVideo({ frameCount, frameRate: 25, sizePixels, picture: (frame) => noisePicture(frame, sizePixels) });

/** [3, frames, size, size] */
function planes(frames: readonly number[], size: number): Uint8Array {
  const data = new Uint8Array(3 * frames.length * size * size);
  for (const [place, frame] of frames.entries()) {
    noisePicture(frame, size).forEach((value, i) => {
      data[((i % 3) * frames.length + place) * size * size + Math.floor(i / 3)] = value;
    });
  }
  return data;
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

describe('snippetFeatures', () => {
  it('gives one feature a clip, which stands at its middle, of published weights as they are named', async () => {
    const drawn = new VideoMae({ width: 384, depth: 1, heads: 6, picturePixels: 224 }, new Initializer(3));
    const published = new Map(
      Array.from(saveState(drawn), ([name, tensor]) => [
        name
          .replace('patch_embed.projection', 'patch_embed.proj')
          .replace('layers.0.0', 'fc1')
          .replace('layers.1', 'fc2'),
        tensor,
      ]),
    );
    published.delete('pos_embed');
    const own = videoMaeOf(published, 'vit.pth');
    expect(own.options).toMatchObject({
      width: 384,
      depth: 1,
      heads: 6,
      mlpRatio: 4,
      patchPixels: 16,
      tubeletFrames: 2,
    });
    await using maker = snippetFeatures(await snippetModel(own, { sizePixels: 32, threads: 1 }), 4);
    expect(maker).toMatchObject({ channels: 384, strideFrames: 4, offsetFrames: 8 });
    // Clips start at 0, 4, 8 and 12: the next would reach beyond frame 29.
    const { steps, data } = await maker.features(noise(30, 32));
    expect([steps, data.length]).toEqual([4, 4 * 384]);

    await using program = await snippetModel(drawn, { sizePixels: 32, threads: 1 });
    const third = await program.features(
      planes(
        Array.from({ length: 16 }, (_, i) => 8 + i),
        32,
      ),
    );
    expect(
      furthest(
        third,
        Array.from({ length: 384 }, (_, channel) => data[channel * 4 + 2]),
      ),
    ).toBeLessThan(1e-5);
    expect(
      furthest(
        third,
        Array.from({ length: 384 }, (_, channel) => data[channel * 4 + 1]),
      ),
    ).toBeGreaterThan(1e-3);
    expect((await maker.features(noise(5, 32))).steps).toBe(1);
    expect((await maker.features(noise(16, 32))).steps).toBe(1);
  });

  it('takes weights as Hugging Face names them', () => {
    const drawn = new VideoMae({ width: 384, depth: 1, heads: 6 }, new Initializer(4));
    const state = saveState(drawn);
    const qkv = state.get('blocks.0.attn.qkv.weight')!;
    const rows = (part: number) => ({
      ...qkv,
      shape: [384, 384],
      data: qkv.data.slice(part * 384 ** 2, (part + 1) * 384 ** 2),
    });
    const inside: Record<string, string> = {
      'attn.q_bias': 'attention.attention.q_bias',
      'attn.v_bias': 'attention.attention.v_bias',
      'attn.proj': 'attention.output.dense',
      norm1: 'layernorm_before',
      norm2: 'layernorm_after',
      'mlp.layers.0.0': 'intermediate.dense',
      'mlp.layers.1': 'output.dense',
    };
    const published = new Map(
      [...state].flatMap(([name, tensor]): [string, typeof tensor][] => {
        if (name === 'pos_embed') return [];
        if (name === 'blocks.0.attn.qkv.weight') {
          const parts = ['query', 'key', 'value'].map((part) => `attention.attention.${part}.weight`);
          return parts.map((part, i) => [`videomae.encoder.layer.0.${part}`, rows(i)]);
        }
        const [, own, ending] = /^blocks\.0\.(.*?)(\.weight|\.bias)?$/.exec(name) ?? [];
        if (own) return [[`videomae.encoder.layer.0.${inside[own]}${ending ?? ''}`, tensor]];
        const outer = name.replace('patch_embed.projection', 'videomae.embeddings.patch_embeddings.projection');
        return [[outer, tensor]];
      }),
    );
    published.set('classifier.weight', { dtype: 'float32', shape: [4, 384], data: new Float32Array(4 * 384) });
    expect(saveState(videoMaeOf(published, 'model.safetensors'))).toEqual(state);
  });

  it('refuses weights of another network', () => {
    const tensor = { dtype: 'float32', shape: [100, 3, 2, 16, 16], data: new Float32Array() } as const;
    expect(() => videoMaeOf(new Map(), 'x.pth')).toThrow('x.pth: found no patch_embed.proj.weight; expected VideoMAE');
    expect(() => videoMaeOf(new Map([['patch_embed.proj.weight', tensor]]), 'x.pth')).toThrow('x.pth: found ');
  });
});

describe('detectorFeatures', () => {
  it('gives what the head of a trained detector sees, one for each frame that is read', async () => {
    const model = toyModel();
    await using maker = detectorFeatures(model, toyRecipe, { threads: 1 });
    // 60 samples: a window of 48, and the last 12 out of one that ends with the video.
    const { steps, data } = await maker.features(noise(120, 32));
    expect([steps, data.length]).toEqual([60, 60 * 16]);
    const given = input('x', [1, 3, 48, 32, 32], 'uint8');
    await using program = await compile({ y: model.features(given) }, { threads: 1 });
    for (const [start, from] of [
      [0, 0],
      [12, 36],
    ]) {
      const frames = Array.from({ length: 48 }, (_, i) => 2 * (start + i));
      const expected = numbersOf((await program.run({ x: planes(frames, 32) })).y);
      for (let channel = 0; channel < 16; channel++) {
        const part = (row: ArrayLike<number>, width: number, at: number) =>
          Array.from({ length: 12 }, (_, i) => row[channel * width + at + i]);
        expect(furthest(part(data, 60, start + from), part(expected, 48, from))).toBeLessThan(1e-5);
      }
    }
  });
});
