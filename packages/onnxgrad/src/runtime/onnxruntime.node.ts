import { listSupportedBackends } from 'onnxruntime-node';

export { env, InferenceSession, Tensor } from 'onnxruntime-node';

/** The devices that this build of the engine was made for. */
export const devices = (): string[] => listSupportedBackends().map(({ name }) => name);

/** Whether outputs are written to arrays that a run is given. */
export const fillsGivenOutputs = true;
