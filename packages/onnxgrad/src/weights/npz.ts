import { type Zippable, zipSync } from 'fflate';
import { WeightsError } from '../errors.ts';
import type { TensorData } from '../graph/tensorData.ts';
import { type ByteSource, bytesSource, copyOf } from './byteSource.ts';
import { checkLength, npyHeaderBytes, readNpyHeader, storedNpy, writeNpy } from './npy.ts';
import type { StoredTensor } from './storedTensor.ts';
import { storedZip } from './storedZip.ts';
import { WeightsFile } from './weightsFile.ts';
import { ZipArchive } from './zip.ts';

/**
 * Opens a `.npz` file, a zip of `.npy` files, as `numpy.savez` and `numpy.savez_compressed` write it. Names are those
 * of the files without their ending.
 *
 * @throws WeightsError `bad-npy`, `bad-zip`; `bad-npz` where it holds anything but arrays
 */
export async function openNpz(source: ByteSource): Promise<WeightsFile> {
  return openNpzArchive(await ZipArchive.open(source));
}

/** The same for an archive that is open already. */
export async function openNpzArchive(archive: ZipArchive): Promise<WeightsFile> {
  const entries = new Map<string, StoredTensor>();
  for (const entry of archive.entries.values()) {
    const where = `${archive.source.name}: ${entry.name}`;
    if (!entry.name.endsWith(ending))
      throw new WeightsError('bad-npz', `${where}: expected nothing but ${ending} files`);
    const header = readNpyHeader(await archive.readStart(entry, npyHeaderBytes), where);
    checkLength(header, entry.size, where);
    const read = async () => copyOf(await archive.read(entry), header.start);
    entries.set(entry.name.slice(0, -ending.length), storedNpy(header, where, read));
  }
  return new WeightsFile(archive.source, { format: 'npz', entries, metadata: {} });
}

/** All arrays of a `.npz` file in memory. @throws WeightsError as `openNpz` does */
export async function readNpz(bytes: Uint8Array, name = 'the file'): Promise<Map<string, TensorData>> {
  return (await openNpz(bytesSource(bytes, name))).readAll();
}

/**
 * The bytes of a `.npz` file, not packed, as `numpy.savez` leaves them, or packed as by `numpy.savez_compressed`. The
 * same tensors give the same bytes.
 *
 * @throws WeightsError `bad-tensor`; `too-large` from 4 GiB on, where safetensors takes any size
 */
export function writeNpz(
  tensors: ReadonlyMap<string, TensorData>,
  { packed = false }: { readonly packed?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const files = Array.from(tensors, ([name, tensor]) => ({ name: name + ending, bytes: writeNpy(tensor) }));
  const total = files.reduce((sum, { name, bytes }) => sum + bytes.length + 2 * name.length + 200, 0);
  if (total >= 2 ** 32) {
    throw new WeightsError('too-large', `writeNpz: ${total} bytes, 4 GiB at most; save it as .safetensors`);
  }
  if (!packed) return storedZip(files);
  const zippable: Zippable = {};
  for (const { name, bytes } of files) zippable[name] = [bytes, { level: 6, mtime: earliest }];
  return zipSync(zippable) as Uint8Array<ArrayBuffer>;
}

// ---- below: internals ----

const ending = '.npy';
/** The first moment a zip can state; by the local clock, as zip keeps it. */
const earliest = new Date(1980, 0, 1);
