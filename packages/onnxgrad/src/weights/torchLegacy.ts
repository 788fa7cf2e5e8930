import { WeightsError } from '../errors.ts';
import { type ByteSource, readRange } from './byteSource.ts';
import { PickleCutOff, unpickle } from './pickle.ts';
import type { PythonValue } from './pythonValues.ts';
import { checkDepth, pickleOptions, type TorchCheckpoint, type TorchOptions } from './torchCheckpoint.ts';
import type { TorchStorages } from './torchTensors.ts';

/**
 * Opens a checkpoint as PyTorch wrote it before version 1.6: five pickles (a magic number, a protocol, the machine that
 * wrote it, what was saved, the keys of the storages), then each storage behind its number of elements.
 *
 * @throws WeightsError `unsafe-pickle`, `unsupported` (quantised, sparse ...), `bad-checkpoint`, `cut-off`
 */
export async function openTorchLegacy(source: ByteSource, options: TorchOptions = {}): Promise<TorchCheckpoint> {
  // How long the pickles are is known only once they are read: a window on the file grows until they fit.
  for (let length = Math.min(firstWindow, source.size); ; length = Math.min(8 * length, source.size)) {
    const bytes = await readRange(source, 0, length, 'the checkpoint');
    const storages = new LegacyStorages(source);
    try {
      const { root, keys, end } = readPickles(bytes, storages, options);
      await storages.locate(keys, end);
      return { format: 'torch-legacy', root };
    } catch (error) {
      if (!(error instanceof PickleCutOff)) throw error;
      if (length < Math.min(source.size, longestPickles)) continue;
      throw new WeightsError('bad-checkpoint', `${source.name}: its pickle is cut off; copy the file again`, {
        cause: error,
      });
    }
  }
}

/** Whether bytes begin as a pickle since protocol 2 does, or PyTorch's in an older one; reading it shows the rest. */
export const isPickle = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5) ||
  String.fromCharCode(...bytes.subarray(0, 25)) === `L${magic}`;

/** Whether bytes begin as the tar archives that PyTorch wrote before version 0.1.10. */
export const isTar = (bytes: Uint8Array): boolean =>
  bytes.length >= 262 && String.fromCharCode(...bytes.subarray(257, 262)) === 'ustar';

// ---- below: internals ----

const firstWindow = 2 ** 20;
const longestPickles = 2 ** 30;
const magic = 0x1950a86a20f9469cfc6cn;
const protocol = 1001;

function readPickles(
  bytes: Uint8Array,
  storages: LegacyStorages,
  options: TorchOptions,
): { root: PythonValue; keys: unknown; end: number } {
  const { name } = storages;
  const pickling = pickleOptions(storages, options);
  const first = unpickle(bytes, 0, pickling);
  if (first.value !== magic) {
    const advice = 'load it in Python and save it with torch.save or as safetensors';
    throw new WeightsError('bad-checkpoint', `${name}: found a pickle that torch.save did not write; ${advice}`);
  }
  const second = unpickle(bytes, first.end, pickling);
  if (second.value !== protocol) {
    throw new WeightsError(
      'bad-checkpoint',
      `${name}: found protocol ${String(second.value)} of torch.save, expected ${protocol}`,
    );
  }
  const machine = unpickle(bytes, second.end, pickling);
  const saved = unpickle(bytes, machine.end, pickling);
  checkDepth(saved.value, name);
  const keys = unpickle(bytes, saved.end, pickling);
  return { root: saved.value, keys: keys.value, end: keys.end };
}

/** Storages one behind another at the end of a file. */
class LegacyStorages implements TorchStorages {
  readonly name: string;
  /** PyTorch turned numbers round on the few machines that have them so. */
  readonly bigEndian = false;
  readonly #source: ByteSource;
  readonly #expected = new Map<string, { readonly size: number; readonly bytesPerElement: number }>();
  readonly #places = new Map<string, number>();

  constructor(source: ByteSource) {
    this.name = source.name;
    this.#source = source;
  }

  expect(key: string, size: number, bytesPerElement: number): void {
    const known = this.#expected.get(key);
    if (!known || known.size < size) this.#expected.set(key, { size, bytesPerElement });
  }

  read(key: string, offset: number, length: number): Promise<Uint8Array> {
    return readRange(this.#source, (this.#places.get(key) ?? 0) + offset, length, `storage ${key}`);
  }

  /** Finds where each storage begins. @throws WeightsError `bad-checkpoint` where they are not those of the pickle */
  async locate(keys: unknown, start: number): Promise<void> {
    const fail = (what: string): never => {
      throw new WeightsError('bad-checkpoint', `${this.name}: ${what}; copy the file again`);
    };
    if (!Array.isArray(keys)) return fail('found no list of storages behind the pickle');
    let at = start;
    for (const key of keys.map(String)) {
      const expected = this.#expected.get(key) ?? fail(`storage ${JSON.stringify(key)} belongs to no tensor`);
      const count = await readRange(this.#source, at, 8, `storage ${key}`);
      const size = Number(new DataView(count.buffer, count.byteOffset).getBigInt64(0, true)) * expected.bytesPerElement;
      if (size !== expected.size) fail(`storage ${key} holds ${size} bytes, expected ${expected.size}`);
      this.#places.set(key, at + 8);
      at += 8 + size;
      if (at > this.#source.size) fail(`storage ${key} is cut off: it ends at byte ${at} of ${this.#source.size}`);
    }
    const missing = [...this.#expected.keys()].find((key) => !this.#places.has(key));
    if (missing !== undefined) fail(`storage ${missing} is not in the file`);
  }
}
