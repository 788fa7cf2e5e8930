export { env, InferenceSession, Tensor } from 'onnxruntime-web/webgpu';

/** The devices that this browser has. */
export const devices = (): string[] => ('gpu' in navigator ? ['wasm', 'webgpu'] : ['wasm']);

/** Whether outputs are written to arrays that a run is given; this engine takes them and leaves them as they were. */
export const fillsGivenOutputs = false;
