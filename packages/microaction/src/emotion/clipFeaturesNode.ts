import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { numbersOf } from 'onnxgrad';
import { WeightsError } from 'onnxgrad/weights';
import { openWeights } from 'onnxgrad/weights/node';
import { parseJson } from '../annotation/formats/json.ts';
import { UserError } from '../errors.ts';

/**
 * The mean over time of the stored features of each video: `ID.npy` or `ID.npz` in a folder, [channels, steps] as
 * `microaction features` writes them, or [channels]. Where the folder's `features.json` says how many channels there
 * are, [steps, channels] is understood too. In a `.npz` of several arrays the one called `features` is taken.
 *
 * @param ids - of the videos; folders and endings in them are part of the name
 * @throws UserError `no-such-file` naming the first video without file, `bad-features` ...
 */
export async function readClipFeatures(folder: string, ids: readonly string[]): Promise<Map<string, Float64Array>> {
  const channels = await channelsSaid(folder);
  const read = new Map<string, Float64Array>();
  for (const id of ids) read.set(id, await meanOverTime(await pathOf(folder, id), channels));
  return read;
}

// ---- below: internals ----

async function channelsSaid(folder: string): Promise<number | undefined> {
  const path = join(folder, 'features.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { channels } = (parseJson(text, path) ?? {}) as { channels?: unknown };
  return typeof channels === 'number' ? channels : undefined;
}

async function pathOf(folder: string, id: string): Promise<string> {
  for (const ending of ['.npy', '.npz']) {
    const path = join(folder, id + ending);
    if (await stat(path).catch(() => undefined)) return path;
  }
  throw new UserError(
    'no-such-file',
    `${join(folder, id)}.npy: there is no such file, nor .npz; make the features of each video with microaction features`,
  );
}

async function meanOverTime(path: string, channels: number | undefined): Promise<Float64Array> {
  try {
    await using file = await openWeights(path);
    const [only] = file.entries.keys();
    const name = file.entries.size === 1 ? only : 'features';
    const shape = file.entries.get(name)?.shape ?? [];
    const [first, second = 1] = shape;
    const stepsFirst = shape.length === 2 && channels !== undefined && first !== channels && second === channels;
    const [count, steps] = stepsFirst ? [second, first] : [first, second];
    const fits = channels === undefined || count === channels;
    if (!(shape.length === 1 || shape.length === 2) || !(count > 0 && steps > 0) || !fits) {
      const expected = channels ?? 'channels';
      throw new UserError(
        'bad-features',
        `${path}: found ${shape.length > 0 ? `shape [${shape.join(', ')}]` : 'no array called features'}; expected [${expected}, steps] or [${expected}]`,
      );
    }
    const data = numbersOf(await file.read(name));
    const mean = new Float64Array(count);
    for (let channel = 0; channel < count; channel++) {
      for (let step = 0; step < steps; step++) {
        mean[channel] += Number(data[stepsFirst ? step * count + channel : channel * steps + step]) / steps;
      }
    }
    const wrong = mean.findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) return mean;
    throw new UserError('bad-features', `${path}: channel ${wrong} has a value that is not finite`);
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    throw new UserError(error.code, error.message, { cause: error });
  }
}
