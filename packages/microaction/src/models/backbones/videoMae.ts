import { add, type Buffer, buffer, GraphError, mean, named, reshape, sizeOf, swapLast, type Tensor } from 'onnxgrad';
import {
  freeze,
  type Initializer,
  inference,
  LayerNorm,
  type Mode,
  PatchEmbedding,
  resizePositions,
  sinusoidTable,
  stretchIf,
  TransformerBlock,
  unfreeze,
} from 'onnxgrad/nn';
import { type Adapter, type AdapterOptions, makeAdapter, type TokenGrid } from '../adapters/index.ts';

export interface VideoMaeOptions {
  /** Numbers in a token. */
  readonly width: number;
  /** Blocks. */
  readonly depth: number;
  readonly heads: number;
  /** Hidden width of a block's MLP by the width of a token; 4 unless given. */
  readonly mlpRatio?: number;
  /** Side of the square that becomes a token; 16 unless given. */
  readonly patchPixels?: number;
  /** Frames that become one step of tokens; 2 unless given. */
  readonly tubeletFrames?: number;
  /** Side of the pictures that the position table is of; other sizes are interpolated. 224 unless given. */
  readonly picturePixels?: number;
  /** Of a clip; 16 unless given. */
  readonly clipFrames?: number;
  /** 3 unless given. */
  readonly channels?: number;
  /** Whether queries and values have biases (keys never do); yes unless told. */
  readonly qkvBias?: boolean;
  /** Of layer norms; 1e-6 unless given. */
  readonly epsilon?: number;
  /** Probability that training skips a residual branch of the last block, rising evenly from 0 at the first; 0 unless given. */
  readonly dropPath?: number;
  /** What is trained at the end of blocks, all of them unless positions are given. None unless given. */
  readonly adapter?: AdapterOptions & { readonly blocks?: readonly number[] };
}

/** The published sizes; small to huge are VideoMAE's, giant is VideoMAEv2's. */
export const videoMaeSizes = {
  small: { width: 384, depth: 12, heads: 6 },
  base: { width: 768, depth: 12, heads: 12 },
  large: { width: 1024, depth: 24, heads: 16 },
  huge: { width: 1280, depth: 32, heads: 16 },
  giant: { width: 1408, depth: 40, heads: 16, patchPixels: 14, mlpRatio: 48 / 11 },
} as const satisfies Record<string, VideoMaeOptions>;

/** Small enough to be trained from nothing on two cores; nobody published one. For pictures of 96 pixels. */
export const tinyVideoMae = { width: 128, depth: 4, heads: 4, picturePixels: 96 } as const satisfies VideoMaeOptions;

export interface VideoMaeRun extends Partial<Mode> {
  /** Clips that make one video, for adapters that look beyond a clip; 1 unless given. */
  readonly clipsPerVideo?: number;
  /** Whether the reverse pass computes each block once more instead of keeping what is in it; no unless told. */
  readonly rematerialise?: boolean;
}

/**
 * The vision transformer of VideoMAE (Tong et al. 2022, arXiv 2203.12602) without its decoder: space and time attend
 * together, positions are a fixed table. Fields are named as the weights in mmaction2 and OpenTAD.
 */
export class VideoMae {
  readonly options: typeof defaults & VideoMaeOptions;
  readonly pos_embed: Buffer; // [1, N, width]
  readonly patch_embed: PatchEmbedding;
  readonly blocks: readonly VideoMaeBlock[];
  /** Only of `pooled`. */
  readonly fc_norm: LayerNorm;

  constructor(options: VideoMaeOptions, init: Initializer) {
    this.options = { ...defaults, ...options };
    const { width, depth, channels, patchPixels, tubeletFrames, epsilon, dropPath, adapter } = this.options;
    const positions = sizeOf(this.#tableGrid());
    this.pos_embed = buffer([1, positions, width], sinusoidTable(positions, width));
    const patch = [tubeletFrames, patchPixels, patchPixels];
    this.patch_embed = new PatchEmbedding({ channels, patch, features: width, name: 'projection' }, init);
    this.blocks = Array.from({ length: depth }, (_, position) => {
      const isAdapted = adapter?.blocks?.includes(position) ?? true;
      const rate = depth > 1 ? (dropPath * position) / (depth - 1) : 0;
      return new VideoMaeBlock({ ...this.options, dropPath: rate }, isAdapted ? adapter : undefined, init);
    });
    this.fc_norm = new LayerNorm({ features: width, epsilon }, init);
  }

  /** The position table for a grid of tokens: as it is, or its rows and columns interpolated. → [1, N, width] */
  positions(grid: readonly number[]): Tensor {
    const { tubeletFrames, clipFrames } = this.options;
    const frames = grid[0] * tubeletFrames;
    if (frames === clipFrames) return resizePositions(this.pos_embed, this.#tableGrid(), grid);
    throw new GraphError(`VideoMae: clips have ${frames} frames; expected ${clipFrames}, which positions are of`);
  }

  /**
   * clips: [n, channels, frames, height, width], normalised → [n, N, width]; tokens run over steps, then rows, then
   * columns.
   */
  tokens(clips: Tensor, { clipsPerVideo = 1, training = false, rematerialise }: VideoMaeRun = {}): Tensor {
    const counts = this.patch_embed.grid(clips.shape);
    const grid = tokenGrid(clips.shape[0], counts, clipsPerVideo);
    let x = named('patch_embed', () => add(this.patch_embed.apply(clips), this.positions(counts)));
    for (const [position, block] of this.blocks.entries()) {
      x = named(`blocks.${position}`, () => block.adapted(x, grid, { training, rematerialise }));
    }
    return x;
  }

  /** clips: [n, channels, frames, height, width] → [n, width, steps, rows, columns]. */
  featureMap(clips: Tensor, run: VideoMaeRun = {}): Tensor {
    const tokens = swapLast(this.tokens(clips, run)); // [n, width, N]
    return reshape(tokens, [...tokens.shape.slice(0, 2), ...this.patch_embed.grid(clips.shape)]);
  }

  /** The mean token of each clip, normalised: what clips are classified by. → [n, width] */
  pooled(clips: Tensor, run: VideoMaeRun = {}): Tensor {
    return this.fc_norm.apply(mean(this.tokens(clips, run), 1));
  }

  /** From here on only adapters are trained: all else is stored in programs as constants. */
  freezeAllButAdapters(): void {
    freeze(this);
    unfreeze(this, /(^|\.)adapter\./);
  }

  #tableGrid(): [steps: number, rows: number, columns: number] {
    const { clipFrames, tubeletFrames, picturePixels, patchPixels } = this.options;
    const side = Math.floor(picturePixels / patchPixels);
    return [Math.floor(clipFrames / tubeletFrames), side, side];
  }
}

/** A transformer block, and the adapter at its end if it has one. */
export class VideoMaeBlock extends TransformerBlock {
  readonly adapter: Adapter | null;

  constructor(options: typeof defaults & VideoMaeOptions, adapter: AdapterOptions | undefined, init: Initializer) {
    const { width, qkvBias, ...rest } = options;
    const attentionBias = qkvBias ? 'queries-values' : 'none';
    const initial = { kind: 'truncatedNormal', std: 0.02 } as const;
    super({ ...rest, features: width, attentionBias, initial, mlpNames: { fc1: 'layers.0.0', fc2: 'layers.1' } }, init);
    this.adapter = adapter ? makeAdapter(adapter, width, init) : null;
  }

  /** The block with its adapter. tokens: [clips, N, width] → the same shape. */
  adapted(tokens: Tensor, grid: TokenGrid, mode: Mode = inference): Tensor {
    const { adapter } = this;
    const mixed = this.apply(tokens, mode);
    return adapter ? named('adapter', () => stretchIf(mode, () => adapter.apply(mixed, grid))) : mixed;
  }
}

/** What the tokens of clips are of, `counts` being the steps, rows and columns of one clip. */
export function tokenGrid(clips: number, counts: readonly number[], clipsPerVideo: number): TokenGrid {
  if (clips % clipsPerVideo !== 0) {
    throw new GraphError(
      `VideoMae: there are ${clips} clips; expected a multiple of ${clipsPerVideo}, of whole videos`,
    );
  }
  const [steps, rows, columns] = counts;
  return { videos: clips / clipsPerVideo, steps: steps * clipsPerVideo, rows, columns };
}

// ---- below: internals ----

const defaults = {
  mlpRatio: 4,
  patchPixels: 16,
  tubeletFrames: 2,
  picturePixels: 224,
  clipFrames: 16,
  channels: 3,
  qkvBias: true,
  epsilon: 1e-6,
  dropPath: 0,
};
