import { stateOf } from 'onnxgrad/nn';
import type { VideoDetector } from '../../models/detection/index.ts';
import { seededRandom } from '../../random.ts';
import { type DetectionRecipe, parseRecipe } from '../../training/recipe.ts';
import type { Frame, Video } from '../../video/video.ts';
import { detectorOf } from './trainedModel.ts';

// A small detector and videos in memory for tests, also in browsers. Not part of the library.

export const toyRecipe: DetectionRecipe = parseRecipe(
  {
    task: 'detection',
    name: 'toy',
    taxonomy: {
      name: 'toys',
      bodyParts: [{ code: 'T', name: 'toy' }],
      actions: ['spinning', 'hopping', 'tipping'].map((name, id) => ({ id, code: `T${id}`, name, bodyPart: 'T' })),
    },
    backbone: { width: 16, depth: 2, heads: 2, picturePixels: 32 },
    adapter: 'tia',
    tuned: 'adapters',
    detector: { features: 16, convolutions: 1, levels: 3, heads: 2, prior: 0.3 },
    data: { sizePixels: 32, frameStride: 2, windowSteps: 48, bucketSteps: [16, 32, 48] },
    training: { epochs: 10, learningRate: { head: 1e-3, backbone: 1e-3 } },
    evaluation: { maxCandidates: 500, maxInstances: 60 },
  },
  'the toy',
);

/** The recipe's model with weights that make every part count: adapters start at nothing, learned scales near it. */
export function toyModel(recipe: DetectionRecipe = toyRecipe): VideoDetector {
  const model = detectorOf(recipe) as VideoDetector;
  const random = seededRandom(5);
  for (const [name, { data }] of stateOf(model)) {
    if (/pos_embed|norm|cls_head\.bias/.test(name)) continue;
    for (let i = 0; i < data.length; i++) (data as Float32Array)[i] += 0.6 * (random() - 0.5);
  }
  return model;
}

export interface PictureVideoOptions {
  readonly frameCount: number;
  readonly frameRate: number;
  readonly sizePixels: number;
  /** [size, size, 3]; undefined where a frame does not decode. */
  readonly picture: (frame: number) => Uint8Array | undefined;
}

/** A video of square pictures that are in memory, to be asked for in their own size. */
export function pictureVideo({ frameCount, frameRate, sizePixels, picture }: PictureVideoOptions): Video {
  const size = { widthPixels: sizePixels, heightPixels: sizePixels };
  const never = () => Promise.reject(new Error('this video only plays'));
  return {
    info: {
      durationSeconds: frameCount / frameRate,
      frameRate,
      variableFrameRate: false,
      frameCount,
      ...size,
      rotationDegrees: 0,
      codec: 'none',
      hasAudio: false,
    },
    warnings: [],
    async *frames({ strideFrames = 1, widthPixels, heightPixels, region, signal } = {}) {
      const { x, y, width, height } = region ?? { x: 0, y: 0, width: sizePixels, height: sizePixels };
      const asked = [widthPixels, heightPixels, x, y, width, height];
      const own = [sizePixels, sizePixels, 0, 0, sizePixels, sizePixels];
      if (String(asked) !== String(own)) throw new Error(`asked for ${asked}, expected ${own}`);
      for (let index = 0; index < frameCount; index += strideFrames) {
        signal?.throwIfAborted();
        const data = picture(index);
        const whole = { x: 0, y: 0, width: sizePixels, height: sizePixels };
        if (data) yield { index, timeSeconds: index / frameRate, ...size, data, region: whole } satisfies Frame;
      }
    },
    frameAt: never,
    frameAtIndex: never,
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

/** A picture of even noise that changes slowly. [size, size, 3] */
export function noisePicture(frame: number, sizePixels: number): Uint8Array {
  const random = seededRandom(1 + Math.floor(frame / 8));
  return Uint8Array.from({ length: 3 * sizePixels ** 2 }, () => 256 * random());
}
