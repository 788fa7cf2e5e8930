import { type BodyPoint, bodyPoints, type PoseTrack } from '../src/pose/poseTrack.ts';

/** Metres: x to the picture's right, y up, z towards the camera; the origin lies between the hips. */
export type Point3 = readonly [x: number, y: number, z: number];

/** What a synthetic seated person does at one moment; everything absent is at rest. */
export interface Posture {
  /** Positive: to the picture's right. */
  readonly headYawDegrees?: number;
  /** Positive: down. */
  readonly headPitchDegrees?: number;
  /** Positive: clockwise in the picture. */
  readonly headRollDegrees?: number;
  /** Trunk about the hips: sideways, forwards (slouching), and about the spine. */
  readonly trunkRollDegrees?: number;
  readonly trunkPitchDegrees?: number;
  readonly trunkYawDegrees?: number;
  readonly shrugMetres?: number;
  /** Where the hands are, in metres; at rest they lie on the thighs. */
  readonly leftHand?: Point3;
  readonly rightHand?: Point3;
  readonly liftMetres?: number;
  readonly leftKnee?: Point3;
  readonly rightKnee?: Point3;
  readonly leftAnkle?: Point3;
  readonly rightAnkle?: Point3;
  readonly leftHeelLiftMetres?: number;
  readonly rightHeelLiftMetres?: number;
  /** The camera's own motion, in pixels of the picture. */
  readonly cameraPixels?: readonly [x: number, y: number];
}

/** Places to put a hand, of a person at rest. */
export const places = {
  nose: [0, 0.66, 0.13],
  leftCheek: [0.05, 0.62, 0.1],
  rightCheek: [-0.05, 0.62, 0.1],
  forehead: [0, 0.75, 0.11],
  topOfHead: [0, 0.83, 0],
  rightEar: [-0.09, 0.67, 0],
  mouth: [0, 0.6, 0.12],
  neck: [0, 0.53, 0.08],
  chest: [0, 0.36, 0.12],
  leftShoulder: [0.2, 0.48, 0.05],
  middle: [0, 0.12, 0.25],
} as const satisfies Record<string, Point3>;

const rest = {
  leftHand: [0.14, 0.08, 0.3],
  rightHand: [-0.14, 0.08, 0.3],
  leftKnee: [0.16, -0.02, 0.42],
  rightKnee: [-0.16, -0.02, 0.42],
  leftAnkle: [0.15, -0.44, 0.4],
  rightAnkle: [-0.15, -0.44, 0.4],
} as const satisfies Record<string, Point3>;

/** A seated person seen from the front, 1080 x 1296 pixels, shoulders about 200 pixels apart. */
export function syntheticPose(
  posture: (timeSeconds: number) => Posture,
  options: { seconds: number; sampleRate?: number; noisePixels?: number; seed?: number },
): PoseTrack {
  const { seconds, sampleRate = 15, noisePixels = 0.5, seed = 1 } = options;
  const T = Math.round(seconds * sampleRate);
  const K = bodyPoints.length;
  const track = {
    points: bodyPoints,
    timesSeconds: Float64Array.from({ length: T }, (_, t) => t / sampleRate),
    x: new Float32Array(T * K),
    y: new Float32Array(T * K),
    confidence: new Float32Array(T * K).fill(0.95),
    widthPixels: 1080,
    heightPixels: 1296,
  };
  const gaussian = gaussians(seed);
  for (let t = 0; t < T; t++) {
    const now = posture(track.timesSeconds[t]);
    const [cameraX, cameraY] = now.cameraPixels ?? [0, 0];
    const body = jointsOf(now);
    bodyPoints.forEach((name, k) => {
      const [x, y, z] = body[name];
      const pixelsPerMetre = 1390 / (2.6 - z);
      track.x[t * K + k] = 540 + x * pixelsPerMetre + cameraX + noisePixels * gaussian();
      track.y[t * K + k] = 760 - (y - 0.1) * pixelsPerMetre + cameraY + noisePixels * gaussian();
    });
  }
  return track;
}

/** Goes smoothly from 0 to 1 between two moments. */
export function ease(t: number, from: number, to: number): number {
  const u = Math.min(1, Math.max(0, (t - from) / (to - from)));
  return u * u * (3 - 2 * u);
}

/** The way of a hand: at `at` from the second moment to the third, moving before and after. */
export function reach(t: number, home: Point3, at: Point3, [leave, arrive, depart, back]: readonly number[]): Point3 {
  const u = ease(t, leave, arrive) * (1 - ease(t, depart, back));
  return [home[0] + u * (at[0] - home[0]), home[1] + u * (at[1] - home[1]), home[2] + u * (at[2] - home[2])];
}

export { rest as restingPlaces };

// ---- below: internals ----

function jointsOf(p: Posture): Record<BodyPoint, Point3> {
  const lift = p.liftMetres ?? 0;
  const trunk = (at: Point3): Point3 => {
    const turned = turn(at, p.trunkRollDegrees ?? 0, p.trunkPitchDegrees ?? 0, p.trunkYawDegrees ?? 0);
    return [turned[0], turned[1] + lift, turned[2]];
  };
  const neck: Point3 = [0, 0.6, 0];
  const head = ([x, y, z]: Point3): Point3 => {
    const local: Point3 = [x - neck[0], y - neck[1], z - neck[2]];
    const [a, b, c] = turn(local, p.headRollDegrees ?? 0, p.headPitchDegrees ?? 0, p.headYawDegrees ?? 0);
    return trunk([a + neck[0], b + neck[1], c + neck[2]]);
  };
  const shrug = p.shrugMetres ?? 0;
  const leftShoulder = trunk([0.18, 0.48 + shrug, 0]);
  const rightShoulder = trunk([-0.18, 0.48 + shrug, 0]);
  const left = arm(leftShoulder, p.leftHand ?? rest.leftHand, 1);
  const right = arm(rightShoulder, p.rightHand ?? rest.rightHand, -1);
  const foot = ([x, y, z]: Point3, heelLift: number, side: number) => ({
    heel: [x, y - 0.05 + heelLift, z - 0.04] as Point3,
    toe: [x + 0.04 * side, y - 0.07, z + 0.14] as Point3,
  });
  const leftAnkle = p.leftAnkle ?? rest.leftAnkle;
  const rightAnkle = p.rightAnkle ?? rest.rightAnkle;
  const leftFoot = foot(leftAnkle, p.leftHeelLiftMetres ?? 0, 1);
  const rightFoot = foot(rightAnkle, p.rightHeelLiftMetres ?? 0, -1);
  return {
    nose: head([0, 0.66, 0.11]),
    leftEyeInner: head([0.02, 0.7, 0.088]),
    leftEye: head([0.032, 0.7, 0.085]),
    leftEyeOuter: head([0.045, 0.7, 0.08]),
    rightEyeInner: head([-0.02, 0.7, 0.088]),
    rightEye: head([-0.032, 0.7, 0.085]),
    rightEyeOuter: head([-0.045, 0.7, 0.08]),
    leftEar: head([0.075, 0.68, 0]),
    rightEar: head([-0.075, 0.68, 0]),
    mouthLeft: head([0.025, 0.61, 0.09]),
    mouthRight: head([-0.025, 0.61, 0.09]),
    leftShoulder,
    rightShoulder,
    leftElbow: left.elbow,
    rightElbow: right.elbow,
    leftWrist: left.wrist,
    rightWrist: right.wrist,
    leftPinky: left.pinky,
    rightPinky: right.pinky,
    leftIndex: left.index,
    rightIndex: right.index,
    leftThumb: left.thumb,
    rightThumb: right.thumb,
    leftHip: [0.12, lift, 0],
    rightHip: [-0.12, lift, 0],
    leftKnee: p.leftKnee ?? rest.leftKnee,
    rightKnee: p.rightKnee ?? rest.rightKnee,
    leftAnkle,
    rightAnkle,
    leftHeel: leftFoot.heel,
    rightHeel: rightFoot.heel,
    leftFootIndex: leftFoot.toe,
    rightFootIndex: rightFoot.toe,
  };
}

/** Roll clockwise about z, then pitch forwards about x, then yaw to the picture's right about y. */
function turn([x, y, z]: Point3, rollDegrees: number, pitchDegrees: number, yawDegrees: number): Point3 {
  const [r, p, w] = [rollDegrees, pitchDegrees, yawDegrees].map((degrees) => (degrees * Math.PI) / 180);
  const [x1, y1] = [x * Math.cos(r) + y * Math.sin(r), y * Math.cos(r) - x * Math.sin(r)];
  const [y2, z2] = [y1 * Math.cos(p) - z * Math.sin(p), z * Math.cos(p) + y1 * Math.sin(p)];
  return [x1 * Math.cos(w) + z2 * Math.sin(w), y2, z2 * Math.cos(w) - x1 * Math.sin(w)];
}

/** `hand` is where the finger bases are; the wrist lies 8 cm before them, the elbow hangs out and down. */
function arm(shoulder: Point3, hand: Point3, side: number) {
  const elbow: Point3 = [
    (shoulder[0] + hand[0]) / 2 + 0.1 * side,
    (shoulder[1] + hand[1]) / 2 - 0.08,
    (shoulder[2] + hand[2]) / 2,
  ];
  const along = hand.map((v, i) => v - elbow[i]);
  const length = Math.hypot(...along);
  const wrist = hand.map((v, i) => v - (0.08 * along[i]) / length) as unknown as Point3;
  return {
    elbow,
    wrist,
    pinky: [hand[0] + 0.03 * side, hand[1], hand[2]] as Point3,
    index: [hand[0] - 0.03 * side, hand[1], hand[2]] as Point3,
    thumb: [hand[0] - 0.04 * side, hand[1] + 0.01, hand[2]] as Point3,
  };
}

/** Normal deviates from a seed, so that a failure repeats. */
export function gaussians(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
