import { GraphError, WeightsError } from '../errors.ts';
import { Buffer, Parameter, Tensor } from '../graph/tensor.ts';
import { arrayFrom, isFloat, numbersOf, shown, type TensorData, type TypedArray } from '../graph/tensorData.ts';
import { similarNames } from '../optim/similarNames.ts';

/**
 * A layer may say under this key how official checkpoints call its fields, where the fields cannot be called so
 * themselves: `{ fc1: 'layers.0.0' }`.
 */
export const fieldNames: unique symbol = Symbol('fieldNames');

/**
 * A layer may list under this key the parts that are meant to be met a second time below it, by their dotted names
 * from it: checkpoints that store one tensor twice.
 */
export const sharedParts: unique symbol = Symbol('sharedParts');

/** A weight or a running statistic. */
export type StateTensor = Parameter | Buffer;

/**
 * The weights and buffers of a model by their official names, in the order of its fields: the name is the way there,
 * such as `blocks.0.attn.qkv.weight`, through fields, arrays and plain objects. Each tensor's `name` is set to it (one
 * that is shared takes its first).
 *
 * @throws GraphError where one tensor has two names and is not listed as shared, or two tensors have one name
 */
export function stateOf(model: object): Map<string, StateTensor> {
  const state = collect(model);
  for (const [name, tensor] of [...state].reverse()) tensor.name = name;
  return state;
}

/** The trainable weights of a model, each once, named as `stateOf` names them. */
export function parametersOf(model: object): Parameter[] {
  const all = new Set(stateOf(model).values());
  return [...all].filter((tensor): tensor is Parameter => tensor instanceof Parameter && tensor.trainable);
}

export interface LoadOptions {
  /** From a name in the file to the name in the model; null to leave a tensor out. */
  readonly rename?: (name: string) => string | null;
  /** Names of the model that may be absent from the file; true for any. */
  readonly allowMissing?: true | RegExp;
  /** Names of the file, once renamed, that the model need not have; true for any. */
  readonly allowUnexpected?: true | RegExp;
}

export interface LoadReport {
  /** Names of the model that kept their numbers. */
  readonly missing: readonly string[];
  /** Names, once renamed, that the model does not have. */
  readonly unexpected: readonly string[];
}

/**
 * Copies numbers into a model, by name, floats of any width into floats of any width. All names, types and shapes are
 * compared before the first number is copied.
 *
 * @throws WeightsError `state-mismatch`, listing every mismatch; nothing is changed then
 */
export function loadState(
  model: object,
  tensors: ReadonlyMap<string, TensorData>,
  { rename = (name) => name, allowMissing, allowUnexpected }: LoadOptions = {},
): LoadReport {
  const state = collect(model);
  const { found, clashes } = renamed(tensors, rename);
  // One of the names of a shared tensor will do.
  const given = new Set([...found.keys()].map((name) => state.get(name)));
  const missing = [...state].flatMap(([name, tensor]) => (given.has(tensor) ? [] : [name]));
  const unexpected = [...found.keys()].filter((name) => !state.has(name));
  const problems = [
    ...clashes,
    ...missing.filter((name) => !isAllowed(name, allowMissing)).map((name) => `missing    ${name}`),
    ...unexpected.filter((name) => !isAllowed(name, allowUnexpected)).map((name) => `unexpected ${name}`),
    ...[...found].flatMap(([name, tensor]) => mismatch(name, state.get(name), tensor)),
    ...disagreements(state, found),
  ];
  if (problems.length > 0) {
    const list = problems.join('\n  ');
    throw new WeightsError('state-mismatch', `These weights do not fit the model; nothing was loaded:\n  ${list}`);
  }
  for (const [name, source] of found) copyInto(state.get(name), source);
  return { missing, unexpected };
}

/** A copy of all weights and buffers as they are now, by their official names; `stateOf` gives them without a copy. */
export function saveState(model: object): Map<string, TensorData> {
  return new Map(
    Array.from(collect(model), ([name, { dtype, shape, data }]) => [name, { dtype, shape, data: data.slice() }]),
  );
}

/**
 * Weights whose names match stay as they are in training, and programs compiled from now on store them as constants.
 *
 * @param pattern - a regular expression searched for in the name, or a whole name or leading parts of one (`backbone`
 *   takes `backbone.conv1.weight`); all weights unless given
 * @throws GraphError where no weight matches
 */
export function freeze(model: object, pattern?: RegExp | string): void {
  setTrainable('freeze', model, pattern, false);
}

/** The reverse of `freeze`. */
export function unfreeze(model: object, pattern?: RegExp | string): void {
  setTrainable('unfreeze', model, pattern, true);
}

/** How many numbers a model's weights hold, shared ones counted once; buffers are not weights. */
export function countParameters(model: object): { total: number; trainable: number } {
  const count = { total: 0, trainable: 0 };
  for (const tensor of new Set(collect(model).values())) {
    if (!(tensor instanceof Parameter)) continue;
    count.total += tensor.data.length;
    if (tensor.trainable) count.trainable += tensor.data.length;
  }
  return count;
}

// ---- below: internals ----

interface Layer {
  readonly [fieldNames]?: Readonly<Record<string, string>>;
  readonly [sharedParts]?: readonly string[];
}

/** The tensors of a model by name; nothing is renamed. */
function collect(model: object): Map<string, StateTensor> {
  const state = new Map<string, StateTensor>();
  const names = new Map<StateTensor, string>();
  const shared: string[] = [];
  const around = new Set<object>();

  const visit = (value: unknown, name: string) => {
    if (value instanceof Parameter || value instanceof Buffer) {
      const other = names.get(value);
      if (state.has(name)) throw new GraphError(`stateOf: two tensors are called ${name}; rename a field`);
      if (other !== undefined && !shared.some((part) => isWithin(name, part))) {
        throw new GraphError(
          `stateOf: ${other} and ${name} are one tensor; list ${name} under [sharedParts] if that is meant`,
        );
      }
      state.set(name, value);
      names.set(value, other ?? name);
    } else if (isWalked(value)) {
      if (around.has(value)) throw new GraphError(`stateOf: ${name} leads back to what it is a part of`);
      around.add(value);
      const { [fieldNames]: called = {}, [sharedParts]: parts = [] } = value as Layer;
      shared.push(...parts.map((part) => join(name, part)));
      for (const [field, part] of Object.entries(value)) visit(part, join(name, called[field] ?? field));
      around.delete(value);
    }
  };
  visit(model, '');
  return state;
}

/** Arrays and objects with fields; not tensors on the way to a result, nor arrays of numbers. */
const isWalked = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Tensor) && !ArrayBuffer.isView(value);

const join = (outer: string, inner: string): string => (outer ? `${outer}.${inner}` : inner);

const isWithin = (name: string, part: string): boolean => name === part || name.startsWith(`${part}.`);

const isAllowed = (name: string, allowed: true | RegExp | undefined): boolean =>
  allowed === true || (allowed !== undefined && name.search(allowed) >= 0);

function renamed(
  tensors: ReadonlyMap<string, TensorData>,
  rename: (name: string) => string | null,
): { found: Map<string, TensorData>; clashes: string[] } {
  const found = new Map<string, TensorData>();
  const clashes: string[] = [];
  for (const [official, tensor] of tensors) {
    const name = rename(official);
    if (name === null) continue;
    if (found.has(name)) clashes.push(`twice      ${name}: the second was ${official} before it was renamed`);
    else found.set(name, tensor);
  }
  return { found, clashes };
}

function mismatch(name: string, wanted: StateTensor | undefined, found: TensorData): string[] {
  if (!wanted) return [];
  if (String(wanted.shape) !== String(found.shape)) {
    return [`shape      ${name}: expected ${shown(wanted.shape)}, found ${shown(found.shape)}`];
  }
  const fits = wanted.dtype === found.dtype || (isFloat(wanted.dtype) && isFloat(found.dtype));
  return fits ? [] : [`type       ${name}: expected ${wanted.dtype}, found ${found.dtype}`];
}

/** Two names of one tensor for which the file holds different numbers: one of them would be lost. */
function disagreements(state: ReadonlyMap<string, StateTensor>, found: ReadonlyMap<string, TensorData>): string[] {
  const first = new Map<StateTensor, string>();
  return [...state].flatMap(([name, tensor]) => {
    const source = found.get(name);
    if (!source) return [];
    const other = first.get(tensor);
    if (other === undefined) {
      first.set(tensor, name);
      return [];
    }
    const [a, b] = [numbersOf(source), numbersOf(found.get(other) as TensorData)];
    const isSame = a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
    return isSame ? [] : [`different  ${name}: the model has it and ${other} as one tensor`];
  });
}

function copyInto(target: StateTensor | undefined, source: TensorData): void {
  if (!target) return;
  const data: TypedArray = target.dtype === source.dtype ? source.data : arrayFrom(target.dtype, numbersOf(source));
  (target.data as Float32Array).set(data as Float32Array);
}

function setTrainable(verb: string, model: object, pattern: RegExp | string | undefined, trainable: boolean): void {
  const weights = [...collect(model)].filter((entry): entry is [string, Parameter] => entry[1] instanceof Parameter);
  const chosen = weights.filter(([name]) => pattern === undefined || matches(name, pattern));
  if (chosen.length === 0) {
    const similar = similarNames(
      String(pattern),
      weights.map(([name]) => name),
    );
    throw new GraphError(
      `${verb}: ${pattern ?? 'nothing'} matches none of the ${weights.length} weights; similar: ${similar.join(', ')}`,
    );
  }
  for (const [, weight] of chosen) weight.trainable = trainable;
}

const matches = (name: string, pattern: RegExp | string): boolean =>
  typeof pattern === 'string' ? isWithin(name, pattern) : name.search(pattern) >= 0;
