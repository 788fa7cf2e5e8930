export { env, InferenceSession, Tensor } from 'onnxruntime-web/all';

/** The devices that this browser has. */
export const devices = (): string[] => ('gpu' in navigator ? ['wasm', 'webgpu'] : ['wasm']);
