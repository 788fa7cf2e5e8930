import { compareInstances } from '../../annotation/dataset.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Video } from '../../video/video.ts';
import type { DetectedInstance, Detection, DetectionProgress } from '../detection.ts';
import { type Proposals, suppressWindows, windowCandidates } from '../suppression/index.ts';
import { suppressionOf } from './trainedModel.ts';
import { videoWindows } from './videoWindows.ts';
import { filledTo, type WindowDetector } from './windowDetector.ts';

export interface ModelRunOptions {
  /** Leaves out instances that score less; 0.2 unless given, below which most are second thoughts about others. */
  readonly minScore?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DetectionProgress) => void;
}

/** Below it most are second thoughts about others. */
export const usualMinScore = 0.2;

/** Micro-actions in an open video by a trained network. Runs wherever a video can be opened and an engine is there. */
export async function detectWithModel(
  video: Video,
  detector: WindowDetector,
  { minScore = usualMinScore, ...options }: ModelRunOptions = {},
): Promise<Detection> {
  const { recipe, taxonomy, source } = detector;
  const found = await proposalsInVideo(video, detector, options);
  const reason = `found by the network ${recipe.name}, ${source}`;
  return detectionOf(video, found, { model: recipe.name, taxonomy, reason, minScore });
}

/** What becomes of proposals, by decreasing score: instances that are sure enough, or a warning that none is. */
export function detectionOf(
  video: Video,
  { starts, ends, scores, classes }: Proposals<Float64Array>,
  about: {
    readonly model: string;
    readonly taxonomy: Taxonomy;
    readonly reason: string;
    readonly minScore: number;
  },
): Detection {
  const { model, taxonomy, reason, minScore } = about;
  const instances = Array.from(classes, (classId, i): DetectedInstance => {
    const action = taxonomy.actions[classId].name;
    // What began before the video starts at -0.
    return { action, start: Math.max(0, starts[i]), end: ends[i], score: scores[i], reason };
  });
  const timed = instances.filter(({ start, end }) => end > start);
  const kept = timed.filter(({ score }) => score >= minScore);
  const [surest] = timed;
  const hint =
    kept.length === 0 && surest
      ? [`nothing scores ${minScore}; the surest is ${surest.action} with ${surest.score}`]
      : [];
  return {
    model,
    info: video.info,
    warnings: [...video.warnings, ...hint],
    instances: kept.sort((a, b) => compareInstances(a, b) || b.score - a.score),
    curves: [],
  };
}

/**
 * All that a trained network says of a video: windows slide over it, what is found in them is suppressed together.
 *
 * @returns seconds and scores, by decreasing score, classes by their ids
 */
export async function proposalsInVideo(
  video: Video,
  detector: WindowDetector,
  { signal, onProgress }: Omit<ModelRunOptions, 'minScore'> = {},
): Promise<Proposals<Float64Array>> {
  const { recipe } = detector;
  const { data, evaluation } = recipe;
  const { frameCount, durationSeconds } = video.info;
  // As in training, where seconds became frames by the mean rate.
  const grid = { kind: 'strided', frameRate: frameCount / durationSeconds, strideFrames: data.frameStride } as const;
  const { minScore, maxCandidates } = evaluation;
  const found: Proposals<Float64Array>[] = [];
  const windows = videoWindows(video, {
    sizePixels: data.sizePixels,
    strideFrames: data.frameStride,
    length: data.windowSteps,
    overlap: evaluation.overlap,
    coverEnd: true,
    filledTo: (steps) => filledTo(recipe, steps),
    signal,
    onProgress: (done, total) =>
      onProgress?.({
        stage: 'looking for actions',
        doneSeconds: (done / total) * durationSeconds,
        totalSeconds: durationSeconds,
      }),
  });
  for await (const { start, end, length, frames } of windows) {
    const dense = await detector.propose(frames, end - start, length);
    signal?.throwIfAborted();
    const startFrame = start * data.frameStride;
    found.push(windowCandidates(dense, { grid: { ...grid, startFrame }, durationSeconds, minScore, maxCandidates }));
  }
  return suppressWindows(found, { suppression: suppressionOf(recipe) });
}
