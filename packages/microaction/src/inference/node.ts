import { UsageError } from '../errors.ts';
import { loadPoseNetworks } from '../pose/onnxNode.ts';
import { openVideo } from '../video/node.ts';
import type { Detection } from './detection.ts';
import { detectorNames } from './detectors.ts';
import { type DetectOptions, detectWithPose } from './detectWithPose.ts';

export interface DetectorOptions {
  /** One of `detectorNames`; the first when absent. */
  readonly model?: string;
  /** Processor threads for decoding and for the networks; all cores when absent. */
  readonly threads?: number;
}

/** A loaded detector, for as many videos as there are. */
export interface Detector extends AsyncDisposable {
  readonly model: string;
  /** Opens a video file and finds the micro-actions in it. */
  detect(path: string, options?: DetectOptions): Promise<Detection>;
}

/** Loads what a detector needs. Close it by `await using`. */
export async function loadDetector({ model = detectorNames[0], threads }: DetectorOptions = {}): Promise<Detector> {
  if (!(detectorNames as readonly string[]).includes(model)) {
    throw new UsageError(`There is no detector "${model}". Known: ${detectorNames.join(', ')}.`);
  }
  const networks = await loadPoseNetworks({ threads });
  return {
    model,
    async detect(path, options = {}) {
      options.onProgress?.({ stage: 'opening', doneSeconds: 0, totalSeconds: 0 });
      await using video = await openVideo(path, { signal: options.signal, threads });
      return await detectWithPose(video, networks, options);
    },
    [Symbol.asyncDispose]: () => networks.dispose(),
  };
}

/** Finds the micro-actions in one video file. For several, load a detector once. */
export async function detectFile(path: string, options: DetectorOptions & DetectOptions = {}): Promise<Detection> {
  const { model, threads, ...detect } = options;
  await using detector = await loadDetector({ model, threads });
  return await detector.detect(path, detect);
}
