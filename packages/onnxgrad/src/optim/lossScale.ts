import { GraphError } from '../errors.ts';
import type { TensorData } from '../graph/tensorData.ts';
import { live, restore, type State, snapshot } from './state.ts';
import type { FloatArray, Gradients } from './trainable.ts';

export interface LossScaleOptions {
  /** 65536 */
  readonly initial?: number;
  /** 2 */
  readonly growthFactor?: number;
  /** 0.5 */
  readonly backoffFactor?: number;
  /** Steps in a row without overflow after which the scale grows; 2000. */
  readonly growthInterval?: number;
}

/**
 * A loss scale that follows the range of float16, as `torch.amp.GradScaler`: the loss is multiplied by `scale`, so
 * that small gradients do not vanish, and the gradients are divided by it. A step whose gradients overflow is skipped
 * and halves the scale; 2000 good ones in a row double it.
 *
 * ```ts
 * const { gradients } = await program.run(batch, { lossScale: lossScale.scale }); // compiled with `scaledLoss`
 * if (lossScale.unscale(gradients)) optimizer.step(gradients);
 * lossScale.update();
 * ```
 *
 * Its state is `lossScale.scale` (float32) and `lossScale.growth_tracker` (int64).
 */
export class LossScale {
  readonly #scale: Float32Array;
  /** Good steps since the last change of the scale. */
  readonly #goodSteps = new BigInt64Array(1);
  readonly #options: Required<LossScaleOptions>;
  #finite: boolean | undefined;

  /** @throws GraphError unless initial > 0, growthFactor > 1, 0 < backoffFactor < 1 and growthInterval >= 1 */
  constructor(options: LossScaleOptions = {}) {
    const { initial = 65_536, growthFactor = 2, backoffFactor = 0.5, growthInterval = 2000 } = options;
    this.#options = { initial, growthFactor, backoffFactor, growthInterval };
    const sound = initial > 0 && growthFactor > 1 && backoffFactor > 0 && backoffFactor < 1 && growthInterval >= 1;
    if (!sound || !Number.isFinite(Math.fround(initial))) {
      throw new GraphError(
        `LossScale: found ${JSON.stringify(this.#options)}; expected a finite initial > 0, growthFactor > 1, ` +
          'backoffFactor between 0 and 1, growthInterval >= 1.',
      );
    }
    this.#scale = Float32Array.of(initial);
  }

  /** What to multiply the loss of the next step by. */
  get scale(): number {
    return this.#scale[0];
  }

  /**
   * Divides the gradients by the scale, in place, once a step and before clipping.
   *
   * @returns whether all of them were finite; when not, skip the step
   * @throws GraphError when called twice without `update` between
   */
  unscale(gradients: Gradients): boolean {
    if (this.#finite !== undefined) {
      throw new GraphError('LossScale.unscale: these gradients are unscaled already; call update() once a step.');
    }
    let finite = true;
    for (const gradient of gradients.values()) finite = multiply(gradient, 1 / this.scale) && finite;
    this.#finite = finite;
    return finite;
  }

  /** Ends the step: shrinks the scale after an overflow, lets it grow after enough steps without. */
  update(): void {
    if (this.#finite === undefined) throw new GraphError('LossScale.update: call unscale(gradients) before it.');
    const { growthFactor, backoffFactor, growthInterval } = this.#options;
    const goodSteps = this.#finite ? this.#goodSteps[0] + 1n : 0n;
    const grows = goodSteps >= growthInterval;
    this.#goodSteps[0] = grows ? 0n : goodSteps;
    if (!this.#finite) this.#scale[0] *= backoffFactor;
    else if (grows && Number.isFinite(Math.fround(this.scale * growthFactor))) this.#scale[0] *= growthFactor;
    this.#finite = undefined;
  }

  /** A copy, to be taken between `update` and the next `unscale`. */
  state(): Map<string, TensorData> {
    return snapshot(this.#live());
  }

  /** @throws WeightsError `state-mismatch`, listing every mismatch */
  load(state: State): void {
    restore('lossScale', this.#live(), state);
    this.#finite = undefined;
  }

  #live(): State {
    return new Map([
      ['lossScale.scale', live([], this.#scale)],
      ['lossScale.growth_tracker', live([], this.#goodSteps)],
    ]);
  }
}

// Below: not for the outside.

/** Multiplies in place; true when every element was finite before. One pass, without a branch in it. */
function multiply(values: FloatArray, factor: number): boolean {
  const { length } = values;
  let witness = 0; // x * 0 is zero for finite x and NaN for all others, and NaN stays
  for (let i = 0; i < length; i++) {
    const x = values[i];
    witness += x * 0;
    values[i] = x * factor;
  }
  return witness === 0;
}
