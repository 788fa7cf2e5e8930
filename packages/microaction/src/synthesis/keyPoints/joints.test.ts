import { describe, expect, it } from 'vitest';
import { bodyPoints } from '../../pose/poseTrack.ts';
import { length, minus, type Vector } from '../body/vector.ts';
import { bodyPointsOf } from './bodyPointJoints.ts';
import { facePlaces, jointCount, jointIndex, jointNames, jointsOf } from './joints.ts';
import { sitter, subject } from './sitter.testing.ts';

const figure = sitter((controls) => {
  controls.head.yaw = 30;
});
const joints = jointsOf(figure);
const joint = (name: string): Vector => [...joints.subarray(3 * jointIndex(name), 3 * jointIndex(name) + 3)] as never;
const apart = (a: string, b: string) => length(minus(joint(a), joint(b)));

describe('joints', () => {
  it('have names of their own, one for each place that is written', () => {
    expect(new Set(jointNames).size).toBe(jointCount);
    expect(joints).toHaveLength(3 * jointCount);
    expect(joints.every(Number.isFinite)).toBe(true);
  });

  it('are as far apart as the bones are long', () => {
    const { size } = subject;
    for (const side of ['left', 'right']) {
      expect(apart(`${side}Shoulder`, `${side}Elbow`)).toBeCloseTo(size.upperArm, 5);
      expect(apart(`${side}Elbow`, `${side}Wrist`)).toBeCloseTo(size.forearm, 5);
      expect(apart(`${side}Hip`, `${side}Knee`)).toBeCloseTo(size.thigh, 5);
      expect(apart(`${side}Knee`, `${side}Ankle`)).toBeCloseTo(size.shin, 5);
      expect(apart(`${side}Wrist`, `${side}MiddleKnuckle`)).toBeCloseTo(size.palm, 2);
    }
    expect(apart('leftEar', 'rightEar')).toBeCloseTo(2 * facePlaces.leftEar[0] * size.headHeight, 5);
  });

  it('turn the face with the head', () => {
    const [nose, ears] = [joint('nose')[0], (joint('leftEar')[0] + joint('rightEar')[0]) / 2];
    expect(nose - ears).toBeGreaterThan(0.04);
    expect(joint('rightEar')[2]).toBeGreaterThan(joint('leftEar')[2] + 0.05);
  });

  it('can be written into the middle of a track', () => {
    const track = new Float32Array(9 * jointCount);
    jointsOf(figure, track, 3 * jointCount);
    expect(track.subarray(3 * jointCount, 6 * jointCount)).toEqual(joints);
    expect(track.subarray(0, 3 * jointCount).every((value) => value === 0)).toBe(true);
  });
});

describe('the 33 body points', () => {
  const points = bodyPointsOf(figure);
  const point = (name: (typeof bodyPoints)[number]) => {
    const at = 3 * bodyPoints.indexOf(name);
    return [...points.subarray(at, at + 3)];
  };

  it('are joints, those of hands and feet under other names', () => {
    expect(points).toHaveLength(99);
    const same = { leftHip: 'leftHip', rightEyeInner: 'rightEyeInner', mouthLeft: 'mouthLeft' } as const;
    const renamed = {
      leftPinky: 'leftLittleKnuckle',
      rightIndex: 'rightIndexKnuckle',
      leftThumb: 'leftThumbMiddle',
      rightFootIndex: 'rightToe',
    } as const;
    for (const [name, of] of Object.entries({ ...same, ...renamed })) expect(point(name as never)).toEqual(joint(of));
  });
});
