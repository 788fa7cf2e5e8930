import {
  add,
  type CompileOptions,
  compile,
  constant,
  input,
  multiply,
  numbersOf,
  type Program,
  type Tensor,
  type TensorData,
  type TypedArray,
} from 'onnxgrad';
import { Initializer } from 'onnxgrad/nn';
import type { GroupRule } from 'onnxgrad/optim';
import { UserError } from '../../errors.ts';
import { evaluateRecognition, type RecognitionEvaluation } from '../../evaluation/recognition/index.ts';
import { taxonomyOf } from '../../inference/model/trainedModel.ts';
import { recogniserOf } from '../../inference/recognition/trainedRecogniser.ts';
import { classificationLoss, effectiveNumberWeights, embeddingLoss } from '../../models/heads/index.ts';
import type { Recogniser } from '../../models/recognition/index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { ProgramCache } from '../programCache.ts';
import { precisionOn, type TrainingTask, type Validation } from '../trainer.ts';
import type { RecognitionBatch } from './recognitionBatch.ts';
import type { JudgedClips } from './recognitionBatches.ts';
import type { RecognitionRecipe } from './recognitionRecipe.ts';
import { tsmGroups } from './tsmGroups.ts';

export interface RecognitionTaskOptions {
  readonly recipe: RecognitionRecipe;
  readonly engine: Pick<CompileOptions, 'device' | 'threads'>;
  /** Absent where there is nothing to judge by. */
  readonly judged?: JudgedClips;
  /** How many clips of each class there are to train on; where the recipe balances its loss. */
  readonly classCounts?: readonly number[];
  /** [classes, width]: what labels mean; where the recipe learns meanings. */
  readonly wordVectors?: TensorData;
}

/** To tell which one action a clip shows. */
export class RecognitionTask implements TrainingTask<RecognitionBatch>, AsyncDisposable {
  readonly model: Recogniser;
  readonly taxonomy: Taxonomy;
  readonly validate?: (options: { readonly signal: AbortSignal }) => Promise<Validation>;
  readonly #recipe: RecognitionRecipe;
  readonly #engine: RecognitionTaskOptions['engine'];
  readonly #classWeights: readonly number[] | undefined;
  readonly #wordVectors: TensorData | undefined;
  readonly #programs = new ProgramCache<Program<'logits'>>(2);

  /** @throws UserError `no-word-vectors` where the recipe needs some and there are none, or of another shape */
  constructor({ recipe, engine, judged, classCounts, wordVectors }: RecognitionTaskOptions) {
    const { balanceBeta, embeddingWeight } = recipe.loss;
    this.#recipe = recipe;
    this.#engine = engine;
    this.taxonomy = taxonomyOf(recipe);
    this.model = recogniserOf(recipe, new Initializer(recipe.training.seed));
    this.#classWeights =
      balanceBeta === null || !classCounts ? undefined : effectiveNumberWeights(classCounts, balanceBeta);
    this.#wordVectors = embeddingWeight === null ? undefined : this.#checkedVectors(wordVectors);
    if (judged) this.validate = async ({ signal }) => validationOf(await this.judge(judged, signal));
  }

  groupOf(name: string): 'head' | 'backbone' {
    return name.startsWith('backbone.') ? 'backbone' : 'head';
  }

  groups(): readonly GroupRule[] | undefined {
    const { grouping, learningRate } = this.#recipe.training;
    if (grouping === 'vectors') return undefined;
    if (grouping === 'tsm') return tsmGroups(this.model);
    return (['head', 'backbone'] as const).map((group) => ({
      name: group,
      match: ({ name }) => this.groupOf(name) === group,
      learningRate: learningRate[group],
    }));
  }

  shapeOf({ inputShape }: RecognitionBatch): { name: string; size: number } {
    return { name: inputShape.join(' x '), size: inputShape[0] / this.#recipe.data.batchSize };
  }

  losses({ inputShape }: RecognitionBatch): { loss: Tensor; outputs: Record<string, Tensor> } {
    const { loss: by, training } = this.#recipe;
    const clips = input('input', inputShape, 'uint8');
    const targets = input('targets', [inputShape[0], this.model.classes]);
    const mode = { training: true, rematerialise: training.rematerialise };
    const { logits, embedding } = this.model.recognise(clips, mode);
    const { labelSmoothing, focalGamma, embeddingWeight } = by;
    const classWeights = this.#classWeights;
    const classification = classificationLoss(logits, targets, { labelSmoothing, focalGamma, classWeights });
    const vectors = this.#wordVectors;
    if (!vectors || !embedding || embeddingWeight === null) return { loss: classification, outputs: {} };
    const wanted = constant(numbersOf(vectors), { shape: vectors.shape, dtype: 'float32' });
    const meaning = multiply(embeddingLoss(embedding, targets, wanted), embeddingWeight);
    return { loss: add(classification, meaning), outputs: { classification, meaning } };
  }

  feeds({ input: data, targets }: RecognitionBatch): Record<string, TypedArray> {
    return { input: data, targets };
  }

  remember(losses: Readonly<Record<string, TensorData>>): Record<string, number> {
    return Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, numbersOf(loss)[0]]));
  }

  videosOf({ videos }: RecognitionBatch): readonly string[] {
    return videos;
  }

  /** How the model as it is now recognises clips; those that cannot be read count for nothing. */
  async judge(clips: JudgedClips, signal: AbortSignal): Promise<RecognitionEvaluation> {
    const { actions } = this.taxonomy;
    const labels: { file: string; action: string }[] = [];
    const values: number[] = [];
    for await (const { input: data, inputShape, targets, videos } of clips.batches({ signal })) {
      const { logits } = await (await this.#program(inputShape)).run({ input: data });
      values.push(...numbersOf(logits));
      for (const [i, file] of videos.entries()) {
        const own = targets.subarray(i * actions.length, (i + 1) * actions.length);
        labels.push({ file, action: actions[own.indexOf(Math.max(...own))].name });
      }
    }
    if (labels.length === 0) throw new UserError('no-videos', 'None of the clips to validate by can be read.');
    const scores = { clips: labels.length, actions: actions.length, values: Float64Array.from(values) };
    return evaluateRecognition({ clips: labels }, { kind: 'table', ...scores }, this.taxonomy, { ties: 'stable' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#programs[Symbol.asyncDispose]();
  }

  #program(shape: readonly number[]): Promise<Program<'logits'>> {
    const precision = precisionOn(this.#recipe.training.precision, this.#engine.device);
    const compiled = () => {
      const { logits } = this.model.recognise(input('input', shape, 'uint8'));
      return compile({ logits }, { precision, ...this.#engine });
    };
    return this.#programs.get(shape.join(), compiled, shape[0] / this.#recipe.data.batchSize);
  }

  #checkedVectors(vectors: TensorData | undefined): TensorData {
    const { model } = this.#recipe;
    const length = (model.kind === 'manet' && model.vectorLength) || 300;
    const expected = [this.taxonomy.actions.length, length];
    if (vectors && String(vectors.shape) === String(expected)) return vectors;
    const found = vectors ? `word vectors of shape [${vectors.shape.join(', ')}]` : 'no word vectors';
    throw new UserError(
      'no-word-vectors',
      `found ${found}; ${this.#recipe.name} learns what labels mean, of shape [${expected.join(', ')}]: one row for each ` +
        'action (or set loss.embeddingWeight=null)',
    );
  }
}

// ---- below: internals ----

/** As the official code of MA-52 judges: the mean of four F1 tells which epoch is best. */
function validationOf({ action, body, f1Mean }: RecognitionEvaluation): Validation {
  const measures: Record<string, number> = {
    'F1 mean': f1Mean,
    'action top-1': action.top1,
    'action top-5': action.top5 ?? action.top1,
    'action F1 macro': action.f1Macro,
    'action F1 micro': action.f1Micro,
    'body top-1': body.top1,
    'body F1 macro': body.f1Macro,
    'body F1 micro': body.f1Micro,
  };
  return { value: f1Mean, measures };
}
