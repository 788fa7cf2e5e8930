import {
  add,
  type Buffer,
  buffer,
  concat,
  constant,
  expand,
  multiply,
  named,
  type Parameter,
  relu,
  reshape,
  scalar,
  sigmoid,
  slice,
  subtract,
  type Tensor,
} from 'onnxgrad';
import { type Initializer, ones } from 'onnxgrad/nn';
import { type Level, MaskedConvolution, TimeConvolution } from '../necks/index.ts';
import { type PointLevel, type Points, pointCounts, pointsOf } from './points.ts';

export interface AnchorFreeHeadOptions {
  readonly features: number;
  readonly classes: number;
  readonly levels: readonly PointLevel[];
  /** Convolutions in front of each of the two products. */
  readonly convolutions: number;
  /** What probability a new head gives to every class. */
  readonly prior: number;
  /** What the running count of positive points starts at. */
  readonly initialNormaliser: number;
}

/** What a head says at each of P points, all levels behind each other. */
export interface Predictions {
  /** [B, P, K]: of each class by itself. */
  readonly logits: Tensor;
  /** [B, P, 2]: how far start and end are away, in strides of the point; from 0 up. */
  readonly distances: Tensor;
  /** [B, P], 1 where a point is of the video, else 0. */
  readonly mask: Tensor;
}

/**
 * The head of ActionFormer, the same for all levels: one tower of convolutions for classes, one for distances. Names are
 * those of OpenTAD's `AnchorFreeHead`.
 */
export class AnchorFreeHead {
  /** The running count of positive points that losses are divided by. */
  readonly loss_normalizer: Buffer; // []
  readonly cls_convs: readonly MaskedConvolution[];
  readonly reg_convs: readonly MaskedConvolution[];
  readonly cls_head: TimeConvolution;
  readonly reg_head: TimeConvolution;
  readonly scale: readonly { readonly scale: Parameter }[]; // [] a level
  readonly options: AnchorFreeHeadOptions;

  constructor(options: AnchorFreeHeadOptions, init: Initializer) {
    const { features, classes, levels, convolutions, prior } = options;
    this.options = options;
    this.loss_normalizer = buffer([], [options.initialNormaliser]);
    const inner = { inputs: features, outputs: features, kernel };
    const tower = () => Array.from({ length: convolutions }, () => new MaskedConvolution(inner, init));
    [this.cls_convs, this.reg_convs] = [tower(), tower()];
    const rare = { kind: 'constant', value: -Math.log((1 - prior) / prior) } as const;
    const bound = 1 / Math.sqrt(features * kernel);
    const even = { kind: 'uniform', low: -bound, high: bound } as const;
    this.cls_head = new TimeConvolution({ inputs: features, outputs: classes, kernel, initialBias: rare }, init);
    this.reg_head = new TimeConvolution({ inputs: features, outputs: 2, kernel, initialBias: even }, init);
    this.scale = levels.map(() => ({ scale: init.draw([], ones) }));
  }

  /** The points of a grid of so many steps. */
  points(steps: number): Points {
    return pointsOf(this.options.levels, steps);
  }

  apply(levels: readonly Level[]): Predictions {
    const lengths = levels.map(({ mask }) => mask.shape[1]);
    // One sequence of all levels: one product for each layer. Behind each level lies what lies beyond its ends: zeros.
    const x = sideBySide(levels.map(({ features }) => features));
    const mask = sideBySide(levels.map((level) => level.mask));
    const through = (tower: readonly MaskedConvolution[], name: string): Tensor =>
      tower.reduce((y, convolution, i) => named(`${name}.${i}`, () => convolution.apply(y, mask)), x);
    const logits = withoutGaps(this.cls_head.apply(through(this.cls_convs, 'cls_convs')), lengths);
    const raw = withoutGaps(this.reg_head.apply(through(this.reg_convs, 'reg_convs')), lengths);
    const scales = this.scale.map(({ scale }, level) => expand(reshape(scale, [1, 1, 1]), [1, lengths[level], 1]));
    return {
      logits,
      distances: relu(multiply(raw, concat(scales, 1))),
      mask: reshape(withoutGaps(mask, lengths), [x.shape[0], -1]),
    };
  }

  /**
   * Segments in steps of the feature grid, and how probable each class is: what is decoded.
   *
   * @param steps - of the feature grid
   * @returns segments [B, P, 2], scores [B, P, K], valid [B, P]
   */
  proposals({ logits, distances, mask }: Predictions, steps: number): Proposed {
    return { segments: segmentsOf(distances, this.points(steps)), scores: sigmoid(logits), valid: mask };
  }
}

/** What is decoded of a batch of windows: start and end, scores, and which points are of the video. */
export interface Proposed {
  readonly segments: Tensor; // [B, P, 2], steps of the feature grid
  readonly scores: Tensor; // [B, P, K], 0 to 1
  readonly valid: Tensor; // [B, P], zeros and ones
}

/** Distances in strides to both sides of points → starts and ends in steps. [B, P, 2] → [B, P, 2]. */
export function segmentsOf(distances: Tensor, { positions, strides }: Points): Tensor {
  const column = (values: Float32Array) => constant(values, { shape: [1, values.length, 1] });
  const [left, right] = [0, 1].map((side) => multiply(slice(distances, 2, side, side + 1), column(strides)));
  return concat([subtract(column(positions), left), add(column(positions), right)], 2);
}

/** How many points each level of a head has, on a grid of so many steps. */
export const levelLengths = (head: AnchorFreeHead, steps: number): number[] => pointCounts(head.options.levels, steps);

// ---- below: internals ----

const kernel = 3;
/** Steps of zeros behind each level: what half a kernel reaches. */
const gap = (kernel - 1) / 2;

/** [B, Tₗ, C] → [B, Σ Tₗ and gaps, C] */
function sideBySide(parts: readonly Tensor[]): Tensor {
  const [batch, , width] = parts[0].shape;
  const zeros = expand(scalar(0), [batch, gap, width]);
  return concat(
    parts.flatMap((part) => [part, zeros]),
    1,
  );
}

/** [B, Σ Tₗ and gaps, C] → [B, Σ Tₗ, C] */
function withoutGaps(x: Tensor, lengths: readonly number[]): Tensor {
  let end = -gap;
  const parts = lengths.map((length) => {
    const start = end + gap;
    end = start + length;
    return slice(x, 1, start, end);
  });
  return concat(parts, 1);
}
