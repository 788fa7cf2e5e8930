import { numbersOf, type TensorData } from 'onnxgrad';
import { Initializer, saveState } from 'onnxgrad/nn';
import { expect, it } from 'vitest';
import { loadInitialRecogniser, loadRecogniser, makeRecogniser, weightsSummary } from './index.ts';

const sizes = { classes: 5, width: 8, depths: [1, 2, 1, 1] } as const;
const pictures = (kind: 'tsn' | 'tsm' | 'manet') =>
  makeRecogniser({ kind, vectorLength: 7, ...sizes }, new Initializer(1));
const clips = (kind: 'i3d' | 'slowfast') => makeRecogniser({ kind, ...sizes }, new Initializer(2));

/** The sum of a kernel over time: [outputs, inputs, frames, height, width] → [outputs, inputs, height, width]. */
function overTime(tensor: TensorData): Float64Array {
  const [outputs, inputs, frames, height, width] = tensor.shape;
  const pixels = height * width;
  const values = numbersOf(tensor);
  const sums = new Float64Array(outputs * inputs * pixels);
  for (const [i, value] of values.entries()) sums[Math.floor(i / pixels / frames) * pixels + (i % pixels)] += value;
  return sums;
}

it.each(['tsn', 'tsm', 'manet'] as const)('I3D begins with what %s has learned of pictures', (kind) => {
  const [source, model] = [saveState(pictures(kind)), clips('i3d')];
  const { fresh, widened, dropped } = loadInitialRecogniser(model, source);
  const after = saveState(model);
  expect(fresh).toEqual([]);
  expect(widened).toEqual([]);
  expect(dropped.every((name) => /\.fcce\.|\.fc_emb/.test(name))).toBe(true);
  const net = kind === 'tsn' ? 'conv' : 'conv.net';
  for (const [from, to] of [
    ['backbone.conv1.conv.weight', 'backbone.conv1.conv.weight'],
    [`backbone.layer1.0.conv1.${net}.weight`, 'backbone.layer1.0.conv1.conv.weight'],
    ['backbone.layer2.1.conv2.conv.weight', 'backbone.layer2.1.conv2.conv.weight'],
  ]) {
    const [picture, clip] = [source.get(from)!, after.get(to)!];
    const sums = overTime(clip);
    for (const [i, value] of numbersOf(picture).entries()) expect(sums[i], to).toBeCloseTo(value, 6);
  }
  expect(after.get('backbone.conv1.conv.weight')!.shape).toEqual([8, 3, 5, 7, 7]);
  expect(after.get('backbone.layer3.0.downsample.bn.bias')).toEqual(source.get('backbone.layer3.0.downsample.bn.bias'));
});

it('the slow pathway of SlowFast begins as if it were alone, and what is new is named', () => {
  const [source, model] = [saveState(pictures('tsm')), clips('slowfast')];
  const before = saveState(model);
  const weights = loadInitialRecogniser(model, source);
  const { fresh, widened } = weights;
  expect(weightsSummary(weights)).toMatch(
    /; new: .*backbone\.slow_path \(4\), backbone\.fast_path \(\d+\).*; with new inputs, which begin with 0: backbone\.slow_path \(8\); left out of the file: cls_head\.fc_cls\.weight$/,
  );
  const after = saveState(model);
  const stages = [1, 2, 3, 4].map((stage) => `backbone.slow_path.layer${stage}.0`);
  expect(widened).toEqual(
    stages.flatMap((stage) => ['conv1', 'downsample'].map((layer) => `${stage}.${layer}.conv.weight`)),
  );
  expect(fresh.every((name) => /\.fast_path\.|_lateral\.|^cls_head\./.test(name))).toBe(true);
  expect(fresh).toContain('cls_head.fc_cls.weight');
  expect(after.get('backbone.fast_path.conv1.conv.weight')).toEqual(before.get('backbone.fast_path.conv1.conv.weight'));
  const first = after.get('backbone.slow_path.layer1.0.conv1.conv.weight')!;
  expect(first.shape).toEqual([8, 24, 1, 1, 1]);
  const values = numbersOf(first);
  const own = numbersOf(source.get('backbone.layer1.0.conv1.conv.net.weight')!);
  for (let output = 0; output < 8; output++) {
    expect(values.subarray(24 * output, 24 * output + 8)).toEqual(own.subarray(8 * output, 8 * output + 8));
    expect(values.subarray(24 * output + 8, 24 * output + 24)).toEqual(new Float64Array(16));
  }
});

it('is for beginnings only, and for networks of the same widths', () => {
  const source = saveState(pictures('tsn'));
  expect(() => loadRecogniser(clips('i3d'), source)).toThrow(
    'shape      backbone.conv1.conv.weight: expected [8, 3, 5, 7, 7], got [8, 3, 7, 7]',
  );
  const wider = makeRecogniser({ kind: 'i3d', ...sizes, width: 16 }, new Initializer(null));
  expect(() => loadInitialRecogniser(wider, source)).toThrow(
    'shape      backbone.conv1.conv.weight: expected [16, 3, 5, 7, 7], got [8, 3, 7, 7]',
  );
});
