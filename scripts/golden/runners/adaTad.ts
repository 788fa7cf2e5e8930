import { compileTraining, reshape, type Tensor, type TensorData } from 'onnxgrad';
import { Initializer, inference, parametersOf, stateOf, training } from 'onnxgrad/nn';
import { AdamW, type AdamWOptions, clipByGlobalNorm, Ema, warmupCosine } from 'onnxgrad/optim';
import { loadDetector, VideoDetector } from '../../../packages/microaction/src/models/detection/index.ts';
import type { Tensors } from '../compare.ts';
import type { Fields } from '../fields.ts';
import type { GoldenCase } from '../goldenCase.ts';
import { lossTensors, proposals, targetData, truths } from './actionFormer.ts';
import { kernelOf } from './adapterOptions.ts';
import { actionFormerOptions } from './detectorOptions.ts';
import { evaluate, inputsOf } from './evaluate.ts';
import { names, type Runner, tensorIn } from './runner.ts';
import { videoMaeOptions } from './videoMae.ts';

/** AdaTAD end to end: what it finds in frames, and some steps of training with all that belongs to them. */
export const adaTad: Runner = {
  recognises: (json) => names(json, 'model', /^AdaTAD\b/),
  run: async (golden) => {
    const model = modelOf(golden);
    loadDetector(model, golden.weights);
    const given = inputsOf(golden);
    const [frames, mask] = ['frames', 'masks'].map((name) => tensorIn(given, name));
    const videos = reshape(frames, [-1, ...frames.shape.slice(-4)]); // [B, 3, T, H, W]
    const features = model.features(videos, { steps: mask.shape[1] });
    const before = [
      ...(await evaluate(golden, { 'eval.features': features })),
      ...(await proposals(golden, model.propose(videos, mask))),
    ];
    return { computed: new Map([...before, ...(await trained(golden, model, features, mask))]) };
  },
};

// ---- below: internals ----

function modelOf({ json, weights }: GoldenCase): VideoDetector {
  const config = json.fields('config');
  const vit = config.fields('vit');
  const hiddenRatio = vit.number('adapter_mlp_ratio', 1 / 4);
  const backbone = videoMaeOptions(vit, { kind: 'tia', hiddenRatio, kernelSteps: kernelOf(weights) });
  const detector = actionFormerOptions(config.fields('detector'));
  return new VideoDetector({ backbone, detector }, new Initializer(null));
}

/** Steps of training as the case lays down, on the same batch: losses and gradients of each, and what weights become. */
async function trained(golden: GoldenCase, model: VideoDetector, features: Tensor, mask: Tensor): Promise<Tensors> {
  const { json, inputs } = golden;
  const [batch, steps] = mask.shape;
  const { detector } = model;
  const wanted = detector.targetInputs(batch, steps);
  // Cases drop nothing in training.
  const predictions = detector.predict(features, mask, inference);
  const { 'loss.cost': total, ...outputs } = lossTensors(detector.lossesOf(predictions, wanted, steps, training));

  const settings = json.fields('optimiser');
  const parameters = parametersOf(model);
  const optimizer = new AdamW(parameters, optimizerOptions(settings));
  const rates = settings.fields('schedule');
  const rate = warmupCosine({
    warmupSteps: rates.number('warmup_iters'),
    totalSteps: rates.number('max_iters'),
    startLearningRate: rates.number('warmup_start_lr', 0),
    minLearningRate: rates.number('eta_min', 0),
  });
  const ema = new Ema(stateOf(model).values(), {
    decay: settings.number('ema_decay'),
    truncated: ['rpn_head.loss_normalizer'],
  });

  const computed = new Map<string, TensorData>();
  const stepRates: number[] = [];
  await using program = await compileTraining(total, { outputs });
  const feeds = {
    frames: tensorIn(inputs, 'frames'),
    masks: tensorIn(inputs, 'masks'),
    ...Object.fromEntries(targetData(detector.assign(truths(inputs, batch), steps), batch)),
  };
  for (let step = 0; step < settings.number('steps'); step++) {
    const found = await program.run(feeds);
    if (step === 0) {
      computed.set('loss.cost', single(found.loss));
      for (const [name, tensor] of Object.entries(found.outputs)) computed.set(name, tensor);
      for (const { name, shape } of parameters) {
        const gradient = found.gradients.get(name);
        if (gradient) computed.set(`grad.${name}`, { dtype: 'float32', shape, data: gradient.slice() });
      }
    }
    detector.remember(found.outputs.loss_normalizer_after);
    computed.set(`step${step}.loss`, single(found.loss));
    const norm = clipByGlobalNorm(found.gradients, settings.number('clip_grad_norm'));
    computed.set(`step${step}.grad_norm`, single(norm));
    optimizer.step(found.gradients, { learningRate: (base) => rate(step, base) });
    stepRates.push(...optimizer.groups.map(({ learningRate }) => rate(step, learningRate)));
    ema.update();
  }
  const groups = optimizer.groups.length;
  computed.set('lrs', {
    dtype: 'float64',
    shape: [stepRates.length / groups, groups],
    data: Float64Array.from(stepRates),
  });
  for (const [name, { dtype, shape, data }] of stateOf(model)) computed.set(`after.${name}`, { dtype, shape, data });
  for (const [name, tensor] of ema.averaged()) computed.set(`ema.${name}`, tensor);
  return computed;
}

/** The groups by the names that the case lists; every trained weight must be in one. */
function optimizerOptions(settings: Fields): AdamWOptions {
  const groups = settings.each('groups').map((group, position) => {
    const members = new Set(group.texts('params'));
    return {
      name: `group ${position}`,
      match: ({ name }: { readonly name: string }) => members.has(name),
      learningRate: group.number('lr'),
      weightDecay: group.number('weight_decay'),
    };
  });
  const [beta1, beta2] = settings.numbers('betas');
  return { learningRate: 0, betas: [beta1, beta2], epsilon: settings.number('eps'), groups };
}

const single = (value: number): TensorData => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
