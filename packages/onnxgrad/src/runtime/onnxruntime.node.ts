import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';

export type { InferenceSession, Tensor } from 'onnxruntime-node';

/** What the project uses of ONNX Runtime. */
export interface Engine {
  readonly env: typeof env;
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
}

/** The engine for a device; here one has them all. */
export async function engineFor(_device: string): Promise<Engine> {
  // What the engine would print of its failures, it throws as well.
  env.logLevel = 'fatal';
  return { env, InferenceSession, Tensor };
}

/** The devices that this build of the engine was made for. */
export const devices = (): string[] => listSupportedBackends().map(({ name }) => name);

/** Whether outputs are written to arrays that a run is given. */
export const fillsGivenOutputs = true;
