import fc from 'fast-check';
import { arrayConstructors, type DType, sizeOf, type TensorData } from '../graph/tensorData.ts';

/** Tensors of any type and shape, also without elements; floats take any bits, except that all NaN are one. */
export const anyTensor: fc.Arbitrary<TensorData> = fc
  .record({
    dtype: fc.constantFrom(...(Object.keys(arrayConstructors) as DType[])),
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
  })
  .chain(({ dtype, shape }) => {
    const length = sizeOf(shape) * arrayConstructors[dtype].BYTES_PER_ELEMENT;
    return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => {
      const data = new arrayConstructors[dtype](bytes.slice().buffer as never) as TensorData['data'];
      for (let i = 0; i < data.length; i++) {
        if (Number.isNaN(data[i])) data[i] = Number.NaN;
        if (dtype === 'bool') data[i] = Number(data[i]) & 1;
      }
      return { dtype, shape, data };
    });
  });

/** Named tensors, with names of all kinds. */
export const anyTensors: fc.Arbitrary<Map<string, TensorData>> = fc
  .uniqueArray(
    fc.tuple(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('7', '12', '__proto__', 'a.b/c')), anyTensor),
    { maxLength: 5, selector: ([name]) => name },
  )
  .map((entries) => new Map(entries));
