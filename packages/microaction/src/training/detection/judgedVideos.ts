import type { Dataset } from '../../annotation/dataset.ts';
import { messageOf } from '../../errors.ts';
import { truthOfDataset } from '../../evaluation/detection/index.ts';
import { videoWindows } from '../../inference/model/videoWindows.ts';
import { filledTo } from '../../inference/model/windowDetector.ts';
import { openVideo } from '../../video/node.ts';
import type { SkippedVideo } from '../batches.ts';
import type { DetectionRecipe } from '../recipe.ts';
import type { JudgedVideos, JudgedWindow } from './detectionTask.ts';

export interface JudgedVideosOptions {
  readonly recipe: DetectionRecipe;
  /** Threads that decode. */
  readonly threads?: number;
  /** Bytes of windows that are kept for the next time; 256 MiB unless given. */
  readonly keptBytes?: number;
  /** Told of a video that cannot be read, once. What is in it counts as missed. */
  readonly onSkipped?: (video: SkippedVideo) => void;
}

/**
 * The videos of a data set cut into the windows that slide along them, as detection has them.
 *
 * @param dataset - of clips whose `file` is a path
 */
export function judgedVideos(
  dataset: Dataset,
  { recipe, threads, keptBytes = 256 * 2 ** 20, onSkipped }: JudgedVideosOptions,
): JudgedVideos {
  const kept = new Map<string, readonly JudgedWindow[]>();
  const skipped = new Set<string>();
  let freeBytes = keptBytes;

  async function* windowsOf(id: string, file: string, signal: AbortSignal): AsyncGenerator<JudgedWindow> {
    const { sizePixels, frameStride: strideFrames, windowSteps } = recipe.data;
    await using video = await openVideo(file, { signal, threads });
    const { frameCount, durationSeconds } = video.info;
    const windows = videoWindows(video, {
      sizePixels,
      strideFrames,
      length: windowSteps,
      overlap: recipe.evaluation.overlap,
      coverEnd: true,
      filledTo: (steps) => filledTo(recipe, steps),
      signal,
    });
    for await (const { start, end, length, frames } of windows) {
      const frameRate = frameCount / durationSeconds;
      yield {
        video: id,
        durationSeconds,
        input: frames,
        inputShape: [3, length, sizePixels, sizePixels],
        validSteps: end - start,
        grid: { kind: 'strided', frameRate, strideFrames, startFrame: start * strideFrames },
      };
    }
  }

  return {
    truth: truthOfDataset(dataset, 'the videos to validate by'),
    async *windows({ signal }) {
      for (const { id, file } of dataset.clips) {
        const known = kept.get(id);
        if (known) yield* known;
        if (known || file === undefined || skipped.has(id)) continue;
        const own: JudgedWindow[] = [];
        try {
          for await (const window of windowsOf(id, file, signal)) {
            if (freeBytes >= 0) own.push(window);
            freeBytes -= window.input.length;
            yield window;
          }
        } catch (error) {
          signal.throwIfAborted();
          skipped.add(id);
          onSkipped?.({ video: id, reason: messageOf(error) });
        }
        if (freeBytes >= 0) kept.set(id, own);
        else freeBytes += own.reduce((sum, { input }) => sum + input.length, 0);
      }
    },
  };
}
