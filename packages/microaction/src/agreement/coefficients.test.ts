import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementOf, cohensKappa, fleissKappa, nominalAlpha, pooled } from './coefficients.ts';

/** Rows of category counts from what each coder gave to each sample; undefined: nothing. */
function rowsOf(samples: readonly (readonly (number | undefined)[])[], categories: number): number[][] {
  return samples.map((values) =>
    Array.from({ length: categories }, (_, category) => values.filter((value) => value === category).length),
  );
}

describe("Cohen's kappa", () => {
  it('is 0.492 on the example of Cohen, Educational and Psychological Measurement 20(1), 1960, p. 45', () => {
    const table = [
      [88, 14, 18],
      [10, 40, 10],
      [2, 6, 12],
    ];
    const kappa = cohensKappa(table);
    expect(1 - kappa.observed).toBeCloseTo(0.7, 10);
    expect(1 - kappa.expected).toBeCloseTo(0.41, 10);
    expect(agreementOf(kappa)).toBeCloseTo(0.492, 3);
  });

  it('is 0.4 on 20 and 15 of 50 grant applications (Wikipedia, "Cohen\'s kappa", simple example)', () => {
    expect(
      agreementOf(
        cohensKappa([
          [20, 5],
          [10, 15],
        ]),
      ),
    ).toBeCloseTo(0.4, 10);
  });
});

describe("Fleiss' kappa", () => {
  it('is 0.210 for 14 psychiatrists and 10 patients (Wikipedia, "Fleiss\' kappa", worked example)', () => {
    const kappa = fleissKappa([
      [0, 0, 0, 0, 14],
      [0, 2, 6, 4, 2],
      [0, 0, 3, 5, 6],
      [0, 3, 9, 2, 0],
      [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0],
      [3, 2, 6, 3, 0],
      [2, 5, 3, 2, 2],
      [6, 5, 2, 1, 0],
      [0, 2, 2, 3, 7],
    ]);
    expect(1 - kappa.observed).toBeCloseTo(0.378, 3);
    expect(1 - kappa.expected).toBeCloseTo(0.213, 3);
    expect(agreementOf(kappa)).toBeCloseTo(0.21, 3);
  });
});

describe("Krippendorff's alpha", () => {
  it('is 0.095 for two coders and a dichotomy (Krippendorff, Content Analysis, 1980, p. 133)', () => {
    const first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
    const second = [0, 1, 1, 0, 0, 1, 0, 1, 0, 0];
    const alpha = nominalAlpha(
      rowsOf(
        first.map((value, i) => [value, second[i]]),
        2,
      ),
    );
    expect(alpha.observed).toBeCloseTo(0.4, 10);
    expect(alpha.expected).toBeCloseTo(0.442, 3);
    expect(agreementOf(alpha)).toBeCloseTo(0.095, 3);
  });

  it('is 0.642 for three coders and four categories (Krippendorff 1980, p. 139)', () => {
    const samples = ['111', '122', '222', '444', '144', '222', '123', '333', '222'];
    const alpha = nominalAlpha(
      rowsOf(
        samples.map((values) => [...values].map((value) => Number(value) - 1)),
        4,
      ),
    );
    expect(alpha.observed).toBeCloseTo(0.259, 3);
    expect(agreementOf(alpha)).toBeCloseTo(0.642, 3);
  });

  it('is 0.743 for four coders with gaps (Krippendorff, Computing Alpha-Reliability, 2011, section C)', () => {
    const coders = ['123321412...', '1233224125.3', '.3332342251.', '12332441251.'].map((row) =>
      [...row].map((value) => (value === '.' ? undefined : Number(value) - 1)),
    );
    const samples = coders[0].map((_, i) => coders.map((row) => row[i]));
    expect(agreementOf(nominalAlpha(rowsOf(samples, 5)))).toBeCloseTo(0.743, 3);
  });
});

const codings = fc.integer({ min: 2, max: 5 }).chain((coders) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: coders, maxLength: coders }), {
    minLength: 1,
    maxLength: 30,
  }),
);
const tableOf = (samples: readonly (readonly number[])[]) =>
  [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => samples.filter(([a, b]) => a === i && b === j).length));

describe('coefficients of agreement', () => {
  it('are 1 for perfect agreement, and null where only one category is ever used', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2 }), (values) => {
        const samples = values.map((value) => [value, value, value]);
        const expected = new Set(values).size > 1 ? 1 : null;
        expect(agreementOf(fleissKappa(rowsOf(samples, 4)))).toBe(expected);
        expect(agreementOf(nominalAlpha(rowsOf(samples, 4)))).toBe(expected);
        expect(agreementOf(cohensKappa(tableOf(samples)))).toBe(expected);
      }),
      { seed: 1 },
    );
  });

  it('do not depend on the order of coders, samples or categories, nor on writing equal rows as weights', () => {
    fc.assert(
      fc.property(codings, (samples) => {
        const turned = samples.map((values) => values.map((value) => 3 - value).reverse()).reverse();
        for (const coefficient of [fleissKappa, nominalAlpha]) {
          const plain = coefficient(rowsOf(samples, 4));
          const other = coefficient(rowsOf(turned, 4));
          const twice = coefficient(rowsOf([...samples, ...samples], 4));
          const weighted = coefficient(
            rowsOf(samples, 4),
            samples.map(() => 2),
          );
          expect(other.observed).toBeCloseTo(plain.observed, 10);
          expect(other.expected).toBeCloseTo(plain.expected, 10);
          expect(weighted.observed).toBeCloseTo(twice.observed, 10);
          expect(weighted.expected).toBeCloseTo(twice.expected, 10);
        }
        const [a, b] = [cohensKappa(tableOf(samples)), cohensKappa(tableOf(samples.map(([x, y]) => [y, x])))];
        expect(a.observed).toBeCloseTo(b.observed, 10);
        expect(a.expected).toBeCloseTo(b.expected, 10);
      }),
      { seed: 2 },
    );
  });

  it('pool to the common value where all labels have it', () => {
    const one = { observed: 0.1, expected: 0.4 };
    expect(agreementOf(pooled([one, one, { observed: 0, expected: 0 }]))).toBeCloseTo(0.75, 10);
  });
});
