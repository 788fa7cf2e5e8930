import type { env, InferenceSession, Tensor } from 'onnxruntime-web';

export type { InferenceSession, Tensor } from 'onnxruntime-web';

/** What the project uses of ONNX Runtime. */
export interface Engine {
  readonly env: typeof env;
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
}

/**
 * The engine for a device, loaded when first asked for: the one that can drive a GPU is twice as large, and on the
 * processor several times slower, than the one for the processor alone.
 */
export const engineFor = (device: string): Promise<Engine> =>
  device === 'webgpu' ? import('onnxruntime-web/webgpu') : import('onnxruntime-web/wasm');

/** The devices that this browser may have. */
export const devices = (): string[] => ('gpu' in navigator ? ['wasm', 'webgpu'] : ['wasm']);

/** Whether outputs are written to arrays that a run is given; this engine takes them and leaves them as they were. */
export const fillsGivenOutputs = false;
