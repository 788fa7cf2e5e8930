import { GraphError } from '../errors.ts';
import type { TensorData } from '../graph/tensorData.ts';
import { type GroupRule, groupParameters, type ParameterGroup } from './groups.ts';
import { type Optimizer, type StepOptions, updates } from './optimizer.ts';
import { live, restore, type State, snapshot } from './state.ts';
import { type FloatArray, type Gradients, type Trainable, type Weights, zerosLike } from './trainable.ts';

export interface AdamWOptions {
  readonly learningRate: number;
  /** Decay of the running mean of gradients and of their squares; 0.9 and 0.999. */
  readonly betas?: readonly [number, number];
  /** Added to the square root, not under it; 1e-8. */
  readonly epsilon?: number;
  /**
   * `decoupled` shrinks the weights by the learning rate times the decay (AdamW); `l2` adds the decay times the weight
   * to the gradient (plain Adam).
   */
  readonly decay?: 'decoupled' | 'l2';
  /** 0.01 when decoupled, 0 for l2, as in torch. */
  readonly weightDecay?: number;
  readonly groups?: readonly GroupRule[];
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), computing what `torch.optim.AdamW` does, and
 * `torch.optim.Adam` with `decay: 'l2'`; no amsgrad. Each element is worked out in double precision and rounded to the
 * array's type once.
 *
 * Its state holds, by parameter, `adamW.step.NAME` (int64), `adamW.exp_avg.NAME` and `adamW.exp_avg_sq.NAME`.
 */
export class AdamW implements Optimizer {
  readonly groups: readonly ParameterGroup[];
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;
  readonly #decoupled: boolean;
  readonly #moments = new Map<Trainable, Moments>();

  /** @throws GraphError for numbers out of range and for groups as told at `groupParameters` */
  constructor(parameters: Iterable<Weights>, options: AdamWOptions) {
    const { learningRate, betas = [0.9, 0.999], epsilon = 1e-8, decay = 'decoupled', groups = [] } = options;
    if (!betas.every((beta) => beta >= 0 && beta < 1)) {
      throw new GraphError(`AdamW: betas are [${betas.join(', ')}]; expected two numbers in [0, 1).`);
    }
    if (!(epsilon >= 0)) throw new GraphError(`AdamW: epsilon is ${epsilon}; expected a number >= 0.`);
    const withMomentum = groups.find(({ momentum }) => momentum !== undefined);
    if (withMomentum) {
      throw new GraphError(`AdamW: group '${withMomentum.match}' sets momentum, which SGD has; AdamW has betas.`);
    }
    [this.#beta1, this.#beta2] = betas;
    this.#epsilon = epsilon;
    this.#decoupled = decay === 'decoupled';
    const weightDecay = options.weightDecay ?? (this.#decoupled ? 0.01 : 0);
    this.groups = groupParameters(parameters, groups, { learningRate, weightDecay });
    for (const parameter of this.groups.flatMap((group) => group.parameters)) {
      const { data } = parameter;
      this.#moments.set(parameter, { step: new BigInt64Array(1), mean: zerosLike(data), square: zerosLike(data) });
    }
  }

  step(gradients: Gradients, options?: StepOptions): void {
    for (const { parameter, gradient, group, learningRate } of updates(this.groups, gradients, options)) {
      const { step, mean, square } = this.#moments.get(parameter)!;
      const count = Number((step[0] += 1n));
      update(parameter.data, gradient, mean, square, {
        beta1: this.#beta1,
        beta2: this.#beta2,
        epsilon: this.#epsilon,
        keep: this.#decoupled ? 1 - learningRate * group.weightDecay : 1,
        l2: this.#decoupled ? 0 : group.weightDecay,
        stepSize: learningRate / (1 - this.#beta1 ** count),
        squareScale: 1 / Math.sqrt(1 - this.#beta2 ** count),
      });
    }
  }

  state(): Map<string, TensorData> {
    return snapshot(this.#live());
  }

  load(state: State): void {
    restore('adamW', this.#live(), state);
  }

  #live(): State {
    return new Map(
      [...this.#moments].flatMap(([{ name, shape }, { step, mean, square }]): [string, TensorData][] => [
        [`adamW.step.${name}`, live([], step)],
        [`adamW.exp_avg.${name}`, live(shape, mean)],
        [`adamW.exp_avg_sq.${name}`, live(shape, square)],
      ]),
    );
  }
}

// Below: not for the outside.

interface Moments {
  /** Steps this parameter has taken. */
  readonly step: BigInt64Array<ArrayBuffer>;
  readonly mean: FloatArray;
  readonly square: FloatArray;
}

interface Coefficients {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** What decoupled decay leaves of a weight. */
  readonly keep: number;
  readonly l2: number;
  /** The learning rate over the bias correction of the mean. */
  readonly stepSize: number;
  /** One over the square root of the bias correction of the squares. */
  readonly squareScale: number;
}

/** One pass over memory. The numbers are taken out of the object first: inside the loop V8 keeps them in registers. */
function update(
  weights: FloatArray,
  gradient: FloatArray,
  mean: FloatArray,
  square: FloatArray,
  { beta1, beta2, epsilon, keep, l2, stepSize, squareScale }: Coefficients,
): void {
  const { length } = weights;
  const rest1 = 1 - beta1;
  const rest2 = 1 - beta2;
  for (let i = 0; i < length; i++) {
    const w = weights[i];
    const g = gradient[i] + l2 * w;
    const m = mean[i] + (g - mean[i]) * rest1;
    const v = square[i] * beta2 + g * g * rest2;
    mean[i] = m;
    square[i] = v;
    weights[i] = w * keep - (stepSize * m) / (Math.sqrt(v) * squareScale + epsilon);
  }
}
