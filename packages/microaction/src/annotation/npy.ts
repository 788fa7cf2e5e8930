import { UserError } from '../errors.ts';
import { shown } from '../problems.ts';

/** Element types by NumPy's letters: kind and bytes. `b1` is a truth value, 0 or 1. */
export type NpyType = 'b1' | 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'u8' | 'f2' | 'f4' | 'f8';

export type NpyData =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** An array of any number of axes; `data` in C order, the last axis fastest. No axes: one element. */
export interface NpyArray {
  readonly type: NpyType;
  readonly shape: readonly number[];
  /** `f2` widened to float32, `b1` as bytes. */
  readonly data: NpyData;
}

export interface NpyLayout {
  /** Of the file format; 1 unless told. */
  readonly version?: 1 | 2 | 3;
  readonly fortranOrder?: boolean;
  readonly bigEndian?: boolean;
}

/**
 * Reads a `.npy` file, versions 1 to 3 (NumPy enhancement proposal 1), whatever its byte order or order of axes.
 *
 * @param source - names the file in messages
 * @throws UserError `bad-npy` where it is damaged, or holds objects or records
 */
export function readNpy(bytes: Uint8Array, source: string): NpyArray {
  const fail = (what: string): never => {
    throw new UserError('bad-npy', `${source}: ${what}`);
  };
  if (!isNpy(bytes)) fail('not a .npy file; save it with numpy.save');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  if (version < 1 || version > 3 || bytes[7] !== 0) {
    fail(`found version ${version}.${bytes[7]} of the .npy format, expected 1.0, 2.0 or 3.0`);
  }
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) fail('the header is cut off; copy the file again');
  const headerBytes = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (headerBytes > longestHeader) fail(`the header takes ${headerBytes} bytes; ${longestHeader} at most`);
  if (bytes.length < start + headerBytes) fail('the header is cut off; copy the file again');
  const header = bytes.subarray(start, start + headerBytes);
  const { descr, fortranOrder, shape } =
    parseHeader(new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(header)) ??
    fail(
      `found the header ${shown(new TextDecoder('latin1').decode(header))}, expected descr, fortran_order and shape`,
    );
  const [, order, type] = /^([<>|=])([biuf][1248])$/.exec(descr) ?? [];
  if (!isType(type) || (order === '|' && type[1] !== '1')) {
    return fail(`found elements of type ${shown(descr)}, expected numbers or truth values; save it as float32`);
  }
  const count = shape.reduce((product, length) => product * length, 1);
  const size = Number(type[1]);
  const found = bytes.length - start - headerBytes;
  if (found !== count * size) {
    fail(`shape (${shape.join(', ')}) of ${type} takes ${count * size} bytes, found ${found}; copy the file again`);
  }
  const body = new DataView(bytes.buffer, bytes.byteOffset + start + headerBytes, found);
  const littleEndian = order !== '>';
  const data = new containers[type](count);
  if (littleEndian && machineIsLittleEndian && type !== 'f2') {
    new Uint8Array(data.buffer).set(new Uint8Array(body.buffer, body.byteOffset, found));
  } else {
    const get = getters[type];
    for (let i = 0; i < count; i++) data[i] = get(body, i * size, littleEndian);
  }
  if (type === 'b1' && data.some((value) => value > 1)) fail('a truth value is neither 0 nor 1; copy the file again');
  return { type, shape, data: fortranOrder ? reordered(data, [...shape].reverse()) : data };
}

/** The bytes of a `.npy` file as `numpy.save` writes them: little endian, C order, unless told. */
export function writeNpy({ type, shape, data }: NpyArray, layout: NpyLayout = {}): Uint8Array<ArrayBuffer> {
  const count = shape.reduce((product, length) => product * length, 1);
  if (data.length !== count) {
    throw new RangeError(`writeNpy: shape (${shape.join(', ')}) takes ${count} elements, got ${data.length}`);
  }
  const { fortranOrder = false, bigEndian = false } = layout;
  const descr = `${type[1] === '1' ? '|' : bigEndian ? '>' : '<'}${type}`;
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${fortranOrder ? 'True' : 'False'}, 'shape': (${axes}), }`;
  const version = layout.version ?? 1;
  const start = version === 1 ? 10 : 12;
  const headerBytes = Math.ceil((start + dictionary.length + 1) / 64) * 64 - start;
  const header = `${dictionary.padEnd(headerBytes - 1)}\n`;
  const size = Number(type[1]);
  const bytes = new Uint8Array(start + header.length + count * size);
  const view = new DataView(bytes.buffer);
  bytes.set([...magic, version, 0]);
  if (version === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), start);
  const ordered = fortranOrder ? reordered(data, shape) : data;
  const set = setters[type];
  const body = new DataView(bytes.buffer, start + header.length);
  for (let i = 0; i < count; i++) set(body, i * size, ordered[i], !bigEndian);
  return bytes;
}

/** Whether bytes begin as a `.npy` file does. */
export const isNpy = (bytes: Uint8Array): boolean => bytes.length >= 8 && magic.every((byte, i) => bytes[i] === byte);

// ---- below: internals ----

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** As NumPy itself reads at most. */
const longestHeader = 10_000;
const machineIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

const containers = {
  b1: Uint8Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  f2: Float32Array,
  f4: Float32Array,
  f8: Float64Array,
} satisfies Record<NpyType, unknown>;

type Getter = (view: DataView, at: number, littleEndian: boolean) => never;

// `never` and `any element` let one loop serve numbers and bigints; the type letter has chosen the container.
const getters: Record<NpyType, Getter> = {
  b1: (view, at) => view.getUint8(at) as never,
  i1: (view, at) => view.getInt8(at) as never,
  i2: (view, at, little) => view.getInt16(at, little) as never,
  i4: (view, at, little) => view.getInt32(at, little) as never,
  i8: (view, at, little) => view.getBigInt64(at, little) as never,
  u1: (view, at) => view.getUint8(at) as never,
  u2: (view, at, little) => view.getUint16(at, little) as never,
  u4: (view, at, little) => view.getUint32(at, little) as never,
  u8: (view, at, little) => view.getBigUint64(at, little) as never,
  f2: (view, at, little) => fromHalf(view.getUint16(at, little)) as never,
  f4: (view, at, little) => view.getFloat32(at, little) as never,
  f8: (view, at, little) => view.getFloat64(at, little) as never,
};

type Setter = (view: DataView, at: number, value: number | bigint, littleEndian: boolean) => void;

const setters: Record<NpyType, Setter> = {
  b1: (view, at, value) => view.setUint8(at, Number(value)),
  i1: (view, at, value) => view.setInt8(at, Number(value)),
  i2: (view, at, value, little) => view.setInt16(at, Number(value), little),
  i4: (view, at, value, little) => view.setInt32(at, Number(value), little),
  i8: (view, at, value, little) => view.setBigInt64(at, BigInt(value), little),
  u1: (view, at, value) => view.setUint8(at, Number(value)),
  u2: (view, at, value, little) => view.setUint16(at, Number(value), little),
  u4: (view, at, value, little) => view.setUint32(at, Number(value), little),
  u8: (view, at, value, little) => view.setBigUint64(at, BigInt(value), little),
  f2: (view, at, value, little) => view.setUint16(at, toHalf(Number(value)), little),
  f4: (view, at, value, little) => view.setFloat32(at, Number(value), little),
  f8: (view, at, value, little) => view.setFloat64(at, Number(value), little),
};

const isType = (text: string | undefined): text is NpyType => text !== undefined && Object.hasOwn(containers, text);

interface Header {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** The Python dictionary of a header: three known keys in any order. Undefined where it is anything else. */
function parseHeader(text: string): Header | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return undefined;
  const body = trimmed.slice(1, -1).trimEnd();
  const entry =
    /\s*(['"])(descr|fortran_order|shape)\1\s*:\s*(?:(['"])([^'"]*)\3|(True|False)|\(([\dL,\s]*)\)|(\[.*\]))\s*(?:,|$)/sy;
  const found = new Map<string, string>();
  let end = 0;
  while (end < body.length) {
    entry.lastIndex = end;
    const match = entry.exec(body);
    if (!match || found.has(match[2])) return undefined;
    const [, , key, , quoted, truth, tuple, records] = match;
    const value = { descr: quoted ?? records, fortran_order: truth, shape: tuple }[key];
    if (value === undefined) return undefined;
    found.set(key, value);
    end = entry.lastIndex;
  }
  if (found.size !== 3) return undefined;
  const shape = shapeOf((found.get('shape') as string).trim());
  if (!shape) return undefined;
  return { descr: found.get('descr') as string, fortranOrder: found.get('fortran_order') === 'True', shape };
}

/** `` and `5,` and `5, 3`; Python 2 wrote `5L, 3L`. */
function shapeOf(tuple: string): number[] | undefined {
  if (tuple === '') return [];
  const axes = tuple.split(',').map((axis) => axis.trim());
  if (axes.at(-1) === '') axes.pop();
  else if (axes.length === 1) return undefined; // (5) is a number, not a tuple
  const shape = axes.map((axis) => (/^\d+L?$/.test(axis) ? Number.parseInt(axis, 10) : Number.NaN));
  return shape.length > 0 && shape.every(Number.isSafeInteger) ? shape : undefined;
}

/** The elements of an array in C order, with its axes reversed: from `shape` to its mirror image. */
function reordered(data: NpyData, shape: readonly number[]): NpyData {
  const result = new (data.constructor as new (length: number) => NpyData)(data.length);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    result[to] = data[from];
    for (let axis = 0; axis < shape.length; axis++) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

/** IEEE 754 binary16 bits to a number. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A number to the nearest binary16, ties to even. */
function toHalf(value: number): number {
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
