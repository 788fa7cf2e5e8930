/** The 33 points of BlazePose, in its order. Left and right are the person's own. */
export const bodyPoints = [
  'nose',
  'leftEyeInner',
  'leftEye',
  'leftEyeOuter',
  'rightEyeInner',
  'rightEye',
  'rightEyeOuter',
  'leftEar',
  'rightEar',
  'mouthLeft',
  'mouthRight',
  'leftShoulder',
  'rightShoulder',
  'leftElbow',
  'rightElbow',
  'leftWrist',
  'rightWrist',
  'leftPinky',
  'rightPinky',
  'leftIndex',
  'rightIndex',
  'leftThumb',
  'rightThumb',
  'leftHip',
  'rightHip',
  'leftKnee',
  'rightKnee',
  'leftAnkle',
  'rightAnkle',
  'leftHeel',
  'rightHeel',
  'leftFootIndex',
  'rightFootIndex',
] as const; // prettier-ignore

export type BodyPoint = (typeof bodyPoints)[number];

/** The 17 points of MoveNet (COCO), in its order. */
export const cocoPoints = [
  'nose',
  'leftEye',
  'rightEye',
  'leftEar',
  'rightEar',
  'leftShoulder',
  'rightShoulder',
  'leftElbow',
  'rightElbow',
  'leftWrist',
  'rightWrist',
  'leftHip',
  'rightHip',
  'leftKnee',
  'rightKnee',
  'leftAnkle',
  'rightAnkle',
] as const satisfies readonly BodyPoint[]; // prettier-ignore

/**
 * Key points of one person at T times, K points each. Positions are pixels of the displayed video frame
 * (after rotation), x to the right, y down; index `t * K + k`. NaN where a point was not found.
 */
export interface PoseTrack {
  readonly points: readonly BodyPoint[];
  /** [T] seconds from the start of the video, increasing. */
  readonly timesSeconds: Float64Array;
  /** [T * K] */
  readonly x: Float32Array;
  /** [T * K] */
  readonly y: Float32Array;
  /** [T * K] 0 to 1, as the network gives it. */
  readonly confidence: Float32Array;
  /** Size of the displayed video frame. */
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** What the two networks saw of one person, at the same times, unsmoothed. */
export interface PoseEstimate {
  /** MoveNet thunder: 17 points. Its head points follow fast turns. */
  readonly moveNet: PoseTrack;
  /** BlazePose full: 33 points. Its trunk, arms, hands, legs and feet are the better ones. */
  readonly blazePose: PoseTrack;
}
