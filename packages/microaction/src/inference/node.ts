import type { CompileOptions } from 'onnxgrad';
import { UsageError } from '../errors.ts';
import { loadPoseNetworks } from '../pose/onnxNode.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { openVideo } from '../video/node.ts';
import type { Detection } from './detection.ts';
import { detectorNames, isModelFile } from './detectors.ts';
import { type DetectOptions, detectWithPose } from './detectWithPose.ts';

export interface DetectorOptions {
  /**
   * One of `detectorNames`, or a file: `weights.safetensors` of a training run, an exported .onnx. The first name when
   * absent.
   */
  readonly model?: string;
  /** Processor threads for decoding and for the networks; all cores when absent. */
  readonly threads?: number;
  /** Where a trained network is computed; on the processor when absent. */
  readonly device?: CompileOptions['device'];
}

/** A loaded detector, for as many videos as there are. */
export interface Detector extends AsyncDisposable {
  /** The detector's name, or that of a network's recipe. */
  readonly model: string;
  /** What its instances' actions belong to. */
  readonly taxonomy: Taxonomy;
  /** Opens a video file and finds the micro-actions in it. */
  detect(path: string, options?: DetectOptions): Promise<Detection>;
}

/** Loads what a detector needs. Close it by `await using`. */
export async function loadDetector(options: DetectorOptions = {}): Promise<Detector> {
  const { model = detectorNames[0], threads, device } = options;
  if (isModelFile(model)) {
    const { loadModelDetector } = await import('./model/modelDetector.ts');
    return loadModelDetector(model, { threads, device });
  }
  if (!(detectorNames as readonly string[]).includes(model)) {
    const known = detectorNames.join(', ');
    throw new UsageError(`There is no detector "${model}". Known: ${known}, or a file .safetensors or .onnx.`);
  }
  const networks = await loadPoseNetworks({ threads });
  return {
    model,
    taxonomy: microActions52,
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
  const { model, threads, device, ...detect } = options;
  await using detector = await loadDetector({ model, threads, device });
  return await detector.detect(path, detect);
}
