import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { descendingOrder } from './descendingOrder.ts';
import { numpyArgsort } from './numpyArgsort.ts';

const golden = new URL('../../../../../../shared/golden/metrics/ties/', import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, golden), 'utf8'));
const seeded = { seed: 7, numRuns: 200 };

// Outputs of numpy 1.24.2 itself; the README beside them says how they were made.
describe.skipIf(!existsSync(golden))("numpy's order of equal values (golden ties)", () => {
  const cases: { name: string; values: (number | null)[]; argsort: number[] }[] = existsSync(golden)
    ? read('numpy_argsort.json')
    : [];
  it.each(cases)('agrees on $name', ({ values, argsort }) => {
    expect([...numpyArgsort(Float64Array.from(values, (value) => value ?? Number.NaN))]).toEqual(argsort);
  });

  it('agrees on 60 rows of 52 single-precision scores', () => {
    const { rows, argsort } = read('numpy_argsort_rows52.json');
    const ours = rows.map((row: number[]) => [...numpyArgsort(Float32Array.from(row))]);
    expect(ours).toEqual(argsort);
  });
});

describe('numpyArgsort', () => {
  it('sorts anything, NaN last, naming each index once', () => {
    const value = fc.oneof(fc.double(), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), (list) => {
        const order = numpyArgsort(Float64Array.from(list));
        expect(order.toSorted()).toEqual(Int32Array.from(list, (_, i) => i));
        const sorted = [...order].map((i) => (Number.isNaN(list[i]) ? Number.POSITIVE_INFINITY : list[i]));
        for (let i = 1; i < sorted.length; i++) expect(sorted[i] >= sorted[i - 1]).toBe(true);
      }),
      seeded,
    );
  });
});

describe('descendingOrder', () => {
  it('ranks equal scores in file order where that is asked', () => {
    expect([...descendingOrder(Float64Array.of(1, 3, 1, 3, 2), 'stable')]).toEqual([1, 3, 4, 0, 2]);
  });

  it('differs from the stable order among equal scores only', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 200 }).map((list) => Float64Array.from(list));
    fc.assert(
      fc.property(scores, (list) => {
        const sorted = (ties: 'numpy' | 'stable') => [...descendingOrder(list, ties)].map((i) => list[i]);
        expect(sorted('numpy')).toEqual(sorted('stable'));
      }),
      seeded,
    );
  });
});
