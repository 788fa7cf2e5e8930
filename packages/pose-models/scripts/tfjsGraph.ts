import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One operation of a TensorFlow graph. Inputs are names of other nodes. */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, TfAttribute>>;
}

/** The fields of `AttrValue` that the converted networks use; texts are base64, integers are decimal texts. */
export interface TfAttribute {
  readonly s?: string;
  readonly i?: string;
  readonly b?: boolean;
  readonly list?: { readonly i?: readonly string[]; readonly s?: readonly string[] };
}

export type TfWeight = { readonly shape: readonly number[] } & (
  | { readonly type: 'float16'; readonly data: Float16Array }
  | { readonly type: 'int32'; readonly data: Int32Array }
);

export interface TfGraph {
  readonly nodes: ReadonlyMap<string, TfNode>;
  readonly weights: ReadonlyMap<string, TfWeight>;
}

/** Reads `name.json` and `name.bin` from a folder: a TensorFlow.js graph model with float16 weights. */
export function readTfjsGraph(folder: string, name: string): TfGraph {
  const model = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as TfjsModel;
  const file = readFileSync(join(folder, `${name}.bin`));
  const weights = new Map<string, TfWeight>();
  let offset = 0;
  for (const { name, shape, dtype, quantization } of model.weightsManifest.flatMap((group) => group.weights)) {
    const count = shape.reduce((product, size) => product * size, 1);
    const half = quantization?.dtype === 'float16';
    if (!half && dtype !== 'int32') throw new Error(`${name}: ${dtype} weights are not read, only float16 and int32.`);
    const end = offset + count * (half ? 2 : 4);
    const bytes = new Uint8Array(file.subarray(offset, end)).buffer; // a copy, hence aligned
    weights.set(
      name,
      half
        ? { type: 'float16', shape, data: new Float16Array(bytes) }
        : { type: 'int32', shape, data: new Int32Array(bytes) },
    );
    offset = end;
  }
  if (offset !== file.length) throw new Error(`${name}.bin: expected ${offset} bytes, found ${file.length}.`);

  const nodes = new Map<string, TfNode>();
  for (const { name, op, input = [], attr = {} } of model.modelTopology.node) {
    nodes.set(name, { name, op, inputs: input.filter((text) => !text.startsWith('^')), attributes: attr });
  }
  return { nodes, weights };
}

interface TfjsModel {
  modelTopology: {
    node: { name: string; op: string; input?: string[]; attr?: Record<string, TfAttribute> }[];
  };
  weightsManifest: {
    weights: { name: string; shape: number[]; dtype: string; quantization?: { dtype: string } }[];
  }[];
}
