import type { Clip, Dataset, Foreign, Instance } from '../dataset.ts';
import type { FormatName } from './format.ts';

/** Fields of a clip and of its instances that only one format knows: what its `Clip.foreign` holds. */
export interface Leftovers {
  readonly fields: Record<string, unknown>;
  /** By `keyOf` the instance; several where instances are equal. */
  readonly instances: Record<string, Record<string, unknown>[]>;
}

/** Gathers leftovers while a clip is read. */
export class LeftoverCollector {
  #fields: Record<string, unknown> = {};
  readonly #instances = new Map<string, Record<string, unknown>[]>();
  #any = false;

  addFields(fields: Record<string, unknown>): void {
    if (Object.keys(fields).length === 0) return;
    this.#fields = { ...this.#fields, ...fields };
    this.#any = true;
  }

  add(instance: Instance, fields: Record<string, unknown>): void {
    if (Object.keys(fields).length === 0) return;
    const key = keyOf(instance);
    this.#instances.set(key, [...(this.#instances.get(key) ?? []), fields]);
    this.#any = true;
  }

  /** Undefined when nothing was left over. */
  as(format: FormatName): Foreign | undefined {
    if (!this.#any) return undefined;
    const document: Leftovers = { fields: this.#fields, instances: Object.fromEntries(this.#instances) };
    return { format, document };
  }
}

/** What a clip carries for a format, and a function that hands out each instance's part once. */
export function leftoversOf(clip: Clip, format: FormatName) {
  const kept = foreignOf<Leftovers>(clip, format);
  const remaining = new Map(Object.entries(kept?.instances ?? {}).map(([key, list]) => [key, [...list]]));
  return {
    fields: kept?.fields ?? {},
    take: (instance: Instance): Record<string, unknown> => remaining.get(keyOf(instance))?.shift() ?? {},
  };
}

/** The foreign document of a clip or data set, if this format has read it. */
export function foreignOf<T>(holder: Clip | Dataset, format: FormatName): T | undefined {
  return holder.foreign?.format === format ? (holder.foreign.document as T) : undefined;
}

/** The fields of an object other than the named ones. */
export function without(object: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

const keyOf = ({ action, start, end }: Instance) => JSON.stringify([action, start, end]);
