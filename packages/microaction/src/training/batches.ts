/** Batches of training data, epoch by epoch: what a trainer asks for and a task makes. */
export interface BatchSource<Batch> {
  /** How many batches an epoch has. */
  batchCount(epoch: number): number;
  /**
   * The batches of an epoch in order, from number `from` on: the same ones for the same epoch, however far an earlier run
   * came. They are made ahead while the last one is being learnt from.
   */
  epoch(epoch: number, from?: number): AsyncIterable<Batch>;
  /** What could not be used so far and why, each once. */
  readonly skipped: readonly SkippedVideo[];
}

export interface SkippedVideo {
  readonly video: string;
  readonly reason: string;
}
