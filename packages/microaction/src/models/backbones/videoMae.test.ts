import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { add, compile, compileTraining, input, multiply, sum, type Tensor } from 'onnxgrad';
import { countParameters, Initializer, LayerStack, parametersOf, saveState, stateOf } from 'onnxgrad/nn';
import { describe, expect, it } from 'vitest';
import { checkCase } from '../../../../../scripts/golden/checkCase.ts';
import { isGradient } from '../../../../../scripts/golden/tolerance.ts';
import {
  clipFeatures,
  clipsOf,
  imageNet,
  loadVideoMae,
  motionOnly,
  normalised,
  tokenGrid,
  VideoMae,
  videoFeatures,
  videoMaeSizes,
} from './index.ts';

const golden = new URL('../../../../../../shared/golden/detection/', import.meta.url);
const cases = ['vit_tiny', 'vit_posinterp', 'vit_adapter_standard', 'vit_adapter_tia'].concat(
  ['eq3', 'table4', 'wide'].map((reading) => `vit_adapter_dsta_${reading}`),
);

describe.skipIf(!existsSync(golden))('VideoMAE beside the official code (skipped without shared/golden)', () => {
  it.each(cases)('%s: forward to 1e-5, gradients to 1e-4, and the checkpoints beside it', async (name) => {
    const [own, ...checkpoints] = await checkCase(fileURLToPath(new URL(name, golden)));
    for (const { status, reason } of [own, ...checkpoints]) {
      expect({ status, reason }).toEqual({ status: 'pass', reason: undefined });
    }
    expect(own.comparisons.length).toBeGreaterThan(20);
    for (const { tensor, relative } of own.comparisons) {
      // A sum that cancels to a thousandth of its terms: held by the case's own rule alone.
      if (tensor === 'loss') continue;
      expect(relative, tensor).toBeLessThanOrEqual(isGradient(tensor) ? 1e-4 : 1e-5);
    }
  });
});

describe('VideoMae', () => {
  it.each([
    ['small', 21_879_936, 1_006_860],
    ['base', 86_227_200, 4_004_364],
  ] as const)(
    'has as many parameters as published in size %s, and trains the adapters alone',
    (size, total, trained) => {
      const model = new VideoMae({ ...videoMaeSizes[size], adapter: { kind: 'tia' } }, new Initializer(null));
      model.freezeAllButAdapters();
      expect(countParameters(model)).toEqual({ total: total + trained, trainable: trained });
    },
  );

  it('lays out every published size', () => {
    for (const options of Object.values(videoMaeSizes)) {
      const model = new VideoMae({ ...options, depth: 1 }, new Initializer(null));
      const clips = input('clips', [1, 3, 16, 224, 224]);
      const side = 224 / model.options.patchPixels;
      expect(model.featureMap(clips).shape).toEqual([1, options.width, 8, side, side]);
    }
    const giant = new VideoMae({ ...videoMaeSizes.giant, depth: 1 }, new Initializer(null));
    expect(stateOf(giant).get('blocks.0.mlp.layers.0.0.weight')?.shape).toEqual([6144, 1408]);
  });

  it('computes blocks once more for the reverse pass, or keeps them, with the same gradients', async () => {
    const gradients = async (rematerialise: boolean) => {
      const model = tiny({ adapter: { kind: 'tia' } });
      const features = clipFeatures(model, input('clips', [2, 3, 4, 32, 48]), { clipsPerVideo: 2, rematerialise });
      await using program = await compileTraining(sum(multiply(features, features)), { threads: 1 });
      return (await program.run({ clips: wave(2 * 3 * 4 * 32 * 48) })).gradients;
    };
    const [kept, again] = [await gradients(false), await gradients(true)];
    expect([...again.keys()].sort()).toEqual([...kept.keys()].sort());
    expect(again.size).toBeGreaterThan(30);
    for (const [name, gradient] of kept) expect(furthest(again.get(name) ?? [], gradient), name).toBeLessThan(1e-5);
  });

  it('runs as one small program for all blocks, with the same tokens', async () => {
    const model = tiny({ depth: 3, adapter: { kind: 'tia' } });
    const clips = input('clips', [2, 3, 4, 32, 32]);
    const run = { clipsPerVideo: 2 };
    const feeds = { clips: wave(2 * 3 * 4 * 32 * 32) };
    const grid = tokenGrid(2, model.patch_embed.grid(clips.shape), 2);
    await using stack = await LayerStack.compile(model.blocks, (block, x) => block.adapted(x, grid), {
      shape: [2, 8, 12],
      threads: 1,
    });
    expect(stack.programs).toBe(2); // one forward, one backward
    const first = add(model.patch_embed.apply(clips), model.positions([2, 2, 2]));
    const y = await stack.infer(await values({ y: first }, feeds));
    expect(furthest(y as Float32Array, await values({ y: model.tokens(clips, run) }, feeds))).toBeLessThan(1e-5);
  });

  it('drops branches in training alone, by the seed of the step, the first block never', async () => {
    const clips = input('clips', [4, 3, 4, 32, 32]);
    const feeds = { clips: wave(4 * 3 * 4 * 32 * 32) };
    const results = async (dropPath: number, depth: number, training: boolean, seed: number) => {
      const model = tiny({ dropPath, depth });
      const outputs = { y: model.tokens(clips, { training }) };
      await using program = await compileTraining(sum(outputs.y), { outputs, threads: 1 });
      return (await program.run(feeds, { seed })).outputs.y.data as Float32Array;
    };
    const whole = await results(0, 3, true, 1);
    expect(await results(0.9, 3, false, 1)).toEqual(whole);
    const dropped = await results(0.9, 3, true, 1);
    expect(furthest(dropped, whole)).toBeGreaterThan(1e-3);
    expect(await results(0.9, 3, true, 1)).toEqual(dropped);
    expect(furthest(await results(0.9, 3, true, 2), dropped)).toBeGreaterThan(1e-3);
    expect(await results(0.9, 1, true, 1)).toEqual(await results(0, 1, true, 1));
  });

  it('interpolates positions to pictures of another size, which need not be square', () => {
    const model = tiny();
    expect(model.positions([2, 2, 2])).toBe(model.pos_embed);
    expect(model.positions([2, 5, 3]).shape).toEqual([1, 30, 12]);
  });

  it('says which clips it takes', () => {
    const model = tiny();
    expect(() => model.tokens(input('clips', [1, 3, 4, 40, 32]))).toThrow('multiples of the patch [2, 16, 16]');
    expect(() => model.tokens(input('clips', [1, 3, 8, 32, 32]))).toThrow('clips have 8 frames; expected 4');
    expect(() => model.tokens(input('clips', [3, 3, 4, 32, 32]), { clipsPerVideo: 2 })).toThrow(
      'there are 3 clips; expected a multiple of 2',
    );
    expect(() => tiny({ heads: 5 }).tokens(input('clips', [1, 3, 4, 32, 32]))).toThrow('5 heads share evenly');
  });
});

describe('loadVideoMae', () => {
  const official = (name: string) =>
    name
      .replace('patch_embed.projection', 'patch_embed.proj')
      .replace('mlp.layers.0.0', 'mlp.fc1')
      .replace('mlp.layers.1', 'mlp.fc2');

  it.each([
    ['as VideoMAE names them, without positions', official, /^pos_embed$/],
    ['of a recogniser of mmaction2', (name: string) => `backbone.${name}`, /^$/],
    ['of a detector of OpenTAD', (name: string) => `module.backbone.model.backbone.${name}`, /^$/],
  ])('takes weights %s, and leaves new adapters and classifiers alone', (_, rename, absent) => {
    const saved = [...saveState(tiny())].filter(([name]) => !absent.test(name));
    const file = new Map(saved.map(([name, tensor]) => [rename(name), tensor]));
    file.set('head.weight', { dtype: 'float32', shape: [5, 12], data: new Float32Array(60) });
    file.set('cls_head.fc_cls.bias', { dtype: 'float32', shape: [5], data: new Float32Array(5) });
    const model = tiny({ adapter: { kind: 'tia' } }, 9);
    const adapters = parametersOf(model).filter(({ name }) => name.includes('adapter'));
    const before = adapters.map(({ data }) => data.slice());
    const { missing } = loadVideoMae(model, file);
    expect(missing.filter((name) => !name.includes('adapter') && !absent.test(name))).toEqual([]);
    const loaded = saveState(model);
    for (const [name, { data }] of saved) expect(loaded.get(name)?.data).toEqual(data);
    expect(adapters.map(({ data }) => data)).toEqual(before);
  });

  it('refuses weights of another size, naming all that does not fit', () => {
    const file = saveState(tiny({ depth: 1 }));
    file.delete('blocks.0.norm1.weight');
    expect(() => loadVideoMae(tiny({ depth: 2 }), file)).toThrow(/blocks\.0\.norm1\.weight.*blocks\.1\.mlp/s);
  });
});

describe('videoFeatures', () => {
  const frames = Float32Array.from({ length: 2 * 3 * 8 * 32 * 32 }, (_, i) => (i * 37) % 256);

  it('normalises bytes, each channel by its own mean and deviation', async () => {
    const pixels = input('pixels', [1, 3, 1, 1, 2], 'uint8');
    const y = await values({ y: normalised(pixels, imageNet) }, { pixels: Uint8Array.of(0, 255, 0, 255, 0, 255) });
    const expected = [0, 1, 2].flatMap((c) => [0, 255].map((x) => (x - imageNet.mean[c]) / imageNet.deviation[c]));
    expect(furthest(y, expected)).toBeLessThan(1e-6);
  });

  it('takes away what stands still, each window by itself', async () => {
    const pixels = input('pixels', [2, 3, 2, 1, 2], 'uint8');
    // In each window and channel one place stands still and the other moves by 50, around 75 or around 175.
    const level = (window: number, step: number) => [200, 50 + 100 * window + 50 * step];
    const given = [0, 1].flatMap((window) => [0, 1, 2].flatMap(() => [0, 1].flatMap((step) => level(window, step))));
    const y = await values({ y: normalised(pixels, motionOnly) }, { pixels: Uint8Array.from(given) });
    expect(furthest(y, new Array(6).fill([0, -1, 0, 1]).flat())).toBeLessThan(1e-6);
  });

  it('cuts videos into clips, those of a video behind each other', async () => {
    const video = input('video', [2, 1, 6, 1, 1]);
    const y = await values({ y: clipsOf(video, 3) }, { video: Float32Array.from({ length: 12 }, (_, i) => i) });
    expect([...y]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const colours = input('video', [1, 2, 4, 1, 1]);
    const z = await values({ y: clipsOf(colours, 2) }, { video: Float32Array.from({ length: 8 }, (_, i) => i) });
    expect([...z]).toEqual([0, 1, 4, 5, 2, 3, 6, 7]);
    expect(() => clipsOf(video, 4)).toThrow('the video has 6 frames; expected a multiple of 4');
  });

  it('is as long as the video, or as told, and the same for a video in a batch and alone', async () => {
    const model = tiny({ adapter: { kind: 'tia' } });
    const all = [...stateOf(model).values()].map(({ data }) => data as Float32Array);
    for (const data of all) data.set(wave(data.length).map((value) => value / 4));
    const both = input('frames', [2, 3, 8, 32, 32]);
    expect(videoFeatures(model, both).shape).toEqual([2, 12, 8]);
    expect(videoFeatures(model, both, { steps: 5 }).shape).toEqual([2, 12, 5]);
    const batch = await values({ y: videoFeatures(model, both) }, { frames });
    const second = frames.slice(frames.length / 2);
    const alone = await values({ y: videoFeatures(model, input('frames', [1, 3, 8, 32, 32])) }, { frames: second });
    expect(furthest(batch.subarray(alone.length), alone)).toBeLessThan(1e-5);
  });
});

/** Pictures of 32 × 32 in clips of four frames: 2 × 2 × 2 tokens of width 12. */
function tiny(options: Partial<ConstructorParameters<typeof VideoMae>[0]> = {}, seed = 4): VideoMae {
  const size = { width: 12, depth: 2, heads: 3, picturePixels: 32, clipFrames: 4 };
  return new VideoMae({ ...size, ...options }, new Initializer(seed));
}

const wave = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * 0.7));

async function values(outputs: { y: Tensor }, feeds: Record<string, Float32Array | Uint8Array>): Promise<Float32Array> {
  await using program = await compile(outputs, { threads: 1 });
  return (await program.run(feeds)).y.data as Float32Array;
}

/** The largest distance, relative to the largest number of the second. */
function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [apart, size] = [a.length === b.length ? 0 : Number.POSITIVE_INFINITY, 1e-6];
  for (let i = 0; i < b.length; i++) {
    apart = Math.max(apart, Math.abs(a[i] - b[i]));
    size = Math.max(size, Math.abs(b[i]));
  }
  return apart / size;
}
