import { GraphError } from '../errors.ts';

/** Element types of tensors, in the words of ONNX and safetensors' spelling of widths. */
export type DType =
  | 'float32'
  | 'float16'
  | 'float64'
  | 'int64'
  | 'int32'
  | 'uint64'
  | 'uint32'
  | 'uint8'
  | 'int8'
  | 'bool';

/** Element types that gradients flow through. */
export type FloatType = 'float32' | 'float16' | 'float64';

export type Shape = readonly number[];

/** The array that holds elements of a type: `float16` as its 16 bits, `bool` as bytes 0 and 1. */
export interface ArrayOf {
  float32: Float32Array;
  float16: Uint16Array;
  float64: Float64Array;
  int64: BigInt64Array;
  int32: Int32Array;
  uint64: BigUint64Array;
  uint32: Uint32Array;
  uint8: Uint8Array;
  int8: Int8Array;
  bool: Uint8Array;
}

export type TypedArray = ArrayOf[DType];

/** Numbers in memory: `data` in C order, the last axis fastest; no axes means one element. */
export interface TensorData<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: Shape;
  readonly data: ArrayOf[D];
}

export const arrayConstructors = {
  float32: Float32Array,
  float16: Uint16Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
} as const satisfies { readonly [D in DType]: new (length: number) => ArrayOf[D] };

export const isFloat = (dtype: DType): dtype is FloatType =>
  dtype === 'float32' || dtype === 'float16' || dtype === 'float64';

/** The number of elements of a shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);

/** `[2, 3, 16]`, as shapes stand in messages. */
export const shown = (shape: Shape): string => `[${shape.join(', ')}]`;

/**
 * Plain numbers as elements of a type: rounded to it for floats, taken as whole numbers for integers, `true` where
 * not zero for bool.
 *
 * @throws GraphError where int64 or uint64 shall hold what is not finite
 */
export function arrayFrom(dtype: DType, values: ArrayLike<number>): TypedArray {
  const { length } = values;
  if (dtype === 'int64' || dtype === 'uint64') {
    const array = new arrayConstructors[dtype](length);
    for (let i = 0; i < length; i++) {
      if (!Number.isFinite(values[i])) throw new GraphError(`${dtype}: ${values[i]} at place ${i} is no whole number`);
      array[i] = BigInt(Math.trunc(values[i]));
    }
    return array;
  }
  const array = new arrayConstructors[dtype](length);
  if (dtype === 'float16') for (let i = 0; i < length; i++) array[i] = toHalf(values[i]);
  else if (dtype === 'bool') for (let i = 0; i < length; i++) array[i] = values[i] ? 1 : 0;
  else for (let i = 0; i < length; i++) array[i] = values[i];
  return array;
}

/** Elements of any type as plain numbers in double precision; int64 beyond 2^53 loses its last digits. */
export function numbersOf({ dtype, data }: TensorData): Float64Array {
  if (dtype === 'float64') return data as Float64Array;
  if (dtype === 'float16') return Float64Array.from(data as Uint16Array, fromHalf);
  if (dtype === 'int64' || dtype === 'uint64') return Float64Array.from(data as BigInt64Array, Number);
  return Float64Array.from(data as Float32Array);
}

/** The numbers of a float32 tensor as they are, without a copy. @throws GraphError for other types */
export function floatsOf({ dtype, data }: TensorData): Float32Array {
  if (dtype === 'float32') return data as Float32Array;
  throw new GraphError(`floatsOf: the tensor is ${dtype}; expected float32: take numbersOf`);
}

/** IEEE 754 binary16 bits to a number. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A number to the nearest binary16, ties to even. */
export function toHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65_520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size || 2 ** -24)));
  const steps = size / 2 ** (exponent - 10);
  const floor = Math.floor(steps);
  const rest = steps - floor;
  const whole = floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0);
  // A normal number has whole in [1024, 2048]; the carry at 2048 falls into the exponent by itself.
  return sign | ((exponent + 14) * 1024 + whole);
}
