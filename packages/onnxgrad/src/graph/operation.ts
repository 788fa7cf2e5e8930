import type { Emitter } from './emitter.ts';
import { cloneNode, makeNode, type Node, type Tensor, type TensorType } from './tensor.ts';

/**
 * One kind of node: how its gradient is computed and what it becomes in ONNX, side by side. The function that the
 * outside calls checks the arguments, works out the shape, and calls `apply`.
 *
 * @typeParam A - attributes: plain data, so that equal nodes can be told to be equal
 */
export interface Operation<A> {
  readonly name: string;
  /** The reverse rule, or why there is none. */
  readonly gradient: GradientRule<A> | NoGradient;
  /**
   * The same values by a shorter way, which `lower` gets instead of the inputs: past a reshape, an expansion. Gradients
   * still flow by the inputs themselves.
   */
  readonly reads?: (node: Node<A>) => readonly Tensor[];
  /** Whether it is a sum of products, what devices with units for float16 do many times faster in it. */
  readonly isProduct?: boolean;
  /** Its nodes in ONNX; returns the names of its outputs. Absent for leaves and for what is always decomposed. */
  readonly lower?: (emit: Emitter, inputs: readonly string[], node: Node<A>) => string | readonly string[];
  /**
   * The same by other operations, taken instead of `lower` where it gives something: for what the engine has no kernel
   * for (double precision), or has a fused kernel for that is not standard ONNX. Gradients have been taken by then.
   */
  readonly decompose?: (node: Node<A>, target: Target) => Tensor | readonly Tensor[] | null;
}

/**
 * Gradients of the inputs, in order, from `dy`, the gradient of the first output; null where none flows. Further
 * outputs are by-products (indices, statistics) without gradient. A rule writes down the gradient of every input:
 * what nobody asks for is never computed, since nothing leads to it.
 */
export type GradientRule<A> = (dy: Tensor, node: Node<A>) => readonly (Tensor | null)[];

/** No gradient, on purpose: the reason stands in the message of whoever asks for one. `none` flows back as zero. */
export interface NoGradient {
  readonly none: string;
}

/** What a program is made for. */
export interface Target {
  /** Standard operators only (for files that other runtimes open), or also ONNX Runtime's own fused ones. */
  readonly operators: 'standard' | 'onnxruntime';
  readonly device: Device;
  /** `mixed`: products of float32 tensors are taken in float16, see `isProduct`. */
  readonly precision: 'single' | 'mixed';
}

export type Device = 'cpu' | 'cuda' | 'dml' | 'coreml' | 'webgpu' | 'wasm';

/** Applies an operation with one output. */
export function apply<A>(
  operation: Operation<A>,
  inputs: readonly Tensor[],
  attributes: A,
  output: TensorType,
): Tensor {
  return makeNode(operation, inputs, attributes, [output]).outputs[0];
}

export { cloneNode, makeNode };
