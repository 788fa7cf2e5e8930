import { arrayConstructors, type DType, type TensorData, type TypedArray } from '../graph/tensorData.ts';
import { copyOf } from './byteSource.ts';

/** How elements lie in files: the types of tensors, and three narrow ones that are widened on reading, exactly. */
export type StoredType = DType | 'bfloat16' | 'int16' | 'uint16';

export const bytesPerElement: { readonly [S in StoredType]: number } = {
  float64: 8,
  int64: 8,
  uint64: 8,
  float32: 4,
  int32: 4,
  uint32: 4,
  float16: 2,
  bfloat16: 2,
  int16: 2,
  uint16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** What a stored type is in memory: bfloat16 becomes float32; int16 and uint16 become int32; the others stay. */
export function dtypeOf(stored: StoredType): DType {
  if (stored === 'bfloat16') return 'float32';
  return stored === 'int16' || stored === 'uint16' ? 'int32' : stored;
}

/**
 * The elements in bytes of a file. The bytes must be the caller's own: where they already lie as in memory the result
 * is a view of them, and big-endian ones are turned round in place.
 *
 * @returns undefined where a truth value is neither 0 nor 1
 */
export function elementsOf(stored: StoredType, bytes: Uint8Array, bigEndian = false): TypedArray | undefined {
  const size = bytesPerElement[stored];
  if (bigEndian === machineIsLittleEndian) turnRound(bytes, size);
  const aligned = bytes.byteOffset % size === 0 ? bytes : copyOf(bytes);
  const count = bytes.length / size;
  const view = <T>(container: new (buffer: ArrayBufferLike, offset: number, length: number) => T): T =>
    new container(aligned.buffer, aligned.byteOffset, count);
  switch (stored) {
    case 'bfloat16':
      return widenedBfloat16(view(Uint16Array));
    case 'int16':
      return new Int32Array(view(Int16Array));
    case 'uint16':
      return new Int32Array(view(Uint16Array));
    case 'bool':
      return aligned.some((byte) => byte > 1) ? undefined : aligned;
    default:
      return view<TypedArray>(arrayConstructors[stored]);
  }
}

/** The bytes of a tensor, little endian; a view of its memory on the machines that are so themselves. */
export function bytesOf({ data }: TensorData): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (machineIsLittleEndian) return bytes;
  const copy = copyOf(bytes);
  turnRound(copy, data.BYTES_PER_ELEMENT);
  return copy;
}

// ---- below: internals ----

const machineIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** bfloat16 is the upper half of a float32. */
function widenedBfloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < bits.length; i++) bits[i] = halves[i] << 16;
  return new Float32Array(bits.buffer);
}

/** Each element's bytes in the other order, in place. */
function turnRound(bytes: Uint8Array, size: number): void {
  if (size > 1) for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}
