import { UserError } from '../../errors.ts';
import { openVideo } from '../../video/node.ts';

/** What is known of a video once its packets have been read. */
export interface MeasuredVideo {
  readonly path: string;
  readonly frames: number;
  readonly durationSeconds: number;
}

/** Which frames: every `strideFrames`th, the samples, from one sample to before another. */
export interface DecodeRequest {
  readonly path: string;
  readonly strideFrames: number;
  readonly start: number;
  readonly end: number;
  /** Samples of a piece; the last piece may have fewer. */
  readonly pieceSamples: number;
  /** Of the pictures; frames that are smaller stay as they are. */
  readonly shortSidePixels: number;
}

export interface DecodedPieces {
  /** Each [samples, height, width, 3] in memory of its own, which threads share. */
  readonly pieces: readonly Uint8Array<SharedArrayBuffer>[];
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/**
 * @throws UserError for what is not a whole video: where frames are missing, labels would name what nobody sees
 */
export async function measureVideo(path: string): Promise<MeasuredVideo> {
  await using video = await openVideo(path, { threads: 1 });
  const { frameCount: frames, durationSeconds } = video.info;
  if (video.warnings.length > 0) throw new UserError('incomplete-file', video.warnings[0]);
  return { path, frames, durationSeconds };
}

/**
 * Decodes samples of a video, shrunk on the way. A frame that does not decode is taken to look like the one before it, as
 * players show it.
 *
 * @throws UserError for what is not a video; `damaged-video` where more than a tenth does not decode
 */
export async function decodePictures(request: DecodeRequest): Promise<DecodedPieces> {
  const { path, strideFrames, start, end, pieceSamples, shortSidePixels } = request;
  await using video = await openVideo(path, { threads: 1 });
  const { widthPixels, heightPixels, frameRate, variableFrameRate } = video.info;
  const shrink = Math.min(1, shortSidePixels / Math.min(widthPixels, heightPixels));
  const size = {
    widthPixels: Math.max(1, Math.round(widthPixels * shrink)),
    heightPixels: Math.max(1, Math.round(heightPixels * shrink)),
  };
  const bytes = size.widthPixels * size.heightPixels * 3;
  const pieces = Array.from({ length: Math.ceil((end - start) / pieceSamples) }, (_, piece) => {
    const samples = Math.min(pieceSamples, end - start - piece * pieceSamples);
    return new Uint8Array(new SharedArrayBuffer(samples * bytes));
  });
  const placeOf = (sample: number) => {
    const at = ((sample - start) % pieceSamples) * bytes;
    return pieces[Math.floor((sample - start) / pieceSamples)].subarray(at, at + bytes);
  };
  // Times of frames are known only where they are even; two frames more on either side cost little.
  const near = (sample: number, frames: number) => Math.max(0, (sample * strideFrames + frames) / frameRate);
  const span = variableFrameRate ? {} : { startSeconds: near(start, -2), endSeconds: near(end - 1, 2) };
  let found = 0;
  let next = start;
  for await (const { index, data: picture } of video.frames({ ...size, ...span, strideFrames })) {
    const sample = index / strideFrames;
    if (sample < start) continue;
    if (sample >= end) break;
    // What was lost looks like what was before it; at the very start, like what comes.
    for (; next < sample; next++) placeOf(next).set(next === start ? picture : placeOf(next - 1));
    placeOf(sample).set(picture);
    next = sample + 1;
    found++;
  }
  const lost = end - start - found;
  if (lost > mostLost * (end - start)) {
    const frames = `frames ${start * strideFrames} to ${(end - 1) * strideFrames}`;
    throw new UserError(
      'damaged-video',
      `${path}: ${lost} of the ${end - start} frames wanted of ${frames} do not decode; copy the file again, or leave it out`,
    );
  }
  for (; next < end; next++) placeOf(next).set(placeOf(next - 1));
  return { pieces, ...size };
}

// ---- below: internals ----

const mostLost = 0.1;
