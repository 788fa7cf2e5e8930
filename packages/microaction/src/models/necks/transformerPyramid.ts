import {
  add,
  constant,
  dropout,
  expand,
  GraphError,
  multiply,
  named,
  resize,
  scalar,
  slice,
  type Tensor,
  transpose,
} from 'onnxgrad';
import { type Initializer, inference, type Mode, sinusoidTable } from 'onnxgrad/nn';
import { ConvolutionalBlock } from './convolutionalBlock.ts';
import type { Level } from './level.ts';
import { MaskedConvolution } from './maskedConvolution.ts';

export interface TransformerPyramidOptions {
  readonly inputs: number;
  readonly features: number;
  /** Convolutions in front. */
  readonly convolutions: number;
  /** Their length; odd. */
  readonly kernel: number;
  /** Transformer blocks at the full length. */
  readonly stemBlocks: number;
  /** Sequences that come out: the full length and its halves, a block for each of these. */
  readonly levels: number;
  readonly heads: number;
  /** Steps that each step attends to, null for all; one for all levels, or one for each. */
  readonly window: number | null | readonly (number | null)[];
  /** See `ConvolutionalBlock`. */
  readonly dropPath: number;
  /** Probability that training sets a channel of the input to zero. */
  readonly inputDropout: number;
  /** How many steps sinusoid positions are made for, that are added behind the convolutions; null for no positions. */
  readonly positions: number | null;
}

/**
 * Convolutions, transformer blocks, and transformer blocks that halve the sequence: a pyramid over time (ActionFormer,
 * Zhang et al. 2022, arXiv 2202.07925; names are those of OpenTAD's `Conv1DTransformerProj`).
 */
export class TransformerPyramid {
  readonly embed: readonly MaskedConvolution[];
  readonly stem: readonly ConvolutionalBlock[];
  readonly branch: readonly ConvolutionalBlock[];
  readonly options: TransformerPyramidOptions;
  readonly #stream: number;

  constructor(options: TransformerPyramidOptions, init: Initializer) {
    const { inputs, features, convolutions, kernel, stemBlocks, levels } = options;
    this.options = options;
    const windows = windowsOf(options);
    this.embed = Array.from(
      { length: convolutions },
      (_, i) => new MaskedConvolution({ inputs: i === 0 ? inputs : features, outputs: features, kernel }, init),
    );
    const block = (window: number | null, stride: 1 | 2) =>
      new ConvolutionalBlock({ ...options, window, stride }, init);
    this.stem = Array.from({ length: stemBlocks }, () => block(windows[0], 1));
    this.branch = Array.from({ length: levels - 1 }, (_, i) => block(windows[i + 1], 2));
    this.#stream = init.stream();
  }

  /**
   * @param x - [B, T, inputs], T a multiple of 2 ^ (levels − 1)
   * @param mask - [B, T, 1], 1 where a step is valid, else 0
   * @returns levels of T, T / 2, T / 4 … steps; a coarse step is valid where its first fine one is
   */
  apply(x: Tensor, mask: Tensor, mode: Mode = inference): Level[] {
    const coarsest = 2 ** (this.options.levels - 1);
    if (x.shape[1] % coarsest !== 0) {
      throw new GraphError(`TransformerPyramid: x has ${x.shape[1]} steps; expected a multiple of ${coarsest}`);
    }
    let level: Level = { features: this.#positioned(this.#embedded(x, mask, mode), mask, mode), mask };
    const through = (blocks: readonly ConvolutionalBlock[], name: string): Level[] =>
      blocks.map((block, i) => {
        const shorter = block.maskOf(level.mask);
        const features = named(`${name}.${i}`, () => block.apply(level.features, shorter, mode));
        level = { features, mask: shorter };
        return level;
      });
    through(this.stem, 'stem');
    return [level, ...through(this.branch, 'branch')];
  }

  #embedded(x: Tensor, mask: Tensor, { training }: Mode): Tensor {
    const [batch, , inputs] = x.shape;
    // Whole channels are dropped.
    const kept = dropout(expand(scalar(1), [batch, 1, inputs]), this.options.inputDropout, {
      training,
      stream: this.#stream,
    });
    const given = this.options.inputDropout > 0 && training ? multiply(x, kept) : x;
    return this.embed.reduce((y, convolution, i) => named(`embed.${i}`, () => convolution.apply(y, mask)), given);
  }

  #positioned(x: Tensor, mask: Tensor, { training }: Mode): Tensor {
    const { positions } = this.options;
    if (positions === null) return x;
    const [, steps, features] = x.shape;
    if (training && steps > positions) {
      throw new GraphError(`TransformerPyramid: x has ${steps} steps; positions are of ${positions} in training`);
    }
    const size = 1 / Math.sqrt(features);
    const values = sinusoidTable(positions, features).map((value) => value * size);
    const table = constant(values, { shape: [1, positions, features] });
    const channelsFirst = () => resize(transpose(table, [0, 2, 1]), { sizes: [steps] });
    const placed = steps > positions ? transpose(channelsFirst(), [0, 2, 1]) : slice(table, 1, 0, steps);
    return add(x, multiply(placed, mask));
  }
}

// ---- below: internals ----

function windowsOf({ window, levels }: TransformerPyramidOptions): readonly (number | null)[] {
  if (typeof window === 'number' || window === null) return Array.from({ length: levels }, () => window);
  if (window.length === levels) return window;
  throw new GraphError(`TransformerPyramid: there are ${window.length} windows; expected one, or ${levels}`);
}
