import { UsageError } from '../errors.ts';
import type { Frame } from './video.ts';

/** Each channel becomes (value / 255 - mean) / deviation. */
export interface Normalisation {
  /** Of R, G and B, 0 to 1. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** What most networks that were first trained on ImageNet expect. */
export const imageNet: Normalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** 0 to 1. */
export const unitRange: Normalisation = { mean: [0, 0, 0], deviation: [1, 1, 1] };

export interface FrameTensor {
  readonly data: Float32Array<ArrayBuffer>;
  /** [3, height, width] of a frame, [3, frames, height, width] of a clip. */
  readonly shape: readonly number[];
}

type Picture = Pick<Frame, 'data' | 'widthPixels' | 'heightPixels'>;

/** One picture, channel by channel: [3, height, width]. */
export function frameTensor(frame: Picture, normalisation: Normalisation = unitRange): FrameTensor {
  const { widthPixels, heightPixels } = frame;
  const data = new Float32Array(3 * widthPixels * heightPixels);
  writeChannels(data, frame.data, 0, widthPixels * heightPixels, normalisation);
  return { data, shape: [3, heightPixels, widthPixels] };
}

/**
 * Pictures of one size, in order: [3, frames, height, width].
 *
 * Each frame is copied before the next is asked for, so `video.frames()` can be given as it is.
 *
 * @throws UsageError for no frames, or frames of different size
 */
export async function clipTensor(
  frames: Iterable<Picture> | AsyncIterable<Picture>,
  normalisation: Normalisation = unitRange,
): Promise<FrameTensor> {
  const pictures: Picture[] = [];
  for await (const { data, widthPixels, heightPixels } of frames) {
    const first = pictures[0] ?? { widthPixels, heightPixels };
    if (widthPixels !== first.widthPixels || heightPixels !== first.heightPixels) {
      throw new UsageError(
        `clipTensor: frame ${pictures.length} has ${widthPixels} x ${heightPixels} pixels, the first ${first.widthPixels} x ${first.heightPixels}; give all frames one size`,
      );
    }
    pictures.push({ data: data.slice(), widthPixels, heightPixels });
  }
  if (pictures.length === 0) throw new UsageError('clipTensor: expected at least one frame, got none');
  const { widthPixels, heightPixels } = pictures[0];
  const pixels = widthPixels * heightPixels;
  const data = new Float32Array(3 * pictures.length * pixels);
  for (const [t, picture] of pictures.entries()) {
    writeChannels(data, picture.data, t * pixels, pictures.length * pixels, normalisation);
  }
  return { data, shape: [3, pictures.length, heightPixels, widthPixels] };
}

// ---

/** Writes the channels of one picture from `offset` on, `channelStride` apart. */
function writeChannels(
  into: Float32Array,
  rgb: Uint8Array,
  offset: number,
  channelStride: number,
  { mean, deviation }: Normalisation,
): void {
  for (let c = 0; c < 3; c++) {
    const scale = 1 / (255 * deviation[c]);
    const shift = -mean[c] / deviation[c];
    for (let from = c, to = offset + c * channelStride; from < rgb.length; from += 3, to++) {
      into[to] = rgb[from] * scale + shift;
    }
  }
}
