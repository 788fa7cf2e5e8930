import type { TensorData } from 'onnxgrad';
import { pySlowFastOne, pySlowFastTwo } from './pySlowFast.ts';

/** A way in which published files name the weights of recognisers. */
export interface WeightLayout {
  /** What the files are, in words: `torchvision's ResNet`. */
  readonly name: string;
  /** Whether a file names its weights so, by all its names; `module.` is off them. */
  readonly recognises: (names: ReadonlySet<string>) => boolean;
  /** From a name in the file to mmaction2's, which is the model's; undefined for what is of no use to a recogniser. */
  readonly rename: (name: string) => string | undefined;
  /** A tensor of the file with its numbers in mmaction2's order, where the file has another. */
  readonly reorder?: (name: string, tensor: TensorData, tensors: ReadonlyMap<string, TensorData>) => TensorData;
}

/** ResNets over pictures as torchvision publishes them, and with `backbone.` before the names as mmpretrain does. */
export const torchvisionResNet: WeightLayout = {
  name: 'ResNet over pictures, as in torchvision',
  recognises: (names) => ['', 'backbone.'].some((prefix) => names.has(`${prefix}bn1.weight`)),
  rename: (published) => {
    const name = published.replace(/^backbone\./, '');
    if (/^(fc|head)\./.test(name)) return undefined;
    return `backbone.${name
      .replace(/(^|\.)conv(\d)\./, '$1conv$2.conv.')
      .replace(/(^|\.)bn(\d)\./, '$1conv$2.bn.')
      .replace('.downsample.0.', '.downsample.conv.')
      .replace('.downsample.1.', '.downsample.bn.')}`;
  },
};

/** Recognisers of mmaction2, 0.x and 1.x, MANet among them, or their backbones alone; and what is trained here. */
export const mmaction: WeightLayout = {
  name: 'mmaction2',
  recognises: (names) =>
    [...names].some((name) => /^(backbone|cls_head)\./.test(name)) ||
    ['', 'slow_path.'].some((prefix) => names.has(`${prefix}conv1.conv.weight`)) ||
    names.has('conv1a.conv.weight'),
  rename: (name) => (/^(backbone|cls_head)\./.test(name) ? name : `backbone.${name}`),
};

/** Those that are known; the first that recognises a file is its layout. */
export const weightLayouts: readonly WeightLayout[] = [torchvisionResNet, mmaction, pySlowFastOne, pySlowFastTwo];
