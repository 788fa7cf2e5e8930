import { WeightsError } from '../errors.ts';
import { type DType, type Shape, shown, sizeOf, type TensorData } from '../graph/tensorData.ts';
import { type ByteSource, copyOf, readRange } from './byteSource.ts';
import { asShape, checkedElements, checkTensor, StoredTensor } from './storedTensor.ts';
import { bytesOf, bytesPerElement, type StoredType } from './storedType.ts';
import { WeightsFile } from './weightsFile.ts';

export interface Safetensors {
  readonly tensors: Map<string, TensorData>;
  /** The file's `__metadata__`: text by key. */
  readonly metadata: Record<string, string>;
}

/**
 * Reads a safetensors file in memory: F64 to U8 and BOOL as they are, F16 as its bits, BF16 widened to float32, I16
 * and U16 to int32. The file must be as the format demands: names once, ranges of the right size, without a gap.
 *
 * @param name - of the file, for messages
 * @throws WeightsError `bad-safetensors`; `unsupported` for 8-bit floats and other types without a tensor
 */
export function readSafetensors(bytes: Uint8Array, name = 'the file'): Safetensors {
  const length = headerLength(bytes.subarray(0, prefixBytes), bytes.length, name);
  const start = prefixBytes + length;
  const header = parseHeader(bytes.subarray(prefixBytes, start), bytes.length - start, name);
  const tensors = new Map<string, TensorData>();
  for (const [tensor, { stored, shape, begin, end }] of header.entries) {
    const data = checkedElements(stored, copyOf(bytes, start + begin, start + end), `${name}: ${tensor}`, badFile);
    tensors.set(tensor, { dtype: new StoredTensor(stored, shape, async () => data).dtype, shape, data });
  }
  return { tensors, metadata: header.metadata };
}

/**
 * Opens a safetensors file of any size: reads its header, and of the numbers only what is asked for.
 *
 * @throws WeightsError as `readSafetensors` does
 */
export async function openSafetensors(source: ByteSource): Promise<WeightsFile> {
  const { name, size } = source;
  const prefix = await readRange(source, 0, Math.min(prefixBytes, size), 'the header');
  const length = headerLength(prefix, size, name);
  const start = prefixBytes + length;
  const header = parseHeader(await readRange(source, prefixBytes, length, 'the header'), size - start, name);
  const entries = new Map<string, StoredTensor>();
  for (const [tensor, { stored, shape, begin, end }] of header.entries) {
    const read = async () => {
      const bytes = await readRange(source, start + begin, end - begin, tensor);
      return checkedElements(stored, bytes, `${name}: ${tensor}`, badFile);
    };
    entries.set(tensor, new StoredTensor(stored, shape, read));
  }
  return new WeightsFile(source, { format: 'safetensors', entries, metadata: header.metadata });
}

/** The bytes of a safetensors file. The same tensors give the same bytes. @throws WeightsError `bad-tensor` */
export function writeSafetensors(
  tensors: ReadonlyMap<string, TensorData>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const { header, order, size } = layOut(tensors, metadata);
  const bytes = new Uint8Array(size);
  bytes.set(header);
  let at = header.length;
  for (const name of order) {
    const tensor = tensors.get(name) as TensorData;
    checkTensor(tensor, name);
    bytes.set(bytesOf(tensor), at);
    at += tensor.data.byteLength;
  }
  return bytes;
}

/**
 * A safetensors file piece by piece, so that more than memory holds can be written: tensors of an open file are read
 * one at a time, as their turn comes.
 *
 * @throws WeightsError `bad-tensor`, and what reading throws
 */
export async function* safetensorsPieces(
  tensors: ReadonlyMap<string, TensorData | StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array> {
  const { header, order } = layOut(tensors, metadata);
  yield header;
  for (const name of order) {
    const source = tensors.get(name) as TensorData | StoredTensor;
    const tensor = source instanceof StoredTensor ? await source.read() : source;
    checkTensor(tensor, name);
    yield bytesOf(tensor);
  }
}

/** Whether bytes begin as a safetensors file does: a header's length of at most 32 bits, then the header. */
export const isSafetensors = (bytes: Uint8Array): boolean =>
  bytes[prefixBytes] === brace && bytes.subarray(4, prefixBytes).every((byte) => byte === 0);

// ---- below: internals ----

const badFile = 'bad-safetensors';
const prefixBytes = 8;
const brace = 0x7b;
/** As the official reader takes at most. */
const longestHeader = 100_000_000;
const metadataKey = '__metadata__';

const spelling = {
  float64: 'F64',
  int64: 'I64',
  uint64: 'U64',
  float32: 'F32',
  int32: 'I32',
  uint32: 'U32',
  float16: 'F16',
  bfloat16: 'BF16',
  int16: 'I16',
  uint16: 'U16',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
} as const satisfies { readonly [S in StoredType]: string };

const storedBySpelling = new Map(Object.entries(spelling).map(([stored, word]) => [word, stored as StoredType]));

interface Range {
  readonly stored: StoredType;
  readonly shape: Shape;
  /** Bytes from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

function headerLength(prefix: Uint8Array, fileBytes: number, name: string): number {
  if (prefix.length < prefixBytes) {
    throw new WeightsError(badFile, `${name}: found ${fileBytes} bytes, too few for a safetensors file; copy it again`);
  }
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true));
  if (length > longestHeader) {
    const found = `found a header of ${length} bytes, ${longestHeader} at most`;
    throw new WeightsError(badFile, `${name}: ${found}; is it a safetensors file?`);
  }
  if (prefixBytes + length > fileBytes) {
    const found = `it takes ${length} bytes, ${fileBytes - prefixBytes} are there`;
    throw new WeightsError(badFile, `${name}: the header is cut off: ${found}; copy the file again`);
  }
  return length;
}

function parseHeader(
  bytes: Uint8Array,
  dataBytes: number,
  name: string,
): { entries: Map<string, Range>; metadata: Record<string, string> } {
  const fail = (what: string): never => {
    throw new WeightsError(badFile, `${name}: ${what}`);
  };
  if (bytes[0] !== brace) fail('the header does not begin with "{"; is it a safetensors file?');
  let text: string;
  let fields: Record<string, unknown>;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    fields = JSON.parse(text);
  } catch (error) {
    throw new WeightsError(badFile, `${name}: the header is not valid JSON; copy the file again`, { cause: error });
  }
  const { keys, twice } = outerKeys(text);
  if (twice !== undefined) fail(`the header names ${JSON.stringify(twice)} twice; write the file again`);
  const metadata = fields[metadataKey] ?? {};
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    return fail(`${metadataKey}: expected text by key`);
  }
  const entries = new Map<string, Range>();
  for (const key of keys) if (key !== metadataKey) entries.set(key, rangeOf(fields[key], `${name}: ${key}`));
  let end = 0;
  for (const [key, range] of [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (range.begin !== end) fail(`${key} begins at byte ${range.begin}, expected ${end}: ranges must join, in order`);
    end = range.end;
  }
  if (end !== dataBytes)
    fail(`the tensors take ${end} bytes, found ${dataBytes} behind the header; copy the file again`);
  return { entries, metadata: metadata as Record<string, string> };
}

function rangeOf(value: unknown, where: string): Range {
  const fail = (what: string): never => {
    throw new WeightsError(badFile, `${where}: ${what}`);
  };
  if (!isRecord(value)) return fail('expected dtype, shape and data_offsets');
  const { dtype, shape: axes, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') return fail('expected a dtype such as "F32"');
  const stored = storedBySpelling.get(dtype as (typeof spelling)[StoredType]);
  if (stored === undefined) {
    const advice = /^[FI]\d|^C\d/.test(dtype) ? 'convert it to F32 or F16 first' : 'is the file damaged?';
    throw new WeightsError(
      'unsupported',
      `${where}: elements of type ${JSON.stringify(dtype)} cannot be read; ${advice}`,
    );
  }
  const shape = asShape(axes) ?? fail(`found shape ${JSON.stringify(axes)}, expected whole lengths`);
  if (!isRange(offsets)) {
    return fail(`found data_offsets ${JSON.stringify(offsets)}, expected the bytes where it begins and ends`);
  }
  const [begin, end] = offsets;
  const expected = sizeOf(shape) * bytesPerElement[stored];
  if (end - begin !== expected) {
    fail(
      `${dtype} of shape ${shown(shape)} takes ${expected} bytes, its range holds ${end - begin}; copy the file again`,
    );
  }
  return { stored, shape, begin, end };
}

const isRange = (value: unknown): value is [begin: number, end: number] =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every(Number.isSafeInteger) &&
  0 <= value[0] &&
  value[0] <= value[1];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keys of a JSON object in their order; and one that any object in it has twice, which JSON.parse lets pass. */
function outerKeys(text: string): { keys: string[]; twice?: string } {
  const open: Set<string>[] = [];
  let outer = new Set<string>();
  for (const [token, opens, closes] of text.matchAll(/([{[])|([}\]])|"(?:[^"\\]|\\.)*"(?:\s*:)?/g)) {
    if (opens) open.push(new Set());
    else if (closes) outer = open.pop() as Set<string>;
    else if (token.endsWith(':')) {
      const key = JSON.parse(token.slice(0, -1));
      const keys = open.at(-1) as Set<string>;
      if (keys.has(key)) return { keys: [], twice: key };
      keys.add(key);
    }
  }
  return { keys: [...outer] };
}

/**
 * The header, and the order of the numbers: wide elements first, so that each tensor begins at a multiple of its
 * element's size; the header itself ends at a multiple of eight.
 */
function layOut(
  tensors: ReadonlyMap<string, { readonly dtype: DType; readonly shape: Shape }>,
  metadata: Readonly<Record<string, string>>,
): { header: Uint8Array; order: string[]; size: number } {
  if (tensors.has(metadataKey)) {
    throw new WeightsError('bad-tensor', `a tensor cannot be called ${metadataKey} in a safetensors file; rename it`);
  }
  const order = [...tensors].sort(([, a], [, b]) => bytesPerElement[b.dtype] - bytesPerElement[a.dtype]);
  const ranges = new Map<string, [begin: number, end: number]>();
  let end = 0;
  for (const [name, { dtype, shape }] of order) {
    ranges.set(name, [end, (end += sizeOf(shape) * bytesPerElement[dtype])]);
  }
  const described = [...tensors].map(([name, { dtype, shape }]) => [
    name,
    { dtype: spelling[dtype], shape, data_offsets: ranges.get(name) },
  ]);
  // Keys such as "7" would move to the front of an object, so the text is put together here.
  const all = Object.keys(metadata).length > 0 ? [[metadataKey, metadata], ...described] : described;
  const text = `{${all.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
  const json = new TextEncoder().encode(text);
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(prefixBytes + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, prefixBytes);
  return { header, order: order.map(([name]) => name), size: header.length + end };
}
