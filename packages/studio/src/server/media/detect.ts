import type { DetectionStage, TaxonomyData } from 'microaction';
import { loadDetector } from 'microaction/node';
import { encodePoints } from '../../contract/points.ts';

export interface DetectInstancesOptions {
  /** A detector's name or a file, as `loadDetector` takes it; the first of `detectorNames` when absent. */
  readonly model?: string;
  /** Leaves out instances that score less, 0 to 1. */
  readonly minScore?: number;
  /** Processor threads; all cores when absent. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Seconds of video done and in all, in this stage. */
  readonly onProgress?: (progress: { done: number; total: number; stage: DetectionStage }) => void;
}

/** What the studio keeps of a detection: plain data, which may go from one process to another. */
export interface DetectedInstances {
  readonly model: string;
  /** What `action` is a name of. */
  readonly taxonomy: TaxonomyData;
  /** Ordered by start, then end, then action; `start` and `end` in seconds. */
  readonly instances: readonly {
    readonly action: string;
    readonly start: number;
    readonly end: number;
    readonly score: number;
    readonly reason: string;
  }[];
  /** Key points of the person, for `decodePoints`; absent where the detector follows none. */
  readonly pose?: Uint8Array<ArrayBuffer>;
  /** What is wrong with the file although it could be used. */
  readonly warnings: readonly string[];
}

/**
 * Finds the micro-actions in a video file.
 *
 * @throws UserError as `loadDetector` and `Detector.detect`: `no-person` where nobody is to be seen ...; the signal's
 * reason
 */
export async function detectInstances(path: string, options: DetectInstancesOptions = {}): Promise<DetectedInstances> {
  const { model, minScore, threads, signal, onProgress } = options;
  signal?.throwIfAborted();
  await using detector = await loadDetector({ model, threads });
  const { instances, pose, warnings } = await detector.detect(path, {
    minScore,
    signal,
    onProgress:
      onProgress &&
      (({ stage, doneSeconds, totalSeconds }) => onProgress({ done: doneSeconds, total: totalSeconds, stage })),
  });
  const { name, bodyParts, actions } = detector.taxonomy;
  return {
    model: detector.model,
    taxonomy: { name, bodyParts, actions },
    instances: instances.map(({ action, start, end, score, reason }) => ({ action, start, end, score, reason })),
    ...(pose && { pose: encodePoints(pose) }),
    warnings: warnings ?? [],
  };
}
