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
    const { channels, nbSamples } = frame;
    const sides = planes.map((plane) => layout.view(plane.buffer, plane.byteOffset, plane.byteLength));
    const step = layout.planar ? 1 : channels;
    const first = timeSeconds * soundSamplesPerSecond;
    const perSample = soundSamplesPerSecond / frame.sampleRate;
    for (let i = 0; i < nbSamples; i++) {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += layout.planar ? sides[c][i] : sides[0][i * step + c];
      const level = Math.abs(sum / channels - layout.middle) * layout.scale;
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

type Samples = Uint8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** How samples lie in memory, and how their values become -1 to 1. */
interface SampleLayout {
  view(buffer: ArrayBufferLike, byteOffset: number, byteLength: number): Samples;
  readonly planar: boolean;
  readonly middle: number;
  readonly scale: number;
}

const bytes = { view: (b, from, n) => new Uint8Array(b, from, n), middle: 128, scale: 1 / 128 } as const satisfies Part;
const shorts = {
  view: (b, from, n) => new Int16Array(b, from, n >> 1),
  middle: 0,
  scale: 2 ** -15,
} as const satisfies Part;
const longs = {
  view: (b, from, n) => new Int32Array(b, from, n >> 2),
  middle: 0,
  scale: 2 ** -31,
} as const satisfies Part;
const floats = { view: (b, from, n) => new Float32Array(b, from, n >> 2), middle: 0, scale: 1 } as const satisfies Part;
const doubles = {
  view: (b, from, n) => new Float64Array(b, from, n >> 3),
  middle: 0,
  scale: 1,
} as const satisfies Part;
type Part = Omit<SampleLayout, 'planar'>;

const layouts: ReadonlyMap<Frame['format'], SampleLayout> = new Map<Frame['format'], SampleLayout>([
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
