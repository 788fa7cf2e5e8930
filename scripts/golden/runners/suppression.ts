import { numbersOf, type TensorData } from 'onnxgrad';
import {
  type Decay,
  type Proposals,
  type SuppressionOptions,
  suppress,
} from '../../../packages/microaction/src/inference/suppression/index.ts';
import type { Fields } from '../fields.ts';
import { names, type Runner, tensorIn } from './runner.ts';

/** OpenTAD's suppression of one list of segments, in several settings: `SETTING.segments`, `.scores`, `.labels`. */
export const suppression: Runner = {
  recognises: (json) => names(json, 'model', /^1-D NMS/),
  run: async ({ json, inputs }) => {
    const proposals = proposalsOf(tensorIn(inputs, 'segments'), tensorIn(inputs, 'scores'), tensorIn(inputs, 'labels'));
    const config = json.fields('config');
    const computed = new Map<string, TensorData>();
    for (const setting of config.names) {
      const { starts, ends, scores, classes } = suppress(proposals, suppressionOptions(config.fields(setting)));
      const count = scores.length;
      const segments = Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? starts : ends)[i >> 1]);
      computed.set(`${setting}.segments`, { dtype: 'float32', shape: [count, 2], data: segments });
      computed.set(`${setting}.scores`, { dtype: 'float32', shape: [count], data: Float32Array.from(scores) });
      computed.set(`${setting}.labels`, { dtype: 'int32', shape: [count], data: Int32Array.from(classes) });
    }
    return { computed };
  },
};

/** As the arguments of OpenTAD's `batched_nms` say it. */
export function suppressionOptions(setting: Fields): SuppressionOptions {
  const isSoft = setting.flag('use_soft_nms', true);
  return {
    method: isSoft ? decayOf(setting) : { kind: 'hard', overlapThreshold: setting.number('iou_threshold') },
    minScore: setting.number('min_score', 0),
    maxCount: setting.number('max_seg_num', 100),
    classWise: setting.flag('multiclass', true),
    votingOverlap: setting.number('voting_thresh', 0),
  };
}

// ---- below: internals ----

function proposalsOf(segments: TensorData, scores: TensorData, labels: TensorData): Proposals {
  const bounds = numbersOf(segments);
  return {
    starts: Float32Array.from(bounds.filter((_, i) => i % 2 === 0)),
    ends: Float32Array.from(bounds.filter((_, i) => i % 2 === 1)),
    scores: Float32Array.from(numbersOf(scores)),
    classes: Int32Array.from(numbersOf(labels)),
  };
}

/** By OpenTAD's number of the method. */
function decayOf(setting: Fields): Decay {
  const method = setting.number('method', 2);
  const sigma = setting.number('sigma', 0.5);
  switch (method) {
    case 0:
      return { kind: 'zero', overlapThreshold: setting.number('iou_threshold') };
    case 1:
      return { kind: 'linear', overlapThreshold: setting.number('iou_threshold') };
    case 2:
      return { kind: 'gaussian', sigma };
    case 3:
      return { kind: 'gaussianByLength', sigma, base: setting.number('t1'), perLength: setting.number('t2') };
    default:
      throw new Error(`case.json: method is ${method}; expected 0, 1, 2 or 3`);
  }
}
