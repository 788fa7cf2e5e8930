import { UserError } from '../../errors.ts';
import { openVideo } from '../../video/node.ts';
import type { FrameOptions } from '../../video/video.ts';

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
  readonly pieces: readonly DecodedPiece[];
  readonly widthPixels: number;
  readonly heightPixels: number;
}

export interface DecodedPiece {
  /** [samples, height, width, 3] in memory of its own, which threads share. */
  readonly data: Uint8Array<SharedArrayBuffer>;
  /** How many of its samples did not decode. */
  readonly lost: number;
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
 * Decodes samples of a video, shrunk on the way. A frame that does not decode is taken to look like the one before it in
 * its piece, as players show it, or else the next: so a piece is the same whichever others are decoded with it.
 *
 * @throws UserError for what is not a video, and where nothing decodes
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
    return { data: new Uint8Array(new SharedArrayBuffer(samples * bytes)), found: Array<boolean>(samples).fill(false) };
  });
  /** Whether all were found. */
  async function read(span: Pick<FrameOptions, 'startSeconds' | 'endSeconds'>): Promise<boolean> {
    for await (const { index, data } of video.frames({ ...size, ...span, strideFrames })) {
      const sample = index / strideFrames - start;
      if (sample < 0) continue;
      if (sample >= end - start) break;
      const piece = pieces[Math.floor(sample / pieceSamples)];
      piece.data.set(data, (sample % pieceSamples) * bytes);
      piece.found[sample % pieceSamples] = true;
    }
    return pieces.every(({ found }) => !found.includes(false));
  }
  // When a frame is shown follows from its number where they come evenly, but for a few; else all are looked at.
  const near = (sample: number, frames: number) => Math.max(0, (sample * strideFrames + frames) / frameRate);
  const span = { startSeconds: near(start, -2), endSeconds: near(end - 1, 2) };
  if (variableFrameRate || !(await read(span))) await read({});
  return {
    pieces: pieces.map(({ data, found }) => {
      fillGaps(data, found, bytes);
      return { data, lost: found.filter((one) => !one).length };
    }),
    ...size,
  };
}

// ---- below: internals ----

function fillGaps(data: Uint8Array, found: readonly boolean[], bytes: number): void {
  const first = found.indexOf(true);
  if (first < 0) return;
  let last = first;
  for (const [sample, isThere] of found.entries()) {
    if (isThere) last = sample;
    else data.copyWithin(sample * bytes, last * bytes, (last + 1) * bytes);
  }
}
