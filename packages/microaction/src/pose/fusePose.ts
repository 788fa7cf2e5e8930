import { type BodyPoint, bodyPoints, type PoseEstimate, type PoseTrack } from './poseTrack.ts';

/**
 * One track of 33 points out of what two networks saw. The head comes from MoveNet, whose nose, eyes and ears
 * follow turns; the corners of eyes and mouth, which it lacks, keep the place that BlazePose gives them beside
 * the eye or the nose. All else comes from BlazePose. BlazePose guesses hidden hands with aplomb: where it is
 * not sure to see a wrist and MoveNet sees it elsewhere, the hand's confidence is lowered.
 */
export function fusePose({ moveNet, blazePose }: PoseEstimate): PoseTrack {
  const fused = { x: blazePose.x.slice(), y: blazePose.y.slice(), confidence: blazePose.confidence.slice() };
  const at = (point: BodyPoint, time: number) => time * bodyPoints.length + bodyPoints.indexOf(point);
  const atMoveNet = (point: BodyPoint, time: number) => time * moveNet.points.length + moveNet.points.indexOf(point);
  const maxDisagreementPixels = maxDisagreement * shoulderWidthPixels(blazePose);

  for (let time = 0; time < blazePose.timesSeconds.length; time++) {
    for (const [anchor, companions] of head) {
      const from = atMoveNet(anchor, time);
      const to = at(anchor, time);
      for (const companion of companions) {
        const index = at(companion, time);
        fused.x[index] = moveNet.x[from] + blazePose.x[index] - blazePose.x[to];
        fused.y[index] = moveNet.y[from] + blazePose.y[index] - blazePose.y[to];
        fused.confidence[index] = Math.min(moveNet.confidence[from], blazePose.confidence[index]);
      }
      fused.x[to] = moveNet.x[from];
      fused.y[to] = moveNet.y[from];
      fused.confidence[to] = moveNet.confidence[from];
    }
    for (const [wrist, ...fingers] of hands) {
      const index = at(wrist, time);
      const other = atMoveNet(wrist, time);
      if (blazePose.confidence[index] >= sureVisibility) continue;
      const apart = Math.hypot(blazePose.x[index] - moveNet.x[other], blazePose.y[index] - moveNet.y[other]);
      if (apart <= maxDisagreementPixels) continue;
      for (const point of [wrist, ...fingers]) fused.confidence[at(point, time)] *= hiddenHandFactor;
    }
  }
  return { ...blazePose, ...fused };
}

const sureVisibility = 0.8;
/** Of the shoulder width. */
const maxDisagreement = 0.4;
const hiddenHandFactor = 0.3;

/** A point of MoveNet, and the points of BlazePose that go with it. */
const head: readonly (readonly [anchor: BodyPoint, companions: readonly BodyPoint[]])[] = [
  ['nose', ['mouthLeft', 'mouthRight']],
  ['leftEye', ['leftEyeInner', 'leftEyeOuter']],
  ['rightEye', ['rightEyeInner', 'rightEyeOuter']],
  ['leftEar', []],
  ['rightEar', []],
];

const hands: readonly (readonly BodyPoint[])[] = [
  ['leftWrist', 'leftPinky', 'leftIndex', 'leftThumb'],
  ['rightWrist', 'rightPinky', 'rightIndex', 'rightThumb'],
];

/** The median over the track; 0 when the shoulders are never seen. */
function shoulderWidthPixels({ points, timesSeconds, x, y }: PoseTrack): number {
  const [left, right] = [points.indexOf('leftShoulder'), points.indexOf('rightShoulder')];
  const widths = Array.from(timesSeconds, (_, time) => {
    const first = time * points.length;
    return Math.hypot(x[first + left] - x[first + right], y[first + left] - y[first + right]);
  });
  const sorted = widths.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
