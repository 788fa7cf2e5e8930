import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Moment, plateau, smooth, step, unhurried } from './moment.ts';

const anyDuration = fc.double({ min: 0.2, max: 15, noNaN: true });
const anyRise = fc.double({ min: 0.05, max: 2, noNaN: true });
const anyShare = fc.double({ min: 0, max: 1, noNaN: true });
const at = (seconds: number, durationSeconds: number): Moment => ({ seconds, durationSeconds, presence: 1 });

describe('smooth', () => {
  it('goes from 0 to 1, never back, half way at a half, and is still at both ends', () => {
    expect([smooth(-3), smooth(0), smooth(0.5), smooth(1), smooth(7)]).toEqual([0, 0, 0.5, 1, 1]);
    for (let x = 0; x < 1; x += 0.01) expect(smooth(x + 0.01)).toBeGreaterThan(smooth(x));
    // Minimum jerk: 10 x^3 at first, so neither speed nor acceleration.
    expect(smooth(0.001)).toBeLessThan(1.1e-8);
    expect(1 - smooth(0.999)).toBeLessThan(1.1e-8);
  });

  it('is fastest in the middle, at 15/8 of the mean speed', () => {
    expect((smooth(0.501) - smooth(0.499)) / 0.002).toBeCloseTo(15 / 8, 4);
  });
});

describe('plateau', () => {
  it('is 0 outside the act and at its ends, and between 0 and 1 within', () => {
    fc.assert(
      fc.property(anyDuration, anyRise, anyRise, anyShare, (duration, rise, fall, share) => {
        for (const outside of [-1, 0, duration, duration + 1]) {
          expect(plateau(at(outside, duration), rise, fall)).toBe(0);
        }
        const value = plateau(at(share * duration, duration), rise, fall);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }),
      { seed: 5 },
    );
  });

  it('reaches 1 in any act, however short', () => {
    fc.assert(
      fc.property(anyDuration, anyRise, anyRise, (duration, rise, fall) => {
        const top = rise * Math.min(1, duration / (rise + fall));
        expect(plateau(at(top, duration), rise, fall)).toBeCloseTo(1, 9);
      }),
      { seed: 5 },
    );
  });

  it('stays at 1 between its rise and its fall', () => {
    for (const seconds of [0.5, 1, 3, 4.2]) expect(plateau(at(seconds, 5), 0.5, 0.8)).toBeCloseTo(1, 12);
    expect(plateau(at(0.25, 5), 0.5, 0.8)).toBeCloseTo(0.5, 12);
    expect(plateau(at(4.6, 5), 0.5, 0.8)).toBeCloseTo(0.5, 12);
  });
});

describe('step', () => {
  it('is 0 before, 1 after, and done by the end of an act that is shorter than it', () => {
    expect([step(at(-1, 4), 2), step(at(1, 4), 2), step(at(2, 4), 2), step(at(9, 4), 2)]).toEqual([0, 0.5, 1, 1]);
    expect(step(at(0.15, 0.3), 2)).toBeCloseTo(0.5, 12);
    expect(step(at(0.3, 0.3), 2)).toBe(1);
  });
});

describe('unhurried', () => {
  it('gives a short act more time on both sides, less than limbs have between two acts', () => {
    expect(unhurried(at(0, 0.5), 0.9)).toMatchObject({ seconds: 0.2, durationSeconds: 0.9 });
    const least = unhurried(at(0.1, 0.2), 3);
    expect(least.seconds).toBeCloseTo(0.37, 12);
    expect(least.durationSeconds).toBeCloseTo(0.74, 12);
  });

  it('leaves an act alone that has time', () => {
    expect(unhurried(at(0.4, 2), 0.9)).toEqual(at(0.4, 2));
  });
});
