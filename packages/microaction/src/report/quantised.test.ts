import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantise, restore, stepFor } from './quantised.ts';

describe('a quantised series', () => {
  it('comes back within half a step, with its gaps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Number.NaN))),
        fc.constantFrom(0.1, 1e-4, 2, 0.05),
        (values, step) => {
          const back = restore(quantise(values, step));
          expect(back.length).toBe(values.length);
          values.forEach((value, i) => {
            if (Number.isNaN(value)) expect(back[i]).toBeNaN();
            else expect(Math.abs(back[i] - value)).toBeLessThanOrEqual(step / 2 + 1e-9);
          });
        },
      ),
    );
  });

  it('takes one byte a sample for slow motion', () => {
    const path = Float32Array.from({ length: 3000 }, (_, i) => 500 + 40 * Math.sin(i / 20));
    expect(atob(quantise(path, 0.1).base64).length).toBeLessThanOrEqual(3000 + 1);
  });
});

describe('stepFor', () => {
  it('cuts the range in at least the wanted parts, and not in ten times as many', () => {
    const magnitude = fc.double({ min: 1e-3, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(magnitude, fc.double({ min: -1e4, max: 1e4, noNaN: true }), (range, from) => {
        const parts = range / stepFor([from, Number.NaN, from + range], 1000);
        expect(parts).toBeGreaterThan(999);
        expect(parts).toBeLessThan(3000);
      }),
    );
  });

  it.each([
    { values: [], what: 'nothing' },
    { values: [Number.NaN], what: 'only gaps' },
    { values: [7, 7], what: 'one value' },
  ])('gives a usable step for $what', ({ values }) => {
    expect([...restore(quantise(values, stepFor(values, 1000)))]).toEqual(values);
  });
});
