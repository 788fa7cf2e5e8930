import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { balancedDraw } from './balancedDraw.ts';
import { bucketBatches } from './lengthBuckets.ts';

describe('balancedDraw', () => {
  const rare = [[0], [0], [0], [0, 1], [0], [0], [0], [0], []];

  it('without balance gives each video once, in an order of its seed', () => {
    const drawn = balancedDraw(rare, 0, new Dice(1));
    expect(drawn.toSorted((a, b) => a - b)).toEqual([...rare.keys()]);
    expect(balancedDraw(rare, 0, new Dice(1))).toEqual(drawn);
    expect(balancedDraw(rare, 0, new Dice(2))).not.toEqual(drawn);
  });

  it('gives a rare class as often as it weighs, and as many draws as ever', () => {
    const epochs = Array.from({ length: 400 }, (_, epoch) => balancedDraw(rare, 1, new Dice(1).fork(epoch)));
    for (const drawn of epochs) expect(drawn.length).toBe(9);
    const mean = epochs.flat().filter((video) => video === 3).length / 400;
    expect(Math.abs(mean - (9 * 8) / 16)).toBeLessThan(0.1); // weights: eight of 1, one of 8
  });

  it('rounds a share up or down, no further', () => {
    const property = fc.property(
      fc.array(fc.uniqueArray(fc.nat(6), { maxLength: 4 }), { minLength: 1, maxLength: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(),
      (classesOf, balance, seed) => {
        const drawn = balancedDraw(classesOf, balance, new Dice(seed));
        expect(drawn.length).toBe(classesOf.length);
        const counts = Map.groupBy(classesOf.flat(), (id) => id);
        const most = Math.max(...[...counts.values()].map(({ length }) => length));
        const weights = classesOf.map((ids) =>
          Math.max(1, ...ids.map((id) => (most / (counts.get(id) as number[]).length) ** balance)),
        );
        const sum = weights.reduce((total, weight) => total + weight, 0);
        weights.forEach((weight, video) => {
          const times = drawn.filter((one) => one === video).length;
          expect(Math.abs(times - (weights.length * weight) / sum)).toBeLessThan(1 + 1e-6);
        });
      },
    );
    fc.assert(property, { seed: 5, numRuns: 200 });
  });
});

describe('bucketBatches', () => {
  const options = { lengths: [10, 20, 40], batchSize: 2, lengthOf: (item: number) => item, keepIncomplete: true };

  it('puts together what fits the same length, and what is left over with what is longer', () => {
    expect(bucketBatches([5, 30, 15, 7, 9, 12, 3, 2, 8], options)).toEqual([
      { length: 10, items: [5, 7] },
      { length: 20, items: [15, 12] },
      { length: 10, items: [9, 3] },
      { length: 10, items: [2, 8] },
      { length: 40, items: [30] },
    ]);
    expect(bucketBatches([5, 15, 30], options)).toEqual([
      { length: 20, items: [15, 5] },
      { length: 40, items: [30] },
    ]);
    expect(bucketBatches([5], options)).toEqual([{ length: 10, items: [5] }]);
  });

  it('uses every item once, in a length that holds it, with at most one incomplete batch, the last', () => {
    const property = fc.property(
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      (lengths, batchSize, keepIncomplete) => {
        const items = lengths.map((length, id) => ({ id, length }));
        const batches = bucketBatches(items, {
          ...options,
          batchSize,
          keepIncomplete,
          lengthOf: ({ length }) => length,
        });
        const count = items.length / batchSize;
        expect(batches.length).toBe(keepIncomplete ? Math.ceil(count) : Math.floor(count));
        for (const batch of batches)
          for (const { length } of batch.items) expect(length).toBeLessThanOrEqual(batch.length);
        for (const batch of batches.slice(0, -1)) expect(batch.items.length).toBe(batchSize);
        const ids = batches.flatMap((batch) => batch.items.map(({ id }) => id));
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.length).toBe(keepIncomplete ? items.length : Math.floor(count) * batchSize);
      },
    );
    fc.assert(property, { seed: 6, numRuns: 300 });
  });
});
