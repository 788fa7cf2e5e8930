import { GraphError, RuntimeError } from '../errors.ts';
import { gradientsOf } from '../grad/grad.ts';
import { input, Parameter, type Tensor } from '../graph/tensor.ts';
import { arrayConstructors, numbersOf, type TensorData } from '../graph/tensorData.ts';
import { nodesBehind } from '../graph/walk.ts';
import { cast } from '../ops/compare.ts';
import { multiply } from '../ops/elementwise.ts';
import { firstNotFinite } from './notFinite.ts';
import { type CompileOptions, compile, type Program } from './program.ts';
import type { Feeds, FeedsOf } from './session.ts';

export interface TrainingOptions<K extends string> extends CompileOptions {
  /** What else to compute in the same run: predictions, single losses. */
  readonly outputs?: Readonly<Record<K, Tensor>>;
  /** Whose gradients, all of them trainable; every trainable parameter that the loss depends on, unless given. */
  readonly parameters?: readonly Parameter[];
  /** Whether the loss is multiplied before differentiating, by what each run gives; for float16. */
  readonly scaledLoss?: boolean;
}

export interface StepOptions {
  /** What random numbers of this run depend on; the number of runs so far unless given. */
  readonly seed?: number;
  /** What gradients come out multiplied by, see `scaledLoss`. */
  readonly lossScale?: number;
  /**
   * Whether a loss that is not a finite number stops with an error that names the first tensor that is not; running
   * statistics stay as they were then.
   */
  readonly checkFinite?: boolean;
}

export interface StepResult<K extends string> {
  readonly loss: number;
  readonly outputs: Record<K, TensorData>;
  /** By the names of the parameters. The arrays are used again by the next run. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** Computes a loss and the gradients of what is trainable, and brings running statistics up to date. */
export class TrainingProgram<K extends string = never> implements AsyncDisposable, Disposable {
  readonly parameters: readonly Parameter[];
  /** Runs so far, the seed of the next one; set it when training is taken up again. */
  runs = 0;
  readonly #program: Program;
  readonly #outputs: readonly K[];
  /** What gradients are written to at every run, in the order of the parameters. */
  readonly #gradients: readonly Float32Array[];
  readonly #tensors: Readonly<Record<string, Tensor>>;
  readonly #options: CompileOptions;
  #isRunning = false;

  constructor(
    program: Program,
    parameters: readonly Parameter[],
    outputs: readonly K[],
    tensors: Readonly<Record<string, Tensor>>,
    options: CompileOptions,
  ) {
    this.#program = program;
    this.parameters = parameters;
    this.#outputs = outputs;
    this.#tensors = tensors;
    this.#options = options;
    this.#gradients = parameters.map(({ dtype, data }) => new arrayConstructors[dtype](data.length) as Float32Array);
  }

  /**
   * One step at a time: every run writes gradients to the same arrays.
   *
   * @throws RuntimeError `bad-feed`, `out-of-memory`, or `not-finite` where that is checked; GraphError where
   *   parameters were renamed since and two share a name
   */
  async run<F extends FeedsOf<F>>(feeds: F, options: StepOptions = {}): Promise<StepResult<K>> {
    requireOwnNames('run', this.parameters);
    if (this.#isRunning) {
      throw new RuntimeError('failed', 'run: the run before has not ended, and gradients share their arrays; await it');
    }
    this.#isRunning = true;
    try {
      return await this.#step(feeds, options);
    } finally {
      this.#isRunning = false;
    }
  }

  async #step(feeds: object, options: StepOptions): Promise<StepResult<K>> {
    const { inputs } = this.#program;
    const all: Record<string, Feeds[string]> = { ...feeds };
    if (inputs.has(seedName)) all[seedName] = options.seed ?? this.runs;
    if (inputs.has(scaleName)) all[scaleName] = options.lossScale ?? 1;
    const into = Object.fromEntries(this.#gradients.map((array, i) => [gradientName(i), array]));
    const lossOf = (results: Readonly<Record<string, TensorData>>) => numbersOf(results[lossName])[0];
    const isFit = (loss: number) => !options.checkFinite || Number.isFinite(loss);
    const results = await this.#program.run(all, { into, updateIf: (found) => isFit(lossOf(found)) });
    const loss = lossOf(results);
    if (!isFit(loss)) {
      const found = await firstNotFinite(this.#tensors, all, this.#options);
      throw new RuntimeError(
        'not-finite',
        `run ${this.runs}: the loss is ${loss}; the first value that is not finite: ${found}`,
      );
    }
    this.runs++;
    const outputs = Object.fromEntries(this.#outputs.map((name) => [name, results[outputName(name)]])) as Record<
      K,
      TensorData
    >;
    const gradients = new Map(this.parameters.map(({ name }, i) => [name, this.#gradients[i]]));
    return { loss, outputs, gradients };
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }

  [Symbol.dispose](): void {
    void this.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

/**
 * Makes a program that computes `loss` (one number) and its gradients.
 *
 * @throws GraphError where no gradient reaches anything trainable, or two parameters share a name
 */
export async function compileTraining<K extends string = never>(
  loss: Tensor,
  { outputs, parameters, scaledLoss = false, ...options }: TrainingOptions<K> = {},
): Promise<TrainingProgram<K>> {
  const behind = parameters ?? trainableBehind(loss);
  if (behind.length === 0)
    throw new GraphError('compileTraining: the loss depends on no trainable parameter; is everything frozen?');
  nameTheNameless(behind);
  requireOwnNames('compileTraining', behind);
  const frozen = behind.filter(({ trainable }) => !trainable).map(({ name }) => name);
  if (frozen.length > 0) {
    throw new GraphError(
      `compileTraining: parameters holds ${frozen.join(', ')}, which ${frozen.length > 1 ? 'are' : 'is'} frozen: ` +
        'programs store the numbers of frozen weights; unfreeze them first',
    );
  }
  const scaled = scaledLoss ? multiply(loss, cast(input(scaleName, []), loss.dtype)) : loss;
  const gradients = gradientsOf(scaled, behind);
  const reached = behind.filter((parameter) => gradients.has(parameter));
  if (reached.length === 0)
    throw new GraphError(
      'compileTraining: no gradient reaches a parameter; is stopGradient between, or a whole number?',
    );
  const others = Object.entries<Tensor>(outputs ?? {});
  const tensors = {
    [lossName]: loss,
    ...Object.fromEntries(others.map(([name, tensor]) => [outputName(name), tensor])),
    ...Object.fromEntries(reached.map((parameter, i) => [gradientName(i), gradients.get(parameter) as Tensor])),
  };
  const program = await compile(tensors, { updateBuffers: true, ...options });
  return new TrainingProgram<K>(
    program,
    reached,
    others.map(([name]) => name as K),
    tensors,
    options,
  );
}

/** The trainable parameters that a tensor depends on. */
export function trainableBehind(tensor: Tensor): Parameter[] {
  return nodesBehind([tensor]).flatMap(({ outputs: [leaf] }) =>
    leaf instanceof Parameter && leaf.trainable ? [leaf] : [],
  );
}

// ---- below: internals ----

const lossName = 'loss';
const seedName = 'onnxgrad.seed';
const scaleName = 'onnxgrad.lossScale';
const gradientName = (position: number) => `gradient ${position}`;
const outputName = (name: string) => `output ${name}`;

function nameTheNameless(parameters: readonly Parameter[]): void {
  const taken = new Set(parameters.map(({ name }) => name));
  let number = 0;
  for (const parameter of parameters) {
    if (parameter.name) continue;
    while (taken.has(`parameter ${number}`)) number++;
    parameter.name = `parameter ${number++}`;
  }
}

function requireOwnNames(operation: string, parameters: readonly Parameter[]): void {
  const names = new Set<string>();
  for (const { name } of parameters) {
    if (names.has(name))
      throw new GraphError(`${operation}: two parameters are named ${name}; name them with stateOf(model)`);
    names.add(name);
  }
}
