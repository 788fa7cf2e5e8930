import type { Video } from '../../video/video.ts';
import { type Range, type SlidingOptions, sampleCount, slidingWindows, windowFrames } from '../windows.ts';
import { type SamplingOptions, sampledPictures } from './sampledPictures.ts';

export interface VideoWindowOptions extends SamplingOptions, SlidingOptions {
  /** To how many steps a window of so many is filled up. */
  readonly filledTo: (steps: number) => number;
  /** Called with the samples that were read so far, and all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A part of a video, as a program takes it. */
export interface VideoWindow extends Range {
  /** [3, length, size, size], red, green, blue, 0 to 255; behind the end of the video its last picture. */
  readonly frames: Uint8Array;
  /** Steps with those behind the end of the video. */
  readonly length: number;
}

/**
 * The windows that slide along a video, each as soon as its last frame is read. Not more than one window's pictures are
 * held besides the window that is given, however long the video is.
 */
export async function* videoWindows(
  video: Video,
  options: VideoWindowOptions,
): AsyncGenerator<VideoWindow, void, undefined> {
  const { sizePixels, strideFrames, filledTo, onProgress } = options;
  const grid = { frames: video.info.frameCount, strideFrames };
  const total = sampleCount(grid);
  const windows = slidingWindows(total, options);
  const recent = new RecentPictures(Math.min(total, options.length), sizePixels);
  let read = 0;
  for await (const picture of sampledPictures(video, options)) {
    recent.add(picture);
    read++;
    onProgress?.(read, total);
    while (windows[0]?.end === read) {
      const window = windows.shift() as Range;
      const length = filledTo(window.end - window.start);
      const { frames } = windowFrames(window, grid, length);
      const samples = frames.map((frame) => frame / strideFrames);
      yield { ...window, length, frames: recent.pictures(samples) };
    }
  }
}

// ---- below: internals ----

/** The last so many pictures of a sequence, channel by channel. */
class RecentPictures {
  readonly #pixels: number;
  readonly #capacity: number;
  readonly #planes: Uint8Array; // [capacity, 3, pixels]
  #added = 0;

  constructor(capacity: number, sizePixels: number) {
    this.#pixels = sizePixels ** 2;
    this.#capacity = capacity;
    this.#planes = new Uint8Array(capacity * 3 * this.#pixels);
  }

  /** picture: [size, size, 3] */
  add(picture: Uint8Array): void {
    const pixels = this.#pixels;
    const at = (this.#added++ % this.#capacity) * 3 * pixels;
    for (let channel = 0; channel < 3; channel++) {
      const to = at + channel * pixels;
      for (let i = 0, from = channel; i < pixels; i++, from += 3) this.#planes[to + i] = picture[from];
    }
  }

  /** Pictures by their number in the sequence → [3, count, size, size] */
  pictures(numbers: Int32Array): Uint8Array {
    const pixels = this.#pixels;
    const joined = new Uint8Array(3 * numbers.length * pixels);
    for (const [place, number] of numbers.entries()) {
      const from = (number % this.#capacity) * 3 * pixels;
      for (let channel = 0; channel < 3; channel++) {
        const plane = this.#planes.subarray(from + channel * pixels, from + (channel + 1) * pixels);
        joined.set(plane, (channel * numbers.length + place) * pixels);
      }
    }
    return joined;
  }
}
