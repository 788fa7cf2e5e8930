import { type CompileOptions, compile, input, type Program, type TensorData } from 'onnxgrad';
import { freeze, Initializer } from 'onnxgrad/nn';
import { UserError } from '../../errors.ts';
import { fromHuggingFace, isHuggingFaceVideoMae } from '../../models/backbones/huggingFaceVideoMae.ts';
import {
  clipsOf,
  imageNet,
  loadVideoMae,
  normalised,
  VideoMae,
  videoMaeName,
  videoMaeSizes,
} from '../../models/backbones/index.ts';

/**
 * The VideoMAE that published weights are of, also Hugging Face's, filled with them: its sizes are read off their shapes.
 *
 * @throws UserError `unknown-weights` for those of another network, WeightsError for what does not fit
 */
export function videoMaeOf(published: ReadonlyMap<string, TensorData>, source: string): VideoMae {
  const tensors = isHuggingFaceVideoMae(published.keys()) ? fromHuggingFace(published) : published;
  const shapes = new Map(Array.from(tensors, ([name, { shape }]) => [videoMaeName(name), shape]));
  const patch = shapes.get('patch_embed.projection.weight');
  const hidden = shapes.get('blocks.0.mlp.layers.0.0.weight')?.[0];
  const size = Object.values(videoMaeSizes).find(({ width }) => width === patch?.[0]);
  if (!patch || !hidden || !size) {
    const found = patch ? `tokens of ${patch[0]} numbers` : 'no patch_embed.proj.weight';
    const known = Object.entries(videoMaeSizes).map(([name, { width }]) => `${width} (${name})`);
    throw new UserError('unknown-weights', `${source}: found ${found}; expected VideoMAE's, of ${known.join(', ')}`);
  }
  const [width, , tubeletFrames, patchPixels] = patch;
  const depth = [...shapes.keys()].filter((name) => /^blocks\.\d+\.norm1\.weight$/.test(name ?? '')).length;
  const model = new VideoMae(
    { width, depth, heads: size.heads, mlpRatio: hidden / width, tubeletFrames, patchPixels },
    new Initializer(null),
  );
  loadVideoMae(model, tensors);
  return model;
}

/** Features of single clips. */
export interface SnippetModel extends AsyncDisposable {
  readonly channels: number;
  /** Frames of a clip. */
  readonly clipFrames: number;
  readonly sizePixels: number;
  /** frames: [3, clipFrames, size, size], 0 to 255 → [channels] */
  features(frames: Uint8Array): Promise<Float32Array>;
}

/** The mean token of a clip, normed, by a network that stays as it was trained: what clips are classified by. */
export async function snippetModel(
  model: VideoMae,
  { sizePixels, ...engine }: { readonly sizePixels: number } & Pick<CompileOptions, 'device' | 'threads'>,
): Promise<SnippetModel> {
  freeze(model);
  const { clipFrames, width: channels } = model.options;
  const frames = input('frames', [1, 3, clipFrames, sizePixels, sizePixels], 'uint8');
  const clip = clipsOf(normalised(frames, imageNet), clipFrames);
  const program: Program<'features'> = await compile({ features: model.pooled(clip) }, engine);
  return {
    channels,
    clipFrames,
    sizePixels,
    async features(given) {
      const { features } = await program.run({ frames: given });
      return features.data as Float32Array;
    },
    [Symbol.asyncDispose]: () => program.dispose(),
  };
}
