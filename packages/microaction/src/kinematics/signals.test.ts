import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussians } from '../../test/syntheticPose.ts';
import { episodesOf, medianOf, noiseOf, spansBelow, swingsOf } from './signals.ts';

const sine = (samples: number, amplitude: number, period: number) =>
  Float64Array.from({ length: samples }, (_, i) => amplitude * Math.sin((2 * Math.PI * i) / period));

describe('noise', () => {
  it('is that of the white part, whatever slow motion lies under it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0.1, max: 10, noNaN: true }), (seed, sigma) => {
        const normal = gaussians(seed);
        // The estimate spreads by 0.028 with so many samples: the bounds are seven times that away.
        const values = Array.from({ length: 6000 }, (_, i) => sigma * normal() + 50 * Math.sin(i / 40) + 0.1 * i);
        expect(noiseOf(values) / sigma).toBeGreaterThan(0.8);
        expect(noiseOf(values) / sigma).toBeLessThan(1.2);
      }),
      { numRuns: 30 },
    );
  });
  it('is zero for a still signal and for one too short to tell', () => {
    expect(noiseOf(new Float32Array(20))).toBe(0);
    expect(noiseOf([1, 5, 2])).toBe(0);
  });
});

describe('swings', () => {
  it('of a sine are its half periods', () => {
    const swings = swingsOf(sine(150, 5, 15), 4);
    expect(swings.length).toBeGreaterThanOrEqual(19);
    for (const { from, to } of swings.slice(1, -1)) expect(Math.abs(to - from)).toBeGreaterThan(9.5);
  });
  it('leave out the plateaus around a movement', () => {
    const step = Float64Array.from({ length: 60 }, (_, i) => 10 * Math.min(1, Math.max(0, (i - 20) / 10)));
    expect(swingsOf(step, 3)).toEqual([{ start: 20, end: 30, from: 0, to: 10 }]);
  });
  it('alternate in direction, never overlap, and all reach the threshold', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            { weight: 20, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) },
            { weight: 1, arbitrary: fc.constant(Number.NaN) },
          ),
        ),
        fc.double({ min: 0.5, max: 5, noNaN: true }),
        (values, threshold) => {
          const swings = swingsOf(values, threshold);
          swings.forEach((swing, i) => {
            expect(swing.start).toBeLessThanOrEqual(swing.end);
            expect(Math.abs(swing.to - swing.from)).toBeGreaterThanOrEqual(threshold);
            if (i > 0) expect(swing.start).toBeGreaterThanOrEqual(swings[i - 1].end);
          });
        },
      ),
    );
  });
  it('are none where the signal never moves by the threshold', () => {
    expect(swingsOf(sine(100, 1, 15), 2.1)).toEqual([]);
  });
  it('that pause longer than allowed are separate episodes', () => {
    const swings = [
      { start: 0, end: 5, from: 0, to: 1 },
      { start: 6, end: 9, from: 1, to: 0 },
      { start: 30, end: 35, from: 0, to: 1 },
    ];
    expect(episodesOf(swings, 5).map((episode) => episode.length)).toEqual([2, 1]);
  });
});

describe('spans below a level', () => {
  it('hold until the upper level is passed and bridge short pauses', () => {
    const values = [9, 1, 3, 1, 9, 1, 1, 9, 9, 9, 1, 9];
    const spans = spansBelow(values, { enter: 2, leave: 4, minSamples: 2, maxPauseSamples: 1 });
    expect(spans).toEqual([{ start: 1, end: 6 }]);
  });
});

describe('median', () => {
  it('passes over what is not a number and is NaN of nothing', () => {
    expect(medianOf([Number.NaN, 3, 1, 2])).toBe(2);
    expect(medianOf([])).toBeNaN();
  });
});
