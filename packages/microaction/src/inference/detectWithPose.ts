import { detectKinematics } from '../kinematics/detectKinematics.ts';
import { estimatePose } from '../pose/estimatePose.ts';
import { fillGaps } from '../pose/fillGaps.ts';
import { fusePose } from '../pose/fusePose.ts';
import type { PoseNetworks } from '../pose/network.ts';
import { smooth } from '../pose/smooth.ts';
import type { Region, Video } from '../video/video.ts';
import type { DetectionProgress, PoseDetection } from './detection.ts';

export interface DetectOptions {
  /** Samples of the video per second; 15 when absent. Below 10 quick movements are lost. */
  readonly sampleRate?: number;
  /** The person to follow, in pixels of the displayed frame; the largest when absent. */
  readonly person?: Region;
  /** Leaves out instances that score less. */
  readonly minScore?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DetectionProgress) => void;
}

/**
 * Micro-actions in an open video by key points and geometry. Runs wherever a video can be opened and the
 * networks can be loaded.
 *
 * @throws UserError `no-person` when nobody is to be seen
 */
export async function detectWithPose(
  video: Video,
  networks: PoseNetworks,
  options: DetectOptions = {},
): Promise<PoseDetection> {
  const { minScore = 0, onProgress, ...following } = options;
  const estimate = await estimatePose(video, { networks, ...following, onProgress });
  const seconds = video.info.durationSeconds;
  onProgress?.({ stage: 'reading the motion', doneSeconds: 0, totalSeconds: seconds });
  const raw = fillGaps(fusePose(estimate));
  const pose = smooth(raw);
  const { instances, curves } = detectKinematics(pose, raw);
  onProgress?.({ stage: 'reading the motion', doneSeconds: seconds, totalSeconds: seconds });
  return {
    model: 'kinematic',
    info: video.info,
    warnings: video.warnings,
    instances: instances.filter(({ score }) => score >= minScore),
    pose,
    curves,
  };
}
