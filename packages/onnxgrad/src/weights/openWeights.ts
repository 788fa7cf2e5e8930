import { WeightsError } from '../errors.ts';
import { type ByteSource, readRange } from './byteSource.ts';
import { isNpy, openNpy } from './npy.ts';
import { openNpzArchive } from './npz.ts';
import { asJson, PythonObject, type PythonValue } from './pythonValues.ts';
import { isSafetensors, openSafetensors } from './safetensors.ts';
import { type StateDictOptions, stateDictOf } from './stateDict.ts';
import { StoredTensor } from './storedTensor.ts';
import type { TorchCheckpoint, TorchOptions } from './torchCheckpoint.ts';
import { isPickle, isTar, openTorchLegacy } from './torchLegacy.ts';
import { openTorchZip, torchFolder } from './torchZip.ts';
import { WeightsFile } from './weightsFile.ts';
import { isZip, ZipArchive } from './zip.ts';

/** How weights are opened; what concerns checkpoints means nothing to other formats. */
export type OpenOptions = StateDictOptions & TorchOptions;

/**
 * Opens weights of any size and any format that this room reads, told by content: safetensors, `.npy`, `.npz`, PyTorch
 * checkpoints in both forms. No number is read yet.
 *
 * @throws WeightsError `unknown-format`, `unsafe-pickle`, `unsupported`, `no-weights`; `bad-safetensors`, `bad-npy`,
 * `bad-npz`, `bad-zip`, `bad-checkpoint`, `cut-off` where the file is damaged
 */
export async function openWeights(source: ByteSource, options: OpenOptions = {}): Promise<WeightsFile> {
  const { name, size } = source;
  if (size === 0) throw new WeightsError('unknown-format', `${name}: the file is empty; name one with content`);
  const start = await readRange(source, 0, Math.min(512, size), 'the file');
  if (isSafetensors(start)) return openSafetensors(source);
  if (isNpy(start)) return openNpy(source);
  if (isZip(start)) {
    const archive = await ZipArchive.open(source);
    if (torchFolder(archive) === undefined) return openNpzArchive(archive);
    return weightsIn(source, await openTorchZip(archive, options), options);
  }
  if (isPickle(start)) return weightsIn(source, await openTorchLegacy(source, options), options);
  if (isTar(start)) {
    const advice = 'load it in PyTorch and save it again';
    throw new WeightsError('unsupported', `${name}: found the tar form of PyTorch before 0.1.10; ${advice}`);
  }
  throw new WeightsError('unknown-format', `${name}: found none of ${known}; is it the right file?`);
}

/** Opens a PyTorch checkpoint as the structure that was saved, for what is not weights. */
export async function openTorch(source: ByteSource, options: TorchOptions = {}): Promise<TorchCheckpoint> {
  const start = await readRange(source, 0, Math.min(4, source.size), 'the file');
  return isZip(start) ? openTorchZip(await ZipArchive.open(source), options) : openTorchLegacy(source, options);
}

// ---- below: internals ----

const known = 'safetensors, .npy, .npz and PyTorch checkpoints (.pth, .pt)';

function weightsIn(source: ByteSource, { format, root }: TorchCheckpoint, options: StateDictOptions): WeightsFile {
  const { tensors, layout } = stateDictOf(root, options, source.name);
  return new WeightsFile(source, { format, entries: tensors, metadata: metadataIn(root), layout });
}

/** What stands on top of a checkpoint beside tensors. */
function metadataIn(root: PythonValue): Record<string, unknown> {
  const entries = root instanceof PythonObject ? root.entries : root;
  if (!(entries instanceof Map)) return {};
  return Object.fromEntries(
    [...entries].filter(([, value]) => !holdsTensors(value)).map(([key, value]) => [String(key), asJson(value)]),
  );
}

function holdsTensors(root: unknown): boolean {
  const seen = new Set<unknown>();
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (value instanceof StoredTensor) return true;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof Map || Array.isArray(value) || value instanceof Set)
      for (const one of value.values()) open.push(one);
  }
  return false;
}
