import { GraphError } from '../errors.ts';
import { type FloatArray, type Gradients, zerosLike } from './trainable.ts';

/**
 * The gradients of a batch from those of its micro-batches. The buffers are made once and used again for every batch.
 *
 * ```ts
 * for (const part of batch) accumulator.add(gradientsOf(part), part.clips);
 * optimizer.step(accumulator.take());
 * ```
 */
export class GradientAccumulator {
  readonly #reduction: 'sum' | 'mean';
  readonly #buffers = new Map<string, FloatArray>();
  #present = new Set<string>();
  #weight = 0;
  #count = 0;

  /** `mean` divides by the sum of the weights, as if the loss were the mean over the batch; default `mean`. */
  constructor({ reduction = 'mean' }: { reduction?: 'sum' | 'mean' } = {}) {
    this.#reduction = reduction;
  }

  /** Micro-batches since the last `take`. */
  get count(): number {
    return this.#count;
  }

  /**
   * Adds one micro-batch; the arrays are read, not kept. A parameter that it lacks counts as zero.
   *
   * @param weight - multiplies these gradients; with `mean`, say how many samples they stand for when that varies
   * @throws GraphError for a gradient whose length changed; nothing is added then
   */
  add(gradients: Gradients, weight = 1): void {
    if (!(weight > 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new GraphError(`GradientAccumulator.add: weight is ${weight}; expected a finite number above 0.`);
    }
    for (const [name, gradient] of gradients) {
      const length = this.#buffers.get(name)?.length ?? gradient.length;
      if (gradient.length === length) continue;
      throw new GraphError(
        `GradientAccumulator.add: the gradient of '${name}' has ${gradient.length} elements, before it had ${length}.`,
      );
    }
    for (const [name, gradient] of gradients) {
      const buffer = this.#buffers.get(name) ?? zerosLike(gradient);
      this.#buffers.set(name, buffer);
      if (this.#present.has(name)) addScaled(buffer, gradient, weight);
      else setScaled(buffer, gradient, weight);
      this.#present.add(name);
    }
    this.#weight += weight;
    this.#count += 1;
  }

  /**
   * The sum or mean since the last call, and a fresh start. The arrays are the accumulator's own: they may be clipped
   * in place and hold until the next `add`.
   *
   * @throws GraphError when nothing was added
   */
  take(): Gradients {
    if (this.#count === 0)
      throw new GraphError('GradientAccumulator.take: no micro-batch was added since the last take.');
    const total = new Map([...this.#present].map((name) => [name, this.#buffers.get(name)!]));
    const share = 1 / this.#weight;
    if (this.#reduction === 'mean' && share !== 1)
      for (const buffer of total.values()) setScaled(buffer, buffer, share);
    this.#present = new Set();
    this.#weight = 0;
    this.#count = 0;
    return total;
  }
}

// Below: not for the outside.

function addScaled(into: FloatArray, from: FloatArray, factor: number): void {
  const { length } = into;
  for (let i = 0; i < length; i++) into[i] += from[i] * factor;
}

function setScaled(into: FloatArray, from: FloatArray, factor: number): void {
  const { length } = into;
  for (let i = 0; i < length; i++) into[i] = from[i] * factor;
}
