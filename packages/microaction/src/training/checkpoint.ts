import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TensorData } from 'onnxgrad';
import { WeightsError } from 'onnxgrad/weights';
import { openWeights, saveWeights } from 'onnxgrad/weights/node';
import { parseJson } from '../annotation/formats/json.ts';
import { UserError } from '../errors.ts';
import { readText } from '../files/readText.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { parseRecipe, type Recipe } from './recipe.ts';

/** Where training stands, beside the numbers. */
export interface Position {
  /** Epochs that are over. */
  readonly epoch: number;
  /** Batches of the next epoch that are learnt from already. */
  readonly batches: number;
  /** Steps of the optimizer in all. */
  readonly steps: number;
  readonly best: Best | null;
  /** The epoch, counted from 1, that was validated last; 0 for none. */
  readonly validated: number;
}

export interface Best {
  readonly epoch: number;
  readonly value: number;
}

/** All that training goes on from. */
export interface Checkpoint {
  readonly position: Position;
  readonly recipe: Recipe;
  /** What is used afterwards: weights and buffers by their official names, averaged where training averages. */
  readonly weights: ReadonlyMap<string, TensorData>;
  /** What is trained, as it is, under `model.NAME`; the optimizer's and the loss scale's state under their own names. */
  readonly training: ReadonlyMap<string, TensorData>;
}

export type CheckpointName = 'last' | 'best';

/**
 * Writes a checkpoint as the folder `RUN/NAME`: `weights.safetensors`, whose metadata holds the recipe, so that this file
 * alone can be used; `training.safetensors` and `state.json`, to go on from. All are written beside the checkpoint
 * before, which is replaced only when they are whole on the disk.
 *
 * @throws UserError `disk-full`, `not-allowed` ...; the checkpoint before stays
 */
export async function saveCheckpoint(run: string, name: CheckpointName, checkpoint: Checkpoint): Promise<void> {
  const { folder, next, previous } = placesOf(run, name);
  const { weights, training, position, recipe } = checkpoint;
  await rm(next, { recursive: true, force: true });
  try {
    const metadata = { recipe: JSON.stringify(recipe), epoch: String(position.epoch), step: String(position.steps) };
    await saveWeights(join(next, files.weights), weights, { metadata });
    await saveWeights(join(next, files.training), training);
    await writeAtomically(join(next, files.state), `${JSON.stringify(position, null, 2)}\n`);
  } catch (error) {
    await rm(next, { recursive: true, force: true }).catch(() => {}); // the first error is the one to tell
    if (error instanceof WeightsError) throw new UserError(error.code, error.message, { cause: error });
    throw error;
  }
  await rm(previous, { recursive: true, force: true });
  if (await exists(folder)) await rename(folder, previous);
  await rename(next, folder);
  await rm(previous, { recursive: true, force: true });
}

/**
 * Reads a checkpoint that `saveCheckpoint` wrote; what a stop between two of its steps left is put right first.
 *
 * @returns undefined where there is none yet
 * @throws UserError where one is damaged
 */
export async function loadCheckpoint(run: string, name: CheckpointName): Promise<Checkpoint | undefined> {
  await mend(run, name);
  const { folder } = placesOf(run, name);
  if (!(await exists(folder))) return undefined;
  const path = join(folder, files.state);
  const position = parseJson(await readText(path), path) as Position;
  const { recipe, tensors: weights } = await loadTrainedWeights(join(folder, files.weights));
  const training = await readAll(join(folder, files.training));
  return { position, recipe, weights, training: training.tensors };
}

/**
 * Weights with the recipe that their model was made by: a `weights.safetensors` of a run.
 *
 * @throws UserError `no-recipe` for weights from elsewhere
 */
export async function loadTrainedWeights(
  path: string,
): Promise<{ readonly recipe: Recipe; readonly tensors: ReadonlyMap<string, TensorData> }> {
  const { tensors, metadata } = await readAll(path);
  if (typeof metadata.recipe !== 'string') {
    throw new UserError(
      'no-recipe',
      `${path}: its metadata holds no recipe, which says what model the weights are of; expected ` +
        'best/weights.safetensors of a folder that microaction train made',
    );
  }
  const source = `the recipe in ${path}`;
  return { recipe: parseRecipe(parseJson(metadata.recipe, source), source), tensors };
}

// ---- below: internals ----

const files = { weights: 'weights.safetensors', training: 'training.safetensors', state: 'state.json' };

const placesOf = (run: string, name: CheckpointName) => ({
  folder: join(run, name),
  next: join(run, `.${name}.next`),
  previous: join(run, `.${name}.previous`),
});

/** A checkpoint is moved away only when the next is whole: where it is missing, that one takes its place. */
async function mend(run: string, name: CheckpointName): Promise<void> {
  const { folder, next, previous } = placesOf(run, name);
  if ((await exists(folder)) || !(await exists(previous))) return;
  await rename((await exists(next)) ? next : previous, folder);
}

async function readAll(path: string) {
  try {
    await using file = await openWeights(path);
    return { tensors: await file.readAll(), metadata: file.metadata };
  } catch (error) {
    if (error instanceof WeightsError) throw new UserError(error.code, error.message, { cause: error });
    throw error;
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
