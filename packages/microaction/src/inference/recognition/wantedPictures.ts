import { UserError } from '../../errors.ts';
import type { Size } from '../../training/augment/crop.ts';
import type { Video } from '../../video/video.ts';

export interface WantedPicture {
  /** Which frame of the video. */
  readonly index: number;
  /** [height, width, 3]; the caller's own. */
  readonly data: Uint8Array;
}

/**
 * Some frames of a video as pictures of one size, in order, read in one go. A frame that does not decode looks like the one
 * before it, as players show it; where there is none, like the first that does.
 *
 * @param indices - rising, each once
 * @throws UserError `no-frames` where none decodes
 */
export async function* wantedPictures(
  video: Video,
  indices: ArrayLike<number>,
  { widthPixels, heightPixels, signal }: Size & { readonly signal?: AbortSignal },
): AsyncGenerator<WantedPicture, void, undefined> {
  const held = new Uint8Array(3 * widthPixels * heightPixels);
  let isEmpty = true;
  let next = 0;
  const strideFrames = Array.from(indices).reduce(greatestDivisor, 0) || 1;
  for await (const { index, data } of video.frames({ strideFrames, widthPixels, heightPixels, signal })) {
    if (isEmpty) held.set(data);
    isEmpty = false;
    for (; indices[next] < index; next++) yield { index: indices[next], data: held.slice() };
    held.set(data);
    if (indices[next] === index) yield { index: indices[next++], data: held.slice() };
    if (next === indices.length) return;
  }
  if (isEmpty) {
    throw new UserError(
      'no-frames',
      'none of its frames decodes; check that the file plays, or convert it to MP4 with H.264',
    );
  }
  for (; next < indices.length; next++) yield { index: indices[next], data: held.slice() };
}

// ---- below: internals ----

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
