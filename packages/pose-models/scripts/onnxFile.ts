/** Tensor element types of ONNX, by their number in the format. */
export const elementType = { float32: 1, int64: 7, float16: 10 } as const;
export type ElementType = keyof typeof elementType;

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | string | readonly number[]>>;
}

export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Little endian, as typed arrays are on every machine that Node runs on. */
  readonly data: ArrayBufferView;
}

/** An input or output; a text in the shape names a dimension that may vary. */
export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

export interface OnnxModel {
  readonly opset: number;
  readonly name: string;
  readonly doc: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** The bytes of an .onnx file. Attributes: integers, texts and lists of integers. */
export function onnxBytes(model: OnnxModel): Uint8Array {
  const graph = message(
    ...model.nodes.map((node) => field(1, nodeMessage(node))),
    field(2, text(model.name)),
    ...model.initializers.map((tensor) => field(5, tensorMessage(tensor))),
    field(10, text(model.doc)),
    ...model.inputs.map((value) => field(11, valueMessage(value))),
    ...model.outputs.map((value) => field(12, valueMessage(value))),
  );
  return message(
    integer(1, 9), // version of the file format
    field(2, text('microaction pose-models')),
    field(7, graph),
    field(8, message(integer(2, model.opset))),
  );
}

// Field numbers are those of onnx.proto.

function nodeMessage({ op, inputs, outputs, attributes = {} }: OnnxNode): Uint8Array {
  return message(
    ...inputs.map((name) => field(1, text(name))),
    ...outputs.map((name) => field(2, text(name))),
    field(4, text(op)),
    ...Object.entries(attributes).map(([name, value]) => field(5, attributeMessage(name, value))),
  );
}

function attributeMessage(name: string, value: number | string | readonly number[]): Uint8Array {
  const head = field(1, text(name));
  if (typeof value === 'number') return message(head, integer(3, value), integer(20, 2));
  if (typeof value === 'string') return message(head, field(4, text(value)), integer(20, 3));
  return message(head, ...value.map((item) => integer(8, item)), integer(20, 7));
}

function tensorMessage({ name, type, shape, data }: OnnxTensor): Uint8Array {
  return message(
    ...shape.map((size) => integer(1, size)),
    integer(2, elementType[type]),
    field(8, text(name)),
    field(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
}

function valueMessage({ name, type, shape }: OnnxValue): Uint8Array {
  const dimensions = shape.map((size) => field(1, typeof size === 'number' ? integer(1, size) : field(2, text(size))));
  const tensor = message(integer(1, elementType[type]), field(2, message(...dimensions)));
  return message(field(1, text(name)), field(2, message(field(1, tensor))));
}

// Protocol buffers: a message is its fields one after the other.

function message(...fields: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of fields) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function field(number: number, content: Uint8Array): Uint8Array {
  return message(varint(number * 8 + 2), varint(content.length), content);
}

function integer(number: number, value: number): Uint8Array {
  return message(varint(number * 8), varint(value));
}

function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`Not a non-negative integer: ${value}.`);
  const bytes: number[] = [];
  do {
    bytes.push((value % 128) + (value >= 128 ? 128 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return Uint8Array.from(bytes);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
