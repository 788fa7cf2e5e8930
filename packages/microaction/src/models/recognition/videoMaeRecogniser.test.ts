import { compile, input, numbersOf } from 'onnxgrad';
import { Initializer, saveState, stateOf } from 'onnxgrad/nn';
import { describe, expect, it } from 'vitest';
import { loadVideoMae, motionOnly, VideoMae } from '../backbones/index.ts';
import { loadInitialRecogniser, loadRecogniser, makeRecogniser, type RecogniserOptions } from './index.ts';

const sizes = { width: 16, depth: 2, heads: 2, picturePixels: 32, clipFrames: 4 };
const options: RecogniserOptions = { kind: 'videomae', classes: 5, ...sizes };

describe('VideoMAE as a recogniser', () => {
  it('names its weights as mmaction2 does, and gives its backbone to a detector', () => {
    const state = saveState(makeRecogniser(options, new Initializer(3)));
    expect([...state.keys()]).toEqual(
      expect.arrayContaining(['backbone.blocks.1.attn.qkv.weight', 'backbone.fc_norm.bias', 'cls_head.fc_cls.weight']),
    );
    const backbone = new VideoMae(sizes, new Initializer(4));
    expect(loadVideoMae(backbone, state).missing).toEqual([]);
    const weight = 'blocks.0.mlp.layers.1.weight';
    expect(saveState(backbone).get(weight)?.data).toEqual(state.get(`backbone.${weight}`)?.data);
  });

  it('loads whole without the table of positions, and begins with those of other classes', () => {
    const state = new Map(saveState(makeRecogniser(options, new Initializer(3))));
    state.delete('backbone.pos_embed');
    const same = makeRecogniser(options, new Initializer(5));
    loadRecogniser(same, state);
    expect(saveState(same).get('cls_head.fc_cls.weight')?.data).toEqual(state.get('cls_head.fc_cls.weight')?.data);
    const other = makeRecogniser({ ...options, classes: 7 }, new Initializer(5));
    expect(loadInitialRecogniser(other, state).fresh).toEqual(['cls_head.fc_cls.weight', 'cls_head.fc_cls.bias']);
    state.delete('backbone.blocks.0.norm1.weight');
    expect(() => loadRecogniser(same, state)).toThrow('backbone.blocks.0.norm1.weight');
  });

  it('sees only what moves where the recipe says so', async () => {
    const model = makeRecogniser({ ...options, normalisation: motionOnly }, new Initializer(3));
    for (const [name, { data }] of stateOf(model)) if (/fc_cls/.test(name)) (data as Float32Array).forEach(tenfold);
    const { logits } = model.recognise(input('clips', [1, 3, 4, 32, 32], 'uint8'));
    const program = await compile({ logits });
    const ramp = (frame: (f: number) => number) =>
      Uint8Array.from({ length: 3 * 4 * 32 * 32 }, (_, i) => (i % 32) + frame(Math.floor(i / 1024) % 4));
    const said = async (clips: Uint8Array) => [...numbersOf((await program.run({ clips })).logits)];
    const [still, brighter, moving] = [
      await said(ramp(() => 20)),
      await said(ramp(() => 90)),
      await said(ramp((f) => 20 * f)),
    ];
    const apart = (a: number[], b: number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i])));
    expect(apart(still, brighter)).toBeLessThan(1e-5);
    expect(apart(still, moving)).toBeGreaterThan(1e-3);
  });

  it('refuses clips of other lengths', () => {
    const clips = input('clips', [1, 3, 8, 32, 32], 'uint8');
    expect(() => makeRecogniser(options, new Initializer(null)).recognise(clips)).toThrow('videomae: clips have shape');
  });
});

const tenfold = (_: number, i: number, data: Float32Array) => {
  data[i] *= 10;
};
