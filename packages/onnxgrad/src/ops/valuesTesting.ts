import { constant, type Tensor } from '../graph/tensor.ts';
import { type FloatType, numbersOf, type Shape } from '../graph/tensorData.ts';
import { compile } from '../runtime/program.ts';

/** The numbers of tensors, through the engine; for tests against stored values. */
export async function valuesOf<K extends string>(tensors: Readonly<Record<K, Tensor>>): Promise<Record<K, number[]>> {
  await using program = await compile(tensors, { threads: 1 });
  const results = await program.run();
  const entries = Object.keys(tensors).map((name) => [name, Array.from(numbersOf(results[name as K]))]);
  return Object.fromEntries(entries) as Record<K, number[]>;
}

/** A constant of a shape, in double precision unless told. */
export const numbers = (shape: Shape, values: readonly number[], dtype: FloatType = 'float64'): Tensor =>
  constant(values, { shape, dtype });
