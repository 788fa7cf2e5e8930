import type { StoredType } from './storedType.ts';

/** Element types by NumPy's letters: kind and bytes. `b1` is a truth value, 0 or 1. */
export type NpyType = 'b1' | 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'u8' | 'f2' | 'f4' | 'f8';

export const storedTypes: { readonly [T in NpyType]: StoredType } = {
  b1: 'bool',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

export const npyTypes = Object.keys(storedTypes) as NpyType[];

export const isNpyType = (text: string | undefined): text is NpyType =>
  text !== undefined && Object.hasOwn(storedTypes, text);
