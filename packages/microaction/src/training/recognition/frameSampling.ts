import { UsageError } from '../../errors.ts';

/** Which frames of a clip a recogniser sees; plain data. */
export type FrameSampling =
  /** One of each of so many parts of the clip. */
  | { readonly kind: 'segments'; readonly segments: number }
  /** Every `strideFrames`th of a stretch. */
  | { readonly kind: 'dense'; readonly frames: number; readonly strideFrames: number };

/** A whole number drawn from `low` to `high`, both included. */
export type Draw = (low: number, high: number) => number;

/** How many frames a recogniser sees. */
export const sampledFrames = (sampling: FrameSampling): number =>
  sampling.kind === 'segments' ? sampling.segments : sampling.frames;

/** The frames of one sample; see `segmentFrames` and `denseFrames`. */
export function sampleFrames(frames: number, sampling: FrameSampling, draw?: Draw): Int32Array<ArrayBuffer> {
  return sampling.kind === 'segments'
    ? segmentFrames(frames, sampling.segments, draw)
    : denseFrames(frames, sampling, draw);
}

/**
 * One frame of each of so many equal parts of a clip: drawn within the part, or the one in its middle. Of clips with
 * fewer frames than parts some come several times. As mmaction2 0.24 samples for TSN, TSM and MANet.
 *
 * @param frames - of the clip
 * @returns numbers of frames, from 0
 */
export function segmentFrames(frames: number, segments: number, draw?: Draw): Int32Array<ArrayBuffer> {
  return denseFrames(frames, { frames: 1, strideFrames: 1, clips: segments }, draw);
}

export interface DenseSampling {
  /** Of a stretch. */
  readonly frames: number;
  readonly strideFrames: number;
  /** Stretches; one unless given. */
  readonly clips?: number;
}

/**
 * Stretches of every `strideFrames`th frame, one behind the other: each begins somewhere in a part of the clip of its own,
 * or in the middle of it. What would lie behind the end of the clip goes on at its beginning. As mmaction2 0.24 samples
 * for C3D, I3D and SlowFast.
 *
 * @param frames - of the clip
 * @param draw - absent for tests: stretches are spread evenly
 * @returns numbers of frames, from 0: those of the first stretch, of the second ...
 */
export function denseFrames(
  frames: number,
  { frames: length, strideFrames, clips = 1 }: DenseSampling,
  draw?: Draw,
): Int32Array<ArrayBuffer> {
  for (const [name, value] of Object.entries({ frames, length, strideFrames, clips })) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new UsageError(`${name} to sample: found ${value}, expected a whole number from 1.`);
    }
  }
  const span = length * strideFrames;
  const starts = draw ? drawnStarts(frames, span, clips, draw) : evenStarts(frames, span, clips);
  return Int32Array.from({ length: clips * length }, (_, i) => {
    return (starts[Math.floor(i / length)] + (i % length) * strideFrames) % frames;
  });
}

// ---- below: internals ----

/** The order of these operations is the official one: rounding decides between neighbours. */
function evenStarts(frames: number, span: number, clips: number): number[] {
  const step = (frames - span + 1) / clips;
  return Array.from({ length: clips }, (_, clip) => (frames >= span ? Math.floor(clip * step + step / 2) : 0));
}

function drawnStarts(frames: number, span: number, clips: number, draw: Draw): number[] {
  const places = frames - span + 1; // in which the span may begin
  const step = Math.floor(places / clips);
  const starts = Array.from({ length: clips }, (_, clip) => clip);
  if (step > 0) return starts.map((clip) => clip * step + draw(0, step - 1));
  if (frames > Math.max(clips, span)) return starts.map(() => draw(0, places - 1)).sort((a, b) => a - b);
  return step === 0 ? starts.map((clip) => roundedHalfToEven(clip * (places / clips))) : starts.map(() => 0);
}

function roundedHalfToEven(value: number): number {
  const below = Math.floor(value);
  const isUp = value - below > 0.5 || (value - below === 0.5 && below % 2 === 1);
  return isUp ? below + 1 : below;
}
