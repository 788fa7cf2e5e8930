/**
 * When the frames of a video are shown.
 *
 * Containers round times to a tick (1 ms in Matroska), so a frame is taken to be on display up to half a tick
 * before its written time; otherwise 15 samples a second of a 30 fps video would pick neighbours at random.
 */
export interface FrameTimes {
  /** [frames] seconds, the first 0, never decreasing. */
  readonly seconds: Float64Array;
  readonly durationSeconds: number;
  readonly tickSeconds: number;
}

/** Index of the frame on display at a moment; the first frame before it, the last frame after it. */
export function frameOnDisplay(times: FrameTimes, momentSeconds: number): number {
  return Math.max(0, lastAtOrBefore(times.seconds, momentSeconds + graceSeconds(times)));
}

/** Indices of the frames on display at start + i / rate, below end. One entry a moment. */
export function framesAtRate(times: FrameTimes, startSeconds: number, endSeconds: number, rate: number): number[] {
  const indices: number[] = [];
  const grace = graceSeconds(times);
  for (let i = 0; startSeconds + i / rate < endSeconds - grace; i++) {
    indices.push(frameOnDisplay(times, startSeconds + i / rate));
  }
  return indices;
}

/** Indices of the frames that begin to show in [start, end). */
export function framesBetween(times: FrameTimes, startSeconds: number, endSeconds: number): number[] {
  const grace = graceSeconds(times);
  const first = lastBefore(times.seconds, startSeconds - grace) + 1;
  const end = lastBefore(times.seconds, endSeconds - grace) + 1;
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
}

/** What the times say of the rate of frames. */
export function frameRateOf({ seconds, durationSeconds, tickSeconds }: FrameTimes): {
  frameRate: number;
  variableFrameRate: boolean;
} {
  const count = seconds.length;
  const mean = count > 1 ? seconds[count - 1] / (count - 1) : durationSeconds;
  const allowed = 1.01 * tickSeconds + 0.02 * mean;
  let variable = false;
  for (let i = 1; i < count && !variable; i++) variable = Math.abs(seconds[i] - seconds[i - 1] - mean) > allowed;
  return { frameRate: count / durationSeconds, variableFrameRate: variable };
}

// ---

const graceSeconds = ({ tickSeconds }: FrameTimes) => Math.min(tickSeconds / 2, 0.0006);

const lastAtOrBefore = (sorted: Float64Array, value: number) => firstWhere(sorted, (time) => time > value) - 1;
const lastBefore = (sorted: Float64Array, value: number) => firstWhere(sorted, (time) => time >= value) - 1;

/** First index at which a condition holds that, once it holds, holds for all larger values. */
function firstWhere(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
