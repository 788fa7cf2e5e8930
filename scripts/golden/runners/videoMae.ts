import { add, reshape, type Tensor } from 'onnxgrad';
import { Initializer, loadState } from 'onnxgrad/nn';
import type { AdapterOptions } from '../../../packages/microaction/src/models/adapters/index.ts';
import {
  clipFeatures,
  clipsOf,
  imageNet,
  mayLack,
  normalised,
  tokenGrid,
  VideoMae,
  type VideoMaeOptions,
  videoFeatures,
  videoMaeName,
} from '../../../packages/microaction/src/models/backbones/index.ts';
import type { Fields } from '../fields.ts';
import type { GoldenCase } from '../goldenCase.ts';
import { adapterOptions } from './adapterOptions.ts';
import { evaluate, gradientsOf, inputsOf, weighed } from './evaluate.ts';
import { names, type Results, type Runner, tensorIn } from './runner.ts';

/** VideoMAE's transformer: from clips to a feature map, or with adapters from the frames of videos to their features. */
export const videoMae: Runner = {
  recognises: (json) => names(json, 'model', /^VideoMAE ViT\b/),
  checkpoints: { rename: videoMaeName, mayLack },
  run: async (golden) => {
    const model = new VideoMae(optionsOf(golden), new Initializer(null));
    loadState(model, golden.weights);
    if (model.options.adapter) model.freezeAllButAdapters();
    return golden.inputs.has('frames') ? ofFrames(golden, model) : ofClips(golden, model);
  },
};

/** As a case says it, in mmaction2's words. */
export function videoMaeOptions(config: Fields, adapter?: AdapterOptions): VideoMaeOptions {
  const depth = config.number('depth');
  const everyBlock = Array.from({ length: depth }, (_, position) => position);
  return {
    width: config.number('embed_dims'),
    depth,
    heads: config.number('num_heads'),
    mlpRatio: config.number('mlp_ratio', 4),
    patchPixels: config.number('patch_size', 16),
    tubeletFrames: config.number('tubelet_size', 2),
    picturePixels: config.number('img_size', 224),
    clipFrames: config.number('num_frames', 16),
    channels: config.number('in_channels', 3),
    qkvBias: config.flag('qkv_bias', true),
    epsilon: config.number('layer_norm_eps', 1e-6),
    ...(adapter && { adapter: { ...adapter, blocks: config.numbers('adapter_index', everyBlock) } }),
  };
}

// ---- below: internals ----

/** From clips to their feature map. */
async function ofClips(golden: GoldenCase, model: VideoMae): Promise<Results> {
  const given = inputsOf(golden);
  const video = tensorIn(given, 'video');
  const loss = weighed(model.featureMap(video), tensorIn(given, 'cotangent'));
  const tensors = { ...inside(model, video, 1), ...gradientsOf(golden, loss, model, { video }) };
  return { computed: await evaluate(golden, tensors) };
}

/** From the frames of videos to their features; the clips that the reference made of them on the way are inputs as well. */
async function ofFrames(golden: GoldenCase, model: VideoMae): Promise<Results> {
  const given = inputsOf(golden);
  const [frames, clips, cotangent] = ['frames', 'clips', 'cotangent'].map((name) => tensorIn(given, name));
  const videos = reshape(frames, [-1, ...frames.shape.slice(-4)]); // [B, 3, T, H, W]
  const normalisation = normalisationOf(golden.json.fields('config'));
  const clipsPerVideo = clips.shape[0] / videos.shape[0];
  const steps = cotangent.shape[2];
  const outputs = new Map([...golden.outputs, ['clips made', tensorIn(golden.inputs, 'clips')]]);
  const loss = weighed(clipFeatures(model, clips, { clipsPerVideo, steps }), cotangent);
  const tensors = {
    'clips made': clipsOf(normalised(videos, normalisation), model.options.clipFrames),
    features: videoFeatures(model, videos, { normalisation, steps }),
    ...inside(model, clips, clipsPerVideo),
    ...gradientsOf(golden, loss, model, { clips }),
  };
  return { computed: await evaluate({ ...golden, outputs }, tensors), expected: outputs };
}

function optionsOf({ json, weights }: GoldenCase): VideoMaeOptions {
  return videoMaeOptions(json.fields('config'), adapterOptions(json, weights));
}

const normalisationOf = (config: Fields) => ({
  mean: config.numbers('mean', imageNet.mean),
  deviation: config.numbers('std', imageNet.deviation),
});

/** What the model makes on the way, by the names of the cases. */
function inside(model: VideoMae, clips: Tensor, clipsPerVideo: number): Record<string, Tensor> {
  const counts = model.patch_embed.grid(clips.shape);
  const grid = tokenGrid(clips.shape[0], counts, clipsPerVideo);
  const positions = model.positions(counts);
  const patches = model.patch_embed.apply(clips);
  const tensors: Record<string, Tensor> = { patch_embed: patches, pos_embed_interpolated: positions };
  let x = add(patches, positions);
  for (const [position, block] of model.blocks.entries()) {
    tensors[`block${position}.adapter_in`] = block.apply(x);
    x = block.adapted(x, grid);
    tensors[`block${position}`] = x;
  }
  const run = { clipsPerVideo };
  return { ...tensors, feat_map: model.featureMap(clips, run), pooled: model.pooled(clips, run) };
}
