import { RuntimeError } from '../errors.ts';
import type { Target } from '../graph/operation.ts';
import type { Buffer, Parameter, Tensor } from '../graph/tensor.ts';
import type { TensorData, TypedArray } from '../graph/tensorData.ts';
import { type Lowered, lower } from './lower.ts';
import { onnxBytes } from './onnxFile.ts';
import { defaultDevice, type Feeds, type FeedsOf, Session, type SessionOptions, type ValueType } from './session.ts';

export interface CompileOptions extends SessionOptions {
  /** Standard operators only, or ONNX Runtime's own fused ones where they are quicker (unless told). */
  readonly operators?: Target['operators'];
  /**
   * `mixed`: products and convolutions of float32 tensors are taken in float16 and their results are float32 again, for
   * devices with units for it; weights, sums, norms and softmax stay float32. Train with `scaledLoss` then. `single`
   * unless given.
   */
  readonly precision?: Target['precision'];
  /** Whether running statistics are brought up to date at each run; no unless told. */
  readonly updateBuffers?: boolean;
  /**
   * Whether frozen weights become part of the program (unless told), where the engine prepares and keeps its own copy
   * of them, or are given from their `data` at each run: less memory on a processor, a transfer a run on other devices.
   */
  readonly storeFrozen?: boolean;
}

export interface RunOptions<K extends string> {
  /** Arrays that outputs are written to; others are made at each run. */
  readonly into?: Partial<Readonly<Record<K, TypedArray>>>;
  /** Whether running statistics are written back, judged by the results; yes unless told. */
  readonly updateIf?: (results: Readonly<Record<K, TensorData>>) => boolean;
}

/** A computation that is ready to run. Free it with `dispose`, or declare it with `using`. */
export class Program<K extends string = string> implements Disposable, AsyncDisposable {
  /** What `run` takes. */
  readonly inputs: ReadonlyMap<string, ValueType>;
  readonly outputs: ReadonlyMap<K, ValueType>;
  readonly #session: Session;
  readonly #lowered: Omit<Lowered, 'model' | 'inputs'>;

  constructor(session: Session, lowered: Omit<Lowered, 'model' | 'inputs'>) {
    this.#session = session;
    this.#lowered = lowered;
    this.inputs = new Map([...session.inputs].filter(([name]) => !lowered.fed.has(name)));
    this.outputs = new Map(
      Array.from(lowered.results, ([name, inFile]) => [name as K, session.outputs.get(inFile) as ValueType]),
    );
  }

  /** @throws RuntimeError `bad-feed`, `out-of-memory` or `failed` */
  async run<F extends FeedsOf<F>>(
    feeds: F = {} as F,
    { into = {}, updateIf = () => true }: RunOptions<K> = {},
  ): Promise<Record<K, TensorData>> {
    const all = { ...feeds } as Record<string, Feeds[string]>;
    for (const [name, { data }] of this.#lowered.fed) {
      if (name in feeds)
        throw new RuntimeError('bad-feed', `run: ${name} is a weight of the model; change its data instead`);
      all[name] = data;
    }
    const { results, updates } = this.#lowered;
    const places = Object.fromEntries(
      Object.entries(into as Readonly<Record<string, TypedArray>>).map(([name, array]) => [
        results.get(name) ?? name,
        array,
      ]),
    );
    const found = await this.#session.run(all, places);
    const wanted = Object.fromEntries(Array.from(results, ([name, inFile]) => [name, found[inFile]]));
    if (updateIf(wanted as Record<K, TensorData>)) {
      for (const [name, buffer] of updates) (buffer.data as Float32Array).set(found[name].data as Float32Array);
    }
    return wanted as Record<K, TensorData>;
  }

  /** Releases the engine's memory; the program cannot run any more. */
  async dispose(): Promise<void> {
    await this.#session.dispose();
  }

  [Symbol.dispose](): void {
    void this.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

/**
 * Makes a program that computes tensors, by the names given to them. Inputs are given at each run; trainable weights
 * and running statistics are read from their `data` at each run; all else is stored in the program.
 *
 * @throws GraphError where the computation cannot be written, RuntimeError where the device cannot run it
 */
export async function compile<K extends string>(
  outputs: Readonly<Record<K, Tensor>>,
  options: CompileOptions = {},
): Promise<Program<K>> {
  const { operators = 'onnxruntime', device = defaultDevice, precision = 'single' } = options;
  const { model, ...lowered } = lower(outputs, { operators, device, precision }, options);
  return new Program<K>(await Session.open(onnxBytes(model), options), lowered);
}

/**
 * The bytes of a standard .onnx file that computes tensors. Its inputs are the `Input`s; every weight is stored with
 * the numbers it has now.
 */
export function toOnnx(outputs: Readonly<Record<string, Tensor>>, description = ''): Uint8Array<ArrayBuffer> {
  const { model, fed } = lower(outputs, { operators: 'standard', device: 'cpu', precision: 'single' });
  const isFed = ({ name }: { readonly name: string }) => fed.has(name);
  const weights = [...fed].map(([name, { dtype, shape, data }]: [string, Parameter | Buffer]) => ({
    name,
    dtype,
    shape,
    data,
  }));
  return onnxBytes({
    ...model,
    description,
    inputs: model.inputs.filter((value) => !isFed(value)),
    initializers: [...model.initializers, ...weights],
  });
}

/** A program from an .onnx file: its bytes, or (in Node) its path, which files beyond 2 GiB with outside data need. */
export async function loadProgram(model: Uint8Array | string, options: SessionOptions = {}): Promise<Program> {
  const session = await Session.open(model, options);
  const results = new Map([...session.outputs.keys()].map((name) => [name, name]));
  return new Program(session, { results, fed: new Map(), updates: new Map() });
}
