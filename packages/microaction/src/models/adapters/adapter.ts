import type { Tensor } from 'onnxgrad';
import type { Initializer } from 'onnxgrad/nn';
import { DstaAdapter, type DstaOptions } from './dstaAdapter.ts';
import { StandardAdapter } from './standardAdapter.ts';
import { TiaAdapter, type TiaOptions } from './tiaAdapter.ts';

/**
 * A small trained part at the end of a frozen transformer block. All of them are the identity when they are new, since
 * their last projection starts at zero.
 */
export interface Adapter {
  /** tokens: [clips, N, width] → the same shape. */
  apply(tokens: Tensor, grid: TokenGrid): Tensor;
}

/**
 * What tokens [clips, N, width] are of, N running over steps of a clip, then rows, then columns. The clips of a video
 * follow each other without a gap, so that its steps are one sequence across them.
 */
export interface TokenGrid {
  readonly videos: number;
  /** Of a whole video: clips per video times steps per clip. */
  readonly steps: number;
  readonly rows: number;
  readonly columns: number;
}

/** Which adapter, and its hidden width as a part of the width of the tokens; 1/4 unless given. */
export type AdapterOptions = { readonly hiddenRatio?: number } & (
  | { readonly kind: 'standard' }
  | ({ readonly kind: 'tia' } & TiaOptions)
  | ({ readonly kind: 'dsta' } & DstaOptions)
);

/** A new adapter for tokens of a width. */
export function makeAdapter(options: AdapterOptions, width: number, init: Initializer): Adapter {
  const hidden = Math.floor(width * (options.hiddenRatio ?? 1 / 4));
  switch (options.kind) {
    case 'standard':
      return new StandardAdapter({ width, hidden }, init);
    case 'tia':
      return new TiaAdapter({ width, hidden, ...options }, init);
    case 'dsta':
      return new DstaAdapter({ width, hidden, ...options }, init);
  }
}
