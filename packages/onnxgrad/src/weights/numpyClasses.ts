import { fromHalf, sizeOf } from '../graph/tensorData.ts';
import { copyOf } from './byteSource.ts';
import { isNpyType, storedTypes } from './npyType.ts';
import { type Meaning, PickleFault, PythonObject } from './pythonValues.ts';
import { asShape, StoredTensor } from './storedTensor.ts';
import { bytesPerElement, elementsOf, type StoredType } from './storedType.ts';
import { fortranStrides, gathered } from './strided.ts';

/** Arrays and numbers of NumPy, as checkpoints hold them in their settings and, rarely, in place of tensors. */
export const numpyClasses: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['numpy.ndarray', null],
  ['numpy.dtype', (letters) => new NumpyType(letters)],
  ['numpy._core.multiarray.scalar', scalar],
  ['numpy._core.multiarray._reconstruct', () => new NumpyArray()],
  ['numpy._core.numeric._frombuffer', fromBuffer],
]);

/** An array, which a pickle makes empty and fills afterwards. */
export class NumpyArray {
  /** Undefined where its elements are text, objects or records. */
  tensor: StoredTensor | undefined;

  restore(state: unknown): void {
    const [, shape, type, fortranOrder, content] = Array.isArray(state) ? state : [];
    this.fill(content, type, shape, fortranOrder === true);
  }

  fill(content: unknown, type: unknown, axes: unknown, fortranOrder: boolean): void {
    const shape = asShape(axes);
    if (!shape || !(type instanceof NumpyType))
      throw new PickleFault('the pickle holds a NumPy array of no known form');
    const { stored, bigEndian } = type;
    if (stored === undefined) return;
    const bytes = bytesIn(content);
    if (bytes?.length !== sizeOf(shape) * bytesPerElement[stored]) {
      throw new PickleFault(`a NumPy array of ${stored} and shape (${shape.join(', ')}) has numbers of another size`);
    }
    if (stored === 'bool') elements(stored, bytes, bigEndian); // a value that is none is told now
    this.tensor = new StoredTensor(stored, shape, async () => {
      const data = elements(stored, bytes, bigEndian);
      return fortranOrder ? gathered(data, shape, fortranStrides(shape)) : data;
    });
  }

  toString(): string {
    return this.tensor ? `array of shape (${this.tensor.shape.join(', ')})` : 'array of objects or text';
  }
}

// ---- below: internals ----

/** The type of an array's elements; its byte order is told afterwards. */
class NumpyType {
  /** Undefined for text, objects and records. */
  readonly stored: StoredType | undefined;
  bigEndian: boolean;

  constructor(letters: unknown) {
    const [, order, name] = /^([<>|=]?)(\w+)$/.exec(String(letters)) ?? [];
    this.stored = isNpyType(name) ? storedTypes[name] : undefined;
    this.bigEndian = order === '>';
  }

  restore(state: unknown): void {
    if (Array.isArray(state)) this.bigEndian = state[1] === '>';
  }

  toString = () => this.stored ?? 'a type of NumPy';
}

/** Python 2 pickles bytes as text of the same codes. */
function bytesIn(content: unknown): Uint8Array | undefined {
  if (typeof content === 'string') return Uint8Array.from(content, (character) => character.charCodeAt(0));
  return content instanceof Uint8Array ? content : undefined;
}

function elements(stored: StoredType, bytes: Uint8Array, bigEndian: boolean) {
  const found = elementsOf(stored, copyOf(bytes), bigEndian);
  if (!found) throw new PickleFault('a truth value of NumPy is neither 0 nor 1');
  return found;
}

/** A number of NumPy as a number of TypeScript. */
function scalar(type: unknown, content: unknown): unknown {
  if (!(type instanceof NumpyType) || type.stored === undefined) return new PythonObject('numpy.generic');
  const { stored, bigEndian } = type;
  const bytes = bytesIn(content);
  if (bytes?.length !== bytesPerElement[stored]) throw new PickleFault(`a number of ${stored} has another size`);
  const [value] = elements(stored, bytes, bigEndian);
  if (stored === 'bool') return value === 1;
  if (stored === 'float16') return fromHalf(Number(value));
  return Number.isSafeInteger(Number(value)) || typeof value === 'number' ? Number(value) : value;
}

function fromBuffer(content: unknown, type: unknown, shape: unknown, order: unknown): NumpyArray {
  const array = new NumpyArray();
  array.fill(content, type, shape, order === 'F');
  return array;
}
