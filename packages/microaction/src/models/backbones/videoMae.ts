import {
  add,
  attention,
  type Buffer,
  buffer,
  convolution,
  GraphError,
  linear,
  mean,
  named,
  type Parameter,
  rematerialise,
  reshape,
  resize,
  slice,
  stochasticDepth,
  type Tensor,
  transpose,
} from 'onnxgrad';
import { freeze, type Initializer, LayerNorm, Linear, Mlp, unfreeze, zeros } from 'onnxgrad/nn';
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

export interface VideoMaeRun {
  /** Clips that make one video, for adapters that look beyond a clip; 1 unless given. */
  readonly clipsPerVideo?: number;
  /** Whether the reverse pass computes each block once more instead of keeping what is in it; no unless told. */
  readonly rematerialise?: boolean;
  /** Whether branches are dropped; no unless told. */
  readonly training?: boolean;
}

/**
 * The vision transformer of VideoMAE (Tong et al. 2022, arXiv 2203.12602) without its decoder: space and time attend
 * together, positions are a fixed table. Fields are named as the weights in mmaction2 and OpenTAD.
 */
export class VideoMae {
  readonly options: Required<Omit<VideoMaeOptions, 'adapter'>> & Pick<VideoMaeOptions, 'adapter'>;
  readonly pos_embed: Buffer; // [1, N, width]
  readonly patch_embed: { readonly projection: { readonly weight: Parameter; readonly bias: Parameter } };
  readonly blocks: readonly VideoMaeBlock[];
  /** Only of `pooled`. */
  readonly fc_norm: LayerNorm;

  constructor(options: VideoMaeOptions, init: Initializer) {
    this.options = { ...defaults, ...options };
    const { width, depth, channels, patchPixels, tubeletFrames, epsilon, adapter } = this.options;
    const [steps, rows, columns] = this.#tableGrid();
    this.pos_embed = buffer([1, steps * rows * columns, width], sinusoids(steps * rows * columns, width));
    const kernel = [tubeletFrames, patchPixels, patchPixels];
    const bound = 1 / Math.sqrt(channels * tubeletFrames * patchPixels * patchPixels);
    const even = { kind: 'uniform', low: -bound, high: bound } as const; // as PyTorch's convolutions
    this.patch_embed = {
      projection: { weight: init.draw([width, channels, ...kernel], even), bias: init.draw([width], even) },
    };
    this.blocks = Array.from({ length: depth }, (_, position) => {
      const isAdapted = adapter?.blocks?.includes(position) ?? true;
      const dropPath = depth > 1 ? (this.options.dropPath * position) / (depth - 1) : 0;
      return new VideoMaeBlock({ ...this.options, dropPath }, isAdapted ? adapter : undefined, init);
    });
    this.fc_norm = new LayerNorm({ features: width, epsilon }, init);
  }

  /** Patches as tokens, before their positions. clips: [n, channels, frames, height, width], normalised → [n, N, width]. */
  embed(clips: Tensor): Tensor {
    const { width, patchPixels, tubeletFrames } = this.options;
    const [clipCount] = clips.shape;
    const { weight, bias } = this.patch_embed.projection;
    const stride = [tubeletFrames, patchPixels, patchPixels];
    const patches = convolution(clips, weight, bias, { stride }); // [n, width, steps, rows, columns]
    return transpose(reshape(patches, [clipCount, width, -1]), [0, 2, 1]);
  }

  /** The position table for a grid of tokens: as it is, or its rows and columns interpolated. → [1, N, width] */
  positions([steps, rows, columns]: readonly [number, number, number]): Tensor {
    const [tableSteps, tableRows, tableColumns] = this.#tableGrid();
    if (steps !== tableSteps) {
      const { tubeletFrames } = this.options;
      throw new GraphError(
        `VideoMae: clips have ${steps * tubeletFrames} frames; expected ${tableSteps * tubeletFrames}, which positions are of`,
      );
    }
    if (rows === tableRows && columns === tableColumns) return this.pos_embed;
    const table = reshape(this.pos_embed, [steps, tableRows, tableColumns, -1]);
    const first = resize(transpose(table, [0, 3, 1, 2]), { sizes: [rows, columns], mode: 'cubic' });
    return reshape(transpose(first, [0, 2, 3, 1]), [1, steps * rows * columns, -1]);
  }

  /**
   * clips: [n, channels, frames, height, width], normalised → [n, N, width]; tokens run over steps, then rows, then
   * columns.
   */
  tokens(clips: Tensor, { clipsPerVideo = 1, rematerialise: again = false, training }: VideoMaeRun = {}): Tensor {
    const [steps, rows, columns] = this.gridOf(clips);
    const [clipCount] = clips.shape;
    if (clipCount % clipsPerVideo !== 0) {
      throw new GraphError(
        `VideoMae: there are ${clipCount} clips; expected a multiple of ${clipsPerVideo}, of whole videos`,
      );
    }
    const grid = { videos: clipCount / clipsPerVideo, steps: steps * clipsPerVideo, rows, columns };
    let x = named('patch_embed', () => add(this.embed(clips), this.positions([steps, rows, columns])));
    for (const [position, block] of this.blocks.entries()) {
      const run = () => named(`blocks.${position}`, () => block.apply(x, grid, training));
      x = again ? rematerialise(run) : run();
    }
    return x;
  }

  /** clips: [n, channels, frames, height, width] → [n, width, steps, rows, columns]. */
  featureMap(clips: Tensor, run: VideoMaeRun = {}): Tensor {
    const tokens = transpose(this.tokens(clips, run), [0, 2, 1]);
    return reshape(tokens, [...tokens.shape.slice(0, 2), ...this.gridOf(clips)]);
  }

  /** The mean token of each clip, normalised: what clips are classified by. → [n, width] */
  pooled(clips: Tensor, run: VideoMaeRun = {}): Tensor {
    return this.fc_norm.apply(mean(this.tokens(clips, run), 1));
  }

  /** Steps, rows and columns of the tokens of a clip. */
  gridOf(clips: Tensor): [steps: number, rows: number, columns: number] {
    const { patchPixels, tubeletFrames, channels } = this.options;
    const [, found, ...lengths] = clips.shape;
    const patch = [tubeletFrames, patchPixels, patchPixels];
    const grid = lengths.map((length, axis) => length / patch[axis]);
    if (clips.shape.length === 5 && found === channels && grid.every((count) => Number.isInteger(count) && count > 0)) {
      return grid as [number, number, number];
    }
    throw new GraphError(
      `VideoMae: clips have shape [${clips.shape.join(', ')}]; expected [n, ${channels}, frames, height, width] with ` +
        `frames a multiple of ${tubeletFrames}, height and width of ${patchPixels}`,
    );
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

/** x += attention(norm(x)), x += MLP(norm(x)), and the adapter if there is one. */
export class VideoMaeBlock {
  readonly norm1: LayerNorm;
  readonly attn: VideoMaeAttention;
  readonly norm2: LayerNorm;
  readonly mlp: Mlp;
  readonly adapter: Adapter | null;
  readonly dropPath: number;

  constructor(options: BlockOptions, adapter: AdapterOptions | undefined, init: Initializer) {
    const { width, mlpRatio, epsilon, dropPath } = options;
    this.dropPath = dropPath;
    this.norm1 = new LayerNorm({ features: width, epsilon }, init);
    this.attn = new VideoMaeAttention(options, init);
    this.norm2 = new LayerNorm({ features: width, epsilon }, init);
    const names = { fc1: 'layers.0.0', fc2: 'layers.1' };
    this.mlp = new Mlp({ inputs: width, hidden: Math.round(width * mlpRatio), initial: small, names }, init);
    this.adapter = adapter ? makeAdapter(adapter, width, init) : null;
  }

  /** tokens: [clips, N, width] → the same shape. */
  apply(tokens: Tensor, grid: TokenGrid, training = false): Tensor {
    const mixed = this.mix(tokens, training);
    const { adapter } = this;
    return adapter ? named('adapter', () => adapter.apply(mixed, grid)) : mixed;
  }

  /** All but the adapter. */
  mix(tokens: Tensor, training = false): Tensor {
    const residual = (name: string, x: Tensor, branch: () => Tensor) =>
      named(name, () => add(x, stochasticDepth(branch(), this.dropPath, { training, stream: 'path' })));
    const attended = residual('attn', tokens, () => this.attn.apply(this.norm1.apply(tokens)));
    return residual('mlp', attended, () => this.mlp.apply(this.norm2.apply(attended)));
  }
}

/** Attention of all tokens of a clip to each other. */
export class VideoMaeAttention {
  readonly q_bias: Parameter | null; // [width]
  readonly v_bias: Parameter | null; // [width]
  readonly qkv: Linear; // queries, keys, values
  readonly proj: Linear;
  readonly heads: number;

  constructor({ width, heads, qkvBias }: BlockOptions, init: Initializer) {
    if (width % heads !== 0) throw new GraphError(`VideoMae: width is ${width}; expected a multiple of ${heads} heads`);
    this.heads = heads;
    this.q_bias = qkvBias ? init.draw([width], zeros) : null;
    this.v_bias = qkvBias ? init.draw([width], zeros) : null;
    this.qkv = new Linear({ inputs: width, outputs: 3 * width, bias: false, initial: small }, init);
    this.proj = new Linear({ inputs: width, outputs: width, initial: small }, init);
  }

  apply(x: Tensor): Tensor {
    const width = x.shape[2];
    const biases = [this.q_bias, null, this.v_bias];
    const [q, k, v] = biases.map((bias, i) => linear(x, slice(this.qkv.weight, 0, i * width, (i + 1) * width), bias));
    return this.proj.apply(attention(q, k, v, { heads: this.heads }));
  }
}

// ---- below: internals ----

type BlockOptions = Required<Omit<VideoMaeOptions, 'adapter'>>;

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

const small = { kind: 'truncatedNormal', std: 0.02 } as const;

/** The position table: sine at even places, cosine at odd ones, of position / 10000^(2⌊j/2⌋ / width). [N · width] */
function sinusoids(positions: number, width: number): Float64Array {
  return Float64Array.from({ length: positions * width }, (_, i) => {
    const [position, j] = [Math.floor(i / width), i % width];
    const angle = position / 10_000 ** ((j - (j % 2)) / width);
    return j % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}
