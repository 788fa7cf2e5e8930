import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { WeightsError } from 'onnxgrad/weights';
import { openWeights } from 'onnxgrad/weights/node';
import { UserError } from '../../errors.ts';
import { fileError } from '../../files/fileError.ts';
import type { Recipe, Task } from '../../training/recipe.ts';
import { metadataOf } from './onnxMetadata.ts';

/** Whether a file of a model holds weights by name, or a graph: .onnx. A header's length and the brace that begins it. */
export async function isSafetensors(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const start = Buffer.alloc(9);
    const { bytesRead } = await file.read(start, 0, 9, 0);
    return bytesRead === 9 && start[8] === 0x7b; // an .onnx file begins with the version of its format
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

export async function readOnnx(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size < 2 ** 31) return readFile(path);
  throw new UserError('too-large', `${path}: it holds more than 2 GiB; name weights.safetensors of a run, or an .onnx`);
}

/** What the model in a file was trained for: by the recipe in its metadata. Undefined where there is none. */
export async function taskOf(path: string): Promise<Task | undefined> {
  try {
    const { recipe } = (await metadataIn(path)) as { readonly recipe?: string };
    return recipe === undefined ? undefined : (JSON.parse(recipe) as Recipe | null)?.task;
  } catch (error) {
    if (error instanceof WeightsError || error instanceof SyntaxError) return undefined; // told when it is loaded
    throw error;
  }
}

/** Equal for files that hold the same. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Does what fills a model with weights; what does not fit is told with the file's name. */
export function filling<T>(path: string, { name }: Pick<Recipe, 'name'>, fill: () => T): T {
  try {
    return fill();
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    const message = `${path}: its weights are not those of the recipe it holds, ${name}: ${error.message}`;
    throw new UserError(error.code, message, { cause: error });
  }
}

// ---- below: internals ----

async function metadataIn(path: string): Promise<object> {
  if (!(await isSafetensors(path))) return metadataOf(await readOnnx(path));
  await using file = await openWeights(path);
  return file.metadata;
}
