import { WeightsError } from '../errors.ts';
import { type Shape, sizeOf, type TensorData } from '../graph/tensorData.ts';
import { type ByteSource, copyOf, readRange } from './byteSource.ts';
import { isNpyType, type NpyType, npyTypes, storedTypes } from './npyType.ts';
import { checkedElements, checkTensor, StoredTensor } from './storedTensor.ts';
import { bytesOf, bytesPerElement, dtypeOf } from './storedType.ts';
import { cStrides, fortranStrides, gathered } from './strided.ts';
import { WeightsFile } from './weightsFile.ts';

/** What a `.npy` file says before its numbers begin. */
export interface NpyHeader {
  readonly type: NpyType;
  readonly shape: Shape;
  readonly fortranOrder: boolean;
  readonly bigEndian: boolean;
  /** Where the numbers begin, in bytes. */
  readonly start: number;
}

export interface NpyLayout {
  /** Of the file format; 1 unless told. */
  readonly version?: 1 | 2 | 3;
  readonly fortranOrder?: boolean;
  readonly bigEndian?: boolean;
}

/**
 * Reads a `.npy` file, versions 1 to 3 (NumPy enhancement proposal 1), whatever its byte order or order of axes.
 * `f2` stays as its bits; `i2` and `u2` are widened to int32.
 *
 * @param name - of the file, for messages
 * @throws WeightsError `bad-npy` where it is damaged, or holds objects or records
 */
export function readNpy(bytes: Uint8Array, name: string): TensorData {
  const header = readNpyHeader(bytes, name);
  checkLength(header, bytes.length, name);
  const stored = storedTypes[header.type];
  return { dtype: dtypeOf(stored), shape: header.shape, data: elementsIn(header, copyOf(bytes, header.start), name) };
}

/** The header alone; `bytes` hold at least that of the file. @throws WeightsError `bad-npy` */
export function readNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const fail = failing(name);
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
      `found the header ${quoted(new TextDecoder('latin1').decode(header))}, expected descr, fortran_order and shape`,
    );
  const [, order, type] = /^([<>|=])([biuf][1248])$/.exec(descr) ?? [];
  if (!isNpyType(type) || (order === '|' && type[1] !== '1')) {
    return fail(`found elements of type ${quoted(descr)}, expected numbers or truth values; save it as float32`);
  }
  return { type, shape, fortranOrder, bigEndian: order === '>', start: start + headerBytes };
}

/**
 * Opens a `.npy` file of any size as weights of one tensor without a name: its name is the empty text.
 *
 * @throws WeightsError `bad-npy`
 */
export async function openNpy(source: ByteSource): Promise<WeightsFile> {
  const { name, size } = source;
  const header = readNpyHeader(await readRange(source, 0, Math.min(npyHeaderBytes, size), 'the header'), name);
  checkLength(header, size, name);
  const tensor = storedNpy(header, name, () => readRange(source, header.start, size - header.start, 'the array'));
  return new WeightsFile(source, { format: 'npy', entries: new Map([['', tensor]]), metadata: {} });
}

/** The array behind a header; `read` gives the bytes after it. */
export function storedNpy(header: NpyHeader, name: string, read: () => Promise<Uint8Array>): StoredTensor {
  return new StoredTensor(storedTypes[header.type], header.shape, async () => elementsIn(header, await read(), name));
}

/** @throws WeightsError `bad-npy` unless a file of this header is so many bytes long */
export function checkLength({ type, shape, start }: NpyHeader, fileBytes: number, name: string): void {
  const expected = sizeOf(shape) * Number(type[1]);
  const found = fileBytes - start;
  if (found === expected) return;
  failing(name)(`shape (${shape.join(', ')}) of ${type} takes ${expected} bytes, found ${found}; copy the file again`);
}

/**
 * The bytes of a `.npy` file as `numpy.save` writes them: little endian, C order, unless told.
 *
 * @throws WeightsError `bad-tensor` where the numbers are not as many as the shape says
 */
export function writeNpy(tensor: TensorData, layout: NpyLayout = {}): Uint8Array<ArrayBuffer> {
  checkTensor(tensor, 'writeNpy');
  const { dtype, shape, data } = tensor;
  const { fortranOrder = false, bigEndian = false } = layout;
  const type = npyTypes.find((letters) => storedTypes[letters] === dtype) as NpyType;
  const size = bytesPerElement[dtype];
  const descr = `${size === 1 ? '|' : bigEndian ? '>' : '<'}${type}`;
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${fortranOrder ? 'True' : 'False'}, 'shape': (${axes}), }`;
  const version = layout.version ?? 1;
  const start = version === 1 ? 10 : 12;
  const headerBytes = Math.ceil((start + dictionary.length + 1) / 64) * 64 - start;
  const header = `${dictionary.padEnd(headerBytes - 1)}\n`;
  const bytes = new Uint8Array(start + header.length + data.byteLength);
  const view = new DataView(bytes.buffer);
  bytes.set([...magic, version, 0]);
  if (version === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), start);
  const body = bytes.subarray(start + header.length);
  const ordered = fortranOrder ? gathered(data, shape.toReversed(), cStrides(shape).reverse()) : data;
  body.set(bytesOf({ dtype, shape, data: ordered }));
  if (bigEndian) for (let at = 0; at < body.length; at += size) body.subarray(at, at + size).reverse();
  return bytes;
}

/** Whether bytes begin as a `.npy` file does. */
export const isNpy = (bytes: Uint8Array): boolean => bytes.length >= 8 && magic.every((byte, i) => bytes[i] === byte);

// ---- below: internals ----

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** As NumPy itself reads at most. */
const longestHeader = 10_000;
/** The header of any file lies in its first so many bytes. */
export const npyHeaderBytes = 12 + longestHeader;

const failing =
  (name: string) =>
  (what: string): never => {
    throw new WeightsError('bad-npy', `${name}: ${what}`);
  };

/** Text as a message shows it: short, on one line. */
function quoted(text: string): string {
  const json = JSON.stringify(text);
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

/** The numbers, in C order. */
function elementsIn({ type, shape, fortranOrder, bigEndian }: NpyHeader, bytes: Uint8Array, name: string) {
  const data = checkedElements(storedTypes[type], bytes, name, 'bad-npy', bigEndian);
  return fortranOrder ? gathered(data, shape, fortranStrides(shape)) : data;
}

/** The Python dictionary of a header: three known keys in any order. Undefined where it is anything else. */
function parseHeader(text: string): (Pick<NpyHeader, 'fortranOrder' | 'shape'> & { descr: string }) | undefined {
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
    const [, , key, , text, truth, tuple, records] = match;
    const value = { descr: text ?? records, fortran_order: truth, shape: tuple }[key];
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
function shapeOf(tuple: string): Shape | undefined {
  if (tuple === '') return [];
  const axes = tuple.split(',').map((axis) => axis.trim());
  if (axes.at(-1) === '') axes.pop();
  else if (axes.length === 1) return undefined; // (5) is a number, not a tuple
  const shape = axes.map((axis) => (/^\d+L?$/.test(axis) ? Number.parseInt(axis, 10) : Number.NaN));
  return shape.length > 0 && shape.every(Number.isSafeInteger) ? shape : undefined;
}
