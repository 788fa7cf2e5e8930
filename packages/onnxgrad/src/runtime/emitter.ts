import type { Target } from '../graph/operation.ts';
import type { TensorData } from '../graph/tensorData.ts';

/** ONNX attributes: a number is an integer, `{ float }` a float. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };
export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

/** What an operation writes its ONNX nodes with. Values are known by their names. */
export interface Emitter {
  readonly target: Target;
  /** One node with one output. */
  node(type: string, inputs: readonly string[], attributes?: OnnxAttributes, domain?: string): string;
  /** One node with several outputs. */
  nodes(
    type: string,
    inputs: readonly string[],
    outputs: number,
    attributes?: OnnxAttributes,
    domain?: string,
  ): string[];
  /** Numbers stored in the program; equal ones are stored once. */
  constant(data: TensorData): string;
  /** A list of int64, as shapes and axes are given. */
  integers(values: readonly number[]): string;
}

/** The domain of ONNX Runtime's own operators. */
export const microsoft = 'com.microsoft';
