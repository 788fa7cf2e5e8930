import { GraphError } from '../errors.ts';
import { gradientsOf } from '../grad/grad.ts';
import { sameShape } from '../graph/shapes.ts';
import { input, named, Parameter, type Tensor } from '../graph/tensor.ts';
import { type FloatType, type Shape, shown, type TypedArray } from '../graph/tensorData.ts';
import { seed } from '../ops/random.ts';
import { type Lowered, lower } from '../runtime/lower.ts';
import { type OnnxModel, onnxBytes } from '../runtime/onnxFile.ts';
import type { CompileOptions } from '../runtime/program.ts';
import { defaultDevice, type Feeds, Session, type SessionOptions } from '../runtime/session.ts';
import { trainableBehind } from '../runtime/training.ts';
import { stateOf } from './state.ts';

export interface LayerStackOptions extends SessionOptions {
  readonly shape: Shape;
  readonly dtype?: FloatType;
  /** As of `compile`. */
  readonly precision?: CompileOptions['precision'];
}

export interface StackRun {
  /** What random numbers of this run depend on, the same for `forward` and `backward`; 0 unless given. */
  readonly seed?: number;
}

export interface StackForward {
  readonly y: TypedArray;
  /** What each layer read: all that `backward` needs. */
  readonly kept: readonly TypedArray[];
}

export interface StackBackward {
  readonly dx: TypedArray;
  /** Of the trainable weights of all layers, by the names that they have now. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/**
 * A stack of layers, each applied to what the one before gave, as one small program that is called for each layer with
 * its weights: compiled once however deep the stack, and with the memory of one layer however deep. Layers that differ
 * in more than the numbers of their weights, as those do that draw random numbers, get a program each. What leads into
 * the stack and what follows it are programs of their own: feed what they give to `forward`, and the gradient that comes
 * back to `backward`.
 */
export class LayerStack implements AsyncDisposable {
  readonly #layers: readonly CompiledLayer[];
  readonly #sessions: readonly Session[];

  private constructor(layers: readonly CompiledLayer[], sessions: readonly Session[]) {
    this.#layers = layers;
    this.#sessions = sessions;
  }

  /**
   * Names the weights by their layer (`0.attn.qkv.weight`); `stateOf` of the model may rename them afterwards.
   *
   * @param apply - a layer on a tensor of the given shape → the same shape
   * @throws GraphError where a layer gives another shape, keeps running statistics, reads an input of its own, or
   *   shares a weight with another
   */
  static async compile<L extends object>(
    layers: readonly L[],
    apply: (layer: L, x: Tensor) => Tensor,
    { shape, dtype = 'float32', precision = 'single', ...options }: LayerStackOptions,
  ): Promise<LayerStack> {
    const x = input('x', shape, dtype);
    const dy = input('dy', shape, dtype);
    const sessions = new Map<string, Session>();
    const openOrShare = async (outputs: Readonly<Record<string, Tensor>>): Promise<Call> => {
      const target = { operators: 'onnxruntime', device: options.device ?? defaultDevice, precision } as const;
      const lowered = lower(outputs, target, { updateBuffers: true, storeFrozen: false });
      if (lowered.updates.size > 0)
        throw new GraphError('LayerStack: a layer keeps running statistics; use compileTraining');
      const foreign = lowered.inputs.find((tensor) => ![x, dy, seed].includes(tensor));
      if (foreign) throw new GraphError(`LayerStack: a layer reads the input ${foreign.name}; expected x alone`);
      const key = structure(lowered);
      let session = sessions.get(key);
      if (!session) sessions.set(key, (session = await Session.open(onnxBytes(lowered.model), options)));
      return { session, lowered };
    };
    const met = new Set<Parameter>();
    const compileLayer = async (layer: L, position: number): Promise<CompiledLayer> => {
      for (const [name, tensor] of stateOf(layer)) tensor.name = `${position}.${name}`;
      const y = named(String(position), () => apply(layer, x));
      if (!sameShape(y.shape, shape) || y.dtype !== dtype) {
        const found = `${y.dtype} ${shown(y.shape)} of ${dtype} ${shown(shape)}`;
        throw new GraphError(`LayerStack: layer ${position} makes ${found}; expected the same`);
      }
      const found = gradientsOf(y, [x, ...trainableBehind(y)], dy);
      const weights = [...found.keys()].filter((tensor) => tensor instanceof Parameter);
      for (const weight of weights) {
        if (met.has(weight))
          throw new GraphError(`LayerStack: ${weight.name} is a weight of two layers; use compileTraining`);
        met.add(weight);
      }
      const dx = found.get(x);
      const outputs: Record<string, Tensor> = dx ? { dx } : {};
      for (const [i, weight] of weights.entries()) outputs[i] = found.get(weight) as Tensor;
      const forward = await openOrShare({ y });
      return { forward, backward: Object.keys(outputs).length > 0 ? await openOrShare(outputs) : null, weights };
    };
    try {
      const compiled: CompiledLayer[] = [];
      for (const [position, layer] of layers.entries()) compiled.push(await compileLayer(layer, position));
      return new LayerStack(compiled, [...sessions.values()]);
    } catch (error) {
      for (const session of sessions.values()) await session.dispose();
      throw error;
    }
  }

  /** How many programs the layers share. */
  get programs(): number {
    return this.#sessions.length;
  }

  /** @throws RuntimeError `bad-feed`, `out-of-memory` or `failed` */
  async forward(x: TypedArray, { seed = 0 }: StackRun = {}): Promise<StackForward> {
    const kept: TypedArray[] = [];
    let y = x;
    for (const { forward } of this.#layers) {
      kept.push(y);
      ({ y } = await called(forward, { x: y }, seed));
    }
    return { y, kept };
  }

  /** Forward for its result alone: nothing is kept. */
  async infer(x: TypedArray): Promise<TypedArray> {
    let y = x;
    for (const { forward } of this.#layers) ({ y } = await called(forward, { x: y }, 0));
    return y;
  }

  /** Gradients of Σ y · dy; `seed` as it was given to `forward`. */
  async backward(
    { kept }: Pick<StackForward, 'kept'>,
    dy: TypedArray,
    { seed = 0 }: StackRun = {},
  ): Promise<StackBackward> {
    const gradients = new Map<string, Float32Array>();
    let flowing = dy;
    for (const [position, { backward, weights }] of [...this.#layers.entries()].reverse()) {
      const results = backward ? await called(backward, { x: kept[position], dy: flowing }, seed) : {};
      for (const [i, { name }] of weights.entries()) gradients.set(name, results[i] as Float32Array);
      flowing = results.dx ?? new (dy.constructor as new (length: number) => TypedArray)(dy.length);
    }
    return { dx: flowing, gradients };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions) await session.dispose();
  }
}

// ---- below: internals ----

interface Call {
  readonly session: Session;
  readonly lowered: Lowered;
}

interface CompiledLayer {
  readonly forward: Call;
  /** None where nothing in the layer has a gradient. */
  readonly backward: Call | null;
  /** Whose gradients `backward` gives, by their position here. */
  readonly weights: readonly Parameter[];
}

/** Runs a program with the weights of the layer that it was written for. */
async function called({ session, lowered }: Call, feeds: Feeds, seed: number): Promise<Record<string, TypedArray>> {
  // The session may have been opened for another layer: inputs and outputs are told by their places.
  const names = [...session.inputs.keys()];
  const given = lowered.model.inputs.map(
    ({ name }) => lowered.fed.get(name)?.data ?? (name in feeds ? feeds[name] : seed),
  );
  const results = await session.run(Object.fromEntries(given.map((feed, i) => [names[i], feed])));
  const outputs = [...session.outputs.keys()];
  return Object.fromEntries([...lowered.results.keys()].map((name, i) => [name, results[outputs[i]].data]));
}

/** A program without the names of its weights and values: equal for layers that differ in weights alone. */
function structure({ model }: Lowered): string {
  const numbers = new Map<string, number>();
  const number = (name: string) => {
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    return numbers.get(name);
  };
  const { inputs, initializers, nodes, outputs } = model satisfies OnnxModel;
  const types = [...inputs, ...outputs].map(({ name, dtype, shape }) => [number(name), dtype, shape]);
  const stored = initializers.map(({ name, dtype, shape, data }) => [
    number(name),
    dtype,
    shape,
    Array.from(data as Float32Array, String),
  ]);
  const calls = nodes.map(({ type, domain, attributes, inputs: from, outputs: to }) => [
    type,
    domain,
    attributes,
    from.map(number),
    to.map(number),
  ]);
  return JSON.stringify([types, stored, calls]);
}
