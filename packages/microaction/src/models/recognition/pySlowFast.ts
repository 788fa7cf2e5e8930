import { arrayFrom, numbersOf, type TensorData } from 'onnxgrad';
import type { WeightLayout } from './weightLayouts.ts';

/**
 * I3D. PySlowFast's keeps all frames before its stages: `thinning` 1. All its networks were trained on pictures with mean
 * 114.75 and deviation 57.375 (`normalisation`).
 */
export const pySlowFastOne: WeightLayout = {
  name: 'PySlowFast, one pathway',
  recognises: (names) => names.has('s1.pathway0_stem.conv.weight') && !isTwofold(names),
  rename: (name) => renamed(name, () => ''),
};

/**
 * SlowFast. Its connections are normalised there: they load whole into a model with `lateral: { normalised: true }`. Its
 * classifier reads the slow pathway first, here the fast one.
 */
export const pySlowFastTwo: WeightLayout = {
  name: 'PySlowFast, two pathways',
  recognises: (names) => names.has('s1.pathway0_stem.conv.weight') && isTwofold(names),
  rename: (name) => renamed(name, (pathway) => (pathway === '0' ? 'slow_path.' : 'fast_path.')),
  reorder: (name, tensor, tensors) => {
    const fast = tensors.get('s5.pathway1_res0.branch2.c.weight')?.shape[0];
    return name === 'head.projection.weight' && fast ? lastFirst(tensor, fast) : tensor;
  },
};

// ---- below: internals ----

const isTwofold = (names: ReadonlySet<string>): boolean => names.has('s1.pathway1_stem.conv.weight');

function renamed(name: string, place: (pathway: string) => string): string | undefined {
  const stem = /^s1\.pathway(\d)_stem\.(conv|bn)\.(\w+)$/.exec(name);
  if (stem) return `backbone.${place(stem[1])}conv1.${stem[2]}.${stem[3]}`;
  const block = /^s([2-5])\.pathway(\d)_res(\d+)\.branch(1|2\.[abc])(_bn)?\.(\w+)$/.exec(name);
  if (block) {
    const [, stage, pathway, index, branch, norm, kind] = block;
    const layer = branch === '1' ? 'downsample' : `conv${'abc'.indexOf(branch[2]) + 1}`;
    return `backbone.${place(pathway)}layer${Number(stage) - 1}.${index}.${layer}.${norm ? 'bn' : 'conv'}.${kind}`;
  }
  const fuse = /^s([1-4])_fuse\.(conv_f2s|bn)\.(\w+)$/.exec(name);
  if (fuse) {
    const [, stage, layer, kind] = fuse;
    const before = stage === '1' ? 'conv1' : `layer${Number(stage) - 1}`;
    return `backbone.${place('0')}${before}_lateral.${layer === 'bn' ? 'bn' : 'conv'}.${kind}`;
  }
  return name.startsWith('head.projection.') ? name.replace('head.projection.', 'cls_head.fc_cls.') : undefined;
}

/** Rows whose last so many numbers come first. */
function lastFirst(tensor: TensorData, count: number): TensorData {
  const [rows, width] = tensor.shape;
  const source = numbersOf(tensor);
  const values = source.map((_, i) => {
    const column = i % width;
    return source[i - column + ((column + width - count) % width)];
  });
  return { dtype: 'float32', shape: [rows, width], data: arrayFrom('float32', values) };
}
