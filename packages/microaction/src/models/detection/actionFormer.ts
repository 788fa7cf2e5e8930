import {
  cast,
  GraphError,
  input,
  named,
  numbersOf,
  pad,
  reshape,
  type Tensor,
  type TensorData,
  transpose,
} from 'onnxgrad';
import { type Initializer, inference, type Mode } from 'onnxgrad/nn';
import {
  AnchorFreeHead,
  type AnchorFreeLosses,
  anchorFreeLosses,
  assignTargets,
  doublingLevels,
  type PointLevel,
  type Predictions,
  type Proposed,
  type Targets,
  type Truth,
} from '../heads/index.ts';
import { type Level, LevelNorms, TransformerPyramid } from '../necks/index.ts';

export interface ActionFormerOptions {
  /** Of the features that come in. */
  readonly inputs: number;
  readonly classes: number;
  /** Inside; 512 unless given. */
  readonly features?: number;
  /** Convolutions in front; 2 unless given. */
  readonly convolutions?: number;
  /** Their length; 3 unless given. */
  readonly kernel?: number;
  /** Transformer blocks at the full length; 2 unless given. */
  readonly stemBlocks?: number;
  /** Of the pyramid, each half as long as the one before: 6 unless given. */
  readonly levels?: number;
  /** Of attention; 4 unless given. */
  readonly heads?: number;
  /** Steps that each step attends to, null for all; one for all levels, or one for each. 19 unless given. */
  readonly window?: number | null | readonly (number | null)[];
  /** Whether sinusoid positions are added; no unless told. */
  readonly positions?: boolean;
  /**
   * Shorter sequences are filled up with steps that are not valid to this many, as OpenTAD does; null fills up to the
   * next multiple that the levels need, which is less work and differs near the end of a sequence. 2304 unless given.
   */
  readonly maxSteps?: number | null;
  /** Probability that training passes a sample around a branch. Above 0, branches have learned scales; 0.1 unless given. */
  readonly dropPath?: number;
  /** Probability that training sets a channel of the input to zero; 0 unless given. */
  readonly inputDropout?: number;
  /** Convolutions in front of each product of the head; 2 unless given. */
  readonly headConvolutions?: number;
  /** What the head's levels are for; `doublingLevels` unless given. */
  readonly pointLevels?: readonly PointLevel[];
  /** What probability a new head gives to every class; 0.01 unless given. */
  readonly prior?: number;
  /** Strides around the centre of a segment within which points are to find it; 1.5 unless given. */
  readonly centreRadius?: number;
  /** How much of each class target is spread over all classes and none; 0 unless given. */
  readonly labelSmoothing?: number;
  /** Weight of the loss of distances; 1 unless given, 0 to make it as large as that of the classes. */
  readonly distanceWeight?: number;
  /** What the running count of positive points, which losses are divided by, starts at; 100 unless given. */
  readonly initialNormaliser?: number;
  /** What remains of that count at each step; 0.9 unless given. */
  readonly normaliserMomentum?: number;
}

/** Targets of a batch as tensors of a program. */
export interface TargetTensors {
  readonly classes: Tensor; // [B, P, K]
  readonly distances: Tensor; // [B, P, 2]
}

/**
 * ActionFormer (Zhang et al. 2022, arXiv 2202.07925) as OpenTAD has it: from features over time to segments with
 * classes, several at the same time. Weights are named as in OpenTAD's checkpoints.
 */
export class ActionFormer {
  readonly projection: TransformerPyramid;
  readonly neck: LevelNorms;
  readonly rpn_head: AnchorFreeHead;
  readonly options: typeof defaults & ActionFormerOptions;

  constructor(options: ActionFormerOptions, init: Initializer) {
    this.options = { ...defaults, ...options };
    const { positions, maxSteps, features, levels, ...rest } = this.options;
    if (positions && maxSteps === null) {
      throw new GraphError('ActionFormer: positions need maxSteps, the number of steps that they are made for');
    }
    const places = positions ? maxSteps : null;
    this.projection = new TransformerPyramid({ ...rest, features, levels, positions: places }, init);
    this.neck = new LevelNorms({ levels, features }, init);
    const pointLevels = rest.pointLevels ?? doublingLevels(levels);
    if (pointLevels.length !== levels) {
      throw new GraphError(`ActionFormer: there are ${pointLevels.length} pointLevels; expected ${levels}, as levels`);
    }
    const head = { ...rest, features, levels: pointLevels, convolutions: rest.headConvolutions };
    this.rpn_head = new AnchorFreeHead(head, init);
  }

  /** How many steps a sequence of so many is filled up to. */
  paddedSteps(steps: number): number {
    const { maxSteps, levels } = this.options;
    if (maxSteps !== null && steps <= maxSteps) return maxSteps;
    const coarsest = 2 ** (levels - 1);
    const unit = maxSteps === null ? coarsest : leastCommonMultiple(coarsest, this.#largestBlock());
    return Math.ceil(steps / unit) * unit;
  }

  /** The pyramid of features as it comes out of the projection, and normed as the head sees it. */
  pyramid(features: Tensor, mask: Tensor, mode: Mode = inference): { projected: Level[]; normed: Level[] } {
    this.#requireFit(features, mask);
    const steps = features.shape[2];
    const rest = this.paddedSteps(steps) - steps;
    const x = pad(transpose(features, [0, 2, 1]), 1, 0, rest);
    const valid = pad(reshape(cast(mask, 'float32'), [...mask.shape, 1]), 1, 0, rest);
    const projected = named('projection', () => this.projection.apply(x, valid, mode));
    return { projected, normed: named('neck', () => this.neck.apply(projected)) };
  }

  /**
   * @param features - [B, inputs, T], zeros where a step is not valid
   * @param mask - [B, T], of any type, true or 1 where a step is valid
   */
  predict(features: Tensor, mask: Tensor, mode: Mode = inference): Predictions {
    const { normed } = this.pyramid(features, mask, mode);
    return named('rpn_head', () => this.rpn_head.apply(normed));
  }

  /** Segments in steps of the feature grid, with scores: what `decode` in inference/ takes. */
  propose(features: Tensor, mask: Tensor): Proposed {
    return this.rpn_head.proposals(this.predict(features, mask), this.paddedSteps(features.shape[2]));
  }

  /**
   * The losses of a batch. In training, give `normaliser` as an output of the program, and after each step what came
   * out to `remember`: the next step goes on from there.
   */
  losses(features: Tensor, mask: Tensor, targets: TargetTensors, mode: Mode): AnchorFreeLosses {
    return this.lossesOf(this.predict(features, mask, mode), targets, features.shape[2], mode);
  }

  /** @param steps - of the features that predictions were made of */
  lossesOf(predictions: Predictions, targets: TargetTensors, steps: number, { training }: Mode): AnchorFreeLosses {
    const { labelSmoothing, distanceWeight, normaliserMomentum: momentum } = this.options;
    const points = this.rpn_head.points(this.paddedSteps(steps));
    const options = { labelSmoothing, distanceWeight, momentum, training };
    return anchorFreeLosses(predictions, targets, points, this.rpn_head.loss_normalizer, options);
  }

  /** Keeps the running count of positive points, which is saved with the weights. */
  remember(normaliser: TensorData): void {
    (this.rpn_head.loss_normalizer.data as Float32Array)[0] = numbersOf(normaliser)[0];
  }

  /** What each point is to find in windows of so many steps. */
  assign(windows: readonly Truth[], steps: number): Targets {
    const { classes, centreRadius } = this.options;
    return assignTargets(this.rpn_head.points(this.paddedSteps(steps)), windows, { classes, centreRadius });
  }

  /** Inputs `classes` and `distances` of a program, for what `assign` gives. */
  targetInputs(batch: number, steps: number): TargetTensors {
    const count = this.rpn_head.points(this.paddedSteps(steps)).positions.length;
    return {
      classes: input('classes', [batch, count, this.options.classes]),
      distances: input('distances', [batch, count, 2]),
    };
  }

  #requireFit({ shape }: Tensor, mask: Tensor): void {
    const { inputs } = this.options;
    if (shape.length === 3 && shape[1] === inputs && String(mask.shape) === String([shape[0], shape[2]])) return;
    const hint = shape[2] === inputs ? '; the last two axes of features look swapped, transpose them first' : '';
    throw new GraphError(
      `ActionFormer: features have shape [${shape}] and mask [${mask.shape}]; ` +
        `expected features [B, ${inputs}, T] and mask [B, T]${hint}`,
    );
  }

  /** The largest number of steps that a stride and a window take together, over the levels. */
  #largestBlock(): number {
    const { levels, window } = this.options;
    const windows: readonly (number | null)[] = Array.isArray(window) ? window : Array(levels).fill(window);
    return Math.max(...windows.map((own, level) => 2 ** level * (own === null ? 1 : own - 1)));
  }
}

// ---- below: internals ----

const defaults: Required<Omit<ActionFormerOptions, 'inputs' | 'classes' | 'pointLevels'>> = {
  features: 512,
  convolutions: 2,
  kernel: 3,
  stemBlocks: 2,
  levels: 6,
  heads: 4,
  window: 19,
  positions: false,
  maxSteps: 2304,
  dropPath: 0.1,
  inputDropout: 0,
  headConvolutions: 2,
  prior: 0.01,
  centreRadius: 1.5,
  labelSmoothing: 0,
  distanceWeight: 1,
  initialNormaliser: 100,
  normaliserMomentum: 0.9,
};

function leastCommonMultiple(a: number, b: number): number {
  const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));
  return (a / divisor(a, b)) * b;
}
