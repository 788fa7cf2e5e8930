import type { Tensors } from '../compare.ts';
import type { Fields } from '../fields.ts';
import type { GoldenCase } from '../goldenCase.ts';

/** Runs the cases of one kind, whatever their sizes. */
export interface Runner {
  readonly recognises: (json: Fields) => boolean;
  /** @throws Error where the case cannot be run as it is: that is a failure of the case, with this reason */
  readonly run: (golden: GoldenCase) => Promise<Results>;
}

export interface Results {
  readonly computed: Tensors;
  /** What it is held against, unless the case's own outputs. */
  readonly expected?: Tensors;
  /** In any form that a case may give it; the case's own unless given. */
  readonly tolerance?: unknown;
}

/** Whether the text under a field, if it is one, matches. */
export function names(json: Fields, field: string, pattern: RegExp): boolean {
  const value = json.raw(field);
  return typeof value === 'string' && pattern.test(value);
}

/** @throws Error that names the tensor where it is not there */
export function tensorIn<T>(tensors: ReadonlyMap<string, T>, name: string): T {
  const tensor = tensors.get(name);
  if (tensor !== undefined) return tensor;
  throw new Error(`found no tensor ${JSON.stringify(name)} among ${[...tensors.keys()].slice(0, 8).join(', ')}`);
}
