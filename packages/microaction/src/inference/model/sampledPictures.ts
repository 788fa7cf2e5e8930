import { UserError } from '../../errors.ts';
import type { Region, Video, VideoInfo } from '../../video/video.ts';
import { sampleCount } from '../windows.ts';

export interface SamplingOptions {
  /** Side of the square pictures. */
  readonly sizePixels: number;
  /** Frames from one that is read to the next. */
  readonly strideFrames: number;
  readonly signal?: AbortSignal;
}

/**
 * The frames 0, stride, 2 · stride … of a video as a network sees them at test: the short side shrunk to the size, the
 * middle kept. One picture for each of `sampleCount`, [size, size, 3], valid until the next is asked for; where a frame
 * does not decode the one before it stays, as a player shows it.
 */
export async function* sampledPictures(
  video: Video,
  { sizePixels, strideFrames, signal }: SamplingOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { info } = video;
  const count = sampleCount({ frames: info.frameCount, strideFrames });
  const size = { widthPixels: sizePixels, heightPixels: sizePixels };
  const held = new Uint8Array(3 * sizePixels ** 2);
  let given = 0;
  for await (const { index, data } of video.frames({ strideFrames, region: middle(info), ...size, signal })) {
    if (given === 0) held.set(data); // the first picture stands for what was lost before it, too
    for (const before = index / strideFrames; given < before; given++) yield held;
    held.set(data);
    yield held;
    given++;
  }
  if (given === 0) {
    throw new UserError(
      'no-frames',
      'none of its frames decodes; check that the file plays, or convert it to MP4 with H.264',
    );
  }
  for (; given < count; given++) yield held;
}

/** The largest square in the middle. */
export function middle({ widthPixels, heightPixels }: Pick<VideoInfo, 'widthPixels' | 'heightPixels'>): Region {
  const side = Math.min(widthPixels, heightPixels);
  return { x: (widthPixels - side) / 2, y: (heightPixels - side) / 2, width: side, height: side };
}
