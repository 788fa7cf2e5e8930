import { WeightsError } from '../errors.ts';
import { PickleCutOff, unpickle } from './pickle.ts';
import { PickleFault } from './pythonValues.ts';
import { checkDepth, pickleOptions, type TorchCheckpoint, type TorchOptions } from './torchCheckpoint.ts';
import type { TorchStorages } from './torchTensors.ts';
import type { ZipArchive } from './zip.ts';

/**
 * Opens a checkpoint as PyTorch has written it since version 1.6: a zip of one pickle, `data.pkl`, and a file for each
 * storage.
 *
 * @throws WeightsError `unsafe-pickle`, `unsupported` (TorchScript, quantised, sparse ...), `bad-checkpoint`, `bad-zip`
 */
export async function openTorchZip(archive: ZipArchive, options: TorchOptions = {}): Promise<TorchCheckpoint> {
  const { name } = archive.source;
  const folder = torchFolder(archive);
  if (folder === undefined) {
    throw new WeightsError(
      'bad-checkpoint',
      `${name}: found a zip archive without a data.pkl, expected what torch.save writes`,
    );
  }
  if (archive.entries.has(`${folder}constants.pkl`)) {
    throw new WeightsError(
      'unsupported',
      `${name}: it holds a TorchScript program; save the model's state_dict() instead`,
    );
  }
  const record = async (path: string) => {
    const entry = archive.entries.get(folder + path);
    return entry && new TextDecoder().decode(await archive.readStart(entry, 100)).trim();
  };
  const version = await record('version');
  if (version !== undefined && !(Number(version) <= newestVersion)) {
    const found = `found version ${JSON.stringify(version)} of PyTorch's file format, ${newestVersion} at most`;
    throw new WeightsError('unsupported', `${name}: ${found}; save it with an older PyTorch, or as safetensors`);
  }
  const order = (await record('byteorder')) ?? 'little';
  if (order !== 'little' && order !== 'big') {
    throw new WeightsError(
      'bad-checkpoint',
      `${name}: found byte order ${JSON.stringify(order)}, expected little or big`,
    );
  }
  const storages: TorchStorages = {
    name,
    bigEndian: order === 'big',
    expect(key, size) {
      const found = archive.entries.get(`${folder}data/${key}`);
      if (found && found.size >= size) return;
      const what = found ? `holds ${found.size} bytes, expected ${size}` : 'is not in the file';
      throw new PickleFault(`storage ${JSON.stringify(key)} ${what}; copy the file again`);
    },
    read(key, offset, length) {
      const entry = archive.entries.get(`${folder}data/${key}`);
      if (!entry)
        throw new WeightsError('bad-checkpoint', `${name}: storage ${JSON.stringify(key)} is not in the file`);
      return archive.readPart(entry, offset, length);
    },
  };
  const pickle = archive.entries.get(`${folder}data.pkl`);
  const bytes = pickle ? await archive.read(pickle) : new Uint8Array(0);
  try {
    const { value } = unpickle(bytes, 0, pickleOptions(storages, options));
    checkDepth(value, name);
    return { format: 'torch-zip', root: value };
  } catch (error) {
    if (!(error instanceof PickleCutOff)) throw error;
    throw new WeightsError('bad-checkpoint', `${name}: data.pkl is cut off; copy the file again`, { cause: error });
  }
}

/** The folder in an archive that holds a checkpoint, with its slash; undefined where there is none. */
export function torchFolder(archive: ZipArchive): string | undefined {
  const path = [...archive.entries.keys()].find((path) => /^(?:[^/]+\/)?data\.pkl$/.test(path));
  return path?.slice(0, -'data.pkl'.length);
}

// ---- below: internals ----

/** Of PyTorch's archive format, as its own reader takes at most. */
const newestVersion = 10;
