import { type BodyPoint, bodyPoints } from '../../pose/poseTrack.ts';
import type { Figure } from '../body/figure.ts';
import { jointCount, jointIndex, jointsOf } from './joints.ts';

/**
 * The joint that each of the 33 points of BlazePose marks, in their order. Its hands are the first knuckles of little
 * finger and index finger and the second of the thumb; its foot index is the toe.
 */
export const bodyPointJoints: Int32Array = Int32Array.from(bodyPoints, (point) => jointIndex(jointNameOf(point)));

/** The 33 points of BlazePose in 3D: [33, 3] metres in the world, in the order of `bodyPoints`. */
export function bodyPointsOf(figure: Figure): Float32Array {
  jointsOf(figure, joints);
  const points = new Float32Array(3 * bodyPointJoints.length);
  for (const [point, joint] of bodyPointJoints.entries()) {
    points.set(joints.subarray(3 * joint, 3 * joint + 3), 3 * point);
  }
  return points;
}

// ---- below: internals ----

const joints = new Float32Array(3 * jointCount);

function jointNameOf(point: BodyPoint): string {
  return point
    .replace('Pinky', 'LittleKnuckle')
    .replace('Thumb', 'ThumbMiddle')
    .replace('FootIndex', 'Toe')
    .replace(/^(left|right)Index$/, '$1IndexKnuckle');
}
