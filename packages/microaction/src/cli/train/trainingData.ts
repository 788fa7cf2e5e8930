import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Clip, Dataset } from '../../annotation/dataset.ts';
import { UserError } from '../../errors.ts';
import { readDataset } from '../../files/readDataset.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Session } from '../session.ts';

/** A data set to train on, by what its videos are for. */
export interface TrainingData {
  readonly taxonomy: Taxonomy;
  readonly training: Dataset;
  /** Empty where the data set has none. */
  readonly validation: Dataset;
}

/**
 * The annotations in a folder: `annotations.json` that names subsets, or else `train.csv` and `val.csv` as MMA-52 has
 * them, or whatever single format else lies in it.
 *
 * @throws UserError `no-videos` where no clip is for training, and what reading gives
 */
export async function readTrainingData(session: Session, folder: string, taxonomy: Taxonomy): Promise<TrainingData> {
  const dataset = await readAll(session, folder, taxonomy);
  const of = (names: readonly string[]): Dataset => ({
    ...dataset,
    clips: dataset.clips.filter(({ subset }) => names.includes(subset ?? 'training')),
  });
  const [training, validation] = [of(['training', 'train']), of(['validation', 'val'])];
  if (training.clips.length === 0) {
    const subsets = [...new Set(dataset.clips.map(({ subset }) => subset ?? 'none'))].join(', ') || 'no video at all';
    throw new UserError('no-videos', `${folder}: found the subsets ${subsets}; expected videos of the subset training`);
  }
  return { taxonomy: dataset.taxonomy, training, validation };
}

/** Stored features of each clip: `ID.npy` or `ID.npz` in the folder, or in `features` in it. By id. */
export async function featureFiles(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const place of [folder, join(folder, 'features')]) {
    const names = await readdir(place).catch(() => []);
    for (const name of names) {
      if (/\.(npy|npz|safetensors)$/i.test(name)) found.set(name.slice(0, -extname(name).length), join(place, name));
    }
  }
  return found;
}

// ---- below: internals ----

async function readAll(session: Session, folder: string, taxonomy: Taxonomy): Promise<Dataset> {
  const read = async (path: string): Promise<Dataset> => {
    const { dataset, warnings } = await readDataset(path, { taxonomy, signal: session.signal });
    for (const warning of warnings) session.note(warning);
    return dataset;
  };
  const has = (name: string) =>
    stat(join(folder, name)).then(
      () => true,
      () => false,
    );
  if (!(await has('.'))) throw new UserError('no-such-file', `${folder}: there is no such folder; check --data`);
  if (await has('annotations.json')) return read(join(folder, 'annotations.json'));
  if (!(await has('train.csv'))) return read(folder);
  const training = await read(join(folder, 'train.csv'));
  const validation = (await has('val.csv')) ? await read(join(folder, 'val.csv')) : { clips: [] };
  const named = (clips: readonly Clip[], subset: string) => clips.map((clip) => ({ ...clip, subset }));
  return { ...training, clips: [...named(training.clips, 'training'), ...named(validation.clips, 'validation')] };
}
