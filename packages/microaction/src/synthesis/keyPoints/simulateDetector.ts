import type { Dice } from '../../dice.ts';
import { bodyPoints, type PoseTrack } from '../../pose/poseTrack.ts';
import type { Proportions } from '../body/proportions.ts';
import type { Camera } from '../camera/camera.ts';
import { type Traits, traits } from './detectorTraits.ts';
import { jointCount, jointIndex } from './joints.ts';
import { Occlusion, viewedJoints } from './occlusion.ts';

/** How one person moved, T moments of J joints. */
export interface JointTrack {
  /** [T] seconds, increasing. */
  readonly timesSeconds: Float64Array;
  /** [T, J, 3] metres in the world, as `jointsOf` gives them. */
  readonly joints: Float32Array;
  readonly size: Proportions;
}

export interface DetectorOptions {
  /** All errors are multiplied by it; 1 when absent, 0 gives true places. Confidence keeps its own noise. */
  readonly noise?: number;
  /** How often, for a few frames, the body is not found (only the head is). 1.5 when absent. */
  readonly lossesPerMinute?: number;
  /** How often a hand or foot in plain view is seen beside its place for a few frames. 1 each when absent. */
  readonly slipsPerMinute?: number;
}

/**
 * The 33 key points that the pose module would have found in pictures of a person: where they project to, with the
 * errors and confidence of its networks (`traits`). Unsmoothed; NaN where nothing was found.
 *
 * Errors have three parts: jitter, which grows with speed; a wander over seconds; an offset that stays. What is hidden
 * by the own body is guessed with larger errors and less confidence. Outside the picture confidence is near 0.
 *
 * @param cameras - [T] the camera at each time
 */
export function simulateDetector(
  { timesSeconds, joints, size }: JointTrack,
  cameras: readonly Camera[],
  dice: Dice,
  { noise = 1, lossesPerMinute = 1.5, slipsPerMinute = 1 }: DetectorOptions = {},
): PoseTrack {
  const { widthPixels, heightPixels } = cameras[0];
  const times = timesSeconds.length;
  const x = new Float32Array(times * K);
  const y = new Float32Array(times * K);
  const confidence = new Float32Array(times * K);
  const view = new View(size);
  const errors = new Errors(dice, slipsPerMinute);
  const lost = lossesIn(timesSeconds, lossesPerMinute, dice);
  for (let t = 0; t < times; t++) {
    const seconds = t === 0 ? 0 : timesSeconds[t] - timesSeconds[t - 1];
    view.look(joints, 3 * jointCount * t, cameras[t]);
    errors.advance(view, seconds);
    const pixels = cameras[t].focalPixels;
    const scale = noise * view.shoulderWidth;
    for (let k = 0; k < K; k++) {
      const i = t * K + k;
      const px = widthPixels / 2 + pixels * (view.across[k] + scale * errors.x[k]);
      const py = heightPixels / 2 - pixels * (view.up[k] + scale * errors.y[k]);
      const outside = px < 0 || py < 0 || px > widthPixels || py > heightPixels || view.depth[k] <= 0;
      const found = lost[t] === 0 || foundByMoveNet[k] === 1;
      x[i] = found ? px : Number.NaN;
      y[i] = found ? py : Number.NaN;
      confidence[i] = found ? errors.confidence[k] * (outside ? outsideFactor : 1) : 0;
    }
  }
  return { points: bodyPoints, timesSeconds, x, y, confidence, widthPixels, heightPixels };
}

// ---- below: internals ----

const K = bodyPoints.length;

/** What a network still believes of a point that it cannot see for the picture's edge. */
const outsideFactor = 0.12;

/** One moment before the camera. */
class View {
  /** [V] of `viewedJoints`, the body points first: see `Occlusion.find`. */
  readonly across = new Float64Array(viewedJoints.length);
  readonly up = new Float64Array(viewedJoints.length);
  readonly depth = new Float64Array(viewedJoints.length);
  /** [33] 1 where hidden. */
  readonly hidden = new Uint8Array(K);
  /** As it would appear if the person faced the camera; in the unit of `across`. */
  shoulderWidth = 0;
  readonly #shoulderMetres: number;
  readonly #occlusion: Occlusion;

  constructor(size: Proportions) {
    this.#shoulderMetres = 2 * size.shoulderHalf;
    this.#occlusion = new Occlusion(size);
  }

  look(joints: Float32Array, first: number, { frame }: Camera): void {
    const { across, up, depth } = this;
    const [eyeX, eyeY, eyeZ] = frame.origin;
    const [leftX, leftY, leftZ] = frame.left;
    const [upX, upY, upZ] = frame.up;
    const [frontX, frontY, frontZ] = frame.front;
    for (let v = 0; v < viewedJoints.length; v++) {
      const at = first + 3 * viewedJoints[v];
      const fromX = joints[at] - eyeX;
      const fromY = joints[at + 1] - eyeY;
      const fromZ = joints[at + 2] - eyeZ;
      const far = -(frontX * fromX + frontY * fromY + frontZ * fromZ);
      across[v] = (leftX * fromX + leftY * fromY + leftZ * fromZ) / far;
      up[v] = (upX * fromX + upY * fromY + upZ * fromZ) / far;
      depth[v] = far;
    }
    this.shoulderWidth = this.#shoulderMetres / depth[neck];
    this.#occlusion.find(across, up, depth, yawSine(joints, first, eyeX, eyeY, eyeZ), this.hidden);
  }
}

const neck = viewedJoints.indexOf(jointIndex('neck'));
const [head, leftEar, rightEar] = ['head', 'leftEar', 'rightEar'].map((name) => 3 * jointIndex(name));

/** How far the head is turned away from the eye: its sine, positive towards the person's left. */
function yawSine(joints: Float32Array, first: number, eyeX: number, eyeY: number, eyeZ: number): number {
  const earX = joints[first + leftEar] - joints[first + rightEar];
  const earY = joints[first + leftEar + 1] - joints[first + rightEar + 1];
  const earZ = joints[first + leftEar + 2] - joints[first + rightEar + 2];
  const toX = eyeX - joints[first + head];
  const toY = eyeY - joints[first + head + 1];
  const toZ = eyeZ - joints[first + head + 2];
  const lengths = Math.sqrt((earX * earX + earY * earY + earZ * earZ) * (toX * toX + toY * toY + toZ * toZ));
  return -(earX * toX + earY * toY + earZ * toZ) / lengths;
}

const memorySeconds = { jitter: 0.03, wander: 2, confidence: 0.7, hiding: 0.07 };
/** How much larger errors are of what is hidden. */
const hiddenFactors = { jitter: 3, wander: 5 };
/** The speed at which jitter is twice that of rest, shoulder widths a second. */
const blurSpeed = 1.2;
/** Of what is left up to 1, or above 0: how far confidence comes and goes in a clip. */
const confidenceRipple = 0.12;
const slips = {
  /** Times the rate of what is in plain view. */
  hiddenFactor: 15,
  /** Standard deviation, shoulder widths. */
  size: 0.12,
  seconds: [0.03, 0.15],
  confidenceFactor: 0.5,
} as const;

/** The errors of 33 points over time, and the confidence that goes with them. */
class Errors {
  /** [33] of the latest moment, shoulder widths: to the right, up. */
  readonly x = new Float64Array(K);
  readonly y = new Float64Array(K);
  /** [33] 0 to 1. */
  readonly confidence = new Float64Array(K);
  readonly #dice: Dice;
  readonly #slipsPerMinute: number;
  readonly #offsetX: Float64Array;
  readonly #offsetY: Float64Array;
  /** In plain view; a share of the carrier's where there is one. */
  readonly #seen: Float64Array;
  /** Processes of variance 1. */
  readonly #jitterX = new Float64Array(K);
  readonly #jitterY = new Float64Array(K);
  readonly #wanderX = new Float64Array(K);
  readonly #wanderY = new Float64Array(K);
  readonly #ripple = new Float64Array(K);
  /** 0 to 1: the networks take a moment to miss a point, and to find it again. */
  readonly #hiding = new Float64Array(K);
  readonly #slipX = new Float64Array(K);
  readonly #slipY = new Float64Array(K);
  readonly #slipSeconds = new Float64Array(K);
  readonly #lastX = new Float64Array(K);
  readonly #lastY = new Float64Array(K);
  #started = false;

  constructor(dice: Dice, slipsPerMinute: number) {
    const still = dice.fork('offsets');
    this.#dice = dice.fork('errors');
    this.#slipsPerMinute = slipsPerMinute;
    this.#offsetX = offset.map((deviation) => still.normal(0, deviation));
    this.#offsetY = offset.map((deviation) => still.normal(0, deviation));
    this.#seen = seenMean.map((mean, k) => Math.min(1, still.normal(mean, seenDeviation[k])));
  }

  /** @param seconds - since the moment before; 0 at the first one */
  advance(view: View, seconds: number): void {
    const first = !this.#started;
    this.#started = true;
    const keep = (memory: number) => (first ? 0 : Math.exp(-seconds / memory));
    const jitter = keep(memorySeconds.jitter);
    const wander = keep(memorySeconds.wander);
    const ripple = keep(memorySeconds.confidence);
    const hiding = keep(memorySeconds.hiding);
    const [newJitter, newWander, newRipple] = [jitter, wander, ripple].map((kept) => Math.sqrt(1 - kept * kept));
    const perSecond = seconds > 0 ? 1 / (seconds * view.shoulderWidth * blurSpeed) : 0;
    const dice = this.#dice;
    for (let n = 0; n < K; n++) {
      const k = order[n];
      const carrier = carriers[k];
      this.#jitterX[k] = jitter * this.#jitterX[k] + newJitter * bell(dice);
      this.#jitterY[k] = jitter * this.#jitterY[k] + newJitter * bell(dice);
      this.#wanderX[k] = wander * this.#wanderX[k] + newWander * bell(dice);
      this.#wanderY[k] = wander * this.#wanderY[k] + newWander * bell(dice);
      const hidden = (this.#hiding[k] = view.hidden[k] + (this.#hiding[k] - view.hidden[k]) * hiding);
      const moved = first ? 0 : Math.abs(view.across[k] - this.#lastX[k]) + Math.abs(view.up[k] - this.#lastY[k]);
      this.#lastX[k] = view.across[k];
      this.#lastY[k] = view.up[k];
      const shake = jitterOf[k] * (1 + moved * perSecond) * (1 + hidden * (hiddenFactors.jitter - 1));
      const drift = wanderOf[k] * (1 + hidden * (hiddenFactors.wander - 1));
      this.x[k] = this.#offsetX[k] + shake * this.#jitterX[k] + drift * this.#wanderX[k];
      this.y[k] = this.#offsetY[k] + shake * this.#jitterY[k] + drift * this.#wanderY[k];
      let plain = this.#seen[k];
      if (carrier >= 0) {
        this.x[k] += this.x[carrier];
        this.y[k] += this.y[carrier];
        plain *= this.confidence[carrier];
      } else {
        this.#ripple[k] = ripple * this.#ripple[k] + newRipple * bell(dice);
        plain += confidenceRipple * Math.min(plain, 1 - plain) * this.#ripple[k];
        plain *= this.#slip(k, hidden, seconds);
      }
      const least = Math.min(plain, hiddenConfidence[k]);
      this.confidence[k] = plain + (least - plain) * hidden;
    }
  }

  /** Moves a hand or foot aside while it slips. @returns what becomes of its confidence */
  #slip(k: number, hidden: number, seconds: number): number {
    if (slipping[k] === 0) return 1;
    if (this.#slipSeconds[k] > 0) this.#slipSeconds[k] -= seconds;
    else {
      const perMinute = this.#slipsPerMinute * (1 + (slips.hiddenFactor - 1) * hidden);
      if (!this.#dice.chance((perMinute * seconds) / 60)) return 1;
      this.#slipSeconds[k] = this.#dice.uniform(...slips.seconds);
      this.#slipX[k] = slips.size * bell(this.#dice);
      this.#slipY[k] = slips.size * bell(this.#dice);
    }
    this.x[k] += this.#slipX[k];
    this.y[k] += this.#slipY[k];
    return slips.confidenceFactor;
  }
}

/** [T] 1 where the body is not found: never so long, near to another or at an end that `fillGaps` would not mend it. */
function lossesIn(timesSeconds: Float64Array, perMinute: number, dice: Dice): Uint8Array {
  const own = dice.fork('losses');
  const lost = new Uint8Array(timesSeconds.length);
  if (perMinute === 0) return lost;
  const last = timesSeconds[timesSeconds.length - 1];
  const next = (from: number) => from + 0.2 - (60 / perMinute) * Math.log(1 - own.uniform());
  for (let start = next(timesSeconds[0]); start < last - 0.2; ) {
    const end = start + own.uniform(0.03, 0.17);
    for (let t = 0; t < lost.length; t++) if (timesSeconds[t] >= start && timesSeconds[t] < end) lost[t] = 1;
    start = next(end);
  }
  return lost;
}

/** Nearly normal, of variance 1, within 3.5: the sum of the four bytes of one draw. */
function bell(dice: Dice): number {
  const bits = dice.uniform(0, 2 ** 32) >>> 0;
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
  return (sum - 510) / deviationOfSum;
}
const deviationOfSum = Math.sqrt((4 * (256 ** 2 - 1)) / 12);

// ---- traits as columns, [33] each ----

const place = (name: (typeof bodyPoints)[number]) => bodyPoints.indexOf(name);
const traitsOf: readonly Traits[] = bodyPoints.map((point) => traits.find(({ points }) => points.includes(point))!);
const column = (value: (of: Traits, k: number) => number) => Float64Array.from(traitsOf, value);
const jitterOf = column(({ jitter }) => jitter);
const wanderOf = column(({ wander }) => wander);
const offset = column((of) => of.offset);
const seenMean = column(({ seen }) => seen[0]);
const seenDeviation = column(({ seen }) => seen[1]);
const hiddenConfidence = column(({ hidden }) => hidden);
/** -1 where there is none. */
const carriers = Int32Array.from(traitsOf, (of, k) =>
  of.carriers ? place(of.carriers[of.points.indexOf(bodyPoints[k])]) : -1,
);
/** Carriers before what they carry. */
const order = Int32Array.from(
  [...bodyPoints.keys()].sort((a, b) => Number(carriers[a] >= 0) - Number(carriers[b] >= 0)),
);
const slipping = Uint8Array.from(bodyPoints, (point) => (/Wrist|Ankle/.test(point) ? 1 : 0));
/** What is left of the head when BlazePose finds nobody: `fusePose`. */
const foundByMoveNet = Uint8Array.from(bodyPoints, (point) => (/^nose$|Eye$|Ear$/.test(point) ? 1 : 0));
