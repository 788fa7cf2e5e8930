import { UsageError } from '../errors.ts';
import { loadPoseNetworks } from '../pose/onnxNode.ts';
import { openVideo } from '../video/node.ts';
import type { Detection } from './detection.ts';
import { detectorNames } from './detectors.ts';
import { type DetectOptions, detectWithPose } from './detectWithPose.ts';

export interface DetectFileOptions extends DetectOptions {
  /** One of `detectorNames`. */
  readonly model?: string;
  /** Processor threads for the networks; all cores when absent. */
  readonly threads?: number;
}

/** Opens a video file and finds the micro-actions in it. */
export async function detectFile(path: string, options: DetectFileOptions = {}): Promise<Detection> {
  const { model = detectorNames[0], threads, ...detect } = options;
  if (!(detectorNames as readonly string[]).includes(model)) {
    throw new UsageError(`There is no detector "${model}". Known: ${detectorNames.join(', ')}.`);
  }
  options.onProgress?.({ stage: 'opening', doneSeconds: 0, totalSeconds: 0 });
  await using video = await openVideo(path, { signal: options.signal });
  const networks = await loadPoseNetworks({ threads });
  try {
    return await detectWithPose(video, networks, detect);
  } finally {
    await networks.dispose();
  }
}
