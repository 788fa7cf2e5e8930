import type { Target } from './operation.ts';
import type { DType, TensorData } from './tensorData.ts';

/** Element types by their number in ONNX. */
export const onnxType = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
} as const satisfies Record<DType, number>;

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
