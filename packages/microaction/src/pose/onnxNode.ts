import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type ModelName, modelUrl } from '@microaction/pose-models';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { loadNetworks, type Network, type PoseNetworks } from './network.ts';

export interface OnnxOptions {
  /** Processor threads of each run; all cores when absent. */
  readonly threads?: number;
}

/** The three networks on ONNX Runtime's processor kernels. */
export function loadPoseNetworks(options: OnnxOptions = {}): Promise<PoseNetworks> {
  return loadNetworks((name) => loadOnnxNetwork(name, options));
}

export async function loadOnnxNetwork(name: ModelName, options: OnnxOptions = {}): Promise<Network> {
  const session = await InferenceSession.create(fileURLToPath(modelUrl(name)), {
    intraOpNumThreads: options.threads ?? availableParallelism(),
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
  const [input] = session.inputNames;
  return {
    async run(images, batch) {
      const side = Math.sqrt(images.length / (batch * 3));
      const outputs = await session.run({ [input]: new Tensor('float32', images, [batch, 3, side, side]) });
      return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
    },
    dispose: () => session.release(),
  };
}
