import type { BodyPoint, PoseTrack } from '../pose/poseTrack.ts';
import { medianOf, noiseOf } from './signals.ts';

export type Side = 'left' | 'right';
export const sides = ['left', 'right'] as const satisfies readonly Side[];

/** One quantity over the clip, free of the person's size, place and of the camera's own motion. */
export interface Channel {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** [T] */
  readonly values: Float32Array;
  /** Standard deviation of what is noise in `values`, in `unit`. */
  readonly noise: number;
  /** [T] 0 to 1: how well the points were seen that it is made of. */
  readonly visibility: Float32Array;
}

/** What the rules read. Lengths are in shoulder widths (sw) unless a unit says otherwise. */
export interface Measurements {
  readonly timesSeconds: Float64Array;
  readonly sampleRate: number;
  /** Median distance between the shoulders. */
  readonly shoulderWidthPixels: number;
  readonly channels: ReadonlyMap<string, Channel>;
  /** The channel of that id; a bug when there is none. */
  channel(id: ChannelId): Channel;
}

type Vector = readonly [x: number, y: number];

/** Nose protrusion over the ear axis, about 0.11 m, against a distance of shoulder points of about 0.36 m. */
const noseLever = 0.31;
/** The same over the middle of the neck, about 0.13 m. */
const neckLever = 0.36;
/** What the pitch of the head gains as the nose sinks. */
export const degreesPerShoulderWidth = 180 / Math.PI / neckLever;

/**
 * Measures a person. Every quantity is relative to another part of the same body, so a shift or shake of the
 * camera cancels; lengths are divided by the shoulder width, so the distance to the camera does.
 *
 * @param smooth gaps filled and smoothed: what is measured
 * @param raw as the networks gave it: what the noise is estimated from
 */
export function measure(smooth: PoseTrack, raw: PoseTrack): Measurements {
  const shoulderWidthPixels = shoulderWidthOf(smooth);
  const sampleRate = rateOf(smooth.timesSeconds);
  const bodies = { smooth: new Body(smooth, shoulderWidthPixels), raw: new Body(raw, shoulderWidthPixels) };
  const channels = new Map<string, Channel>();
  for (const [id, definition] of Object.entries<Definition>(definitions)) {
    const { title, unit, points, value, jitter = value, fromMedian = false } = definition;
    const evaluate = (body: Body, what = value) => Float32Array.from(smooth.timesSeconds, (_, t) => what(body, t));
    channels.set(id, {
      id,
      title,
      unit,
      values: fromMedian ? centred(evaluate(bodies.smooth)) : evaluate(bodies.smooth),
      noise: noiseOf(evaluate(bodies.raw, jitter)),
      visibility: Float32Array.from(smooth.timesSeconds, (_, t) => bodies.smooth.visibility(points, t)),
    });
  }
  return {
    timesSeconds: smooth.timesSeconds,
    sampleRate,
    shoulderWidthPixels,
    channels,
    channel(id) {
      const channel = channels.get(id);
      if (!channel) throw new Error(`no such channel: ${id}`);
      return channel;
    },
  };
}

// ---- below: internals ----

/** Reads one sample of a track in shoulder widths, y upwards. */
class Body {
  readonly #track: PoseTrack;
  readonly #column: ReadonlyMap<string, number>;
  readonly #scale: number;

  constructor(track: PoseTrack, scalePixels: number) {
    this.#track = track;
    this.#column = new Map(track.points.map((point, k) => [point, k]));
    this.#scale = scalePixels;
  }

  at(point: BodyPoint, t: number): Vector {
    const i = t * this.#track.points.length + this.#column.get(point)!;
    return [this.#track.x[i] / this.#scale, -this.#track.y[i] / this.#scale];
  }

  mean(points: readonly BodyPoint[], t: number): Vector {
    const all = points.map((point) => this.at(point, t));
    return [sum(all.map(([x]) => x)) / all.length, sum(all.map(([, y]) => y)) / all.length];
  }

  /** The least seen of the points decides; 0.6 is as good as it gets on a masked face. Outside the picture is unseen. */
  visibility(points: readonly BodyPoint[], t: number): number {
    const { x, y, confidence, widthPixels, heightPixels } = this.#track;
    let least = 1;
    for (const point of points) {
      const i = t * this.#track.points.length + this.#column.get(point)!;
      const inside = x[i] >= 0 && x[i] <= widthPixels && y[i] >= 0 && y[i] <= heightPixels;
      least = Math.min(least, inside ? confidence[i] : 0);
    }
    return Math.min(1, least / 0.6);
  }

  shoulders = (t: number) => this.mean(['leftShoulder', 'rightShoulder'], t);
  hips = (t: number) => this.mean(['leftHip', 'rightHip'], t);
  ears = (t: number) => this.mean(['leftEar', 'rightEar'], t);
  eyes = (t: number) => this.mean(['leftEye', 'rightEye'], t);
  lap = (t: number) => this.mean(['leftHip', 'rightHip', 'leftKnee', 'rightKnee'], t);
  head = (t: number) => this.mean(['nose', 'leftEar', 'rightEar', 'leftEye', 'rightEye'], t);
  /** Where the finger bases are. */
  hand = (side: Side, t: number) => this.mean([`${side}Index`, `${side}Pinky`], t);

  /** Distance from a hand, taken as the line from its finger bases to its finger tips, to a place. */
  reach(side: Side, place: Vector, t: number): number {
    const wrist = this.at(`${side}Wrist`, t);
    const hand = this.hand(side, t);
    const along = minus(hand, wrist);
    const length = Math.hypot(...along) || 1;
    // Fingers are about as long as the palm, 0.22 sw; the picture shortens both alike.
    const tips: Vector = [
      hand[0] + (along[0] / length) * Math.min(length, 0.22),
      hand[1] + (along[1] / length) * Math.min(length, 0.22),
    ];
    return distanceToSegment(place, hand, tips);
  }

  /** A place on the head: `up` shoulder widths above the eyes along the head's own axis, `side` to its left. */
  onHead(up: number, side: number, t: number): Vector {
    const eyes = this.eyes(t);
    const [ax, ay] = minus(this.at('leftEar', t), this.at('rightEar', t));
    const length = Math.hypot(ax, ay);
    const [rx, ry] = length > 0.1 ? [ax / length, ay / length] : [1, 0];
    return [eyes[0] - ry * up + rx * side, eyes[1] + rx * up + ry * side];
  }
}

interface Definition {
  readonly title: string;
  readonly unit: string;
  /** The points whose visibility counts. */
  readonly points: readonly BodyPoint[];
  readonly value: (body: Body, t: number) => number;
  /** Has no zero of its own: measured from its median over the clip. */
  readonly fromMedian?: boolean;
  /** What the noise is taken from where that is not `value` itself. */
  readonly jitter?: (body: Body, t: number) => number;
}

const headPoints = ['nose', 'leftEar', 'rightEar'] as const satisfies readonly BodyPoint[];
const shoulderPoints = ['leftShoulder', 'rightShoulder'] as const satisfies readonly BodyPoint[];
const hipPoints = ['leftHip', 'rightHip'] as const satisfies readonly BodyPoint[];
const trunkPoints = [...shoulderPoints, ...hipPoints];
const kneePoints = ['leftKnee', 'rightKnee'] as const satisfies readonly BodyPoint[];
const anklePoints = ['leftAnkle', 'rightAnkle'] as const satisfies readonly BodyPoint[];

const definitions = {
  // The ears tell a turn from a tilt but one of them hides in a turn; the shoulders do not. So the mean of both.
  headYaw: {
    title: 'Head yaw',
    unit: 'degrees',
    points: [...headPoints, ...shoulderPoints],
    value: (b, t) => {
      const nose = b.at('nose', t)[0];
      return (arcSine((nose - b.ears(t)[0]) / noseLever) + arcSine((nose - b.shoulders(t)[0]) / neckLever)) / 2;
    },
  },
  // Nodding bends the neck as much as it turns the head: the nose sinks towards the shoulders by both.
  headPitch: {
    title: 'Head pitch',
    unit: 'degrees',
    fromMedian: true, // where the nose stands over the shoulders of a head held level differs from person to person
    points: [...headPoints, ...shoulderPoints],
    value: (b, t) => (b.shoulders(t)[1] - b.at('nose', t)[1]) * degreesPerShoulderWidth,
    // Nods of 3 Hz look like noise at 15 samples a second; within the head they show less than jitter does.
    jitter: (b, t) => (b.ears(t)[1] - b.at('nose', t)[1]) * degreesPerShoulderWidth,
  },
  headRoll: {
    title: 'Head roll',
    unit: 'degrees',
    points: [...headPoints, ...shoulderPoints],
    value: (b, t) =>
      slope(b.at('leftEar', t), b.at('rightEar', t)) - slope(b.at('leftShoulder', t), b.at('rightShoulder', t)),
  },
  trunkSway: {
    title: 'Trunk sway',
    unit: 'shoulder widths',
    points: trunkPoints,
    value: (b, t) => b.shoulders(t)[0] - b.hips(t)[0],
  },
  trunkHeight: {
    title: 'Trunk height',
    unit: 'shoulder widths',
    points: trunkPoints,
    value: (b, t) => b.shoulders(t)[1] - b.hips(t)[1],
  },
  headOverHips: {
    title: 'Head over the hips',
    unit: 'shoulder widths',
    points: [...headPoints, ...hipPoints],
    value: (b, t) => b.at('nose', t)[1] - b.hips(t)[1],
  },
  trunkWidth: {
    title: 'Shoulders seen',
    unit: 'shoulder widths',
    points: shoulderPoints,
    value: (b, t) => Math.abs(b.at('leftShoulder', t)[0] - b.at('rightShoulder', t)[0]),
  },
  hipHeight: {
    title: 'Hips over the ankles',
    unit: 'shoulder widths',
    points: [...hipPoints, ...anklePoints],
    value: (b, t) => b.hips(t)[1] - b.mean(anklePoints, t)[1],
  },
  kneeGap: {
    title: 'Knees apart',
    unit: 'shoulder widths',
    points: kneePoints,
    value: (b, t) => b.at('leftKnee', t)[0] - b.at('rightKnee', t)[0],
  },
  ankleGap: {
    title: 'Ankles apart',
    unit: 'shoulder widths',
    points: anklePoints,
    value: (b, t) => b.at('leftAnkle', t)[0] - b.at('rightAnkle', t)[0],
  },
  handGap: {
    title: 'Hands apart',
    unit: 'shoulder widths',
    points: ['leftWrist', 'rightWrist'],
    value: (b, t) => distance(b.hand('left', t), b.hand('right', t)),
  },
  ...forBothSides('HandX', 'hand, sideways', (side) => ({
    points: [`${side}Wrist`, ...shoulderPoints],
    value: (b, t) => b.hand(side, t)[0] - b.shoulders(t)[0],
  })),
  ...forBothSides('HandY', 'hand, height', (side) => ({
    points: [`${side}Wrist`, ...shoulderPoints],
    value: (b, t) => b.hand(side, t)[1] - b.shoulders(t)[1],
  })),
  ...forBothSides('HandOverLapX', 'hand over the lap, sideways', (side) => ({
    points: [`${side}Wrist`],
    value: (b, t) => b.hand(side, t)[0] - b.lap(t)[0],
  })),
  ...forBothSides('HandOverLapY', 'hand over the lap, height', (side) => ({
    points: [`${side}Wrist`],
    value: (b, t) => b.hand(side, t)[1] - b.lap(t)[1],
  })),
  ...forBothSides('HandOverFaceX', 'hand over the face, sideways', (side) => ({
    points: [`${side}Wrist`],
    value: (b, t) => b.hand(side, t)[0] - b.head(t)[0],
  })),
  ...forBothSides('HandOverFaceY', 'hand over the face, height', (side) => ({
    points: [`${side}Wrist`],
    value: (b, t) => b.hand(side, t)[1] - b.head(t)[1],
  })),
  ...forBothSides('Elbow', 'elbow from the trunk', (side) => ({
    points: [`${side}Elbow`, `${side}Shoulder`],
    value: (b, t) =>
      (side === 'left' ? 1 : -1) * (b.at(`${side}Elbow`, t)[0] - b.at(`${side}Shoulder`, t)[0]) * facing(b, t),
  })),
  ...forBothSides('Extension', 'arm extension', (side) => ({
    points: [`${side}Wrist`, `${side}Shoulder`],
    value: (b, t) => distance(b.at(`${side}Wrist`, t), b.at(`${side}Shoulder`, t)),
  })),
  ...forBothSides('KneeHeight', 'knee height', (side) => ({
    points: [`${side}Knee`],
    value: (b, t) => b.at(`${side}Knee`, t)[1] - b.hips(t)[1],
  })),
  ...forBothSides('AnkleHeight', 'ankle height', (side) => ({
    points: [`${side}Ankle`],
    value: (b, t) => b.at(`${side}Ankle`, t)[1] - b.hips(t)[1],
  })),
  ...forBothSides('AnkleX', 'ankle, sideways', (side) => ({
    points: [`${side}Ankle`],
    value: (b, t) => b.at(`${side}Ankle`, t)[0] - b.hips(t)[0],
  })),
  ...forBothSides('HeelLift', 'heel over toes', (side) => ({
    points: [`${side}Heel`, `${side}FootIndex`],
    value: (b, t) => b.at(`${side}Heel`, t)[1] - b.at(`${side}FootIndex`, t)[1],
  })),
  // Distances of a hand to places it may touch.
  ...touch('Nose', 'nose', (b, t) => b.at('nose', t)),
  ...touch('Mouth', 'mouth', (b, t) => b.mean(['mouthLeft', 'mouthRight'], t)),
  ...touch('Eyes', 'eyes', (b, t, side) => b.at(nearerEye(b, side, t), t)),
  ...touch('Forehead', 'forehead', (b, t) => b.onHead(0.17, 0, t)),
  ...touch('Hair', 'hair', (b, t) => b.onHead(0.34, 0, t)),
  ...touch('Ear', 'ear', (b, t, side) => b.at(nearerEar(b, side, t), t)),
  ...touch('Cheek', 'cheek', (b, t, side) => {
    const [ear, mouth] = [b.at(nearerEar(b, side, t), t), b.mean(['mouthLeft', 'mouthRight'], t)];
    return [ear[0] * 0.4 + mouth[0] * 0.6, ear[1] * 0.4 + mouth[1] * 0.6];
  }),
  ...touch('Neck', 'neck', (b, t) => {
    const [shoulders, mouth] = [b.shoulders(t), b.mean(['mouthLeft', 'mouthRight'], t)];
    return [shoulders[0] * 0.7 + mouth[0] * 0.3, shoulders[1] * 0.7 + mouth[1] * 0.3];
  }),
  ...touch('Chest', 'chest', (b, t) => {
    const [shoulders, hips] = [b.shoulders(t), b.hips(t)];
    return [shoulders[0] * 0.72 + hips[0] * 0.28, shoulders[1] * 0.72 + hips[1] * 0.28];
  }),
  ...touch('OtherShoulder', 'other shoulder', (b, t, side) => b.at(`${other(side)}Shoulder`, t)),
  ...touch('OwnShoulder', 'own shoulder', (b, t, side) => b.at(`${side}Shoulder`, t)),
  ...touch('OwnHip', 'own hip', (b, t, side) => b.at(`${side}Hip`, t)),
  ...touch('OtherForearm', 'other forearm', (b, t, side) => b.mean([`${other(side)}Elbow`, `${other(side)}Wrist`], t)),
  ...touch('OtherElbow', 'other elbow', (b, t, side) => b.at(`${other(side)}Elbow`, t)),
  ...alongLeg('Thigh', 'thigh', 'Hip', 'Knee'),
  ...alongLeg('Calf', 'calf', 'Knee', 'Ankle'),
  ...touch('Foot', 'nearer foot', (b, t, side) =>
    nearer(b.hand(side, t), b.at('leftFootIndex', t), b.at('rightFootIndex', t)),
  ),
} satisfies Record<string, Definition>;

export type ChannelId = keyof typeof definitions;

function forBothSides<Name extends string>(
  name: Name,
  title: string,
  define: (side: Side) => Omit<Definition, 'title' | 'unit'>,
): Record<`${Side}${Name}`, Definition> {
  return Object.fromEntries(
    sides.map((side) => [
      `${side}${name}`,
      { title: `${side === 'left' ? 'Left' : 'Right'} ${title}`, unit: 'shoulder widths', ...define(side) },
    ]),
  ) as Record<`${Side}${Name}`, Definition>;
}

function touch<Name extends string>(name: Name, title: string, place: (b: Body, t: number, side: Side) => Vector) {
  return forBothSides(`To${name}`, `hand to ${title}`, (side) => ({
    points: [`${side}Wrist`],
    value: (b, t) => b.reach(side, place(b, t, side), t),
  }));
}

function alongLeg<Name extends string>(name: Name, title: string, from: 'Hip' | 'Knee', to: 'Knee' | 'Ankle') {
  return forBothSides(`To${name}`, `hand to ${title}`, (side) => ({
    points: [`${side}Wrist`, `left${to}`, `right${to}`],
    value: (b, t) =>
      Math.min(
        ...sides.map((leg) => distanceToSegment(b.hand(side, t), b.at(`${leg}${from}`, t), b.at(`${leg}${to}`, t))),
      ),
  }));
}

/** 1 where the person faces the camera, -1 where they sit with their back to it. */
function facing(b: Body, t: number): number {
  return b.at('leftShoulder', t)[0] >= b.at('rightShoulder', t)[0] ? 1 : -1;
}

function nearerEye(b: Body, side: Side, t: number): BodyPoint {
  const hand = b.hand(side, t);
  return distance(hand, b.at('leftEye', t)) < distance(hand, b.at('rightEye', t)) ? 'leftEye' : 'rightEye';
}

function nearerEar(b: Body, side: Side, t: number): BodyPoint {
  const hand = b.hand(side, t);
  return distance(hand, b.at('leftEar', t)) < distance(hand, b.at('rightEar', t)) ? 'leftEar' : 'rightEar';
}

const other = (side: Side): Side => (side === 'left' ? 'right' : 'left');
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1]];
const distance = (a: Vector, b: Vector) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const nearer = (to: Vector, a: Vector, b: Vector) => (distance(to, a) < distance(to, b) ? a : b);
const arcSine = (ratio: number) => (Math.asin(Math.max(-1, Math.min(1, ratio))) * 180) / Math.PI;

/** Of the line from the picture's left to its right, in degrees; positive where the right end is lower. */
function slope(a: Vector, b: Vector): number {
  const [left, right] = a[0] < b[0] ? [a, b] : [b, a];
  return (Math.atan2(left[1] - right[1], right[0] - left[0]) * 180) / Math.PI;
}

function distanceToSegment(p: Vector, a: Vector, b: Vector): number {
  const [dx, dy] = minus(b, a);
  const length = dx * dx + dy * dy;
  const u = length > 0 ? Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length)) : 0;
  return Math.hypot(p[0] - a[0] - u * dx, p[1] - a[1] - u * dy);
}

/** Shoulders turned aside look narrow: the upper half of what was seen tells their true width. */
function shoulderWidthOf(track: PoseTrack): number {
  const body = new Body(track, 1);
  const widths = Array.from(track.timesSeconds, (_, t) =>
    body.visibility(shoulderPoints, t) > 0.5
      ? distance(body.at('leftShoulder', t), body.at('rightShoulder', t))
      : Number.NaN,
  ).filter(Number.isFinite);
  const middle = medianOf(widths);
  return medianOf(widths.filter((width) => width >= middle));
}

function centred(values: Float32Array): Float32Array {
  const middle = medianOf(values);
  return values.map((value) => value - middle);
}

function rateOf(timesSeconds: Float64Array): number {
  const steps = Array.from(timesSeconds.subarray(1), (time, i) => time - timesSeconds[i]);
  return steps.length > 0 ? 1 / medianOf(steps) : 1;
}
