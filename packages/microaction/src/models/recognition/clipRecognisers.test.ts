import { compile, crossEntropy, input } from 'onnxgrad';
import { countParameters, Initializer, saveState, stateOf } from 'onnxgrad/nn';
import { expect, it } from 'vitest';
import { multiplyAdds } from '../multiplyAdds.ts';
import { loadInitialRecogniser, loadRecogniser, makeRecogniser, type RecogniserOptions } from './index.ts';

const classes = 52;

it.each([
  { kind: 'c3d', tensors: 22, parameters: 78_208_820, products: 38.55, clip: [16, 112, 112] },
  { kind: 'i3d', tensors: 320, parameters: 27_330_420, products: 33.13, clip: [32, 224, 224] },
  { kind: 'slowfast', tensors: 642, parameters: 33_677_148, products: 27.64, clip: [32, 224, 224] },
] as const)(
  '$kind has as many weights and products as the official one',
  ({ kind, tensors, parameters, products, clip }) => {
    const model = makeRecogniser({ kind, classes }, new Initializer(null));
    expect(stateOf(model).size).toBe(tensors);
    expect(countParameters(model).total).toBe(parameters);
    const { logits, features } = model.recognise(input('clips', [1, 3, ...clip], 'uint8'));
    expect(logits.shape).toEqual([1, classes]);
    expect(features.shape[1]).toBe({ c3d: 4096, i3d: 2048, slowfast: 2304 }[kind]);
    expect(multiplyAdds([logits]) / 1e9).toBeCloseTo(products, 2);
  },
);

const depths = [1, 1, 1, 1];
const tiny: readonly RecogniserOptions[] = [
  { kind: 'c3d', classes: 4, frames: 16, pixels: 32, widths: [4, 4, 4, 4, 4], hidden: 8 },
  { kind: 'i3d', classes: 4, frames: 8, width: 4, depths },
  { kind: 'slowfast', classes: 4, frames: 8, width: 4, fastWidth: 2, depths },
];

it.each(tiny)('$kind says the same of a clip by itself as beside another', async (options) => {
  const model = makeRecogniser(options, new Initializer(1));
  // Fresh classifiers say next to nothing.
  for (const [name, { data }] of stateOf(model)) if (/\.fc/.test(name)) (data as Float32Array).forEach(tenfold);
  const { frames = 8 } = options as { frames?: number };
  const size = 3 * frames * 32 * 32;
  const clips = Uint8Array.from(
    { length: 2 * size },
    (_, i) => (i * 7 + Math.floor(i / 61) * 13) % (i < size ? 256 : 99),
  );
  const scores = async (count: number) => {
    const { logits } = model.recognise(input('clips', [count, 3, frames, 32, 32], 'uint8'));
    await using program = await compile({ logits });
    return (await program.run({ clips: clips.subarray((2 - count) * size) })).logits.data as Float32Array;
  };
  const [both, second] = [await scores(2), await scores(1)];
  for (const [i, value] of second.entries()) expect(both[4 + i]).toBeCloseTo(value, 5);
  expect(Math.abs(both[4] / both[0] - 1)).toBeGreaterThan(0.05);
});

function tenfold(value: number, index: number, data: Float32Array): void {
  data[index] = 10 * value;
}

it.each(tiny)('$kind judges by body part where it is told the parts of its classes', (options) => {
  const model = makeRecogniser({ ...options, parts: [0, 0, 1, 2] }, new Initializer(null));
  expect(stateOf(model).get('cls_head.fc_part.weight')?.shape[0]).toBe(3);
  const { frames = 8 } = options as { frames?: number };
  const { logits } = model.recognise(input('clips', [2, 3, frames, 32, 32]));
  expect(crossEntropy(logits, input('labels', [2], 'int64')).shape).toEqual([]);
});

it.each(tiny)('$kind loads whole from mmaction2, and begins with a backbone alone', (options) => {
  const trained = saveState(makeRecogniser(options, new Initializer(1)));
  const whole = makeRecogniser(options, new Initializer(2));
  expect(loadRecogniser(whole, trained)).toMatchObject({ loaded: trained.size, fresh: [], dropped: [] });
  expect(saveState(whole)).toEqual(trained);
  const backbone = [...trained].filter(([name]) => name.startsWith('backbone.'));
  const alone = new Map(backbone.map(([name, tensor]) => [name.replace('backbone.', ''), tensor]));
  const begun = makeRecogniser(options, new Initializer(2));
  const { layout, fresh } = loadInitialRecogniser(begun, alone);
  expect({ layout, fresh }).toEqual({ layout: 'mmaction2', fresh: ['cls_head.fc_cls.weight', 'cls_head.fc_cls.bias'] });
  const filled = saveState(begun);
  for (const [name, tensor] of backbone) expect(filled.get(name), name).toEqual(tensor);
});

it('says which clips it takes', () => {
  const slowFast = { kind: 'slowfast', classes: 4, width: 4, fastWidth: 2, depths } as const;
  expect(() => makeRecogniser({ ...slowFast, frames: 12 }, new Initializer(null))).toThrow(
    'slowfast: frames is 12; expected a multiple of 8',
  );
  const model = makeRecogniser({ ...slowFast, frames: 16 }, new Initializer(null));
  expect(() => model.recognise(input('clips', [2, 3, 8, 32, 32]))).toThrow(
    'slowfast: clips have shape [2, 3, 8, 32, 32]; expected [B, 3, 16, height, width]',
  );
});
