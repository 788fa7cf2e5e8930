export { GraphError, RuntimeError, WeightsError } from './errors.ts';
export { grad, gradientsOf } from './grad/grad.ts';
export type { Buffer, Input, Parameter, Tensor } from './graph/tensor.ts';
export { buffer, constant, input, named, parameter, rematerialise, scalar } from './graph/tensor.ts';
export * from './graph/tensorData.ts';
export {
  type Approximation,
  erf,
  gelu,
  leakyRelu,
  logSigmoid,
  mish,
  relu,
  silu,
  softplus,
  step,
} from './ops/activation.ts';
export { type AttentionOptions, attention } from './ops/attention.ts';
export * from './ops/batchNorm.ts';
export * from './ops/compare.ts';
export {
  type ConvolutionOptions,
  type ConvolutionTransposedOptions,
  convolution,
  convolutionTransposed,
} from './ops/convolution.ts';
export { type CumulativeSumOptions, cumulativeSum } from './ops/cumulative.ts';
export { deformableAttention1d } from './ops/deformableAttention.ts';
export { type DeformableConvolutionOptions, deformableConvolution } from './ops/deformableConvolution.ts';
export { type DropoutOptions, dropout, stochasticDepth } from './ops/dropout.ts';
export { einsum } from './ops/einsum.ts';
export {
  abs,
  add,
  ceil,
  clamp,
  cos,
  divide,
  exp,
  floor,
  log,
  maximum,
  minimum,
  multiply,
  negate,
  pow,
  reciprocal,
  round,
  sigmoid,
  sign,
  sin,
  sqrt,
  square,
  subtract,
  tanh,
} from './ops/elementwise.ts';
export { gather, oneHot, range, rearrange, scatter, scatterAdd, takeAlongAxis } from './ops/gather.ts';
export { type GridSampleOptions, gridSample1d, gridSample2d } from './ops/gridSample.ts';
export { type LocalAttentionOptions, localAttention } from './ops/localAttention.ts';
export {
  binaryCrossEntropy,
  type CrossEntropyOptions,
  crossEntropy,
  type FocalLossOptions,
  type LossOptions,
  type LossReduction,
  meanSquaredError,
  sigmoidFocalLoss,
  smoothL1,
} from './ops/losses.ts';
export * from './ops/matmul.ts';
export * from './ops/normalisation.ts';
export * from './ops/pooling.ts';
export { type RandomOptions, randomUniform, seed } from './ops/random.ts';
export * from './ops/reduce.ts';
export { type ResizeMode, type ResizeOptions, resize } from './ops/resize.ts';
export { type LinearScanOptions, linearScan } from './ops/scan.ts';
export { selectiveScan } from './ops/selectiveScan.ts';
export * from './ops/shape.ts';
export { roll, shift, type TemporalShiftOptions, temporalShift } from './ops/shift.ts';
export { logSoftmax, softmax } from './ops/softmax.ts';
export { repeat, split, squeeze, stack, tile, unsqueeze } from './ops/stack.ts';
export { stopGradient } from './ops/stopGradient.ts';
export { type CompileOptions, compile, loadProgram, type Program, toOnnx } from './runtime/program.ts';
export { compileTraining, type StepResult, type TrainingOptions, type TrainingProgram } from './runtime/training.ts';
