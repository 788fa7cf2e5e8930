import { StoredTensor } from './storedTensor.ts';

/**
 * What a pickle holds, as TypeScript has it: None is null, int a number (a bigint beyond 2^53), bytes a Uint8Array,
 * list and tuple an array, dict a Map, set a Set; a tensor is a `StoredTensor`, an array of NumPy a `NumpyArray`, and
 * anything else one of the two classes here, which do nothing.
 */
export type PythonValue = unknown;

/** A class or function of Python, by its name alone. */
export class PythonName {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** An object of Python that was not made: its class by name, and what it would have been made from. */
export class PythonObject {
  readonly className: string;
  readonly args: readonly unknown[];
  /** What the class would have been given to restore itself; undefined where it was given nothing. */
  state: unknown;
  /** Of a subclass of dict. */
  readonly entries = new Map<unknown, unknown>();
  /** Of a subclass of list. */
  readonly elements: unknown[] = [];

  constructor(className: string, args: readonly unknown[] = []) {
    this.className = className;
    this.args = args;
  }
}

/** Something wrong in a pickle; who reads the pickle adds the name of the file. */
export class PickleFault extends Error {
  override name = 'PickleFault';
  readonly code: 'bad-checkpoint' | 'unsafe-pickle' | 'unsupported';

  constructor(message: string, code: PickleFault['code'] = 'bad-checkpoint') {
    super(message);
    this.code = code;
  }
}

/** What a name of Python stands for here: a function of its arguments, or null where it may be named but not called. */
export type Meaning = ((...args: readonly unknown[]) => unknown) | null;

/**
 * A value as JSON has it, for people and logs: tensors by shape and type, whatever is unknown by its class. Deep, endless
 * and enormous structures are cut short with "...".
 */
export function asJson(value: PythonValue): unknown {
  let budget = mostValues;
  const convert = (value: unknown, depth: number): unknown => {
    budget -= 1 + (typeof value === 'string' ? value.length / 100 : 0);
    if (budget < 0 || depth > deepest) return '...';
    const list = (values: Iterable<unknown>) => Array.from(values, (one) => convert(one, depth + 1));
    const keyText = (key: unknown) => {
      const text = convert(key, depth + 1);
      return typeof text === 'object' && text !== null ? JSON.stringify(text) : String(text);
    };
    const record = (entries: Iterable<[unknown, unknown]>) =>
      Object.fromEntries(Array.from(entries, ([key, one]) => [keyText(key), convert(one, depth + 1)]));
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Uint8Array) return `${value.length} bytes`;
    if (value instanceof StoredTensor) return { tensor: value.dtype, shape: value.shape };
    if (value instanceof PythonName) return value.name;
    if (value instanceof Map) return record(value);
    if (Array.isArray(value) || value instanceof Set) return list(value);
    if (!(value instanceof PythonObject)) return String(value);
    return {
      class: value.className,
      ...(value.args.length > 0 && { args: list(value.args) }),
      ...(value.state !== undefined && { state: convert(value.state, depth + 1) }),
      ...(value.elements.length > 0 && { elements: list(value.elements) }),
      ...(value.entries.size > 0 && { entries: record(value.entries) }),
    };
  };
  return convert(value, 0);
}

// ---- below: internals ----

/** Also counts a hundred characters as one value. */
const mostValues = 100_000;
const deepest = 50;
