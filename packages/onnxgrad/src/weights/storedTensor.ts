import { WeightsError } from '../errors.ts';
import { type DType, type Shape, shown, sizeOf, type TensorData } from '../graph/tensorData.ts';
import { bytesPerElement, dtypeOf, elementsOf, type StoredType } from './storedType.ts';

/** A tensor in a file that is open: what it is, known at once; its numbers, read when asked for. */
export class StoredTensor {
  readonly shape: Shape;
  /** As it lies in the file. */
  readonly stored: StoredType;
  readonly #read: () => Promise<TensorData['data']>;

  constructor(stored: StoredType, shape: Shape, read: () => Promise<TensorData['data']>) {
    this.stored = stored;
    this.shape = shape;
    this.#read = read;
  }

  /** As it is in memory once read. */
  get dtype(): DType {
    return dtypeOf(this.stored);
  }

  /** The size of its numbers as they are stored, were they stored for it alone. */
  get byteLength(): number {
    return sizeOf(this.shape) * bytesPerElement[this.stored];
  }

  /**
   * Its numbers. Tied weights of a checkpoint are one tensor: as long as its numbers are in use, reading gives the same
   * array again, so that it is not held twice.
   *
   * @throws WeightsError where the file is damaged, cut off or gone
   */
  async read(): Promise<TensorData> {
    return { dtype: this.dtype, shape: this.shape, data: await this.#read() };
  }
}

/**
 * `elementsOf`, where bytes that are none are an error.
 *
 * @param where - they lie, for the message
 * @throws WeightsError of this code
 */
export function checkedElements(
  stored: StoredType,
  bytes: Uint8Array,
  where: string,
  code: string,
  bigEndian = false,
): TensorData['data'] {
  const elements = elementsOf(stored, bytes, bigEndian);
  if (elements) return elements;
  throw new WeightsError(code, `${where}: a truth value is neither 0 nor 1; copy the file again`);
}

/** A shape of tensors, or undefined: whole lengths whose product is a number that is exact. */
export function asShape(value: unknown): Shape | undefined {
  if (!Array.isArray(value) || !value.every((length) => Number.isSafeInteger(length) && length >= 0)) return undefined;
  return Number.isSafeInteger(sizeOf(value)) ? value : undefined;
}

/** @throws WeightsError `bad-tensor` where the numbers are not as many as the shape says */
export function checkTensor({ shape, data }: TensorData, name: string): void {
  if (data.length === sizeOf(shape)) return;
  throw new WeightsError(
    'bad-tensor',
    `${name}: shape ${shown(shape)} takes ${sizeOf(shape)} elements, found ${data.length}`,
  );
}
