import {
  AV_SAMPLE_FMT_DBL,
  AV_SAMPLE_FMT_DBLP,
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  AV_SAMPLE_FMT_S16P,
  AV_SAMPLE_FMT_S32,
  AV_SAMPLE_FMT_S32P,
  AV_SAMPLE_FMT_U8,
  AV_SAMPLE_FMT_U8P,
} from 'node-av/constants';
import type { Frame } from 'node-av/lib';

/** Of the row that shows sound: one value every 20 ms. */
export const soundSamplesPerSecond = 50;

/** How loud a video is: the peak of the mean of its channels in each 20 ms. */
export class SoundMeter {
  readonly #peaks: Float32Array<ArrayBuffer>;
  #heard = false;

  constructor(durationSeconds: number) {
    // A last tenth of a sample is but the rounding of a container's times.
    this.#peaks = new Float32Array(Math.max(1, Math.ceil(durationSeconds * soundSamplesPerSecond - 0.1)));
  }

  /** Takes decoded sound that begins at a moment of the video; what lies outside of the video is left out. */
  add(timeSeconds: number, frame: Frame): void {
    const layout = layouts.get(frame.format);
    const planes = frame.extendedData;
    if (layout === undefined || planes === null) return;
    this.#heard = true;
    const { View, planar, middle, scale } = layout;
    const sides = planes.map(
      (plane) => new View(plane.buffer, plane.byteOffset, plane.length / View.BYTES_PER_ELEMENT),
    );
    const { channels, nbSamples } = frame;
    const first = timeSeconds * soundSamplesPerSecond;
    const perSample = soundSamplesPerSecond / frame.sampleRate;
    for (let i = 0; i < nbSamples; i++) {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += planar ? sides[c][i] : sides[0][i * channels + c];
      const level = Math.abs(sum / channels - middle) * scale;
      const at = Math.floor(first + i * perSample);
      if (level > this.#peaks[at]) this.#peaks[at] = level;
    }
  }

  /** [samples] 0 to 1, 50 a second from the first frame of the video on; undefined where there was no sound. */
  finish(): Float32Array<ArrayBuffer> | undefined {
    return this.#heard ? this.#peaks.map((peak) => Math.min(1, peak)) : undefined;
  }
}

// ---- below: internals ----

/** How samples lie in memory, and how their values become -1 to 1. */
interface SampleLayout {
  readonly View: SampleView;
  /** What silence is. */
  readonly middle: number;
  readonly scale: number;
}

interface SampleView {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayLike<number>;
  readonly BYTES_PER_ELEMENT: number;
}

const bytes: SampleLayout = { View: Uint8Array, middle: 128, scale: 2 ** -7 };
const shorts: SampleLayout = { View: Int16Array, middle: 0, scale: 2 ** -15 };
const longs: SampleLayout = { View: Int32Array, middle: 0, scale: 2 ** -31 };
const floats: SampleLayout = { View: Float32Array, middle: 0, scale: 1 };
const doubles: SampleLayout = { View: Float64Array, middle: 0, scale: 1 };

/** Planar: a plane each channel; otherwise one plane, in which the channels take turns. */
const layouts: ReadonlyMap<Frame['format'], SampleLayout & { readonly planar: boolean }> = new Map([
  [AV_SAMPLE_FMT_U8, { ...bytes, planar: false }],
  [AV_SAMPLE_FMT_U8P, { ...bytes, planar: true }],
  [AV_SAMPLE_FMT_S16, { ...shorts, planar: false }],
  [AV_SAMPLE_FMT_S16P, { ...shorts, planar: true }],
  [AV_SAMPLE_FMT_S32, { ...longs, planar: false }],
  [AV_SAMPLE_FMT_S32P, { ...longs, planar: true }],
  [AV_SAMPLE_FMT_FLT, { ...floats, planar: false }],
  [AV_SAMPLE_FMT_FLTP, { ...floats, planar: true }],
  [AV_SAMPLE_FMT_DBL, { ...doubles, planar: false }],
  [AV_SAMPLE_FMT_DBLP, { ...doubles, planar: true }],
]);
