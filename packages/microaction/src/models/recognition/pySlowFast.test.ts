import { numbersOf, type TensorData } from 'onnxgrad';
import { Initializer, saveState } from 'onnxgrad/nn';
import { expect, it } from 'vitest';
import {
  loadInitialRecogniser,
  loadRecogniser,
  makeRecogniser,
  type RecogniserOptions,
  weightsSummary,
} from './index.ts';
import { pySlowFastOne, pySlowFastTwo } from './pySlowFast.ts';

const sizes = { classes: 5, width: 8, depths: [1, 2, 1, 1] } as const;
const published: RecogniserOptions = { kind: 'slowfast', ...sizes, fastWidth: 2, lateral: { normalised: true } };

it.each([
  ['s1.pathway0_stem.conv.weight', 'conv1.conv.weight'],
  ['s1.pathway0_stem.bn.running_var', 'conv1.bn.running_var'],
  ['s2.pathway0_res0.branch1.weight', 'layer1.0.downsample.conv.weight'],
  ['s2.pathway0_res0.branch1_bn.bias', 'layer1.0.downsample.bn.bias'],
  ['s4.pathway0_res5.branch2.a.weight', 'layer3.5.conv1.conv.weight'],
  ['s5.pathway0_res2.branch2.b_bn.running_mean', 'layer4.2.conv2.bn.running_mean'],
  ['s3.pathway0_res1.branch2.c.weight', 'layer2.1.conv3.conv.weight'],
])('%s is %s', (name, ours) => {
  expect(pySlowFastOne.rename(name)).toBe(`backbone.${ours}`);
  expect(pySlowFastTwo.rename(name)).toBe(`backbone.slow_path.${ours}`);
  expect(pySlowFastTwo.rename(name.replace('pathway0', 'pathway1'))).toBe(`backbone.fast_path.${ours}`);
});

it('loads SlowFast whole into one whose connections are normalised, its classifier in the order read here', () => {
  const [source, model] = [
    saveState(makeRecogniser(published, new Initializer(1))),
    makeRecogniser(published, new Initializer(2)),
  ];
  const file = asPySlowFast(source, 8 * 8 * 4);
  expect(file.has('s1_fuse.conv_f2s.weight') && file.has('s4_fuse.bn.running_var')).toBe(true);
  const { layout, fresh, dropped } = loadRecogniser(model, file);
  expect({ layout, fresh, dropped }).toEqual({ layout: 'PySlowFast, two pathways', fresh: [], dropped: [] });
  for (const [name, tensor] of saveState(model)) {
    expect(numbersOf(tensor), name).toEqual(numbersOf(source.get(name)!));
  }
});

it('says that connections are normalised there where they are not here', () => {
  const file = asPySlowFast(saveState(makeRecogniser(published, new Initializer(1))), 8 * 8 * 4);
  const plain = makeRecogniser({ ...published, lateral: {} } as RecogniserOptions, new Initializer(2));
  expect(() => loadRecogniser(plain, file)).toThrow('unexpected backbone.slow_path.conv1_lateral.bn.weight [4]');
  const weights = loadInitialRecogniser(plain, file);
  const { dropped } = weights;
  expect(dropped.length).toBe(4 * 5);
  expect(dropped).toContain('s3_fuse.bn.running_mean');
  expect(weightsSummary(weights)).toMatch(
    /^\d+ tensors loaded, PySlowFast, two pathways; left out of the file: s1_fuse\.bn \(5\), s2_fuse\.bn \(5\), s3_/,
  );
});

it('loads I3D', () => {
  const options = { kind: 'i3d', ...sizes, thinning: 1 } as const;
  const [source, model] = [
    saveState(makeRecogniser(options, new Initializer(1))),
    makeRecogniser(options, new Initializer(2)),
  ];
  expect(loadRecogniser(model, asPySlowFast(source)).layout).toBe('PySlowFast, one pathway');
  expect(saveState(model)).toEqual(source);
});

/** Weights as PySlowFast would have saved them; its classifier reads so many channels of the slow pathway first. */
function asPySlowFast(state: ReadonlyMap<string, TensorData>, slowChannels = 0): Map<string, TensorData> {
  return new Map(
    Array.from(state, ([name, tensor]) => {
      if (name === 'cls_head.fc_cls.weight') return ['head.projection.weight', slowFirst(tensor, slowChannels)];
      const place = name
        .replace('cls_head.fc_cls.', 'head.projection.')
        .replace(/^backbone\.(slow_path\.)?(?=conv1\.|layer\d\.)/, 'pathway0.')
        .replace(/^backbone\.fast_path\./, 'pathway1.')
        .replace(/^(pathway\d)\.conv1\./, 's1.$1_stem.')
        .replace(
          /^(pathway\d)\.layer(\d)\.(\d+)\./,
          (_, pathway, layer, block) => `s${Number(layer) + 1}.${pathway}_res${block}.`,
        )
        .replace(
          /^backbone\.slow_path\.(conv1|layer(\d))_lateral\./,
          (_, _stem, layer) => `s${Number(layer ?? 0) + 1}_fuse.`,
        )
        .replace(/_fuse\.conv\./, '_fuse.conv_f2s.')
        .replace(/\.downsample\.conv\./, '.branch1.')
        .replace(/\.downsample\.bn\./, '.branch1_bn.')
        .replace(/(_res\d+)\.conv(\d)\.conv\./, (_, block, layer) => `${block}.branch2.${'abc'[layer - 1]}.`)
        .replace(/(_res\d+)\.conv(\d)\.bn\./, (_, block, layer) => `${block}.branch2.${'abc'[layer - 1]}_bn.`);
      return [place, tensor];
    }),
  );
}

/** Rows with the last so many columns in front. */
function slowFirst(tensor: TensorData, slowChannels: number): TensorData {
  const [rows, width] = tensor.shape;
  const values = numbersOf(tensor);
  const data = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * width, (row + 1) * width);
    data.set([...own.subarray(width - slowChannels), ...own.subarray(0, width - slowChannels)], row * width);
  }
  return { dtype: 'float32', shape: tensor.shape, data };
}
