import { add, reshape, type Tensor } from 'onnxgrad';
import { Initializer, loadState } from 'onnxgrad/nn';
import {
  clipFeatures,
  clipsOf,
  imageNet,
  mayLack,
  normalised,
  VideoMae,
  type VideoMaeOptions,
  videoMaeName,
} from '../../../packages/microaction/src/models/backbones/index.ts';
import type { Fields } from '../fields.ts';
import type { GoldenCase } from '../goldenCase.ts';
import { adapterOptions } from './adapterOptions.ts';
import { evaluate, gradientsOf, inputsOf, weighed } from './evaluate.ts';
import { names, type Runner, tensorIn } from './runner.ts';

/** VideoMAE's transformer: from clips to a feature map, or with adapters from the frames of videos to their features. */
export const videoMae: Runner = {
  recognises: (json) => names(json, 'model', /^VideoMAE ViT\b/),
  checkpoints: { rename: videoMaeName, mayLack },
  run: async (golden) => {
    const model = new VideoMae(optionsOf(golden), new Initializer(null));
    loadState(model, golden.weights);
    if (model.options.adapter) model.freezeAllButAdapters();
    const given = inputsOf(golden);
    const cotangent = tensorIn(given, 'cotangent');
    const frames = given.get('frames');
    if (!frames) {
      const video = tensorIn(given, 'video');
      const loss = weighed(model.featureMap(video), cotangent);
      const tensors = { ...inside(model, video, 1), ...gradientsOf(golden, loss, model, { video }) };
      return { computed: await evaluate(golden, tensors) };
    }
    const videos = reshape(frames, [-1, ...frames.shape.slice(-4)]); // [B, 3, T, H, W]
    const clips = clipsOf(normalised(videos, normalisationOf(golden.json.fields('config'))), model.options.clipFrames);
    const clipsPerVideo = clips.shape[0] / videos.shape[0];
    const features = clipFeatures(model, clips, { clipsPerVideo, steps: cotangent.shape[2] });
    const loss = weighed(features, cotangent);
    // The clips that the reference made of the frames lie among the inputs: they are held against those made here.
    const withClips = { ...golden, outputs: new Map([...golden.outputs, ['clips', tensorIn(golden.inputs, 'clips')]]) };
    const tensors = {
      clips,
      features,
      ...inside(model, clips, clipsPerVideo),
      ...gradientsOf(golden, loss, model, { clips }),
    };
    return { computed: await evaluate(withClips, tensors), expected: withClips.outputs };
  },
};

/** As the case says it, in mmaction2's words. */
export function optionsOf({ json, weights }: Pick<GoldenCase, 'json' | 'weights'>): VideoMaeOptions {
  const config = json.fields('config');
  const adapter = adapterOptions(json, weights);
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

const normalisationOf = (config: Fields) => ({
  mean: config.numbers('mean', imageNet.mean),
  deviation: config.numbers('std', imageNet.deviation),
});

/** What the model makes on the way, by the names of the cases. */
function inside(model: VideoMae, clips: Tensor, clipsPerVideo: number): Record<string, Tensor> {
  const [steps, rows, columns] = model.gridOf(clips);
  const grid = { videos: clips.shape[0] / clipsPerVideo, steps: steps * clipsPerVideo, rows, columns };
  const positions = model.positions([steps, rows, columns]);
  const patches = model.embed(clips);
  const tensors: Record<string, Tensor> = { patch_embed: patches, pos_embed_interpolated: positions };
  let x = add(patches, positions);
  for (const [position, block] of model.blocks.entries()) {
    tensors[`block${position}.adapter_in`] = block.mix(x);
    x = block.apply(x, grid);
    tensors[`block${position}`] = x;
  }
  const run = { clipsPerVideo };
  return { ...tensors, feat_map: model.featureMap(clips, run), pooled: model.pooled(clips, run) };
}
