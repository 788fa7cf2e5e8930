import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dice } from '../dice.ts';
import { subjectFolds } from './folds.ts';
import { permuteLabels } from './permuteLabels.ts';

const rows = fc.array(fc.record({ subject: fc.integer({ min: 0, max: 9 }), label: fc.integer({ min: 0, max: 3 }) }), {
  minLength: 2,
  maxLength: 60,
});

describe('folds of subjects', () => {
  it('never share a subject, and none is empty', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 10 }), fc.integer(), (some, wanted, seed) => {
        const subjects = some.map(({ subject }) => `s${subject}`);
        const count = Math.min(wanted, new Set(subjects).size);
        const labels = some.map(({ label }) => label);
        const folds = subjectFolds(subjects, labels, count, new Dice(seed));
        const foldsOf = Map.groupBy(folds, (_, row) => subjects[row]);
        for (const own of foldsOf.values()) expect(new Set(own).size).toBe(1);
        expect(new Set(folds)).toEqual(new Set(Array.from({ length: count }, (_, fold) => fold)));
      }),
      { seed: 1 },
    );
  });

  it('spread the labels where each subject has one', () => {
    const labels = Array.from({ length: 30 }, (_, row) => row % 3);
    const subjects = labels.map((_, row) => `s${row}`);
    const folds = subjectFolds(subjects, labels, 5, new Dice(3));
    for (let fold = 0; fold < 5; fold++) {
      const own = labels.filter((_, row) => folds[row] === fold).sort();
      expect(own).toEqual([0, 0, 1, 1, 2, 2]);
    }
  });
});

describe('permuted labels', () => {
  it('keep what each subject shows, where subjects show several emotions', () => {
    fc.assert(
      fc.property(rows, fc.integer(), (some, seed) => {
        const subjects = some.map(({ subject }) => `s${subject}`);
        const labels = some.map(({ label }) => label);
        const several = [...Map.groupBy(labels, (_, row) => subjects[row]).values()];
        fc.pre(several.some((own) => new Set(own).size > 1));
        const permuted = permuteLabels(subjects, labels, new Dice(seed));
        for (const subject of new Set(subjects)) {
          const own = (all: readonly number[]) => all.filter((_, row) => subjects[row] === subject).sort();
          expect(own(permuted)).toEqual(own(labels));
        }
      }),
      { seed: 2 },
    );
  });

  it('go from subject to subject as a whole, where each shows one emotion', () => {
    const subjects = ['a', 'a', 'b', 'c', 'c', 'c', 'd'];
    const labels = [0, 0, 1, 2, 2, 2, 1];
    const seen = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const [a, a2, b, c, c2, c3, d] = permuteLabels(subjects, labels, new Dice(seed));
      expect([a2, c2, c3]).toEqual([a, c, c]);
      expect([a, b, c, d].sort()).toEqual([0, 1, 1, 2]);
      seen.add([a, b, c, d].join());
    }
    expect(seen.size).toBe(12);
  });
});
