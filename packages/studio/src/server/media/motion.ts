/** Longer side of the pictures that motion is measured on; smaller ones hide hands, larger ones show the camera's noise. */
export const motionLongSidePixels = 160;

/**
 * Samples of motion per second: as many frames apart as brings them nearest to 12.5 a second. A rate that does not
 * divide that of the frames would make steady motion look unsteady.
 */
export const motionRateOf = (frameRate: number) => frameRate / Math.max(1, Math.round(frameRate / 12.5));

/** How much moves in a video: mean absolute change of grey level from one sample to the next, evenly spaced one. */
export class MotionMeter {
  readonly #changes: Float32Array<ArrayBuffer>;
  #previous: Uint8Array | undefined;

  constructor(samples: number) {
    this.#changes = new Float32Array(samples);
  }

  /** Takes the grey picture, [height, width], on display at sample `at`; samples left out show the picture before. */
  add(at: number, grey: Uint8Array): void {
    if (this.#previous !== undefined) this.#changes[at] = meanDifference(this.#previous, grey);
    this.#previous = grey;
  }

  /**
   * [samples] 0 to 1, the first 0: change since the sample before, as a part of what 99 of 100 samples stay below.
   * So a cut, or a lamp switched on, does not flatten the rest.
   */
  finish(): Float32Array<ArrayBuffer> {
    const sorted = this.#changes.toSorted();
    const last = sorted.length - 1;
    const most = sorted[Math.floor(0.99 * last)] || sorted[last];
    return most > 0 ? this.#changes.map((change) => Math.min(1, change / most)) : this.#changes;
  }
}

// ---- below: internals ----

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / a.length;
}
