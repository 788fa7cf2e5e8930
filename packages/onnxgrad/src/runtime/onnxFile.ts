import { GraphError } from '../errors.ts';
import { type OnnxAttributes, onnxType } from '../graph/emitter.ts';
import type { DType, Shape, TensorData } from '../graph/tensorData.ts';

export type { TensorData };

export { onnxType };

export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: OnnxAttributes;
  /** Whose operator it is; that of ONNX unless given. */
  readonly domain?: string;
  /** For people who look at the graph. */
  readonly name?: string;
}

export interface OnnxTensor extends TensorData {
  readonly name: string;
}

/** An input, an output or a value between; a text in the shape names a dimension that may vary. */
export interface OnnxValue {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly (number | string)[];
}

export interface OnnxModel {
  /** Of the standard operators. */
  readonly opset: number;
  /** Versions of other domains that nodes come from. */
  readonly domains?: Readonly<Record<string, number>>;
  readonly producer: string;
  readonly name: string;
  readonly description?: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Types of values between, where they help whoever reads the file. */
  readonly values?: readonly OnnxValue[];
}

/**
 * The bytes of an .onnx file. Numbers of tensors are copied once; their byte order is that of the machine, little endian
 * everywhere Node runs.
 *
 * @throws GraphError where they would reach 2 GiB, more than the format can hold
 */
export function onnxBytes(model: OnnxModel): Uint8Array<ArrayBuffer> {
  // Lists as long as the program is large are messages by themselves: more than a call takes arguments.
  const graph = message(
    listOf(1, model.nodes, nodeMessage),
    field(2, text(model.name)),
    listOf(5, model.initializers, tensorMessage),
    field(10, text(model.description ?? '')),
    listOf(11, model.inputs, valueMessage),
    listOf(12, model.outputs, valueMessage),
    listOf(13, model.values ?? [], valueMessage),
  );
  const domains = Object.entries({ '': model.opset, ...model.domains });
  return joined(
    message(
      integer(1, 9), // version of the file format
      field(2, text(model.producer)),
      field(7, graph),
      ...domains.map(([domain, version]) =>
        field(8, message(...(domain ? [field(1, text(domain))] : []), integer(2, version))),
      ),
    ),
  );
}

// ---- below: internals; field numbers are those of onnx.proto ----

/** A message whose bytes are not yet one after the other, so that nesting copies nothing. */
interface Pieces {
  readonly size: number;
  readonly parts: readonly (Pieces | Uint8Array)[];
}

function nodeMessage({ type, inputs, outputs, attributes = {}, domain, name }: OnnxNode): Pieces {
  return message(
    ...inputs.map((input) => field(1, text(input))),
    ...outputs.map((output) => field(2, text(output))),
    ...(name ? [field(3, text(name))] : []),
    field(4, text(type)),
    ...Object.entries(attributes).map(([key, value]) => field(5, attributeMessage(key, value))),
    ...(domain ? [field(7, text(domain))] : []),
  );
}

function attributeMessage(name: string, value: OnnxAttributes[string]): Pieces {
  const head = field(1, text(name));
  if (typeof value === 'number') return message(head, integer(3, value), integer(20, 2));
  if (typeof value === 'string') return message(head, field(4, text(value)), integer(20, 3));
  if ('float' in value) return message(head, floatField(2, value.float), integer(20, 1));
  return message(head, ...value.map((item) => integer(8, item)), integer(20, 7));
}

function tensorMessage({ name, dtype, shape, data }: OnnxTensor): Pieces {
  return message(
    ...shape.map((size) => integer(1, size)),
    integer(2, onnxType[dtype]),
    field(8, text(name)),
    field(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
}

function valueMessage({ name, dtype, shape }: OnnxValue): Pieces {
  const dimensions = (shape as Shape).map((size) =>
    field(1, typeof size === 'number' ? integer(1, size) : field(2, text(size))),
  );
  const tensor = message(integer(1, onnxType[dtype]), field(2, message(...dimensions)));
  return message(field(1, text(name)), field(2, message(field(1, tensor))));
}

// Protocol buffers: a message is its fields one after the other.

const message = (...parts: readonly (Pieces | Uint8Array)[]): Pieces => messageOf(parts);

const messageOf = (parts: readonly (Pieces | Uint8Array)[]): Pieces => ({
  size: parts.reduce((sum, part) => sum + sizeOfPart(part), 0),
  parts,
});

/** A field that is repeated for each of the items. */
const listOf = <T>(number: number, items: readonly T[], write: (item: T) => Pieces): Pieces =>
  messageOf(items.map((item) => field(number, write(item))));

const sizeOfPart = (part: Pieces | Uint8Array): number => (part instanceof Uint8Array ? part.length : part.size);

function field(number: number, content: Pieces | Uint8Array): Pieces {
  return message(varint(number * 8 + 2), varint(sizeOfPart(content)), content);
}

function integer(number: number, value: number): Pieces {
  return message(varint(number * 8), varint(value));
}

function floatField(number: number, value: number): Pieces {
  return message(varint(number * 8 + 5), new Uint8Array(new Float32Array([value]).buffer));
}

/** Seven bits a byte, the lowest first; negative numbers as 64-bit two's complement. */
function varint(value: number): Uint8Array {
  if (value >= 0 && value < 0x80) return Uint8Array.of(value); // nearly all are
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) + (rest >= 0x80n ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

const encoder = new TextEncoder();
const text = (value: string): Uint8Array => encoder.encode(value);

function joined(pieces: Pieces): Uint8Array<ArrayBuffer> {
  if (pieces.size >= 2 ** 31) {
    const found = `the model takes ${(pieces.size / 2 ** 30).toFixed(1)} GiB`;
    throw new GraphError(`onnx: ${found}; expected less than 2 GiB: save the weights beside it instead`);
  }
  const bytes = new Uint8Array(pieces.size);
  let offset = 0;
  const write = (part: Pieces | Uint8Array): void => {
    if (part instanceof Uint8Array) {
      bytes.set(part, offset);
      offset += part.length;
    } else part.parts.forEach(write);
  };
  write(pieces);
  return bytes;
}
