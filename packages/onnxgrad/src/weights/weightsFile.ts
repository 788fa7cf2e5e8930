import { WeightsError } from '../errors.ts';
import type { TensorData } from '../graph/tensorData.ts';
import type { ByteSource } from './byteSource.ts';
import type { StoredTensor } from './storedTensor.ts';

export type WeightsFormat = 'safetensors' | 'npy' | 'npz' | 'torch-zip' | 'torch-legacy';

export interface WeightsContent {
  readonly format: WeightsFormat;
  /** In the order of the file. */
  readonly entries: ReadonlyMap<string, StoredTensor>;
  /** What the file says besides, as JSON has it. Of a checkpoint: epoch, configuration and so on. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Where in a checkpoint the tensors were found, in words; absent where a format has no such places. */
  readonly layout?: string;
}

/** Named tensors of an open file, whatever its format, each read when asked for. */
export class WeightsFile implements WeightsContent, AsyncDisposable {
  readonly name: string;
  readonly format: WeightsFormat;
  readonly entries: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly layout: string | undefined;
  readonly #source: ByteSource;

  constructor(source: ByteSource, { format, entries, metadata, layout }: WeightsContent) {
    this.name = source.name;
    this.format = format;
    this.entries = entries;
    this.metadata = metadata;
    this.layout = layout;
    this.#source = source;
  }

  /** @throws WeightsError `no-such-tensor`, with names that look alike; others where the file is damaged */
  async read(name: string): Promise<TensorData> {
    const entry = this.entries.get(name);
    if (entry) return entry.read();
    const last = name.slice(name.lastIndexOf('.') + 1);
    const alike = [...this.entries.keys()].filter((other) => other.endsWith(last)).slice(0, 3);
    const hint =
      alike.length > 0
        ? `; ${alike.length > 1 ? 'there are' : 'there is'} ${alike.map((other) => JSON.stringify(other)).join(', ')}`
        : '';
    const found = `found no tensor ${JSON.stringify(name)} among ${this.entries.size}`;
    throw new WeightsError('no-such-tensor', `${this.name}: ${found}${hint}`);
  }

  /** Every tensor, in memory. */
  async readAll(): Promise<Map<string, TensorData>> {
    const tensors = new Map<string, TensorData>();
    for (const [name, entry] of this.entries) tensors.set(name, await entry.read());
    return tensors;
  }

  /** Lets go of the file; what was read stays. */
  async close(): Promise<void> {
    await this.#source.close?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
