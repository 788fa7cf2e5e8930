import { reshape, slice, type Tensor, type TensorData, transpose } from 'onnxgrad';
import { Initializer, inference, training } from 'onnxgrad/nn';
import { denseProposals } from '../../../packages/microaction/src/inference/denseProposals.ts';
import { ActionFormer, loadDetector } from '../../../packages/microaction/src/models/detection/index.ts';
import {
  type AnchorFreeLosses,
  levelLengths,
  type Predictions,
  type Proposed,
  type Targets,
  type Truth,
} from '../../../packages/microaction/src/models/heads/index.ts';
import type { Tensors } from '../compare.ts';
import type { GoldenCase } from '../goldenCase.ts';
import { decoded } from './decoded.ts';
import { actionFormerOptions } from './detectorOptions.ts';
import { evaluate, gradientsOf, inputsOf } from './evaluate.ts';
import { names, type Runner, tensorIn } from './runner.ts';

/** ActionFormer from features: all levels, losses with their gradients, what points are to find, and what is found. */
export const actionFormer: Runner = {
  recognises: (json) => names(json, 'model', /^ActionFormer \(OpenTAD\)/),
  run: async (golden) => {
    const model = new ActionFormer(actionFormerOptions(golden.json.fields('config')), new Initializer(null));
    loadDetector(model, golden.weights);
    const given = inputsOf(golden);
    const [features, masks] = ['features', 'masks'].map((name) => tensorIn(given, name));
    const [batch, , steps] = features.shape;
    const targets = model.assign(truths(golden.inputs, batch), steps);
    const wanted = model.targetInputs(batch, steps);

    // Cases drop nothing in training.
    const predictions = model.predict(features, masks, inference);
    const losses = model.lossesOf(predictions, wanted, steps, training);
    const tensors = {
      ...pyramid(model, features, masks),
      ...perLevel(predictions, levelLengths(model.rpn_head, model.paddedSteps(steps))),
      ...lossTensors(losses),
      ...gradientsOf(golden, losses.total, model, { features }),
    };
    const inputs = new Map([...golden.inputs, ...targetData(targets, batch)]);
    const lists = decoded(golden);
    const computed = new Map([
      ...(await evaluate({ ...golden, inputs }, tensors)),
      ...(await proposals(golden, model.propose(features, masks))),
      ...points(model, model.paddedSteps(steps)),
      ...Array.from(targetData(targets, batch), ([name, tensor]) => [`target.${shortNames[name]}`, tensor] as const),
      ...lists.computed,
    ]);
    return { computed, expected: new Map([...golden.outputs, ...lists.expected]) };
  },
};

/** What is to be found in each window of a case. */
export const truths = (inputs: Tensors, batch: number): Truth[] =>
  Array.from({ length: batch }, (_, window) => {
    const bounds = tensorIn(inputs, `gt_segments.${window}`).data as Float32Array;
    return {
      starts: bounds.filter((_, i) => i % 2 === 0),
      ends: bounds.filter((_, i) => i % 2 === 1),
      classes: Int32Array.from(tensorIn(inputs, `gt_labels.${window}`).data, Number),
    };
  });

/** Targets as a program takes them. */
export function targetData({ classes, distances }: Targets, batch: number): Map<string, TensorData> {
  const tensor = (data: Float32Array, width: number): TensorData => ({
    dtype: 'float32',
    shape: [batch, data.length / batch / width, width],
    data,
  });
  const points = distances.length / batch / 2;
  return new Map([
    ['classes', tensor(classes, classes.length / batch / points)],
    ['distances', tensor(distances, 2)],
  ]);
}

/** Losses by the names of the cases. */
export const lossTensors = ({ total, classification, distances, normaliser }: AnchorFreeLosses) => ({
  'loss.cls_loss': classification,
  'loss.reg_loss': distances,
  'loss.cost': total,
  loss_normalizer_after: normaliser,
});

/** Segments and scores of each window at valid points, by the names of the cases. */
export async function proposals(golden: GoldenCase, proposed: Proposed): Promise<Tensors> {
  const outputs = new Map(Object.keys(proposed).map((name) => [name, tensorIn(golden.inputs, 'masks')]));
  const found = await evaluate({ ...golden, outputs }, { ...proposed });
  const [segments, scores, valid] = ['segments', 'scores', 'valid'].map((name) => tensorIn(found, name));
  return new Map(
    denseProposals({ segments, scores, valid }).flatMap((dense, window): [string, TensorData][] => {
      const tensor = (data: Float32Array, width: number) =>
        ({ dtype: 'float32', shape: [data.length / width, width], data }) as const;
      return [
        [`eval.proposals.${window}`, tensor(dense.segments, 2)],
        [`eval.scores.${window}`, tensor(dense.scores, dense.classes)],
      ];
    }),
  );
}

// ---- below: internals ----

const shortNames: Readonly<Record<string, string>> = { classes: 'cls', distances: 'reg' };

/** What goes into the neck and comes out of it, channels first. */
function pyramid(model: ActionFormer, features: Tensor, masks: Tensor): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  const { projected, normed } = model.pyramid(features, masks);
  for (const [level, { features, mask }] of projected.entries()) {
    tensors[`eval.proj.${level}`] = transpose(features, [0, 2, 1]);
    tensors[`eval.neck.${level}`] = transpose(normed[level].features, [0, 2, 1]);
    for (const mode of ['eval', 'train']) tensors[`${mode}.mask.${level}`] = reshape(mask, mask.shape.slice(0, 2));
  }
  return tensors;
}

/** What the head says, level by level, channels first. */
function perLevel({ logits, distances }: Predictions, lengths: readonly number[]): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  let start = 0;
  for (const [level, length] of lengths.entries()) {
    const of = (x: Tensor) => transpose(slice(x, 1, start, start + length), [0, 2, 1]);
    tensors[`train.cls_pred.${level}`] = of(logits);
    tensors[`train.reg_pred.${level}`] = of(distances);
    start += length;
  }
  return tensors;
}

/** Position, range and stride of each point, level by level. */
function points(model: ActionFormer, steps: number): [string, TensorData][] {
  const { positions, nears, fars, strides } = model.rpn_head.points(steps);
  let start = 0;
  return levelLengths(model.rpn_head, steps).map((length, level) => {
    const columns = [positions, nears, fars, strides].map((column) => column.subarray(start, start + length));
    start += length;
    const data = Float32Array.from({ length: 4 * length }, (_, i) => columns[i % 4][i >> 2]);
    return [`points.${level}`, { dtype: 'float32', shape: [length, 4], data }];
  });
}
