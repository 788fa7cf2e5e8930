import {
  type CompileOptions,
  compile,
  type DType,
  input,
  numbersOf,
  type Program,
  type Tensor,
  type TensorData,
  type TypedArray,
} from 'onnxgrad';
import { Initializer } from 'onnxgrad/nn';
import {
  type DetectionMap,
  type DetectionTable,
  detectionMap,
  predictionsOfDataset,
} from '../../evaluation/detection/index.ts';
import { denseProposals } from '../../inference/denseProposals.ts';
import { detectorOf, suppressionOf, taxonomyOf } from '../../inference/model/trainedModel.ts';
import {
  type FeatureGrid,
  type Proposals,
  suppressWindows,
  windowCandidates,
} from '../../inference/suppression/index.ts';
import { windowMask } from '../../inference/windows.ts';
import { type ActionFormer, VideoDetector } from '../../models/detection/index.ts';
import type { Proposed } from '../../models/heads/index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { ProgramCache } from '../programCache.ts';
import type { DetectionRecipe } from '../recipe.ts';
import { precisionOn, type TrainingTask, type Validation } from '../trainer.ts';
import type { DetectionBatch } from './detectionBatch.ts';

/** A window of a video that a detector is judged by. */
export interface JudgedWindow {
  readonly video: string;
  readonly durationSeconds: number;
  /** [3, T, H, W] or [C, T], as of a `DetectionBatch`. */
  readonly input: Uint8Array | Float32Array;
  readonly inputShape: readonly number[];
  /** The first steps of it that are of the video; what is behind is padding. */
  readonly validSteps: number;
  readonly grid: FeatureGrid;
}

/** Videos that a detector is judged by. */
export interface JudgedVideos {
  readonly truth: DetectionTable;
  /** The windows of a video come one behind the other. */
  windows(options: { readonly signal: AbortSignal }): AsyncIterable<JudgedWindow>;
}

export interface DetectionTaskOptions {
  readonly recipe: DetectionRecipe;
  readonly engine: Pick<CompileOptions, 'device' | 'threads'>;
  /** Absent where there is nothing to judge by. */
  readonly judged?: JudgedVideos;
}

/** To find actions in videos: VideoMAE with adapters and ActionFormer, or ActionFormer on stored features. */
export class DetectionTask implements TrainingTask<DetectionBatch>, AsyncDisposable {
  readonly model: VideoDetector | ActionFormer;
  readonly taxonomy: Taxonomy;
  readonly validate?: (options: { readonly signal: AbortSignal }) => Promise<Validation>;
  readonly #recipe: DetectionRecipe;
  readonly #engine: DetectionTaskOptions['engine'];
  readonly #programs = new ProgramCache<Program<keyof Proposed>>(mostPrograms);

  constructor({ recipe, engine, judged }: DetectionTaskOptions) {
    this.#recipe = recipe;
    this.#engine = engine;
    this.taxonomy = taxonomyOf(recipe);
    this.model = detectorOf(recipe, new Initializer(recipe.training.seed));
    if (judged) this.validate = async ({ signal }) => this.#validation(await this.judge(judged, signal));
  }

  get #detector(): ActionFormer {
    return this.model instanceof VideoDetector ? this.model.detector : this.model;
  }

  groupOf(name: string): 'head' | 'backbone' {
    return name.startsWith('backbone.') ? 'backbone' : 'head';
  }

  shapeOf({ inputShape, mask }: DetectionBatch): { name: string; size: number } {
    const { batchSize, windowSteps } = this.#recipe.data;
    return { name: inputShape.join(' x '), size: mask.length / (batchSize * windowSteps) };
  }

  losses({ inputShape, input: data, mask }: DetectionBatch): { loss: Tensor; outputs: Record<string, Tensor> } {
    const [batch] = inputShape;
    const steps = mask.length / batch;
    const [given, valid] = this.#inputs(inputShape, data, steps);
    const targets = this.#detector.targetInputs(batch, steps);
    const { rematerialise } = this.#recipe.training;
    const mode = { training: true, rematerialise };
    const { total: loss, ...outputs } = this.model.losses(given, valid, targets, mode);
    return { loss, outputs };
  }

  feeds({ input: data, inputShape, mask, truths }: DetectionBatch): Record<string, TypedArray> {
    const { classes, distances } = this.#detector.assign(truths, mask.length / inputShape[0]);
    return { input: data, mask, classes, distances };
  }

  remember({ normaliser, ...losses }: Readonly<Record<string, TensorData>>): Record<string, number> {
    this.#detector.remember(normaliser);
    return Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, numbersOf(loss)[0]]));
  }

  videosOf({ videos }: DetectionBatch): readonly string[] {
    return videos;
  }

  /** Detection-mAP of the model as it is now. */
  async judge(videos: JudgedVideos, signal: AbortSignal): Promise<DetectionMap> {
    const { minScore, maxCandidates } = this.#recipe.evaluation;
    const candidates = new Map<string, Proposals<Float64Array>[]>();
    for await (const window of videos.windows({ signal })) {
      signal.throwIfAborted();
      const [dense] = denseProposals(await this.#propose(window));
      const { video, grid, durationSeconds } = window;
      const found = windowCandidates(dense, { grid, durationSeconds, minScore, maxCandidates });
      candidates.set(video, [...(candidates.get(video) ?? []), found]);
    }
    const clips = Array.from(candidates, ([id, windows]) => ({ id, instances: this.#instances(windows) }));
    const dataset = { taxonomy: this.taxonomy, clips };
    return detectionMap(videos.truth, predictionsOfDataset(dataset, 'validation'), this.taxonomy);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#programs[Symbol.asyncDispose]();
  }

  async #propose({ input: data, inputShape, validSteps }: JudgedWindow) {
    const shape = [1, ...inputShape];
    const steps = inputShape[1];
    const compiled = () => {
      const [given, valid] = this.#inputs(shape, data, steps);
      const precision = precisionOn(this.#recipe.training.precision, this.#engine.device);
      return compile({ ...this.model.propose(given, valid) }, { precision, ...this.#engine });
    };
    const program = await this.#programs.get(shape.join(), compiled, steps / this.#recipe.data.windowSteps);
    const mask = Uint8Array.from(windowMask(validSteps, steps));
    return program.run({ input: data, mask });
  }

  #inputs(shape: readonly number[], data: Uint8Array | Float32Array, steps: number): [input: Tensor, mask: Tensor] {
    const dtype: DType = data instanceof Uint8Array ? 'uint8' : 'float32';
    return [input('input', shape, dtype), input('mask', [shape[0], steps], 'uint8')];
  }

  #instances(windows: readonly Proposals<Float64Array>[]) {
    const suppression = suppressionOf(this.#recipe);
    const { starts, ends, scores, classes } = suppressWindows(windows, { suppression });
    return Array.from(classes, (id, i) => ({
      action: this.taxonomy.actions[id].name,
      start: starts[i],
      end: ends[i],
      score: scores[i],
    }));
  }

  #validation({ action, body, average, tiou }: DetectionMap): Validation {
    const measures: Record<string, number> = { average, action: action.average, body: body.average };
    for (const threshold of [0.2, 0.5, 0.7]) {
      const place = tiou.indexOf(threshold);
      measures[`action at ${threshold}`] = action.map[place];
      measures[`body at ${threshold}`] = body.map[place];
    }
    return { value: average, measures };
  }
}

// ---- below: internals ----

/** So many programs of the longest window, or more of shorter ones, are kept compiled. */
const mostPrograms = 2;
