import { WeightsError } from '../errors.ts';
import { numpyClasses } from './numpyClasses.ts';
import type { PickleOptions } from './pickle.ts';
import { pythonClasses } from './pythonClasses.ts';
import { PythonObject, type PythonValue } from './pythonValues.ts';
import { type TorchStorages, torchClasses, torchReference } from './torchTensors.ts';

export interface TorchOptions {
  /**
   * What becomes of classes that this reader does not know, anywhere in the file: the file is refused (the default),
   * or each is kept as a `PythonObject`, its name and arguments. Nothing is executed either way.
   */
  readonly unknownClasses?: 'refuse' | 'inert';
}

/** A file that `torch.save` wrote, opened: all it holds, its tensors to be read when asked for. */
export interface TorchCheckpoint {
  readonly format: 'torch-zip' | 'torch-legacy';
  /** What was saved, mostly a Map; see `PythonValue`. */
  readonly root: PythonValue;
}

/** How the pickles of a checkpoint are read whose tensors lie in these storages. */
export function pickleOptions(storages: TorchStorages, { unknownClasses = 'refuse' }: TorchOptions): PickleOptions {
  return {
    name: storages.name,
    meanings: new Map([...pythonClasses, ...numpyClasses, ...torchClasses()]),
    persistent: torchReference(storages),
    unknownClasses,
  };
}

/** @throws WeightsError `unsafe-pickle` where values are nested so deep that only an attack would */
export function checkDepth(root: PythonValue, name: string): void {
  const seen = new Set<unknown>();
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.depth > deepest) {
      throw new WeightsError(
        'unsafe-pickle',
        `${name}: the pickle nests values more than ${deepest} deep; do not trust it`,
      );
    }
    for (const value of childrenOf(next.value)) {
      if (typeof value !== 'object' || value === null || seen.has(value)) continue;
      seen.add(value);
      open.push({ value, depth: next.depth + 1 });
    }
  }
}

// ---- below: internals ----

const deepest = 500;

function childrenOf(value: unknown): Iterable<unknown> {
  if (value instanceof Map) return value.values();
  if (Array.isArray(value) || value instanceof Set) return value;
  if (value instanceof PythonObject) return [value.args, value.state, value.entries, value.elements];
  return [];
}
