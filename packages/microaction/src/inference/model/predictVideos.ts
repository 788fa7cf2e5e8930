import { messageOf, UserError } from '../../errors.ts';
import { openVideo } from '../../video/node.ts';
import type { DetectionProgress } from '../detection.ts';
import { proposalsInVideo } from './detectWithModel.ts';
import { isEngineFailure } from './engineFailure.ts';
import type { PredictedSegment, VideoPredictions } from './predictionStore.ts';
import type { WindowDetector } from './windowDetector.ts';

/** A video of a data set. */
export interface ListedVideo {
  readonly id: string;
  /** Absent where the data set has no such file. */
  readonly file?: string;
}

/**
 * All that a network finds in one video, however unsure. A video that cannot be looked at gives the reason.
 *
 * @throws the signal's reason, and what is no matter of the video
 */
export async function predictVideo(
  { id, file }: ListedVideo,
  detector: WindowDetector,
  options: {
    readonly threads?: number;
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: DetectionProgress) => void;
  } = {},
): Promise<VideoPredictions> {
  if (file === undefined) return { id, skipped: 'the data set has no video of this name' };
  const { signal, threads, onProgress } = options;
  try {
    await using video = await openVideo(file, { signal, threads });
    const { starts, ends, scores, classes } = await proposalsInVideo(video, detector, { signal, onProgress });
    const annotations = Array.from(classes, (classId, i): PredictedSegment => {
      const { name: label } = detector.taxonomy.actions[classId];
      // What began before the video starts at -0.
      return { segment: [Math.max(0, starts[i]), ends[i]], label, score: scores[i] };
    });
    const { durationSeconds: duration, frameRate: fps } = video.info;
    // Rounded to hundredths of a second, some have no length left.
    return { id, duration, fps, annotations: annotations.filter(({ segment: [start, end] }) => end > start) };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof UserError) || isEngineFailure(error)) throw error;
    return { id, skipped: messageOf(error) };
  }
}
