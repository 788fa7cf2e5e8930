import { GraphError } from '../errors.ts';
import type { TensorData } from '../graph/tensorData.ts';
import { restore, type State, snapshot } from './state.ts';
import type { FloatArray } from './trainable.ts';

/** A parameter or a buffer (running statistics, counters): everything that the model's saved weights hold. */
export interface Averageable extends TensorData {
  readonly name: string;
}

export interface EmaOptions {
  /** What remains of the average at every update; 0.999. */
  readonly decay?: number;
  /** Names of float tensors whose average drops its fraction at every update, as int64 tensors' averages do. */
  readonly truncated?: readonly string[];
}

/**
 * An exponential moving average of a model's weights, to evaluate and publish instead of the weights themselves. It
 * starts at the weights as they are; buffers are averaged like parameters. As OpenTAD's `ModelEma`, where the average
 * of an int64 tensor drops its fraction at every update. A counter that the official model begins in int64 and goes on
 * in float (the loss normaliser of its heads) stays int64 in the official average: list it in `truncated`.
 *
 * Its state holds `ema.NAME` for every tensor.
 */
export class Ema {
  readonly #decay: number;
  readonly #averages: readonly Average[];
  #swapped = false;

  /** @throws GraphError for a decay outside [0, 1], element types other than float32, float64 and int64, a name that
   *   occurs twice, or one in `truncated` that does not occur */
  constructor(tensors: Iterable<Averageable>, { decay = 0.999, truncated = [] }: EmaOptions = {}) {
    if (!(decay >= 0 && decay <= 1)) throw new GraphError(`Ema: decay is ${decay}; expected a number in [0, 1].`);
    const names = new Set(truncated);
    this.#decay = decay;
    this.#averages = [...tensors].map((source) => averageOf(source, names.has(source.name)));
    const known = new Set(this.#averages.map(({ source }) => source.name));
    if (known.size < this.#averages.length) throw new GraphError('Ema: two tensors have the same name.');
    const lost = truncated.filter((name) => !known.has(name));
    if (lost.length > 0) throw new GraphError(`Ema: truncated names no tensor: ${lost.join(', ')}.`);
  }

  /** Takes in the weights of this moment; once after every optimiser step. */
  update(): void {
    this.#requireInPlace('update');
    for (const { source, data, truncated } of this.#averages) {
      if (data instanceof BigInt64Array) blendCounts(data, source.data as BigInt64Array, this.#decay);
      else blend(data, source.data as FloatArray, this.#decay, truncated);
    }
  }

  /** The averages by the model's own names, without a copy: later updates change them. */
  averaged(): Map<string, TensorData> {
    this.#requireInPlace('averaged');
    return new Map(this.#averages.map((average) => [average.source.name, tensorOf(average)]));
  }

  /**
   * Puts the averages into the model's own arrays until the result is disposed of, and the weights back then, bit for
   * bit. No memory is taken. Until then the other methods throw.
   *
   * ```ts
   * { using _ = ema.swapIn(); await evaluate(model); }
   * ```
   */
  swapIn(): Disposable {
    this.#requireInPlace('swapIn');
    this.#swap(true);
    return { [Symbol.dispose]: () => this.#swap(false) };
  }

  /** A copy. */
  state(): Map<string, TensorData> {
    this.#requireInPlace('state');
    return snapshot(this.#live());
  }

  /** @throws WeightsError `state-mismatch`, listing every mismatch */
  load(state: State): void {
    this.#requireInPlace('load');
    restore('ema', this.#live(), state);
  }

  #live(): State {
    return new Map(this.#averages.map((average) => [`ema.${average.source.name}`, tensorOf(average)]));
  }

  /** Disposing twice does nothing the second time. */
  #swap(inward: boolean): void {
    if (this.#swapped === inward) return;
    for (const { source, data } of this.#averages) exchange(source.data as FloatArray, data as FloatArray);
    this.#swapped = inward;
  }

  #requireInPlace(method: string): void {
    if (!this.#swapped) return;
    throw new GraphError(`Ema.${method}: the averages stand in the model at present; dispose of the swap-in first.`);
  }
}

// Below: not for the outside.

interface Average {
  readonly source: Averageable;
  readonly data: FloatArray | BigInt64Array;
  readonly truncated: boolean;
}

function averageOf(source: Averageable, truncated: boolean): Average {
  const { name, dtype, data } = source;
  if (data instanceof Float32Array || data instanceof Float64Array || data instanceof BigInt64Array) {
    return { source, data: data.slice(), truncated };
  }
  throw new GraphError(`Ema: '${name}' is ${dtype}; only float32, float64 and int64 are averaged. Leave it out.`);
}

const tensorOf = ({ source: { dtype, shape }, data }: Average): TensorData => ({ dtype, shape, data });

function blend(average: FloatArray, weights: FloatArray, decay: number, truncated: boolean): void {
  const { length } = average;
  const rest = 1 - decay;
  if (truncated) for (let i = 0; i < length; i++) average[i] = wholeBlend(average[i], weights[i], decay);
  else for (let i = 0; i < length; i++) average[i] = decay * average[i] + rest * weights[i];
}

function blendCounts(average: BigInt64Array, counts: BigInt64Array, decay: number): void {
  for (let i = 0; i < average.length; i++) {
    average[i] = BigInt(wholeBlend(Number(average[i]), Number(counts[i]), decay));
  }
}

/** Every operation in single precision, as torch does it on int64: that decides on which side of a whole one falls. */
function wholeBlend(average: number, weight: number, decay: number): number {
  const { fround } = Math;
  const kept = fround(fround(average) * fround(decay));
  return Math.trunc(fround(kept + fround(fround(weight) * fround(1 - decay))));
}

function exchange(a: FloatArray, b: FloatArray): void {
  const { length } = a;
  for (let i = 0; i < length; i++) {
    const kept = a[i];
    a[i] = b[i];
    b[i] = kept;
  }
}
