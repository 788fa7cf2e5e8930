import { type Shape, shown, sizeOf, type TensorData } from '../graph/tensorData.ts';
import { type Meaning, PickleFault, PythonName, PythonObject } from './pythonValues.ts';
import { asShape, checkedElements, StoredTensor } from './storedTensor.ts';
import { bytesPerElement, type StoredType } from './storedType.ts';
import { gathered, isContiguous, spanOf } from './strided.ts';

/** How a file keeps the memory of its tensors. */
export interface TorchStorages {
  /** Names the file in messages. */
  readonly name: string;
  readonly bigEndian: boolean;
  /** Told once for each mention. @throws PickleFault where there is no such storage of at least so many bytes */
  expect(key: string, size: number, bytesPerElement: number): void;
  /** Bytes of the storage of a key. */
  read(key: string, offset: number, length: number): Promise<Uint8Array>;
}

/** What stands in a pickle for things outside it: storages, and in old files the classes of modules. */
export function torchReference(storages: TorchStorages): (id: unknown) => unknown {
  const views = new Map<string, StoredTensor>();
  return (id) => {
    const [kind, type, key, , elements, part] = Array.isArray(id) ? id : [];
    if (kind === 'module') return type;
    if (kind !== 'storage' || !(type instanceof PythonName) || !isCount(elements)) {
      throw new PickleFault('the pickle refers to what is no storage of PyTorch');
    }
    const stored = storedInStorage(type.name);
    const unit = stored === undefined ? 1 : bytesPerElement[stored];
    const whole = new TorchStorage(storages, views, String(key), stored, 0, elements * unit);
    storages.expect(whole.key, whole.size, unit);
    if (part === null || part === undefined) return whole;
    const [, start, length] = Array.isArray(part) ? part : [];
    if (!isCount(start) || !isCount(length) || start + length > elements) {
      throw new PickleFault(`the pickle takes a part of storage ${key} that is outside it; copy the file again`);
    }
    return new TorchStorage(storages, views, whole.key, stored, start * unit, length * unit);
  };
}

/** Names of PyTorch that tensors are made of. Other kinds of tensors are refused, by what they are. */
export function torchClasses(): Map<string, Meaning> {
  const named = [...Object.keys(storageTypes), ...Object.keys(elementTypes), ...unreadable, ...plainNames];
  return new Map<string, Meaning>([
    ...named.map((name): [string, Meaning] => [`torch.${name}`, null]),
    ...Object.entries(otherTensors).map(([name, what]): [string, Meaning] => [`torch._utils.${name}`, refuse(what)]),
    ...Object.entries(rebuilders),
    ['torch._tensor._rebuild_from_type_v2', rebuiltFromType],
    ['torch.Size', (lengths) => lengths],
    ['torch.device', (...args) => new PythonObject('torch.device', args)],
    ['torch.serialization._get_layout', (name) => new PythonName(String(name))],
  ]);
}

// ---- below: internals ----

/** The memory of tensors, or a part of it. */
class TorchStorage {
  readonly storages: TorchStorages;
  /** All tensors over all storages so far: those of the same numbers are one. */
  readonly views: Map<string, StoredTensor>;
  readonly key: string;
  /** Undefined where only the tensors over it have a type. */
  readonly stored: StoredType | undefined;
  /** In bytes, as is the size. */
  readonly start: number;
  readonly size: number;

  constructor(
    storages: TorchStorages,
    views: Map<string, StoredTensor>,
    key: string,
    stored: StoredType | undefined,
    start: number,
    size: number,
  ) {
    this.storages = storages;
    this.views = views;
    this.key = key;
    this.stored = stored;
    this.start = start;
    this.size = size;
  }

  toString = () => `storage of ${this.size} bytes`;
}

const storageTypes: Readonly<Record<string, StoredType | undefined>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  UntypedStorage: undefined,
  'storage.UntypedStorage': undefined,
};

const elementTypes: Readonly<Record<string, StoredType>> = {
  float64: 'float64',
  double: 'float64',
  float32: 'float32',
  float: 'float32',
  float16: 'float16',
  half: 'float16',
  bfloat16: 'bfloat16',
  int64: 'int64',
  long: 'int64',
  int32: 'int32',
  int: 'int32',
  int16: 'int16',
  short: 'int16',
  int8: 'int8',
  uint8: 'uint8',
  uint16: 'uint16',
  uint32: 'uint32',
  uint64: 'uint64',
  bool: 'bool',
};

/** Types of numbers that no tensor here has. */
const unreadable: readonly string[] = [
  ...['QInt8', 'QUInt8', 'QInt32', 'QUInt4x2', 'QUInt2x4'].map((name) => `${name}Storage`),
  ...['ComplexFloatStorage', 'ComplexDoubleStorage', 'complex32', 'complex64', 'complex128'],
  ...['qint8', 'quint8', 'qint32', 'quint4x2', 'quint2x4'],
  ...['float8_e4m3fn', 'float8_e4m3fnuz', 'float8_e5m2', 'float8_e5m2fnuz', 'float8_e8m0fnu', 'float4_e2m1fn_x2'],
];

const plainNames: readonly string[] = ['Tensor', 'nn.parameter.Parameter', 'nn.parameter.Buffer', 'strided'];

/** What PyTorch's other ways to rebuild a tensor make. */
const otherTensors: Readonly<Record<string, string>> = {
  _rebuild_qtensor: 'a quantised tensor',
  _rebuild_sparse_tensor: 'a sparse tensor',
  _rebuild_sparse_csr_tensor: 'a sparse tensor',
  _rebuild_nested_tensor: 'a nested tensor',
  _rebuild_meta_tensor_no_storage: 'a tensor without numbers, on the device "meta"',
  _rebuild_wrapper_subclass: 'a tensor of a class of its own',
  _rebuild_device_tensor_from_numpy: 'a tensor of another device',
  _rebuild_device_tensor_from_cpu_tensor: 'a tensor of another device',
};

const rebuilders: Readonly<Record<string, NonNullable<Meaning>>> = {
  'torch._utils._rebuild_tensor': (...args) => rebuilt(args),
  'torch._utils._rebuild_tensor_v2': (...args) => rebuilt(args, undefined, args[6]),
  'torch._utils._rebuild_tensor_v3': (...args) => rebuilt(args, args[6], args[7]),
  'torch._utils._rebuild_parameter': (tensor) => tensor,
  'torch._utils._rebuild_parameter_with_state': (tensor) => tensor,
};

const refuse = (what: string) => (): never => {
  const advice = 'make it a plain float tensor in PyTorch and save it again';
  throw new PickleFault(`it holds ${what}, which cannot be read; ${advice}`, 'unsupported');
};

/** Also of strides; their product, unlike that of a shape, may be any. */
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** `torch.HalfStorage`, `torch.cuda.HalfStorage`. */
function storedInStorage(name: string): StoredType | undefined {
  const type = name.replace(/^torch\.(cuda\.)?/, '');
  if (Object.hasOwn(storageTypes, type)) return storageTypes[type];
  return refuse(/^torch\.Q/.test(name) ? `quantised numbers (${name})` : `numbers of the type ${name}`)();
}

/**
 * A tensor over a storage.
 *
 * @param type - of its elements where the storage has none
 * @param marks - `{'conj': True}` or `{'neg': True}` where its numbers are other than they lie there
 */
function rebuilt(args: readonly unknown[], type?: unknown, marks?: unknown): StoredTensor {
  const [storage, start, axes, steps] = args;
  const shape = asShape(axes);
  const strides = Array.isArray(steps) && steps.every(isCount) ? steps : undefined;
  if (!(storage instanceof TorchStorage) || !isCount(start) || !shape || shape.length !== strides?.length) {
    throw new PickleFault('the pickle makes a tensor of no known form');
  }
  if (marks instanceof Map && [...marks.values()].includes(true)) refuse('a conjugated or negated view')();
  const stored = type === undefined ? storage.stored : storedOfType(type);
  if (stored === undefined) throw new PickleFault(`the tensor over storage ${storage.key} has no type`);
  return viewOf(storage, stored, start, shape, strides);
}

function storedOfType(type: unknown): StoredType {
  const name = type instanceof PythonName ? type.name.replace(/^torch\./, '') : '';
  return Object.hasOwn(elementTypes, name) ? elementTypes[name] : refuse(`numbers of the type torch.${name}`)();
}

/** A tensor with attributes, or of a class that adds nothing to one. */
function rebuiltFromType(rebuild: unknown, _type: unknown, args: unknown): unknown {
  const name = rebuild instanceof PythonName ? rebuild.name : '';
  if (Object.hasOwn(rebuilders, name) && Array.isArray(args)) return rebuilders[name](...args);
  throw new PickleFault('the pickle makes a tensor of no known form');
}

/** A tensor may repeat numbers of its storage; beyond this many bytes that is no tensor but a bomb. */
const mostRepeated = 2 ** 30;

function viewOf(
  storage: TorchStorage,
  stored: StoredType,
  start: number,
  shape: Shape,
  strides: number[],
): StoredTensor {
  const { storages, views, key } = storage;
  const unit = bytesPerElement[stored];
  const span = spanOf(shape, strides);
  if ((start + span) * unit > storage.size && span > 0) {
    const reach = `shape ${shown(shape)} with strides ${shown(strides)} from ${start} on reaches element ${start + span}`;
    throw new PickleFault(`a tensor of ${reach} of ${storage.size / unit} in its storage; copy the file again`);
  }
  if (sizeOf(shape) * unit > Math.max(storage.size, mostRepeated)) {
    throw new PickleFault(
      `a tensor of shape ${shown(shape)} repeats the ${storage.size} bytes of its storage`,
      'unsafe-pickle',
    );
  }
  const from = storage.start + start * unit;
  const id = [key, stored, from, shape.join(), strides.join()].join(' ');
  const known = views.get(id);
  if (known) return known;
  const contiguous = isContiguous(shape, strides);
  const read = async (): Promise<TensorData['data']> => {
    const bytes = await storages.read(key, from, (contiguous ? sizeOf(shape) : span) * unit);
    const data = checkedElements(
      stored,
      bytes,
      `${storages.name}: storage ${key}`,
      'bad-checkpoint',
      storages.bigEndian,
    );
    return contiguous ? data : gathered(data, shape, strides);
  };
  const tensor = new StoredTensor(stored, shape, remembered(read));
  views.set(id, tensor);
  return tensor;
}

/** Tied weights are two names for one tensor: as long as its numbers are in use they are not read, or kept, twice. */
function remembered(read: () => Promise<TensorData['data']>): typeof read {
  let last: WeakRef<TensorData['data']> | undefined;
  let reading: ReturnType<typeof read> | undefined;
  return async () => {
    const data = last?.deref();
    if (data) return data;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    const found = await reading;
    last = new WeakRef(found);
    return found;
  };
}
