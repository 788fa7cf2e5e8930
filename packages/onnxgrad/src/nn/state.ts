import { GraphError, WeightsError } from '../errors.ts';
import { Buffer, Parameter, Tensor } from '../graph/tensor.ts';
import {
  arrayFrom,
  type DType,
  isFloat,
  numbersOf,
  type Shape,
  type TensorData,
  type TypedArray,
} from '../graph/tensorData.ts';
import { similarNames } from '../optim/similarNames.ts';
import { type MatchOptions, matchWeights } from '../weights/matchWeights.ts';

/**
 * A layer may say under this key how official checkpoints call its fields, where the fields cannot be called so
 * themselves: `{ fc1: 'layers.0.0' }`; what is within a field called '' stands beside it.
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

export interface LoadReport {
  /** Names of the model that were allowed to be missing, are, and kept their numbers. */
  readonly missing: readonly string[];
  /** Names, once renamed, that were allowed to be there besides, and are. */
  readonly unexpected: readonly string[];
}

/**
 * Copies numbers into a model, by name, floats of any width into floats of any width. All names, shapes and types are
 * compared before the first number is copied. A tensor with two names takes either, and both where they agree.
 *
 * @throws WeightsError `mismatch`, listing every mismatch; nothing is changed then
 */
export function loadState(
  model: object,
  tensors: ReadonlyMap<string, TensorData>,
  options: MatchOptions = {},
): LoadReport {
  const { sources, twins, report } = planned(model, tensors, options);
  const read = (name: string) => tensors.get(name) as TensorData;
  for (const [name, other] of twins) requireEqual(name, read(name), other, read(other));
  for (const [target, name] of sources) copyInto(target, read(name));
  return report;
}

/** A tensor that is read when asked for, as an open file of weights has them. */
export interface Readable {
  readonly shape: Shape;
  readonly dtype: DType;
  read(): Promise<TensorData>;
}

/**
 * As `loadState`, from an open file of weights, one tensor at a time:
 * `await loadWeights(model, await openWeights(path))`.
 *
 * @throws WeightsError `mismatch`, nothing is changed then; and whatever reading the file gives, when tensors that were
 *   read before have been copied
 */
export async function loadWeights(
  model: object,
  file: { readonly entries: ReadonlyMap<string, Readable> },
  options: MatchOptions = {},
): Promise<LoadReport> {
  const { sources, twins, report } = planned(model, file.entries, options);
  const read = (name: string) => (file.entries.get(name) as Readable).read();
  for (const [name, other] of twins) requireEqual(name, await read(name), other, await read(other));
  for (const [target, name] of sources) copyInto(target, await read(name));
  return report;
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

const join = (outer: string, inner: string): string => (outer && inner ? `${outer}.${inner}` : outer || inner);

const isWithin = (name: string, part: string): boolean => name === part || name.startsWith(`${part}.`);

interface Plan {
  /** What is copied, by its name in the file. */
  readonly sources: ReadonlyMap<StateTensor, string>;
  /** Names in the file of what is one tensor in the model. */
  readonly twins: readonly (readonly [name: string, other: string])[];
  readonly report: LoadReport;
}

function planned(
  model: object,
  found: ReadonlyMap<string, { readonly shape: Shape; readonly dtype: DType }>,
  options: MatchOptions,
): Plan {
  const state = collect(model);
  const { rename = (name: string) => name } = options;
  const given = new Set(Array.from(found.keys(), rename));
  const reached = new Set([...state].flatMap(([name, tensor]) => (given.has(name) ? [tensor] : [])));
  // Of the names of one tensor, those that are absent need not be there if another is.
  const wanted = [...state].filter(([name, tensor]) => given.has(name) || !reached.has(tensor));
  const { names, ...report } = matchWeights(new Map(wanted.map(([name, { shape }]) => [name, shape])), found, options);

  const sources = new Map<StateTensor, string>();
  const twins: [string, string][] = [];
  const problems: string[] = [];
  for (const [name, inFile] of names) {
    const target = state.get(name) as StateTensor;
    const other = sources.get(target);
    if (other !== undefined) twins.push([inFile, other]);
    else sources.set(target, inFile);
    const { dtype } = found.get(inFile) as { dtype: DType };
    if (target.dtype !== dtype && !(isFloat(target.dtype) && isFloat(dtype))) {
      problems.push(`type       ${name}: expected ${target.dtype}, got ${dtype}`);
    }
  }
  if (problems.length > 0) throw doesNotFit(problems);
  return { sources, twins, report };
}

function requireEqual(name: string, a: TensorData, other: string, b: TensorData): void {
  const [first, second] = [numbersOf(a), numbersOf(b)];
  if (first.every((value, i) => Object.is(value, second[i]))) return;
  throw doesNotFit([`different  ${name} and ${other}: the model has them as one tensor`]);
}

const doesNotFit = (problems: readonly string[]): WeightsError =>
  new WeightsError('mismatch', `these weights do not fit:\n  ${problems.join('\n  ')}`);

function copyInto(target: StateTensor, source: TensorData): void {
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
