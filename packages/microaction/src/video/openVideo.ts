import { UsageError, UserError } from '../errors.ts';
import { type FrameTimes, frameOnDisplay, framesAtRate, framesBetween } from './frameTimes.ts';
import { type PictureLayout, pictureLayout } from './pictureLayout.ts';
import { readAhead } from './readAhead.ts';
import type { Frame, FrameOptions, PictureOptions, Video, VideoInfo } from './video.ts';

/** One frame of a video, cut, resized and turned to RGB. */
export interface Picture {
  /** Position of the frame in `FrameTimes.seconds`. */
  readonly index: number;
  /** [height, width, 3] */
  readonly data: Uint8Array;
}

/** What a runtime has to give: the times of all frames, and pictures of chosen ones. */
export interface PictureSource {
  /** How messages call the video. */
  readonly name: string;
  readonly info: VideoInfo;
  readonly times: FrameTimes;
  readonly warnings: readonly string[];
  /**
   * Pictures of the frames at `indices` (never decreasing, repeats made once), in order; without those that do
   * not decode. Once the signal is aborted it throws its reason as soon as it can.
   */
  pictures(
    indices: readonly number[],
    layout: PictureLayout,
    signal: AbortSignal,
  ): AsyncGenerator<Picture, void, undefined>;
  close(): Promise<void>;
}

/** The interface that everyone sees, over what a runtime gives. */
export function videoFrom(source: PictureSource): Video {
  const { info, times, warnings } = source;
  const running = new Map<AbortController, Promise<void>>();
  let closed = false;

  async function* deliver(indices: readonly number[], repeats: boolean, layout: PictureLayout, options: FrameOptions) {
    if (closed) throw new UserError('closed', `${source.name}: the video has been closed; open it again`);
    const stop = new AbortController();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    running.set(stop, ended);
    const abort = () => stop.abort(options.signal?.reason);
    options.signal?.addEventListener('abort', abort);
    if (options.signal?.aborted) abort();
    try {
      const pictures = readAhead(source.pictures(indices, layout, stop.signal), 2, stop);
      for await (const { index, data } of onDisplay(pictures, indices, repeats)) {
        stop.signal.throwIfAborted();
        yield { index, timeSeconds: times.seconds[index], ...layout, data } satisfies Frame;
      }
      stop.signal.throwIfAborted();
    } finally {
      options.signal?.removeEventListener('abort', abort);
      running.delete(stop);
      end();
    }
  }

  async function* frames(options: FrameOptions, layout: PictureLayout, start: number, end: number) {
    const { sampleRate, strideFrames = 1, onProgress } = options;
    const indices =
      sampleRate === undefined
        ? framesBetween(times, start, end).filter((index) => index % strideFrames === 0)
        : framesAtRate(times, start, end, sampleRate);
    const totalSeconds = Math.max(0, end - start);
    let delivered = 0;
    for await (const frame of deliver(indices, sampleRate !== undefined, layout, options)) {
      yield frame;
      delivered++;
      const done = sampleRate === undefined ? frame.timeSeconds - start : delivered / sampleRate;
      onProgress?.({ doneSeconds: Math.min(done, totalSeconds), totalSeconds });
    }
    if (delivered === 0 && indices.length > 0) throw undecodable(source.name);
    onProgress?.({ doneSeconds: totalSeconds, totalSeconds });
  }

  async function frameAtIndex(index: number, options: PictureOptions = {}): Promise<Frame> {
    if (!Number.isInteger(index) || index < 0 || index >= info.frameCount) {
      throw new UsageError(`${source.name}: expected a frame from 0 to ${info.frameCount - 1}, got ${index}`);
    }
    for await (const frame of deliver([index], true, pictureLayout(info, options), options)) return frame;
    throw undecodable(source.name);
  }

  async function close() {
    if (closed) return;
    closed = true;
    const reason = new UserError('closed', `${source.name}: the video was closed while frames were read`);
    const ends = [...running.values()];
    for (const stop of running.keys()) stop.abort(reason);
    await Promise.all(ends);
    await source.close();
  }

  return {
    info,
    warnings,
    frames(options = {}) {
      const { startSeconds = 0, endSeconds = Number.POSITIVE_INFINITY, sampleRate, strideFrames } = options;
      if (!(startSeconds >= 0 && startSeconds < Number.POSITIVE_INFINITY && endSeconds >= startSeconds)) {
        throw new UsageError(
          `${source.name}: expected 0 <= startSeconds <= endSeconds, got ${startSeconds} and ${endSeconds}`,
        );
      }
      if (sampleRate !== undefined && !(sampleRate > 0 && sampleRate <= 10_000)) {
        throw new UsageError(`${source.name}: expected a sampleRate above 0 and up to 10000, got ${sampleRate}`);
      }
      if (strideFrames !== undefined && !(Number.isInteger(strideFrames) && strideFrames >= 1 && !sampleRate)) {
        const beside = sampleRate ? ` beside a sampleRate of ${sampleRate}` : '';
        throw new UsageError(
          `${source.name}: expected strideFrames to be whole, from 1, without a sampleRate; got ${strideFrames}${beside}`,
        );
      }
      const layout = pictureLayout(info, options);
      return frames(options, layout, startSeconds, Math.min(endSeconds, info.durationSeconds));
    },
    async frameAt(timeSeconds, options) {
      if (!(timeSeconds >= 0)) {
        throw new UsageError(`${source.name}: expected a time from 0 seconds, got ${timeSeconds}`);
      }
      return frameAtIndex(frameOnDisplay(times, timeSeconds), options);
    },
    frameAtIndex,
    close,
    [Symbol.asyncDispose]: close,
  };
}

// ---

/**
 * One picture for each wanted index. A frame that does not decode is left out, or, where samples are repeated,
 * replaced by the one before it, which a player would keep on display.
 */
async function* onDisplay(pictures: AsyncIterable<Picture>, indices: readonly number[], repeats: boolean) {
  let next = 0;
  let held: Picture | undefined;
  for await (const picture of pictures) {
    for (; next < indices.length && indices[next] <= picture.index; next++) {
      if (indices[next] === picture.index) yield picture;
      else if (repeats) yield held ?? picture;
    }
    held = picture;
  }
  for (; repeats && held !== undefined && next < indices.length; next++) yield held;
}

const undecodable = (name: string) =>
  new UserError(
    'no-frames',
    `${name}: none of the wanted frames decodes; check that the file plays, or convert it to MP4 with H.264`,
  );
