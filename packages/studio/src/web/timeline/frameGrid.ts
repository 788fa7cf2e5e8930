/**
 * The moments where an instance may start or end: when each frame appears, and the end of the last one. N frames
 * have N + 1 boundaries.
 */
export class FrameGrid {
  /** In seconds, strictly ascending. */
  readonly boundaries: Float64Array;

  /**
   * @param frameTimes - when each frame is shown, in seconds, ascending; empty for 25 a second
   * @param durationSeconds - when the last frame ends
   */
  constructor(frameTimes: Float64Array, durationSeconds: number) {
    const times = frameTimes.length > 0 ? frameTimes : steadyTimes(durationSeconds);
    const rising = times.filter((seconds, i) => i === 0 || seconds > times[i - 1]);
    const last = rising[rising.length - 1];
    const usual = rising.length > 1 ? (last - rising[0]) / (rising.length - 1) : assumedFrameSeconds;
    this.boundaries = new Float64Array(rising.length + 1);
    this.boundaries.set(rising);
    this.boundaries[rising.length] = durationSeconds > last + shortest ? durationSeconds : last + usual;
  }

  get frameCount(): number {
    return this.boundaries.length - 1;
  }

  /** When the last frame ends. */
  get end(): number {
    return this.boundaries[this.frameCount];
  }

  /** A frame's usual length in seconds. */
  get frameSeconds(): number {
    return (this.end - this.boundaries[0]) / this.frameCount;
  }

  /** The moment of a boundary; the first or the last for positions beyond them. */
  at(index: number): number {
    return this.boundaries[Math.min(this.frameCount, Math.max(0, index))];
  }

  /** Position of the boundary nearest to a moment; the earlier of two equally near. */
  indexNear(seconds: number): number {
    const after = this.firstAtOrAfter(seconds);
    if (after === 0) return 0;
    if (after > this.frameCount) return this.frameCount;
    return seconds - this.boundaries[after - 1] <= this.boundaries[after] - seconds ? after - 1 : after;
  }

  nearest(seconds: number): number {
    return this.boundaries[this.indexNear(seconds)];
  }

  /** Position of the frame that is shown at a moment. */
  frameAt(seconds: number): number {
    const after = this.firstAtOrAfter(seconds + shortest);
    return Math.min(this.frameCount - 1, Math.max(0, after - 1));
  }

  /** Position of the first boundary not before a moment; one past the last where there is none. */
  firstAtOrAfter(seconds: number): number {
    let low = 0;
    let high = this.boundaries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.boundaries[middle] < seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

// ---- below: internals ----

const assumedFrameSeconds = 0.04;

/** Times nearer than this are the same: files round to a millisecond or finer. */
const shortest = 1e-6;

function steadyTimes(durationSeconds: number): Float64Array {
  const count = Math.max(1, Math.round(durationSeconds / assumedFrameSeconds));
  return Float64Array.from({ length: count }, (_, i) => i * assumedFrameSeconds);
}
