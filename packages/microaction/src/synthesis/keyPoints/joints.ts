import type { BodyPoint } from '../../pose/poseTrack.ts';
import type { Figure } from '../body/figure.ts';
import { fingers } from '../body/hand.ts';
import { type Side, sides } from '../body/limbs.ts';
import type { Frame, Vector } from '../body/vector.ts';

/**
 * Points of the face in the head's frame, in heights of the head from chin to crown: to the person's left, up from
 * the middle of the skull, to the front. Where the painted face has them (`render/face.ts`).
 */
export const facePlaces = {
  nose: [0, -0.155, 0.52],
  leftEyeInner: [0.092, 0.005, 0.414],
  leftEye: [0.158, 0.005, 0.385],
  leftEyeOuter: [0.224, 0.005, 0.356],
  rightEyeInner: [-0.092, 0.005, 0.414],
  rightEye: [-0.158, 0.005, 0.385],
  rightEyeOuter: [-0.224, 0.005, 0.356],
  leftEar: [0.36, -0.05, -0.04],
  rightEar: [-0.36, -0.05, -0.04],
  mouthLeft: [0.12, -0.3, 0.395],
  mouthRight: [-0.12, -0.3, 0.395],
} as const satisfies Partial<Record<BodyPoint, Vector>>;

const trunkJoints = ['pelvis', 'waist', 'neck', 'head', 'crown', 'chin'] as const;
const faceJoints = Object.keys(facePlaces) as (keyof typeof facePlaces)[];
const phalanges = ['Knuckle', 'Middle', 'Tip'] as const;
const fingerNames = fingers.map((finger) => `${finger[0].toUpperCase()}${finger.slice(1)}`);
const armJoints = ['Shoulder', 'Elbow', 'Wrist'] as const;
const legJoints = ['Hip', 'Knee', 'Ankle', 'Heel', 'Ball', 'Toe'] as const;

/** Names of all 3D joints, in the order of `jointsOf`: `pelvis`, ... `leftIndexKnuckle`, ... `rightToe`. */
export const jointNames: readonly string[] = [
  ...trunkJoints,
  ...faceJoints,
  ...sides.flatMap((side) => [
    ...armJoints.map((joint) => side + joint),
    ...fingerNames.flatMap((finger) => phalanges.map((joint) => side + finger + joint)),
    ...legJoints.map((joint) => side + joint),
  ]),
];

/** How many joints there are: J. */
export const jointCount = jointNames.length;

/** @throws Error where there is none of this name: a bug */
export function jointIndex(name: string): number {
  const index = jointNames.indexOf(name);
  if (index < 0) throw new Error(`no such joint: ${name}`);
  return index;
}

/**
 * All joints of a figure, [J, 3] metres in the world.
 *
 * @param into - where they are written, from element `from` on; an array of their own when absent
 */
export function jointsOf(figure: Figure, into = new Float32Array(3 * jointCount), from = 0): Float32Array {
  let at = from;
  const put = (point: Vector) => {
    into[at++] = point[0];
    into[at++] = point[1];
    into[at++] = point[2];
  };
  const { head, size } = figure;
  const putInHead = ([left, up, front]: Vector) => {
    for (let axis = 0; axis < 3; axis++) into[at++] = along(head, axis, left, up, front, size.headHeight);
  };
  put(figure.pelvis.origin);
  put(figure.waist.origin);
  put(figure.neck);
  put(head.origin);
  putInHead(crown);
  putInHead(chin);
  for (const place of places) putInHead(place);
  for (const side of sides) {
    putArm(figure, side, put);
    const { hip, knee, ankle, heel, ball, toe } = figure.legs[side];
    put(hip);
    put(knee);
    put(ankle);
    put(heel);
    put(ball);
    put(toe);
  }
  return into;
}

// ---- below: internals ----

const crown: Vector = [0, 0.5, 0];
const chin: Vector = [0, -0.5, 0.3];
const places: readonly Vector[] = Object.values(facePlaces);

function putArm(figure: Figure, side: Side, put: (point: Vector) => void): void {
  const { shoulder, elbow, wrist, fingers: bones } = figure.arms[side];
  put(shoulder);
  put(elbow);
  put(wrist);
  for (const [knuckle, middle, tip] of bones) {
    put(knuckle);
    put(middle);
    put(tip);
  }
}

/** One coordinate of a place in a frame whose unit is `scale` metres; spares the vectors of `place`. */
function along(frame: Frame, axis: number, left: number, up: number, front: number, scale: number): number {
  return frame.origin[axis] + scale * (left * frame.left[axis] + up * frame.up[axis] + front * frame.front[axis]);
}
