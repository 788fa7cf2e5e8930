import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CompileOptions,
  compileTraining,
  type Parameter,
  RuntimeError,
  type Tensor,
  type TensorData,
  type TrainingProgram,
  type TypedArray,
} from 'onnxgrad';
import { loadState, parametersOf, type StateTensor, stateOf } from 'onnxgrad/nn';
import {
  AdamW,
  clipByGlobalNorm,
  describeGroups,
  Ema,
  GradientAccumulator,
  type Gradients,
  type GroupRule,
  globalNorm,
  LossScale,
  multiStep,
  type Optimizer,
  type Schedule,
  Sgd,
  type Trainable,
  warmedUp,
  warmupCosine,
} from 'onnxgrad/optim';
import { Dice } from '../dice.ts';
import { messageOf, UserError } from '../errors.ts';
import type { BatchSource } from './batches.ts';
import { type Best, type Checkpoint, loadCheckpoint, type Position, saveCheckpoint } from './checkpoint.ts';
import { ProgramCache } from './programCache.ts';
import type { CommonRecipe, Recipe } from './recipe.ts';
import { type EventRecord, RunLog, type StepRecord, type ValidationRecord } from './runLog.ts';

/** What is learnt, of which batches, and how it is judged. */
export interface TrainingTask<Batch> {
  /** What is trained; weights go by the names that `stateOf` gives. */
  readonly model: object;
  /** Which of the recipe's two rates a weight is trained at. */
  groupOf(name: string): keyof Training['learningRate'];
  /** How weights are trained differently, beside the recipe's rate and decay; by `groupOf` where none is told. */
  groups?(): readonly GroupRule[] | undefined;
  /**
   * Batches of one shape go through one program.
   *
   * @returns a name of the shape, and how large it is, the largest being 1
   */
  shapeOf(batch: Batch): { readonly name: string; readonly size: number };
  /** The loss of batches of this one's shape, and what else is to be known of each step. */
  losses(batch: Batch): { readonly loss: Tensor; readonly outputs: Readonly<Record<string, Tensor>> };
  /** What the inputs of that computation are given. */
  feeds(batch: Batch): Readonly<Record<string, TypedArray>>;
  /** Takes the further outputs of a step to where the next one goes on from; gives those that are to be told. */
  remember(outputs: Readonly<Record<string, TensorData>>): Readonly<Record<string, number>>;
  videosOf(batch: Batch): readonly string[];
  /** Judges the model as it is now; absent where there is nothing to judge it by, and the last epoch counts as best. */
  validate?(options: { readonly signal: AbortSignal }): Promise<Validation>;
}

export interface Validation {
  /** The larger the better: the best epoch has the largest. */
  readonly value: number;
  readonly measures: Readonly<Record<string, number>>;
}

export interface TrainingRun {
  /** Where checkpoints and log are. */
  readonly folder: string;
  /** Whether to go on from the last checkpoint there. */
  readonly resume: boolean;
  readonly engine: Pick<CompileOptions, 'device' | 'threads'>;
  /** A step that has begun is ended, a checkpoint written, and the reason thrown. */
  readonly signal: AbortSignal;
  readonly observer?: TrainingObserver;
}

/** Told how training comes along. */
export interface TrainingObserver {
  step?(progress: TrainingProgress): void;
  validation?(record: ValidationRecord): void;
  event?(record: EventRecord): void;
}

export interface TrainingProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  /** Of the whole training. */
  readonly steps: number;
  readonly loss: number;
  readonly learningRates: Readonly<Record<string, number>>;
  readonly stepsPerSecond: number;
}

export interface TrainingResult {
  readonly position: Position;
  readonly best: Best | null;
}

/**
 * Trains until the recipe's last epoch, with its optimizer, a rate that warms up and falls, clipped gradients and
 * averaged weights. Running statistics of norms are averaged as weights are. All that the numbers depend on is in a checkpoint, or follows from the seed and the position, so
 * that a run that was stopped anywhere and taken up again ends with the same weights as one that was not.
 *
 * @throws UserError `not-finite` where a loss is no number, naming the step and the videos; `no-checkpoint`, `no-batches`,
 *   what reading and writing files gives; the signal's reason
 */
export async function train<Batch>(
  task: TrainingTask<Batch>,
  batches: BatchSource<Batch>,
  recipe: Recipe,
  run: TrainingRun,
): Promise<TrainingResult> {
  await mkdir(run.folder, { recursive: true });
  const checkpoint = run.resume ? await requireCheckpoint(run.folder) : undefined;
  const log = await RunLog.open(join(run.folder, 'log.jsonl'), { afterSteps: checkpoint?.position.steps ?? -1 });
  await using trainer = new Trainer(task, batches, recipe, run, log);
  if (checkpoint) trainer.restore(checkpoint);
  return await trainer.run();
}

/** Whether a device has units for float16, by the recipe's wish. */
export const precisionOn = (
  precision: Training['precision'],
  device: CompileOptions['device'] = 'cpu',
): 'single' | 'mixed' => {
  if (precision !== 'auto') return precision;
  return device === 'cpu' || device === 'wasm' ? 'single' : 'mixed';
};

// ---- below: internals ----

type Training = CommonRecipe['training'];

async function requireCheckpoint(folder: string): Promise<Checkpoint> {
  const checkpoint = await loadCheckpoint(folder, 'last');
  if (checkpoint) return checkpoint;
  throw new UserError('no-checkpoint', `${folder}: there is no checkpoint to go on from; start without --resume`);
}

class Trainer<Batch> implements AsyncDisposable {
  readonly #task: TrainingTask<Batch>;
  readonly #batches: BatchSource<Batch>;
  readonly #recipe: Recipe;
  readonly #run: TrainingRun;
  readonly #log: RunLog;
  readonly #programs: ProgramCache<TrainingProgram<string>>;
  readonly #optimizer: Optimizer;
  readonly #ema: Ema | null;
  readonly #lossScale: LossScale | null;
  readonly #schedule: Schedule;
  readonly #steps: number;
  readonly #pace = new Pace();
  #position: Position = { epoch: 0, batches: 0, steps: 0, best: null, validated: 0 };
  #savedMs = performance.now();
  #sinceLog: Record<string, number>[] = [];
  #skippedTold = 0;

  constructor(task: TrainingTask<Batch>, batches: BatchSource<Batch>, recipe: Recipe, run: TrainingRun, log: RunLog) {
    const { training } = recipe;
    this.#task = task;
    this.#batches = batches;
    this.#recipe = recipe;
    this.#run = run;
    this.#log = log;
    this.#programs = new ProgramCache(mostPrograms);
    stateOf(task.model); // names the weights
    const parameters = parametersOf(task.model);
    const rules = task.groups?.() ?? groupRules(parameters, (name) => task.groupOf(name), training);
    this.#optimizer = optimizerOf(parameters, rules, training);
    this.#ema = training.emaDecay === null ? null : new Ema(this.#changing().values(), { decay: training.emaDecay });
    const precision = precisionOn(training.precision, run.engine.device);
    this.#lossScale = precision === 'mixed' ? new LossScale() : null;

    const stepsUntil = (epoch: number) => {
      const counts = Array.from({ length: epoch }, (_, e) => Math.ceil(batches.batchCount(e) / training.accumulate));
      return counts.reduce((sum, count) => sum + count, 0);
    };
    this.#steps = stepsUntil(training.epochs);
    if (this.#steps === 0) throw new UserError('no-batches', 'There is nothing to train on: no batch in any epoch.');
    this.#schedule = scheduleOf(training, stepsUntil);
  }

  restore({ position, weights, training }: Checkpoint): void {
    loadState(this.#task.model, weights);
    const named = (from: ReadonlyMap<string, TensorData>, prefix: string) => (name: string) =>
      from.get(prefix + name) as TensorData;
    const [trained, averaged] = [named(training, trainedPrefix), named(weights, '')];
    const changing = [...this.#changing().keys()];
    const missing = changing.filter((name) => trained(name) === undefined);
    if (missing.length > 0) {
      throw new UserError('bad-checkpoint', `The checkpoint lacks ${missing.join(', ')}; it is of another recipe.`);
    }
    for (const [name, { data }] of this.#changing()) (data as Float32Array).set(trained(name).data as Float32Array);
    this.#ema?.load(new Map(changing.map((name) => [`ema.${name}`, averaged(name)])));
    this.#optimizer.load(training);
    this.#lossScale?.load(training);
    this.#position = position;
  }

  async run(): Promise<TrainingResult> {
    const { epochs } = this.#recipe.training;
    const groups = describeGroups(this.#optimizer.groups);
    await this.#tell(this.#position.steps === 0 ? 'started' : 'resumed', { epoch: this.#position.epoch + 1, groups });
    try {
      await this.#validateIfDue();
      while (this.#position.epoch < epochs) {
        await this.#epoch();
        await this.#validateIfDue();
        await this.#save('last');
      }
    } catch (error) {
      if (!this.#run.signal.aborted) {
        await this.#tell('failed', { message: messageOf(error) }).catch(() => {}); // the disk may be full
        throw error;
      }
      await this.#save('last');
      await this.#tell('stopped');
      this.#run.signal.throwIfAborted();
    }
    await this.#tell('ended');
    return { position: this.#position, best: this.#position.best };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#programs[Symbol.asyncDispose]();
  }

  /** The rest of the epoch that the position is in. */
  async #epoch(): Promise<void> {
    const { accumulate } = this.#recipe.training;
    const { epoch, batches: from } = this.#position;
    let parts: Batch[] = [];
    let seen = from;
    for await (const batch of this.#batches.epoch(epoch, from)) {
      seen++;
      parts.push(batch);
      if (parts.length < accumulate) continue;
      await this.#step(parts, seen);
      parts = [];
    }
    if (parts.length > 0) await this.#step(parts, seen);
    if (seen === 0) throw new UserError('no-batches', `Epoch ${epoch + 1}: there was no batch to train on.`);
    this.#position = { ...this.#position, epoch: epoch + 1, batches: 0 };
    await this.#tellSkipped();
  }

  async #step(parts: readonly Batch[], batches: number): Promise<void> {
    const begin = performance.now();
    const statistics = this.#lossScale ? this.#statistics() : [];
    const { gradients, losses } = await this.#gradients(parts);
    const isSound = this.#lossScale?.unscale(gradients) ?? true;
    this.#lossScale?.update();
    if (!isSound) for (const [statistic, before] of statistics) (statistic.data as Float32Array).set(before);
    const { clipNorm } = this.#recipe.training;
    let gradientNorm = globalNorm(gradients);
    if (isSound) {
      gradientNorm = this.#guarded(parts, () =>
        clipByGlobalNorm(gradients, clipNorm ?? Number.POSITIVE_INFINITY, { nonFinite: 'throw' }),
      );
      const { steps } = this.#position;
      this.#optimizer.step(gradients, { learningRate: (base) => this.#schedule(steps, base) });
      this.#ema?.update();
    } else if (this.#lossScale && this.#lossScale.scale < leastLossScale) {
      throw this.#notFinite(parts, 'gradients overflow at every loss scale');
    }
    this.#position = { ...this.#position, batches, steps: this.#position.steps + 1 };
    this.#pace.add(performance.now() - begin);
    await this.#report(losses, gradientNorm);
    this.#run.signal.throwIfAborted();
    if (performance.now() - this.#savedMs > this.#recipe.training.checkpointMinutes * 60_000) await this.#save('last');
  }

  /** Of the mean loss over the parts; the arrays belong to the trainer. */
  async #gradients(parts: readonly Batch[]): Promise<{ gradients: Gradients; losses: Record<string, number> }> {
    const { seed } = this.#recipe.training;
    const accumulator = parts.length > 1 ? new GradientAccumulator() : undefined;
    const sums: Record<string, number> = {};
    let last: Gradients = new Map();
    for (const [part, batch] of parts.entries()) {
      const { name: shape, size } = this.#task.shapeOf(batch);
      const program = await this.#programs.get(shape, () => this.#compile(batch), size);
      const { loss, outputs, gradients } = await this.#guardedRun([batch], () =>
        program.run(this.#task.feeds(batch), {
          // Numbers of a step are drawn alike whatever came before in this process.
          seed: new Dice(seed).seedFor('step', this.#position.steps, part),
          ...(this.#lossScale ? { lossScale: this.#lossScale.scale } : { checkFinite: true }),
        }),
      );
      for (const [name, value] of Object.entries({ loss, ...this.#task.remember(outputs) })) {
        sums[name] = (sums[name] ?? 0) + value / parts.length;
      }
      accumulator?.add(gradients);
      last = gradients;
    }
    return { gradients: accumulator?.take() ?? last, losses: sums };
  }

  #compile(batch: Batch): Promise<TrainingProgram<string>> {
    const { loss, outputs } = this.#task.losses(batch);
    const precision = this.#lossScale ? 'mixed' : 'single';
    return compileTraining(loss, { outputs, precision, scaledLoss: precision === 'mixed', ...this.#run.engine });
  }

  async #report(losses: Record<string, number>, gradientNorm: number): Promise<void> {
    const { epochs, logSteps } = this.#recipe.training;
    const { epoch, steps } = this.#position;
    // The rate that the step was taken at.
    const learningRates: Record<string, number> = {};
    for (const { name, learningRate } of this.#optimizer.groups) {
      learningRates[name.replace(withoutDecay, '')] = this.#schedule(steps - 1, learningRate);
    }
    const { stepsPerSecond } = this.#pace;
    const { loss } = losses;
    const progress = { epoch: epoch + 1, epochs, step: steps, steps: this.#steps, loss, learningRates, stepsPerSecond };
    this.#run.observer?.step?.(progress);
    this.#sinceLog.push(losses);
    if (steps % logSteps !== 0) return;
    const record: StepRecord = {
      kind: 'step',
      epoch: epoch + 1,
      step: steps,
      losses: meansOf(this.#sinceLog),
      gradientNorm,
      learningRates,
      ...(this.#lossScale && { lossScale: this.#lossScale.scale }),
      stepsPerSecond: Number(stepsPerSecond.toPrecision(4)),
    };
    this.#sinceLog = [];
    await this.#log.add(record);
  }

  /** After the epochs that the recipe says, and the last one. */
  async #validateIfDue(): Promise<void> {
    const { epoch, batches, validated, steps } = this.#position;
    const { everyEpochs, fromEpoch } = this.#recipe.evaluation;
    const isTurn = epoch >= fromEpoch && epoch % everyEpochs === 0;
    const isLast = epoch === this.#recipe.training.epochs;
    if (epoch === 0 || batches > 0 || validated >= epoch || !(isTurn || isLast)) return;
    const validate = this.#task.validate?.bind(this.#task);
    if (!validate) {
      if (isLast) await this.#save('best');
      return;
    }
    const begin = performance.now();
    const { value, measures } = await this.#validated(validate);
    const { best } = this.#position;
    const isBest = best === null || value > best.value;
    this.#position = { ...this.#position, validated: epoch, best: isBest ? { epoch, value } : best };
    const seconds = Number(((performance.now() - begin) / 1000).toFixed(2));
    const record: ValidationRecord = { kind: 'validation', epoch, step: steps, value, measures, seconds, isBest };
    if (isBest) await this.#save('best');
    await this.#log.add(record);
    this.#run.observer?.validation?.(record);
  }

  async #validated(validate: NonNullable<TrainingTask<Batch>['validate']>): Promise<Validation> {
    using _ = this.#ema?.swapIn();
    return await validate({ signal: this.#run.signal });
  }

  async #save(name: 'last' | 'best'): Promise<void> {
    const averages = this.#ema?.averaged();
    const weights = new Map<string, TensorData>(
      Array.from(stateOf(this.#task.model), ([key, tensor]) => [key, averages?.get(key) ?? dataOf(tensor)]),
    );
    const trained = Array.from(this.#changing(), ([key, tensor]) => [trainedPrefix + key, dataOf(tensor)] as const);
    const training = new Map([...trained, ...this.#optimizer.state(), ...(this.#lossScale?.state() ?? [])]);
    await saveCheckpoint(this.#run.folder, name, {
      position: this.#position,
      recipe: this.#recipe,
      weights,
      training,
    });
    if (name === 'last') this.#savedMs = performance.now();
  }

  /** What training changes: weights that are trained, running statistics. Nothing counts in whole numbers. */
  #changing(): Map<string, StateTensor> {
    const all = stateOf(this.#task.model);
    return new Map([...all].filter(([, tensor]) => (isWeight(tensor) ? tensor.trainable : isStatistic(tensor))));
  }

  /** Running statistics with their numbers of now, to which a step goes back whose gradients overflow: theirs may, too. */
  #statistics(): (readonly [StateTensor, Float32Array])[] {
    const statistics = [...stateOf(this.#task.model).values()].filter(isStatistic);
    return statistics.map((statistic) => [statistic, (statistic.data as Float32Array).slice()]);
  }

  async #tell(event: string, details?: unknown): Promise<void> {
    const record: EventRecord = { kind: 'event', step: this.#position.steps, event, ...(details ? { details } : {}) };
    await this.#log.add(record);
    this.#run.observer?.event?.(record);
  }

  async #tellSkipped(): Promise<void> {
    const { skipped } = this.#batches;
    for (const video of skipped.slice(this.#skippedTold)) await this.#tell('skipped', video);
    this.#skippedTold = skipped.length;
  }

  #guarded<T>(parts: readonly Batch[], compute: () => T): T {
    try {
      return compute();
    } catch (error) {
      throw this.#named(error, parts);
    }
  }

  async #guardedRun<T>(parts: readonly Batch[], compute: () => Promise<T>): Promise<T> {
    try {
      return await compute();
    } catch (error) {
      throw this.#named(error, parts);
    }
  }

  #named(error: unknown, parts: readonly Batch[]): unknown {
    if (!(error instanceof RuntimeError && error.code === 'not-finite')) return error;
    return this.#notFinite(parts, error.message.replace(/^(run \d+|clipByGlobalNorm): /, ''), error);
  }

  #notFinite(parts: readonly Batch[], what: string, cause?: Error): UserError {
    const { epoch, steps } = this.#position;
    const videos = [...new Set(parts.flatMap((batch) => this.#task.videosOf(batch)))].join(', ');
    const where = `step ${steps + 1} (epoch ${epoch + 1}), with ${videos}`;
    return new UserError(
      'not-finite',
      `${where}: ${what}. The last checkpoint in ${this.#run.folder} is from before; ` +
        'look at these videos, or lower training.learningRate',
      { cause },
    );
  }
}

const trainedPrefix = 'model.';
const withoutDecay = / without decay$/;
/** So many programs of the largest shape, or more of smaller ones, are kept compiled. */
const mostPrograms = 3;
/** Below, gradients that overflow are no matter of float16. */
const leastLossScale = 2 ** -14;

const dataOf = ({ dtype, shape, data }: TensorData): TensorData => ({ dtype, shape, data });

const isWeight = (tensor: StateTensor): tensor is Parameter => 'trainable' in tensor;
const isStatistic = (tensor: StateTensor): boolean => !isWeight(tensor) && tensor.dtype !== 'int64';

function optimizerOf(
  parameters: readonly Parameter[],
  groups: readonly GroupRule[],
  { optimizer, learningRate: { head, backbone }, weightDecay }: Training,
): Optimizer {
  const options = { learningRate: Math.max(head, backbone), weightDecay, groups };
  if (optimizer.kind === 'adamw') return new AdamW(parameters, options);
  return new Sgd(parameters, { ...options, momentum: optimizer.momentum, nesterov: optimizer.nesterov });
}

function scheduleOf(training: Training, stepsUntil: (epoch: number) => number): Schedule {
  const { schedule, warmUpEpochs, scheduleEpochs, epochs } = training;
  const warmupSteps = stepsUntil(warmUpEpochs);
  if (schedule.kind === 'cosine') {
    return warmupCosine({ warmupSteps, totalSteps: stepsUntil(scheduleEpochs ?? epochs) });
  }
  const milestones = schedule.epochs.map(stepsUntil);
  return warmedUp(multiStep({ milestones, gamma: schedule.factor }), { steps: warmupSteps });
}

/** One group for each rate, and for each one of what decays. Biases, norms and scales, all of them vectors, do not. */
function groupRules(
  parameters: readonly Parameter[],
  groupOf: (name: string) => 'head' | 'backbone',
  { learningRate, weightDecay }: Training,
): GroupRule[] {
  const isVector = ({ shape }: Pick<Trainable, 'shape'>) => shape.filter((length) => length > 1).length <= 1;
  const rules = (['head', 'backbone'] as const).flatMap((group) =>
    [false, true].map((vectors) => ({
      name: vectors ? `${group} without decay` : group,
      match: (parameter: Trainable) => groupOf(parameter.name) === group && isVector(parameter) === vectors,
      learningRate: learningRate[group],
      weightDecay: vectors ? 0 : weightDecay,
    })),
  );
  return rules.filter(({ match }) => parameters.some((parameter) => match(parameter as Trainable)));
}

function meansOf(rows: readonly Record<string, number>[]): Record<string, number> {
  const names = Object.keys(rows[0]);
  return Object.fromEntries(names.map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0) / rows.length]));
}

/** Steps a second, of the last ones. */
class Pace {
  #milliseconds: number[] = [];

  add(milliseconds: number): void {
    this.#milliseconds = [...this.#milliseconds.slice(-49), milliseconds];
  }

  get stepsPerSecond(): number {
    return (1000 * this.#milliseconds.length) / this.#milliseconds.reduce((sum, ms) => sum + ms, 0);
  }
}
