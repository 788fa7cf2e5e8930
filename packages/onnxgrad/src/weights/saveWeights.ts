import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { WeightsError } from '../errors.ts';
import type { TensorData } from '../graph/tensorData.ts';
import { fileError } from './fileError.ts';
import { writeNpz } from './npz.ts';
import { safetensorsPieces } from './safetensors.ts';
import { StoredTensor } from './storedTensor.ts';

export interface SaveOptions {
  /** Text by key that a safetensors file carries; `.npz` has no place for it. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes weights as `.safetensors` or `.npz`, by the ending of the path. The path always stands for a whole file: it is
 * written beside it, to the disk, then renamed; after a failure nothing of it is left. Missing folders are made.
 *
 * Tensors of an open file are read as their turn comes, one at a time where the format is safetensors: a checkpoint
 * larger than memory can be converted.
 *
 * @throws WeightsError `unknown-format` for another ending; `bad-tensor`, `disk-full`, `not-allowed` ...
 */
export async function saveWeights(
  path: string,
  tensors: ReadonlyMap<string, TensorData | StoredTensor>,
  options: SaveOptions = {},
): Promise<void> {
  const pieces = piecesOf(path, tensors, options);
  // A long name with a suffix may be too long: keep only its beginning.
  const temporary = join(dirname(path), `.${basename(path).slice(0, 40)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    await makeFolder(dirname(path));
    const file = await open(temporary, 'wx');
    try {
      for await (const piece of pieces) {
        for (let at = 0; at < piece.length; ) {
          const { bytesWritten } = await file.write(piece, at, Math.min(piece.length - at, largestWrite));
          at += bytesWritten;
        }
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to tell
    throw fileError(error, path, 'written');
  }
}

// ---- below: internals ----

const largestWrite = 2 ** 28;

function piecesOf(
  path: string,
  tensors: ReadonlyMap<string, TensorData | StoredTensor>,
  { metadata }: SaveOptions,
): AsyncIterable<Uint8Array> {
  switch (extname(path).toLowerCase()) {
    case '.safetensors':
      return safetensorsPieces(tensors, metadata);
    case '.npz':
      return npzPieces(tensors);
    default:
      throw new WeightsError('unknown-format', `${path}: cannot be written; name it .safetensors or .npz`);
  }
}

async function* npzPieces(tensors: ReadonlyMap<string, TensorData | StoredTensor>): AsyncGenerator<Uint8Array> {
  const read = new Map<string, TensorData>();
  for (const [name, one] of tensors) read.set(name, one instanceof StoredTensor ? await one.read() : one);
  yield writeNpz(read);
}

/** As `mkdir -p`. Node's own recursive mkdir never ends where the file system denies a folder, as /proc does. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return; // should it be a file, opening a file in it says so
    if (code !== 'ENOENT' || (await stat(dirname(path)).catch(() => undefined))) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}
