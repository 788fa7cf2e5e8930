import { WeightsError } from '../errors.ts';
import { type Shape, shown, type TensorData } from '../graph/tensorData.ts';

/**
 * What is saved to go on later: tensors by name, each name beginning with its owner's (`adamW.`, `ema.`), so that one
 * checkpoint holds the state of several.
 */
export type State = ReadonlyMap<string, TensorData>;

/** The arrays that an owner lives on, as tensors without a copy. */
export function live(shape: Shape, data: Float32Array | Float64Array | BigInt64Array): TensorData {
  if (data instanceof BigInt64Array) return { dtype: 'int64', shape, data };
  return { dtype: data instanceof Float32Array ? 'float32' : 'float64', shape, data };
}

/** Copies, which further steps leave alone. */
export const snapshot = (state: State): Map<string, TensorData> =>
  new Map([...state].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]));

/**
 * Copies the owner's entries of a saved state into its arrays. Entries of other owners are passed over; among its own
 * there must be neither more nor fewer than it has, of the same types and shapes.
 *
 * @throws WeightsError `state-mismatch`, listing every mismatch; nothing is changed then
 */
export function restore(owner: string, into: State, saved: State): void {
  const problems = [
    ...[...into.keys()].filter((name) => !saved.has(name)).map((name) => `missing    ${name}`),
    ...[...saved].flatMap(([name, found]) => {
      if (!name.startsWith(`${owner}.`)) return [];
      const wanted = into.get(name);
      if (!wanted) return [`unexpected ${name}`];
      if (described(wanted) === described(found) && wanted.data.length === found.data.length) return [];
      return [`different  ${name}: expected ${described(wanted)}, found ${described(found)}`];
    }),
  ];
  if (problems.length > 0) {
    const list = problems.join('\n  ');
    throw new WeightsError('state-mismatch', `The saved state does not fit this ${owner}; nothing loaded:\n  ${list}`);
  }
  for (const [name, { data }] of into) (data as Float32Array).set(saved.get(name)!.data as Float32Array);
}

const described = ({ dtype, shape, data }: TensorData): string =>
  `${dtype} ${shown(shape)} (${data.length} element${data.length === 1 ? '' : 's'})`;
