import {
  add,
  cast,
  compileTraining,
  greater,
  less,
  mean,
  multiply,
  oneHot,
  range,
  reshape,
  softmax,
  sum,
  type Tensor,
  type TensorData,
  transpose,
} from 'onnxgrad';
import { Initializer, loadState, type Mode, parametersOf, saveState, training } from 'onnxgrad/nn';
import { clipByGlobalNorm, Sgd } from 'onnxgrad/optim';
import { unusedWeights } from '../../../packages/microaction/src/models/backbones/index.ts';
import { classificationLoss, embeddingLoss } from '../../../packages/microaction/src/models/heads/index.ts';
import { FrameHead } from '../../../packages/microaction/src/models/recognition/frameHead.ts';
import {
  FrameRecogniser,
  type FrameRecogniserOptions,
  type Recognised,
} from '../../../packages/microaction/src/models/recognition/index.ts';
import { tsmGroups } from '../../../packages/microaction/src/training/recognition/tsmGroups.ts';
import type { GoldenCase } from '../goldenCase.ts';
import { inBothModes } from './bothModes.ts';
import { evaluate, gradientsOf, inputsOf } from './evaluate.ts';
import { names, type Runner, tensorIn } from './runner.ts';

/** TSN and TSM: logits, cross entropy and its gradients. */
export const frameRecognisers: Runner = {
  recognises: (json) => names(json, 'what', /^(TSN|TSM) ResNet-50/),
  run: (golden) =>
    inBothModes(golden, (part, mode) => {
      const model = modelOf(golden, golden.json.text('what').startsWith('TSN') ? 'tsn' : 'tsm');
      const { recognised, stages, labels } = recognisedOf(golden, model, 'x', mode);
      const loss = classificationLoss(recognised.logits, oneHot(labels, model.classes));
      const { loss: loss_cls, ...gradients } = gradientsOf(part, loss, model, {});
      return { model, tensors: { cls_score: recognised.logits, feat: stages[3], loss_cls, ...gradients } };
    }),
};

/** MANet end to end: logits, embedding, both losses and their gradients. */
export const manet: Runner = {
  recognises: (json) => names(json, 'what', /^MANet end-to-end/),
  run: (golden) =>
    inBothModes(golden, (part, mode) => {
      const model = modelOf(golden, 'manet');
      const { recognised, stages, labels } = recognisedOf(golden, model, 'imgs', mode);
      const losses = jointLosses(golden, recognised, labels, golden.json.fields('hyper').number('emb_loss_weight'));
      const { logits, embedding } = recognised;
      const tensors = {
        layer1: stages[0],
        layer4: stages[3],
        cls_score: logits,
        ...(embedding && { emb_score: embedding }),
        test_prob: softmax(logits, 1),
        top1_acc: accuracy(logits, labels, 1),
        top5_acc: accuracy(logits, labels, 5),
        ...losses,
        ...gradientsOf(part, losses.loss_total, model, {}),
      };
      return { model, tensors };
    }),
};

/** MANet's head by itself. */
export const manetHead: Runner = {
  recognises: (json) => names(json, 'what', /^MANetHead\b/),
  run: async (golden) => {
    const hyper = golden.json.fields('hyper');
    const [vectorLength] = tensorIn(golden.weights, 'fc_emb.weight').shape;
    const sizes = { inputs: hyper.number('in_channels'), classes: hyper.number('num_classes'), vectorLength };
    const head = new FrameHead({ ...sizes, dropout: 0 }, new Initializer(null));
    loadState(head, golden.weights);
    const given = inputsOf(golden);
    const x = tensorIn(given, 'x');
    const recognised = head.apply(x, x.shape[0] / hyper.number('num_segments'));
    const weight = Number(/(\d+)\s*\*\s*MSE/.exec(golden.json.text('what'))?.[1]);
    const losses = jointLosses(golden, recognised, tensorIn(given, 'labels'), weight);
    const tensors = {
      cls_score: recognised.logits,
      ...(recognised.embedding && { emb_score: recognised.embedding }),
      ...losses,
      ...gradientsOf(golden, losses.loss_total, head, { x }),
    };
    return { computed: await evaluate(golden, tensors) };
  },
};

/** How MANet's weights are grouped, and some clipped steps of training on one batch. */
export const manetOptimizer: Runner = {
  recognises: (json) => names(json, 'what', /^TSMOptimizerConstructor\b/),
  run: async (golden) => {
    const hyper = golden.json.fields('hyper');
    const model = modelOf(golden, 'manet');
    const { recognised, labels } = recognisedOf(golden, model, 'imgs', training);
    const { loss_total } = jointLosses(golden, recognised, labels, hyper.number('emb_loss_weight', 50));
    const optimizer = new Sgd(parametersOf(model), {
      learningRate: hyper.number('lr'),
      momentum: hyper.number('momentum'),
      weightDecay: hyper.number('weight_decay'),
      groups: tsmGroups(model),
    });
    const [losses, norms]: [number[], number[]] = [[], []];
    await using program = await compileTraining(loss_total);
    const feeds = Object.fromEntries(golden.inputs);
    for (let step = 0; step < golden.json.numbers('losses').length; step++) {
      const { loss, gradients } = await program.run(feeds);
      losses.push(loss);
      norms.push(clipByGlobalNorm(gradients, hyper.fields('grad_clip').number('max_norm')));
      optimizer.step(gradients);
    }
    const steps = losses.length;
    const after = Array.from(saveState(model), ([name, tensor]) => [`after${steps}.${name}`, tensor] as const);
    const groups = optimizer.groups.flatMap(({ parameters, learningRate, weightDecay, momentum = 0 }) =>
      parameters.map(({ name }) => [`group of ${name}`, list([learningRate, weightDecay, momentum])] as const),
    );
    const computed = new Map<string, TensorData>([
      ...after,
      ...groups,
      ['losses', list(losses)],
      ['grad_norms_before_clip', list(norms)],
    ]);
    return { computed, expected: new Map([...outputsHere(golden), ...givenGroups(golden)]) };
  },
};

// ---- below: internals ----

/** Cases give frames that are normalised already, and drop nothing. */
function modelOf({ json, weights }: GoldenCase, kind: FrameRecogniserOptions['kind']): FrameRecogniser {
  const hyper = json.fields('hyper');
  const options: FrameRecogniserOptions = {
    kind,
    classes: tensorIn(weights, 'cls_head.fc_cls.bias').shape[0],
    width: hyper.number('base_channels'),
    depths: hyper.numbers('stage_blocks'),
    segments: hyper.number('num_segments'),
    foldDivisor: hyper.number('shift_div', 8),
    vectorLength: weights.get('cls_head.fc_emb.bias')?.shape[0],
    dropout: 0,
    normalisation: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  };
  const model = new FrameRecogniser(options, new Initializer(null));
  loadState(model, weights, { allowUnexpected: unusedWeights });
  return model;
}

/** What a model says of the case's clips, and on the way to it. */
function recognisedOf(
  golden: GoldenCase,
  model: FrameRecogniser,
  field: string,
  mode: Mode,
): { recognised: Recognised; stages: Tensor[]; labels: Tensor } {
  const given = inputsOf(golden);
  const clips = transpose(tensorIn(given, field), [0, 2, 1, 3, 4]); // to [N, 3, segments, height, width]
  const stages = model.backbone.stages(model.frames(clips), mode);
  const recognised = model.cls_head.apply(stages[3], clips.shape[0], mode);
  return { recognised, stages, labels: reshape(tensorIn(given, 'labels'), [-1]) };
}

/** Cases give the vector of each clip's label, not those of all labels: here every clip has a label of its own. */
function jointLosses(golden: GoldenCase, { logits, embedding }: Recognised, labels: Tensor, weight: number) {
  if (!embedding) throw new Error('the model has no embedding');
  const loss_ce = classificationLoss(logits, oneHot(labels, logits.shape[1]));
  const clips = logits.shape[0];
  const loss_mse = embeddingLoss(embedding, oneHot(range(clips), clips), tensorIn(inputsOf(golden), 'emb'));
  return { loss_ce, loss_mse, loss_total: add(loss_ce, multiply(loss_mse, weight)) };
}

/** The part of clips whose label has fewer than `count` classes above it. */
function accuracy(logits: Tensor, labels: Tensor, count: number): Tensor {
  const own = sum(multiply(logits, oneHot(labels, logits.shape[1])), 1, { keepAxes: true });
  const above = sum(cast(greater(logits, own), 'float32'), 1);
  return mean(cast(less(above, count), 'float32'));
}

/** Without weights that nothing uses, and the number of batches seen, which nothing here counts. */
const outputsHere = ({ outputs }: GoldenCase) =>
  [...outputs].filter(([name]) => !name.endsWith('.num_batches_tracked') && !unusedWeights.test(name));

/** Rate, decay and momentum of each weight that a model here has. */
const givenGroups = ({ json }: GoldenCase) =>
  json.each('param_groups').flatMap((group) =>
    group
      .texts('params')
      .filter((name) => !unusedWeights.test(name))
      .map(
        (name) =>
          [
            `group of ${name}`,
            list([group.number('lr'), group.number('weight_decay'), group.number('momentum')]),
          ] as const,
      ),
  );

const list = (values: readonly number[]): TensorData => ({
  dtype: 'float64',
  shape: [values.length],
  data: Float64Array.from(values),
});
