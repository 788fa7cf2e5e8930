/**
 * Optimisers and what surrounds a training step: parameter groups, learning-rate schedules, clipping, loss scale,
 * accumulation and an average of the weights.
 *
 * Weights live in ordinary typed arrays that the engine reads without a copy; gradients come out of the engine as
 * typed arrays; and what is in this room is plain TypeScript over both. The update is not part of the graph because
 * onnxruntime-node keeps no tensors on a device between runs: weights, moments and gradients would cross into and out
 * of the engine at every step, and nothing would be gained.
 *
 * A training step with all of it:
 *
 * ```ts
 * const gradients = accumulator.take();
 * clipByGlobalNorm(gradients, 1);
 * optimizer.step(gradients, { learningRate: (base) => rate(step, base) });
 * ema.update();
 * ```
 *
 * @module
 */
export { GradientAccumulator } from './accumulate.ts';
export { AdamW, type AdamWOptions } from './adamW.ts';
export { type ClipOptions, clipByGlobalNorm, clipByValue, globalNorm } from './clipping.ts';
export { type Averageable, Ema, type EmaOptions } from './ema.ts';
export {
  describeGroups,
  type GroupDefaults,
  type GroupRule,
  type GroupSummary,
  groupParameters,
  type ParameterGroup,
} from './groups.ts';
export { LossScale, type LossScaleOptions } from './lossScale.ts';
export type { Optimizer, StepOptions } from './optimizer.ts';
export {
  type CosineOptions,
  constant,
  cosine,
  type LinearWarmup,
  type MultiStepOptions,
  multiStep,
  type Schedule,
  type ScheduleOptions,
  schedule,
  type WarmupCosineOptions,
  warmedUp,
  warmupCosine,
} from './schedules.ts';
export { Sgd, type SgdOptions } from './sgd.ts';
export type { State } from './state.ts';
export type { FloatArray, Gradients, Trainable, Weights } from './trainable.ts';
