import { GraphError } from '../errors.ts';
import { type Emitter, microsoft, type OnnxAttributes, onnxType } from '../graph/emitter.ts';
import type { Target } from '../graph/operation.ts';
import { Buffer, type BufferUpdate, Constant, Input, type Node, Parameter, type Tensor } from '../graph/tensor.ts';
import { arrayFrom, sizeOf, type TensorData } from '../graph/tensorData.ts';
import { nodesBehind } from '../graph/walk.ts';
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './onnxFile.ts';

/** A computation as ONNX, and what has to be given to it. */
export interface Lowered {
  readonly model: OnnxModel;
  readonly inputs: readonly Input[];
  /** Fed at each run, under these names: trainable weights, and running statistics. */
  readonly fed: ReadonlyMap<string, Parameter | Buffer>;
  /** What was asked for → its name in the file, which is another where an input is called the same. */
  readonly results: ReadonlyMap<string, string>;
  /** Outputs beyond those asked for: what running statistics become. */
  readonly updates: ReadonlyMap<string, Buffer>;
}

/** The versions of the operators that are written; runtimes from 2023 on know them. */
const opset = 20;

/** A file of one message may not reach 2 GiB; weights beyond this stay outside and are fed. */
const mostStoredBytes = 1.8e9;

/**
 * Writes the computation behind `outputs` as ONNX: only what they lead back to, in the order in which it was made,
 * equal nodes once.
 *
 * @param updateBuffers - whether running statistics are brought up to date as well
 * @param storeFrozen - whether frozen weights are stored, or fed as trainable ones are
 */
export function lower(
  outputs: Readonly<Record<string, Tensor>>,
  target: Target,
  { updateBuffers = false, storeFrozen = true }: { updateBuffers?: boolean; storeFrozen?: boolean } = {},
): Lowered {
  if (Object.keys(outputs).length === 0) throw new GraphError('compile: no outputs; expected one tensor or more');
  const writer = new Writer(target, storeFrozen ? mostStoredBytes : 0);
  writer.compute(Object.values(outputs));
  const results = new Map(Object.entries(outputs).map(([name, tensor]) => [name, writer.result(name, tensor)]));
  const updates = updateBuffers ? writer.updated() : new Map<string, Buffer>();
  return { ...writer.finished(), results, updates };
}

// ---- below: internals ----

class Writer implements Emitter {
  readonly target: Target;
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxTensor>();
  readonly #values: OnnxValue[] = [];
  readonly #results: OnnxValue[] = [];
  readonly #inputs: Input[] = [];
  readonly #fed = new Map<string, Parameter | Buffer>();
  readonly #names = new Map<Tensor, string>();
  readonly #taken = new Set<string>();
  /** What equal nodes have in common → their outputs. */
  readonly #equal = new Map<string, readonly string[]>();
  /** Values in float32 → the same in float16. */
  readonly #halves = new Map<string, string>();
  readonly #updates: BufferUpdate[] = [];
  readonly #mostBytes: number;
  #storedBytes = 0;
  #current: Node | null = null;

  constructor(target: Target, mostBytes: number) {
    this.target = target;
    this.#mostBytes = mostBytes;
  }

  /** Writes whatever `tensors` need and is not yet written. */
  compute(tensors: readonly Tensor[]): void {
    const isWritten = ({ outputs: [first] }: Node) => this.#names.has(first);
    const nodes = nodesBehind(tensors, isWritten, readBy);
    // Inputs first: they are called what they are called, others make way.
    for (const { outputs } of nodes) if (outputs[0] instanceof Input) this.#writeInput(outputs[0]);
    for (const node of nodes) {
      const outer = this.#current;
      this.#current = node;
      this.#write(node);
      this.#current = outer;
    }
  }

  /**
   * Writes what running statistics become; those of a layer that is applied several times go on from where the time
   * before left them.
   */
  updated(): Map<string, Buffer> {
    const latest = new Map<Buffer, Tensor>();
    for (const { buffer, value } of this.#updates) {
      const before = latest.get(buffer);
      if (before) this.#setName(buffer, this.#nameOf(before));
      this.compute([value]);
      latest.set(buffer, value);
    }
    return new Map(
      Array.from(latest, ([buffer, value]) => [this.result(`updated ${buffer.name || 'buffer'}`, value), buffer]),
    );
  }

  /** Gives a tensor a name that the outside knows. */
  result(name: string, tensor: Tensor): string {
    const free = this.#free(name);
    this.#nodes.push({ type: 'Identity', inputs: [this.#nameOf(tensor)], outputs: [free], name: free });
    this.#results.push({ name: free, dtype: tensor.dtype, shape: tensor.shape });
    return free;
  }

  finished(): Omit<Lowered, 'results' | 'updates'> {
    const given = [...this.#inputs.map((tensor) => [tensor.name, tensor] as const), ...this.#fed];
    const model: OnnxModel = {
      opset,
      ...(this.#nodes.some(({ domain }) => domain === microsoft) && { domains: { [microsoft]: 1 } }),
      producer: 'onnxgrad',
      name: 'program',
      nodes: this.#nodes,
      initializers: [...this.#initializers.values()],
      inputs: given.map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
      outputs: this.#results,
      values: this.#values,
    };
    return { model, inputs: this.#inputs, fed: this.#fed };
  }

  node(type: string, inputs: readonly string[], attributes: OnnxAttributes = {}, domain?: string): string {
    return this.nodes(type, inputs, 1, attributes, domain)[0];
  }

  nodes(
    type: string,
    inputs: readonly string[],
    count: number,
    attributes: OnnxAttributes = {},
    domain?: string,
  ): string[] {
    const { path = '', operation } = this.#current ?? {};
    const label = `${path ? `${path}/` : ''}${operation?.name ?? 'value'}`;
    const outputs = Array.from({ length: count }, () => this.#free(label, true));
    this.#nodes.push({ type, inputs, outputs, attributes, domain, name: outputs[0] });
    return outputs;
  }

  constant({ dtype, shape, data }: TensorData): string {
    const key = keyOf({ dtype, shape, data });
    const known = this.#initializers.get(key);
    if (known) return known.name;
    const name = this.#free('constant', true);
    this.#initializers.set(key, { name, dtype, shape, data });
    return name;
  }

  integers(values: readonly number[]): string {
    return this.constant({ dtype: 'int64', shape: [values.length], data: arrayFrom('int64', values) });
  }

  #write(node: Node): void {
    this.#updates.push(...node.updates);
    const [first] = node.outputs;
    if (first instanceof Input) return; // written before all others
    if (first instanceof Constant) this.#setName(first, this.constant(first));
    else if (first instanceof Parameter || first instanceof Buffer) this.#writeWeight(first);
    else this.#writeOperation(node);
  }

  #writeOperation(node: Node): void {
    const { operation, attributes, outputs } = node;
    const inputs = readBy(node).map((tensor) => this.#nameOf(tensor));
    const key = JSON.stringify([operation.name, attributes, inputs, outputs.map(({ dtype, shape }) => [dtype, shape])]);
    const equal = this.#equal.get(key);
    if (equal) {
      for (const [index, tensor] of outputs.entries()) this.#setName(tensor, equal[index]);
      return;
    }
    const names = this.#lowered(node, inputs);
    for (const [index, name] of names.entries()) {
      const { dtype, shape } = outputs[index];
      this.#setName(outputs[index], name);
      this.#values.push({ name, dtype, shape });
    }
    this.#equal.set(key, names);
  }

  #lowered(node: Node, inputs: readonly string[]): readonly string[] {
    const { operation } = node;
    const simpler = operation.decompose?.(node, this.target);
    if (simpler) {
      const parts = Array.isArray(simpler) ? (simpler as readonly Tensor[]) : [simpler as Tensor];
      this.compute(parts);
      return parts.map((tensor) => this.#nameOf(tensor));
    }
    if (!operation.lower) throw new GraphError(`${operation.name}: there is no ONNX for ${node.outputs[0].dtype}`);
    const isHalved = this.target.precision === 'mixed' && operation.isProduct && node.outputs[0].dtype === 'float32';
    const names = operation.lower(this, isHalved ? inputs.map((name) => this.#half(name)) : inputs, node);
    const all = typeof names === 'string' ? [names] : names;
    return isHalved ? all.map((name) => this.node('Cast', [name], { to: onnxType.float32 })) : all;
  }

  /** A value in float16, made once however many read it. */
  #half(name: string): string {
    let half = this.#halves.get(name);
    if (!half) this.#halves.set(name, (half = this.node('Cast', [name], { to: onnxType.float16 })));
    return half;
  }

  #writeInput(tensor: Input): void {
    if (this.#inputs.some(({ name }) => name === tensor.name)) {
      throw new GraphError(
        `compile: two inputs are named ${JSON.stringify(tensor.name)}; make the tensor once and use it twice`,
      );
    }
    this.#inputs.push(tensor);
    this.#setName(tensor, this.#free(tensor.name));
  }

  #writeWeight(tensor: Parameter | Buffer): void {
    const isFrozen = tensor instanceof Parameter && !tensor.trainable;
    if (isFrozen && this.#storedBytes + tensor.data.byteLength < this.#mostBytes) {
      this.#storedBytes += tensor.data.byteLength;
      this.#setName(tensor, this.constant(tensor));
    } else {
      const name = this.#free(tensor.name || 'parameter');
      this.#fed.set(name, tensor);
      this.#setName(tensor, name);
    }
  }

  #nameOf(tensor: Tensor): string {
    return this.#names.get(tensor) as string;
  }

  #setName(tensor: Tensor, name: string): void {
    this.#names.set(tensor, name);
  }

  /** A name that nothing has yet; numbered where taken, or always for values between. */
  #free(wanted: string, numbered = false): string {
    let name = numbered ? `${wanted}_${this.#taken.size}` : wanted;
    while (this.#taken.has(name)) name = `${name}'`;
    this.#taken.add(name);
    return name;
  }
}

const readBy = (node: Node): readonly Tensor[] => node.operation.reads?.(node) ?? node.inputs;

let nextLargeConstant = 0;
const largeConstants = new WeakMap<object, number>();

/** Equal small constants are one; large ones are told apart by the array that holds them. */
function keyOf({ dtype, shape, data }: TensorData): string {
  const prefix = `${dtype}[${shape}]`;
  if (sizeOf(shape) <= 64) {
    const numbers = Array.from(data as ArrayLike<unknown>, (value) => (Object.is(value, -0) ? '-0' : String(value)));
    return `${prefix}${numbers}`;
  }
  let number = largeConstants.get(data);
  if (number === undefined) largeConstants.set(data, (number = nextLargeConstant++));
  return `${prefix}#${number}`;
}
