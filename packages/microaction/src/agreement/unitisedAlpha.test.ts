import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementOf, nominalAlpha } from './coefficients.ts';
import { measureUnits, unitisedAlpha } from './unitisedAlpha.ts';

const span = (start: number, end: number) => ({ start, end });
const alphaOf = (coders: { start: number; end: number }[][], length: number, unitLength = 1) =>
  agreementOf(unitisedAlpha(measureUnits(coders, length), coders.length, length, unitLength));

const spans = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 1, max: 20 })), { maxLength: 6 })
  .map((some) => some.map(([start, length]) => span(start, Math.min(60, start + length))));

describe("Krippendorff's unitised alpha", () => {
  it('is 0.413 on the example of Krippendorff, Content Analysis, 4th ed. 2019, figure 12.11 and section 12.6.4', () => {
    const alex = [span(0, 7), span(7, 13), span(30, 32), span(32, 37), span(37, 44), span(44, 60)];
    const paul = [span(0, 7), span(7, 13), span(13, 21), span(32, 44)];
    const suzan = [span(0, 7), span(7, 13), span(13, 21), span(32, 37), span(37, 41), span(41, 44)];
    // The book prints 0.413; the formula gives 0.4136 on these units.
    expect(Math.abs(alphaOf([alex, paul, suzan], 60)! - 0.413)).toBeLessThan(0.001);
  });

  it('is 1 when all coders give the same units, and the same whoever comes first', () => {
    fc.assert(
      fc.property(spans, spans, spans, (a, b, c) => {
        const same = alphaOf([a, a, a], 60);
        if (a.length > 0) expect(same ?? 1).toBe(1);
        const [one, other] = [alphaOf([a, b, c], 60), alphaOf([c, a, b], 60)];
        if (one === null) expect(other).toBe(null);
        else expect(other).toBeCloseTo(one, 10);
      }),
      { seed: 1 },
    );
  });

  it('measures the same disagreement as counting every moment does', () => {
    fc.assert(
      fc.property(spans, spans, spans, (...coders) => {
        const { observed } = unitisedAlpha(measureUnits(coders, 60), 3, 60, 1);
        const rows = Array.from({ length: 60 }, (_, t) => {
          const present = coders.filter((units) => units.some(({ start, end }) => start <= t && t < end)).length;
          return [3 - present, present];
        });
        expect(observed).toBeCloseTo(nominalAlpha(rows).observed, 10);
      }),
      { seed: 2 },
    );
  });

  it('is the same in seconds as in frames', () => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        const inSeconds = (units: { start: number; end: number }[]) =>
          units.map(({ start, end }) => span(start / 30, end / 30));
        const [frames, seconds] = [alphaOf([a, b], 60), alphaOf([inSeconds(a), inSeconds(b)], 2, 1 / 30)];
        if (frames === null) expect(seconds).toBe(null);
        else expect(seconds).toBeCloseTo(frames, 8);
      }),
      { seed: 3 },
    );
  });
});
