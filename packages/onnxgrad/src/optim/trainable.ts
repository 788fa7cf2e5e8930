import type { ArrayOf, FloatType, Shape } from '../graph/tensorData.ts';

/** Numbers that an optimiser works on: float32 in training, float64 where a test wants the rounding out of the way. */
export type FloatArray = Float32Array | Float64Array;

/** Weights as a model holds them; its parameters fit as they are. Those with `trainable` false are passed over. */
export interface Weights {
  readonly name: string;
  readonly shape: Shape;
  readonly data: ArrayOf[FloatType];
  readonly trainable?: boolean;
}

/** What an optimiser changes: weights in float32 or float64, written in place. */
export interface Trainable extends Weights {
  /** In C order. The array stays the same for the life of the parameter; only its elements change. */
  readonly data: FloatArray;
}

/**
 * The gradient of the loss by parameter name, each as long as the parameter. A parameter that is absent had no
 * gradient in this step. Clipping and loss scaling write into these arrays.
 */
export type Gradients = ReadonlyMap<string, FloatArray>;

/** Zeros of the same type and length. */
export const zerosLike = (data: FloatArray): FloatArray =>
  data instanceof Float32Array ? new Float32Array(data.length) : new Float64Array(data.length);
