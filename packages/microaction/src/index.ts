// The door for browsers and Node alike: nothing behind it touches files or processes.
export { type Clip, compareInstances, type Dataset, type Foreign, type Instance } from './annotation/dataset.ts';
export { messageOf, UsageError, UserError } from './errors.ts';
export { fileError } from './files/fileError.ts';
export type {
  DetectedInstance,
  Detection,
  DetectionProgress,
  DetectionStage,
  MotionCurve,
  PoseDetection,
} from './inference/detection.ts';
export { type DetectorName, detectorNames } from './inference/detectors.ts';
export { type DetectOptions, detectWithPose } from './inference/detectWithPose.ts';
export { detectKinematics } from './kinematics/detectKinematics.ts';
export { loadNetworks, type Network, type NetworkLoader, type PoseNetworks } from './pose/network.ts';
export { type BodyPoint, bodyPoints, type PoseEstimate, type PoseTrack } from './pose/poseTrack.ts';
export { microActions52 } from './taxonomy/microActions52.ts';
export { type Action, type BodyPart, Taxonomy, type TaxonomyData } from './taxonomy/taxonomy.ts';
export { clipTensor, frameTensor } from './video/frameTensor.ts';
export type { Frame, FrameOptions, PictureOptions, Region, Video, VideoInfo } from './video/video.ts';
