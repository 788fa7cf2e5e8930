export { GraphError, RuntimeError, WeightsError } from './errors.ts';
export { grad, gradientsOf, stopGradient } from './grad/grad.ts';
export type { Buffer, Input, Parameter, Tensor } from './graph/tensor.ts';
export { buffer, constant, input, named, parameter, rematerialise, scalar } from './graph/tensor.ts';
export * from './graph/tensorData.ts';
export * from './ops/batchNorm.ts';
export {
  type ConvolutionOptions,
  type ConvolutionTransposedOptions,
  convolution,
  convolutionTransposed,
} from './ops/convolution.ts';
export * from './ops/elementwise.ts';
export * from './ops/flip.ts';
export * from './ops/matmul.ts';
export * from './ops/normalisation.ts';
export * from './ops/pooling.ts';
export * from './ops/reduce.ts';
export * from './ops/shape.ts';
export { type CompileOptions, compile, loadProgram, type Program, toOnnx } from './runtime/program.ts';
