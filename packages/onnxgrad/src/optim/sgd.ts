import { GraphError } from '../errors.ts';
import type { TensorData } from '../graph/tensorData.ts';
import { type GroupRule, groupParameters, type ParameterGroup } from './groups.ts';
import { type Optimizer, type StepOptions, updates } from './optimizer.ts';
import { live, restore, type State, snapshot } from './state.ts';
import { type FloatArray, type Gradients, type Trainable, type Weights, zerosLike } from './trainable.ts';

export interface SgdOptions {
  readonly learningRate: number;
  /** 0 */
  readonly momentum?: number;
  /** Look one step of momentum ahead; false. */
  readonly nesterov?: boolean;
  /** Times the weight, added to the gradient (L2); 0. */
  readonly weightDecay?: number;
  readonly groups?: readonly GroupRule[];
}

/**
 * Stochastic gradient descent, computing what `torch.optim.SGD` does with dampening 0: the momentum buffer sums up
 * gradients, and the learning rate multiplies it when it is used.
 *
 * Its state holds `sgd.momentum_buffer.NAME` for every parameter whose group has momentum.
 */
export class Sgd implements Optimizer {
  readonly groups: readonly ParameterGroup[];
  readonly #nesterov: boolean;
  readonly #buffers = new Map<Trainable, FloatArray>();

  /** @throws GraphError for numbers out of range and for groups as told at `groupParameters` */
  constructor(parameters: Iterable<Weights>, options: SgdOptions) {
    const { learningRate, momentum = 0, nesterov = false, weightDecay = 0, groups = [] } = options;
    this.#nesterov = nesterov;
    this.groups = groupParameters(parameters, groups, { learningRate, weightDecay, momentum });
    for (const group of this.groups) {
      if (nesterov && !group.momentum) {
        throw new GraphError(`Sgd: nesterov needs momentum, which is 0 in group '${group.name}'; set it, such as 0.9.`);
      }
      if (!group.momentum) continue;
      for (const parameter of group.parameters) this.#buffers.set(parameter, zerosLike(parameter.data));
    }
  }

  step(gradients: Gradients, options?: StepOptions): void {
    for (const { parameter, gradient, group, learningRate } of updates(this.groups, gradients, options)) {
      const { momentum = 0, weightDecay } = group;
      const buffer = this.#buffers.get(parameter);
      if (!buffer) descend(parameter.data, gradient, learningRate, weightDecay);
      // The buffer begins at zero, hence the first step leaves the gradient itself in it, as torch does.
      else roll(parameter.data, gradient, buffer, learningRate, weightDecay, momentum, this.#nesterov);
    }
  }

  state(): Map<string, TensorData> {
    return snapshot(this.#live());
  }

  load(state: State): void {
    restore('sgd', this.#live(), state);
  }

  #live(): State {
    return new Map(
      [...this.#buffers].map(([{ name, shape }, buffer]) => [`sgd.momentum_buffer.${name}`, live(shape, buffer)]),
    );
  }
}

// Below: not for the outside.

function descend(weights: FloatArray, gradient: FloatArray, learningRate: number, l2: number): void {
  const { length } = weights;
  for (let i = 0; i < length; i++) weights[i] -= learningRate * (gradient[i] + l2 * weights[i]);
}

function roll(
  weights: FloatArray,
  gradient: FloatArray,
  buffer: FloatArray,
  learningRate: number,
  l2: number,
  momentum: number,
  nesterov: boolean,
): void {
  const { length } = weights;
  // Plain momentum steps along the buffer b; Nesterov along g + momentum b.
  const ofGradient = nesterov ? learningRate : 0;
  const ofBuffer = nesterov ? learningRate * momentum : learningRate;
  for (let i = 0; i < length; i++) {
    const w = weights[i];
    const g = gradient[i] + l2 * w;
    const b = momentum * buffer[i] + g;
    buffer[i] = b;
    weights[i] = w - ofGradient * g - ofBuffer * b;
  }
}
