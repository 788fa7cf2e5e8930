import type { Tensors } from '../compare.ts';
import type { Fields } from '../fields.ts';
import type { GoldenCase } from '../goldenCase.ts';

/** Runs the cases of one kind, whatever their sizes. */
export interface Runner {
  readonly recognises: (json: Fields) => boolean;
  /** @throws Error where the case cannot be run as it is: that is a failure of the case, with this reason */
  readonly run: (golden: GoldenCase) => Promise<Results>;
  /** How the checkpoints that lie beside such a case name its weights, where they do so differently. */
  readonly checkpoints?: CheckpointNames;
}

export interface CheckpointNames {
  /** From a name in a checkpoint to that of the weight; undefined for what is no weight of the case. */
  readonly rename?: (name: string) => string | undefined;
  /** Weights that a checkpoint need not hold; all are expected unless given. */
  readonly mayLack?: RegExp;
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
