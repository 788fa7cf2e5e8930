import { GraphError } from '../errors.ts';
import type { Operation } from './operation.ts';
import {
  type ArrayOf,
  arrayFrom,
  type DType,
  type FloatType,
  type Shape,
  shown,
  sizeOf,
  type TypedArray,
} from './tensorData.ts';

/**
 * A tensor that a program will compute: its element type and static shape are known, its numbers are not. Tensors are
 * made by operations from other tensors and never change; a computation is whatever its results lead back to, so
 * what no result needs costs nothing.
 */
export class Tensor {
  readonly dtype: DType;
  readonly shape: Shape;
  /** The operation that makes it, and which of its outputs this is. */
  readonly node: Node;
  readonly index: number;

  constructor(node: Node, index: number, dtype: DType, shape: Shape) {
    this.node = node;
    this.index = index;
    this.dtype = dtype;
    this.shape = shape;
  }
}

export interface Node<A = unknown> {
  /** Grows with every node made: inputs come before what uses them, and this is the order of execution. */
  readonly id: number;
  readonly operation: Operation<A>;
  readonly inputs: readonly Tensor[];
  readonly attributes: A;
  readonly outputs: readonly Tensor[];
  /** Where it was made: the path of `named` around it, for people who look for a tensor. */
  readonly path: string;
  /** The stretch of the forward pass whose values are not kept (`rematerialise`), if it lies in one. */
  readonly stretch: Stretch | null;
  /** What running statistics become when this node is computed in training. */
  readonly updates: readonly BufferUpdate[];
}

/** A stretch of the forward pass that is computed again in the reverse pass, see `rematerialise`. */
export interface Stretch {
  readonly id: number;
  readonly outer: Stretch | null;
}

export interface BufferUpdate {
  readonly buffer: Buffer;
  readonly value: Tensor;
}

export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A weight: a tensor whose numbers live in `data`, in host memory, and that training changes in place. */
export class Parameter extends Tensor {
  /** Its name in the official checkpoint; `stateOf(model)` sets it. */
  name: string;
  declare readonly dtype: FloatType;
  readonly data: ArrayOf[FloatType];
  /**
   * Whether `compileTraining` asks for its gradient. One that is not trainable when a program is compiled is stored in
   * the program as a constant, so that the engine can prepare it once; later changes of `data` do not reach that
   * program (see `storeFrozen`).
   */
  trainable: boolean;

  constructor(name: string, dtype: FloatType, shape: Shape, data: ArrayOf[FloatType], trainable: boolean) {
    super(leaf(leaves.parameter), 0, dtype, shape);
    attach(this);
    this.name = name;
    this.data = data;
    this.trainable = trainable;
  }
}

/** A number of the model that is not learned but kept: running statistics. Programs read it and may write it back. */
export class Buffer extends Tensor {
  name: string;
  readonly data: TypedArray;

  constructor(name: string, dtype: DType, shape: Shape, data: TypedArray) {
    super(leaf(leaves.buffer), 0, dtype, shape);
    attach(this);
    this.name = name;
    this.data = data;
  }
}

/** A value that is given at each run, by its name. */
export class Input extends Tensor {
  readonly name: string;

  constructor(name: string, dtype: DType, shape: Shape) {
    super(leaf(leaves.input), 0, dtype, shape);
    attach(this);
    this.name = name;
  }
}

/** Numbers that are part of the program. */
export class Constant extends Tensor {
  readonly data: TypedArray;

  constructor(dtype: DType, shape: Shape, data: TypedArray) {
    super(leaf(leaves.constant), 0, dtype, shape);
    attach(this);
    this.data = data;
  }
}

/**
 * A value that is given at each run: `run({ [name]: ... })`. Training leaves it alone, but `grad` with respect to it can
 * be asked for.
 */
export function input(name: string, shape: Shape, dtype: DType = 'float32'): Input {
  if (name === '') throw new GraphError('input: the name is empty; expected the name that runs give it by');
  return new Input(name, dtype, checkedShape(`input ${JSON.stringify(name)}`, shape));
}

/** A weight that starts as `values` (zeros unless given), trainable unless told. */
export function parameter(
  shape: Shape,
  values?: ArrayLike<number>,
  { name = '', dtype = 'float32', trainable = true }: { name?: string; dtype?: FloatType; trainable?: boolean } = {},
): Parameter {
  const data = filled(`parameter ${name}`.trim(), dtype, checkedShape('parameter', shape), values);
  return new Parameter(name, dtype, shape, data as ArrayOf[FloatType], trainable);
}

/** A number of the model that is kept but not learned; starts as `values` (zeros unless given). */
export function buffer(
  shape: Shape,
  values?: ArrayLike<number>,
  { name = '', dtype = 'float32' }: { name?: string; dtype?: DType } = {},
): Buffer {
  return new Buffer(name, dtype, shape, filled(`buffer ${name}`.trim(), dtype, checkedShape('buffer', shape), values));
}

/** Numbers that are part of the program; the shape is that of a list unless given. */
export function constant(
  values: ArrayLike<number>,
  { shape = [values.length], dtype = 'float32' }: { shape?: Shape; dtype?: DType } = {},
): Constant {
  return new Constant(dtype, shape, filled('constant', dtype, checkedShape('constant', shape), values));
}

/** One number that is part of the program, without axes. */
export const scalar = (value: number, dtype: DType = 'float32'): Constant =>
  new Constant(dtype, [], arrayFrom(dtype, [value]));

/** Everything made inside carries `name` in its path, so that a tensor can be found again in messages and in Netron. */
export function named<T>(name: string, make: () => T): T {
  const outer = path;
  path = outer ? `${outer}/${name}` : name;
  try {
    return make();
  } finally {
    path = outer;
  }
}

/**
 * Computes `make()` without keeping what lies between: in the reverse pass the stretch is computed once more from
 * what it read, so that memory holds one stretch at a time and not all of them. What `make` returns is kept, as is
 * what it reads from outside. Costs at most one more forward pass of the stretch (Chen et al. 2016, arXiv 1604.06174).
 */
export function rematerialise<T>(make: () => T): T {
  const outer = stretch;
  stretch = { id: nextId++, outer };
  try {
    return make();
  } finally {
    stretch = outer;
  }
}

/** Makes a node; operations call it after they have checked their arguments and know what comes out. */
export function makeNode<A>(
  operation: Operation<A>,
  inputs: readonly Tensor[],
  attributes: A,
  outputs: readonly TensorType[],
  updates: readonly BufferUpdate[] = [],
): Node<A> {
  const node = { id: nextId++, operation, inputs, attributes, outputs: [] as Tensor[], path, stretch, updates };
  // An operation's attributes matter to itself alone; everyone else sees an opaque node.
  for (const [index, { dtype, shape }] of outputs.entries())
    node.outputs.push(new Tensor(node as Node, index, dtype, shape));
  return node;
}

/**
 * The same node on other inputs, made now: what the reverse pass computes again. It lies in no stretch, and leaves
 * running statistics alone.
 */
export function cloneNode(node: Node, inputs: readonly Tensor[]): Node {
  const outer = stretch;
  stretch = null;
  try {
    return makeNode(node.operation, inputs, node.attributes, node.outputs);
  } finally {
    stretch = outer;
  }
}

// ---- below: internals ----

let nextId = 0;
let path = '';
let stretch: Stretch | null = null;

/** Leaves are not computed: the compiler gives each kind its place in the program. */
const leaves = {
  input: { name: 'input', gradient: { none: 'given' } },
  constant: { name: 'constant', gradient: { none: 'constant' } },
  parameter: { name: 'parameter', gradient: { none: 'a leaf' } },
  buffer: { name: 'buffer', gradient: { none: 'not learned' } },
} as const satisfies Record<string, Operation<null>>;

function leaf(operation: Operation<null>): Node {
  return {
    id: nextId++,
    operation: operation as Operation<unknown>,
    inputs: [],
    attributes: null,
    outputs: [],
    path,
    stretch: null,
    updates: [],
  };
}

function attach(tensor: Tensor): void {
  (tensor.node.outputs as Tensor[]).push(tensor);
}

function checkedShape(what: string, shape: Shape): Shape {
  if (shape.every((length) => Number.isSafeInteger(length) && length >= 0)) return shape;
  throw new GraphError(`${what}: shape ${shown(shape)} is not of whole numbers from 0 up; shapes are static`);
}

function filled(what: string, dtype: DType, shape: Shape, values?: ArrayLike<number>): TypedArray {
  const size = sizeOf(shape);
  if (values && values.length !== size) {
    throw new GraphError(`${what}: shape ${shown(shape)} holds ${size} numbers, got ${values.length}`);
  }
  return arrayFrom(dtype, values ?? new Float32Array(size));
}
