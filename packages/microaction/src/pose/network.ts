import type { ModelName } from '@microaction/pose-models';

/** A loaded network, whatever runs it. */
export interface Network {
  /**
   * @param images - [batch, 3, size, size], size as the network wants it; may be used again after the call
   * @returns every output by name, [batch, ...]; they belong to the caller
   */
  run(images: Float32Array, batch: number): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

export type NetworkLoader = (name: ModelName) => Promise<Network>;

/** The networks that find a person and its key points. */
export interface PoseNetworks {
  readonly detector: Network;
  readonly moveNet: Network;
  readonly blazePose: Network;
  /** How many runs go on at once; asking for more makes them wait. */
  readonly parallelRuns: number;
  dispose(): Promise<void>;
}

export async function loadNetworks(load: NetworkLoader, parallelRuns = 1): Promise<PoseNetworks> {
  const [detector, moveNet, blazePose] = await Promise.all([
    load('blazepose-detector'),
    load('movenet-thunder'),
    load('blazepose-full'),
  ]);
  return {
    detector,
    moveNet,
    blazePose,
    parallelRuns,
    async dispose() {
      await Promise.all([detector.dispose(), moveNet.dispose(), blazePose.dispose()]);
    },
  };
}
