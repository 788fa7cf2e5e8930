import { GraphError } from '../errors.ts';
import { shown, type TensorData } from '../graph/tensorData.ts';
import type { ParameterGroup } from './groups.ts';
import { similarNames } from './similarNames.ts';
import type { State } from './state.ts';
import type { FloatArray, Gradients, Trainable } from './trainable.ts';

/** One of the two may be given; without them every group trains at its own rate. */
export interface StepOptions {
  /** Multiplies the learning rate of every group. */
  readonly learningRateFactor?: number;
  /** The rate in force for a group whose own rate is `base`: how schedules with an absolute floor are applied. */
  readonly learningRate?: (base: number) => number;
}

/** Changes weights by their gradients. */
export interface Optimizer {
  readonly groups: readonly ParameterGroup[];
  /**
   * One update, in place. A parameter without a gradient is left as it is, without decay, and its own count of steps
   * does not advance (as in torch for a gradient that is None).
   *
   * @throws GraphError for a gradient of no known parameter or of another length; nothing is changed then
   */
  step(gradients: Gradients, options?: StepOptions): void;
  /** A copy of everything but the weights that the next step depends on. */
  state(): Map<string, TensorData>;
  /**
   * Goes on where the saved state stood: with the same weights and gradients, bit for bit.
   *
   * @throws WeightsError `state-mismatch`, listing every mismatch
   */
  load(state: State): void;
}

/** One parameter, its gradient and the learning rate in force. */
export interface Update {
  readonly parameter: Trainable;
  readonly gradient: FloatArray;
  readonly group: ParameterGroup;
  readonly learningRate: number;
}

/** What a step has to do, group by group. Everything is checked here, before the first weight changes. */
export function updates(
  groups: readonly ParameterGroup[],
  gradients: Gradients,
  { learningRateFactor, learningRate }: StepOptions = {},
): Update[] {
  if (learningRateFactor !== undefined && learningRate !== undefined) {
    throw new GraphError('step: give learningRateFactor or learningRate, not both.');
  }
  const rate = learningRate ?? ((base: number) => base * (learningRateFactor ?? 1));
  const due = groups.flatMap((group) => {
    const inForce = checkedRate(rate(group.learningRate), group);
    return group.parameters.flatMap((parameter): Update[] => {
      const gradient = gradients.get(parameter.name);
      return gradient
        ? [{ parameter, gradient: checkedGradient(gradient, parameter), group, learningRate: inForce }]
        : [];
    });
  });
  if (due.length < gradients.size) throw new GraphError(unknownNames(groups, gradients));
  return due;
}

// Below: not for the outside.

function checkedRate(rate: number, { name, learningRate }: ParameterGroup): number {
  if (rate >= 0 && rate < Number.POSITIVE_INFINITY) return rate;
  throw new GraphError(
    `step: the learning rate of group '${name}' comes to ${rate} (its base is ${learningRate}); ` +
      'expected a finite number >= 0. Look at the schedule.',
  );
}

function checkedGradient(gradient: FloatArray, { name, shape, data }: Trainable): FloatArray {
  if (gradient.length === data.length) return gradient;
  throw new GraphError(
    `step: the gradient of '${name}' has ${gradient.length} elements, its weights ${shown(shape)} have ${data.length}.`,
  );
}

function unknownNames(groups: readonly ParameterGroup[], gradients: Gradients): string {
  const known = new Set(groups.flatMap(({ parameters }) => parameters.map(({ name }) => name)));
  const unknown = [...gradients.keys()].filter((name) => !known.has(name));
  const similar = similarNames(unknown[0], known);
  return (
    `step: no parameter is named ${unknown.map((name) => `'${name}'`).join(', ')}; ` +
    `similar to the first: ${similar.join(', ')}. Pass gradients of the optimiser's own parameters only.`
  );
}
