/** Width of the pictures that motion is measured on; smaller ones hide hands, larger ones show the camera's noise. */
export const motionWidthPixels = 160;

/**
 * How much moves in a video: mean absolute change of grey level from one sample to the next. Samples are evenly spaced,
 * as many frames apart as brings them nearest to 12.5 a second, so that steady motion gives a steady curve.
 */
export class MotionMeter {
  /** Frames from one sample to the next, at a steady rate. */
  readonly strideFrames: number;
  readonly samplesPerSecond: number;
  #changes = new Float32Array(1024);
  #count = 0;
  #previous: Uint8Array | undefined;

  constructor(frameRate: number) {
    this.strideFrames = Math.max(1, Math.round(frameRate / 12.5));
    this.samplesPerSecond = frameRate / this.strideFrames;
  }

  /** Takes the grey picture, [height, width], on display at sample `at`; samples left out show the picture before. */
  add(at: number, grey: Uint8Array): void {
    if (at >= this.#changes.length) this.#changes = grown(this.#changes, at + 1);
    if (this.#previous !== undefined) this.#changes[at] = meanDifference(this.#previous, grey);
    this.#previous = grey;
    this.#count = at + 1;
  }

  /**
   * [samples] 0 to 1, the first 0: change since the sample before, as a part of what 99 of 100 samples stay below.
   * A cut or a lamp so does not flatten the rest.
   */
  finish(samples: number): Float32Array<ArrayBuffer> {
    const curve = new Float32Array(samples);
    curve.set(this.#changes.subarray(0, Math.min(samples, this.#count)));
    const sorted = curve.toSorted();
    const most = sorted[Math.floor(0.99 * (samples - 1))] || sorted[samples - 1];
    return most > 0 ? curve.map((change) => Math.min(1, change / most)) : curve;
  }
}

// ---- below: internals ----

function grown(values: Float32Array<ArrayBuffer>, least: number): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(Math.max(least, 2 * values.length));
  larger.set(values);
  return larger;
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / a.length;
}
