import { rematerialise } from '../graph/tensor.ts';

/** What layers are applied for: in training they drop, and normalise by the batch. */
export interface Mode {
  readonly training: boolean;
  /**
   * Whether layers that hold much compute it once more in the reverse pass instead of keeping it, in stretches that end
   * where little is kept and dear work is not repeated; no unless told.
   */
  readonly rematerialise?: boolean;
}

export const inference: Mode = { training: false };
export const training: Mode = { training: true };

/** `make()`, in a stretch of its own where the mode says so. */
export const stretchIf = <T>({ rematerialise: isAgain = false }: Mode, make: () => T): T =>
  isAgain ? rematerialise(make) : make();
