import {
  devices,
  type Engine,
  engineFor,
  fillsGivenOutputs,
  type InferenceSession,
  type Tensor as OrtTensor,
} from '#onnxruntime';
import { RuntimeError } from '../errors.ts';
import type { Device } from '../graph/operation.ts';
import {
  arrayConstructors,
  arrayFrom,
  type DType,
  isFloat,
  type Shape,
  shown,
  sizeOf,
  type TensorData,
  type TypedArray,
} from '../graph/tensorData.ts';

export interface SessionOptions {
  /** Where it runs; the processor unless told: `cpu` in Node, `wasm` in a browser. */
  readonly device?: Device;
  /**
   * Threads inside an operator; all cores unless told. In a browser half of them and four at most unless told, as the
   * page's first program has it; and one in pages that are not isolated from other origins (`crossOriginIsolated`).
   */
  readonly threads?: number;
  /**
   * Whether idle threads wait busily for more work: quicker for one session, slower for several side by side. Yes
   * unless told.
   */
  readonly spinning?: boolean;
  /** Whether the engine may rearrange the graph; yes unless told. */
  readonly optimize?: boolean;
  /** Where the engine writes what it spent its time on (its own JSON, for chrome://tracing). */
  readonly profilePrefix?: string;
}

/** What a run takes for one tensor: numbers with their shape, or numbers alone in the shape that the program states. */
export type Feed = TensorData | TypedArray | readonly number[] | number;
export type Feeds = Readonly<Record<string, Feed>>;
/** Feeds whose type may be an interface. */
export type FeedsOf<F> = { readonly [K in keyof F]: Feed };

export interface ValueType {
  readonly dtype: DType;
  /** Lengths by number, or by name where they may vary. */
  readonly shape: readonly (number | string)[];
}

/** A session of ONNX Runtime, with its inputs checked and its errors made plain. */
export class Session {
  readonly inputs: ReadonlyMap<string, ValueType>;
  readonly outputs: ReadonlyMap<string, ValueType>;
  readonly device: Device;
  readonly #engine: Engine;
  readonly #session: InferenceSession;
  /** Runs under way: the engine's memory is released when they have ended. */
  readonly #running = new Set<Promise<unknown>>();
  #isOpen = true;

  private constructor(engine: Engine, session: InferenceSession, device: Device) {
    this.#engine = engine;
    this.#session = session;
    this.device = device;
    this.inputs = typesOf(session.inputMetadata);
    this.outputs = typesOf(session.outputMetadata);
  }

  /** @throws RuntimeError `no-backend`, `no-kernel`, `out-of-memory` or `failed` */
  static async open(model: Uint8Array | string, options: SessionOptions = {}): Promise<Session> {
    const device = options.device ?? defaultDevice;
    if (!devices().includes(device)) {
      throw new RuntimeError(
        'no-backend',
        `The device ${device} is not there; this engine has ${devices().join(', ')}`,
      );
    }
    try {
      const engine = await engineFor(device);
      if (isBrowser && options.threads) engine.env.wasm.numThreads = options.threads;
      const session = await engine.InferenceSession.create(model as Uint8Array, sessionOptions(device, options));
      return new Session(engine, session, device);
    } catch (error) {
      throw explained(error, device);
    }
  }

  /**
   * @param into - arrays that outputs are written to, by name; others are made
   * @throws RuntimeError `bad-feed` where an input is missing, unknown, or of another size or type
   */
  async run(feeds: Feeds, into: Readonly<Record<string, TypedArray>> = {}): Promise<Record<string, TensorData>> {
    if (!this.#isOpen) throw new RuntimeError('failed', 'The program was disposed; compile it again');
    const unknown = Object.keys(feeds).filter((name) => !this.inputs.has(name));
    if (unknown.length > 0) {
      throw new RuntimeError(
        'bad-feed',
        `run: no input is named ${unknown.join(', ')}; expected ${[...this.inputs.keys()].join(', ')}`,
      );
    }
    const foreign = Object.keys(into).filter((name) => !this.outputs.has(name));
    if (foreign.length > 0) {
      throw new RuntimeError(
        'bad-feed',
        `run: no output is named ${foreign.join(', ')}; expected ${[...this.outputs.keys()].join(', ')}`,
      );
    }
    const given = Object.fromEntries(
      Array.from(this.inputs, ([name, type]) => [name, this.#tensor(name, type, feeds[name])]),
    );
    const places = new Map(
      Object.entries(into).map(([name, array]) => [
        name,
        this.#tensor(name, this.outputs.get(name) as ValueType, array),
      ]),
    );
    const wanted = Object.fromEntries(
      Array.from(this.outputs.keys(), (name) => [name, (fillsGivenOutputs && places.get(name)) || null]),
    );
    try {
      const results = await this.#untilDone(this.#session.run(given, wanted));
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [name, dataOf(filled(places.get(name), tensor))]),
      );
    } catch (error) {
      throw explained(error, this.device);
    }
  }

  /** Nothing can be run any more; what runs already runs to its end first. */
  async dispose(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await Promise.allSettled(this.#running);
    await this.#session.release();
  }

  async #untilDone<T>(run: Promise<T>): Promise<T> {
    this.#running.add(run);
    try {
      return await run;
    } finally {
      this.#running.delete(run);
    }
  }

  #tensor(name: string, { dtype, shape }: ValueType, feed: Feed | undefined): OrtTensor {
    const expected = `${dtype} ${shown(shape as Shape)}`;
    if (feed === undefined || feed === null)
      throw new RuntimeError('bad-feed', `run: input ${JSON.stringify(name)} is missing; expected ${expected}`);
    const { data, dims, dtype: given = dtype } = feedParts(name, dtype, shape, feed);
    const isOfType = given === dtype && data instanceof arrayConstructors[dtype];
    if (!isOfType || data.length !== sizeOf(dims) || !agrees(dims, shape)) {
      const type = given === dtype ? '' : `${given}, `;
      const found = `${type}${data.constructor.name} of ${data.length} in shape ${shown(dims)}`;
      const array = isOfType ? '' : ` in a ${arrayConstructors[dtype].name}`;
      throw new RuntimeError('bad-feed', `run: ${JSON.stringify(name)} is ${found}; expected ${expected}${array}`);
    }
    return ortTensor(this.#engine, dtype, data, dims);
  }
}

// ---- below: internals ----

const isBrowser = typeof process === 'undefined' || !process.versions?.node;
/** The processor, by the name that it has here. */
export const defaultDevice: Device = isBrowser ? 'wasm' : 'cpu';

function sessionOptions(device: Device, options: SessionOptions): InferenceSession.SessionOptions {
  return {
    // In a browser the processor is there beside any device; named as well, it would silently take the place of one
    // that is not.
    executionProviders: isBrowser || device === 'cpu' ? [device] : [device, 'cpu'],
    graphOptimizationLevel: options.optimize === false ? 'disabled' : 'all',
    ...(options.threads && { intraOpNumThreads: options.threads }),
    ...(options.profilePrefix && { enableProfiling: true, profileFilePrefix: options.profilePrefix }),
    // What the engine would print, it throws as well.
    logSeverityLevel: 4,
    // Planning all buffers as one block took half as much memory again as taking them one by one, and saved no time.
    enableMemPattern: false,
    extra: {
      session: {
        intra_op: { allow_spinning: options.spinning === false ? '0' : '1' },
        // Numbers too small for their exponent cost a hundred times an ordinary one, and mean nothing here.
        set_denormal_as_zero: '1',
      },
    },
  };
}

function typesOf(metadata: readonly InferenceSession.ValueMetadata[]): Map<string, ValueType> {
  return new Map(
    metadata.flatMap((value) =>
      value.isTensor ? [[value.name, { dtype: value.type as DType, shape: value.shape }] as const] : [],
    ),
  );
}

/** What the engine computed, in the place that was given for it, if one was. */
function filled(place: OrtTensor | undefined, result: OrtTensor): OrtTensor {
  if (!place || fillsGivenOutputs) return result;
  (place.data as Float32Array).set(result.data as Float32Array);
  return place;
}

function ortTensor({ Tensor }: Engine, dtype: DType, data: TypedArray, dims: readonly number[]): OrtTensor {
  const tensor = new Tensor(dtype, data as Float32Array, dims);
  // Where JavaScript has a Float16Array the class turns the bits into one, which the engine in Node cannot read.
  if (dtype === 'float16' && !isBrowser) Object.assign(tensor, { cpuData: data });
  return tensor;
}

interface FeedParts {
  readonly data: TypedArray;
  readonly dims: number[];
  /** Where the feed says it. */
  readonly dtype?: DType;
}

function feedParts(name: string, dtype: DType, shape: ValueType['shape'], feed: Feed): FeedParts {
  if (typeof feed === 'number') return { data: listed(name, dtype, [feed]), dims: shape.map(() => 1) };
  if (typeof feed !== 'object') {
    throw new RuntimeError('bad-feed', `run: ${JSON.stringify(name)} is a ${typeof feed}; expected numbers`);
  }
  if ('dtype' in feed) return { data: feed.data, dims: [...feed.shape], dtype: feed.dtype };
  const data = Array.isArray(feed) ? listed(name, dtype, feed) : (feed as TypedArray);
  // One length that may vary follows from the number of elements.
  const known = shape.reduce<number>((product, length) => (typeof length === 'number' ? product * length : product), 1);
  return { data, dims: shape.map((length) => (typeof length === 'number' ? length : data.length / known)) };
}

function listed(name: string, dtype: DType, numbers: readonly number[]): TypedArray {
  const isWhole = !isFloat(dtype) && dtype !== 'bool';
  const isHeld = (value: unknown) =>
    typeof value === 'number' ? !isWhole || Number.isInteger(value) : typeof value === 'boolean' && dtype === 'bool';
  const other = numbers.findIndex((value) => !isHeld(value));
  if (other < 0) return arrayFrom(dtype, numbers);
  const found = `${String(numbers[other])} (${typeof numbers[other]}) at place ${other}`;
  throw new RuntimeError(
    'bad-feed',
    `run: ${JSON.stringify(name)} holds ${found}; expected ${isWhole ? 'whole ' : ''}numbers for ${dtype}`,
  );
}

const agrees = (dims: readonly number[], shape: ValueType['shape']): boolean =>
  dims.length === shape.length &&
  dims.every((length, axis) => typeof shape[axis] === 'string' || shape[axis] === length);

function dataOf(tensor: OrtTensor): TensorData {
  const dtype = tensor.type as DType;
  const { data } = tensor;
  const bits =
    ArrayBuffer.isView(data) && dtype === 'float16' ? new Uint16Array(data.buffer, data.byteOffset, tensor.size) : data;
  return { dtype, shape: [...tensor.dims], data: bits as TypedArray };
}

/** Devices that the engine was made for may want drivers or hardware that are not there. */
const noBackend = new RegExp(
  'backend not found|no available backend|not supported|not available|Specified provider|' +
    'Failed to load (shared )?library|AppendExecutionProvider|WebGpuContext::Initialize',
  'i',
);

const noKernel = new RegExp(
  'NOT_IMPLEMENTED|Could not find an implementation|No Op registered|is not a registered function|' +
    'while running .* not supported',
  'i',
);

function explained(error: unknown, device: Device): RuntimeError {
  const text = error instanceof Error ? error.message : String(error);
  const make = (code: RuntimeError['code'], message: string) => new RuntimeError(code, message, { cause: error });
  if (/Failed to allocate|out of memory|bad_alloc|Aborted\(.*OOM|memory access out of bounds|BFCArena/i.test(text)) {
    return make(
      'out-of-memory',
      `Not enough memory on ${device}: use smaller batches, accumulate over micro-batches, or rematerialise. (${text})`,
    );
  }
  if (noKernel.test(text)) {
    return make('no-kernel', `${device} has no kernel for an operator of this program. (${text})`);
  }
  if (noBackend.test(text)) {
    return make('no-backend', `The device ${device} is not there: ${text}`);
  }
  if (/protobuf parsing failed|InvalidProtobuf/i.test(text)) {
    return make('failed', `Not a readable ONNX model; is the file cut off, or another kind of file? (${text})`);
  }
  return make('failed', text);
}
