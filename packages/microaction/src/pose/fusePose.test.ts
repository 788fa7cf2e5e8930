import { describe, expect, it } from 'vitest';
import { fusePose } from './fusePose.ts';
import { type BodyPoint, bodyPoints, cocoPoints, type PoseTrack } from './poseTrack.ts';

describe('fusing the two networks', () => {
  it('takes the head from MoveNet and all else from BlazePose', () => {
    const fused = fusePose({ moveNet: still(cocoPoints, 5), blazePose: still(bodyPoints, 0) });
    for (const point of ['nose', 'leftEye', 'rightEar'] as const) expect(xOf(fused, point)).toBe(place(point) + 5);
    for (const point of ['leftShoulder', 'rightWrist', 'leftHeel'] as const)
      expect(xOf(fused, point)).toBe(place(point));
  });

  it('carries the corners of eyes and mouth along with the head', () => {
    const fused = fusePose({ moveNet: still(cocoPoints, 5), blazePose: still(bodyPoints, 0) });
    for (const point of ['leftEyeOuter', 'rightEyeInner', 'mouthLeft'] as const) {
      expect(xOf(fused, point)).toBe(place(point) + 5);
    }
  });

  it('lowers the confidence of a hand that BlazePose hardly sees and MoveNet sees elsewhere', () => {
    const moveNet = still(cocoPoints, 0);
    moveNet.x[cocoPoints.indexOf('leftWrist')] += 100;
    moveNet.x[cocoPoints.indexOf('rightWrist')] += 100;
    const blazePose = still(bodyPoints, 0);
    blazePose.confidence[bodyPoints.indexOf('leftWrist')] = 0.7; // the right one stays at 0.9
    const fused = fusePose({ moveNet, blazePose });
    expect(confidenceOf(fused, 'leftWrist')).toBeLessThan(0.3);
    expect(confidenceOf(fused, 'leftIndex')).toBeLessThan(0.3);
    expect(confidenceOf(fused, 'rightWrist')).toBeCloseTo(0.9);
    expect(confidenceOf(fused, 'leftElbow')).toBeCloseTo(0.9);
  });

  it('trusts a hand that both see in the same place, however unsure', () => {
    const blazePose = still(bodyPoints, 0);
    blazePose.confidence[bodyPoints.indexOf('leftWrist')] = 0.5;
    expect(confidenceOf(fusePose({ moveNet: still(cocoPoints, 3), blazePose }), 'leftWrist')).toBeCloseTo(0.5);
  });
});

const place = (point: BodyPoint) => 10 * bodyPoints.indexOf(point);
const xOf = (track: PoseTrack, point: BodyPoint) => track.x[track.points.indexOf(point)];
const confidenceOf = (track: PoseTrack, point: BodyPoint) => track.confidence[track.points.indexOf(point)];

/** One moment; every point has a place of its own, moved sideways. Shoulders are 10 apart and 100 up and down. */
function still(points: readonly BodyPoint[], shift: number): PoseTrack {
  return {
    points,
    timesSeconds: Float64Array.of(0),
    x: Float32Array.from(points, (point) => place(point) + shift),
    y: Float32Array.from(points, (point) => (point === 'leftShoulder' ? 100 : 0)),
    confidence: new Float32Array(points.length).fill(0.9),
    widthPixels: 640,
    heightPixels: 480,
  };
}
