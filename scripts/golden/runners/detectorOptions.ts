import type { ActionFormerOptions } from '../../../packages/microaction/src/models/detection/index.ts';
import type { PointLevel } from '../../../packages/microaction/src/models/heads/index.ts';
import type { Fields } from '../fields.ts';

/** An ActionFormer as OpenTAD's configuration says it. */
export function actionFormerOptions(config: Fields): ActionFormerOptions {
  const [projection, head] = [config.fields('projection'), config.fields('rpn_head')];
  const [convolutions, stemBlocks, branchBlocks] = projection.numbers('arch');
  const attention = projection.fields('attn_cfg');
  const window = attention.raw('n_mha_win_size');
  return {
    inputs: projection.number('in_channels'),
    features: projection.number('out_channels'),
    classes: head.number('num_classes'),
    convolutions,
    kernel: projection.fields('conv_cfg').number('kernel_size'),
    stemBlocks,
    levels: branchBlocks + 1,
    heads: attention.number('n_head'),
    window: Array.isArray(window) ? window.map(windowOf) : windowOf(attention.number('n_mha_win_size')),
    positions: projection.flag('use_abs_pe', false),
    maxSteps: projection.number('max_seq_len', 2304),
    dropPath: projection.number('path_pdrop', 0),
    inputDropout: projection.number('input_pdrop', 0),
    headConvolutions: head.number('num_convs', 3),
    pointLevels: pointLevels(head.fields('prior_generator')),
    prior: head.number('cls_prior_prob', 0.01),
    centreRadius: head.number('center_sample_radius', 1.5),
    labelSmoothing: head.number('label_smoothing', 0),
    distanceWeight: head.number('loss_weight', 1),
    initialNormaliser: head.number('loss_normalizer', 100),
    normaliserMomentum: head.number('loss_normalizer_momentum', 0.9),
  };
}

// ---- below: internals ----

/** OpenTAD attends to all steps where the window is 1 or less. */
const windowOf = (window: number): number | null => (window > 1 ? window : null);

function pointLevels(generator: Fields): PointLevel[] {
  const ranges = generator.raw('regression_range') as readonly (readonly [number, number])[];
  return generator.numbers('strides').map((stride, level) => {
    const [near, far] = ranges[level];
    return { stride, near, far };
  });
}
