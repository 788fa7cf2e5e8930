import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { type BeatsOptions, drawBeats } from './beats.ts';
import { moments, turnsOf } from './testing.ts';

const anySeed = fc.integer({ min: 0, max: 1e6 });
const anyOptions: fc.Arbitrary<BeatsOptions> = fc.record({
  durationSeconds: fc.double({ min: 0.27, max: 15, noNaN: true }),
  hertz: fc.double({ min: 0.3, max: 5, noNaN: true }),
  bout: fc.option(fc.constantFrom([1, 1] as const, [1, 3] as const, [2, 5] as const), { nil: undefined }),
});
const property = (test: (seed: number, options: BeatsOptions) => void) =>
  fc.assert(fc.property(anySeed, anyOptions, test), { seed: 6, numRuns: 150 });

describe('beats', () => {
  it('stay in their bounds, and are 0 outside the act and at its ends', () => {
    property((seed, options) => {
      const { oneWay, toAndFro } = drawBeats(new Dice(seed), options);
      const { durationSeconds } = options;
      for (const at of [-1, 0, durationSeconds, durationSeconds + 1]) {
        expect(oneWay(at)).toBeCloseTo(0, 9);
        expect(toAndFro(at)).toBeCloseTo(0, 9);
      }
      for (const at of moments(0, durationSeconds, 20)) {
        expect(oneWay(at) >= 0 && oneWay(at) <= 1).toBe(true);
        expect(Math.abs(toAndFro(at))).toBeLessThanOrEqual(1);
      }
    });
  });

  it('have at least one stroke, the last of which ends with the act', () => {
    property((seed, options) => {
      const { durationSeconds, hertz } = options;
      const { oneWay, toAndFro } = drawBeats(new Dice(seed), options);
      const tail = moments(durationSeconds - Math.min(durationSeconds, 1 / hertz), durationSeconds, 400);
      expect(Math.max(...tail.map(oneWay))).toBeGreaterThan(0.15);
      expect(Math.min(...tail.map(toAndFro))).toBeLessThan(-0.15);
    });
  });

  it('are continuous, with turns that are no jerks', () => {
    property((seed, options) => {
      const { oneWay, toAndFro } = drawBeats(new Dice(seed), options);
      // A stroke is all but a sine of the drawn frequency, hastened by 4/3 at most unless it is the only one.
      const fastest = 2 * Math.PI * Math.max(1.6 * options.hertz, 1.2 / options.durationSeconds);
      const step = 1 / 1000;
      for (const beat of [oneWay, toAndFro]) {
        let speed = 0;
        for (const at of moments(0, options.durationSeconds, 40)) {
          const next = (beat(at + step) - beat(at)) / step;
          expect(Math.abs(next)).toBeLessThan(fastest);
          const soon = (beat(at + 2 * step) - beat(at + step)) / step;
          expect(Math.abs(soon - next)).toBeLessThan(2.2 * fastest ** 2 * step);
          speed = Math.max(speed, Math.abs(next));
        }
        expect(speed).toBeGreaterThan(0);
      }
    });
  });

  it('fill an act without pauses at the frequency asked for', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { oneWay, toAndFro } = drawBeats(new Dice(seed), { durationSeconds: 10, hertz: 2 });
      for (const beat of [oneWay, toAndFro]) {
        const strokes = (turnsOf(moments(0, 10, 100).map(beat), 0.2) + 1) / 2;
        expect(strokes).toBeGreaterThan(17);
        expect(strokes).toBeLessThan(23);
      }
    }
  });

  it('pause between bouts', () => {
    const { oneWay, toAndFro } = drawBeats(new Dice(2), { durationSeconds: 15, hertz: 3, bout: [2, 2], pause: [1, 1] });
    for (const beat of [oneWay, toAndFro]) {
      const still = moments(0, 15, 100).filter((at) => beat(at) === 0 && beat(at + 0.01) === 0).length / 1500;
      expect(still).toBeGreaterThan(0.45); // of each 5/3 s, 1 s
      expect(still).toBeLessThan(0.7);
    }
  });

  it('are no two alike', () => {
    const { oneWay } = drawBeats(new Dice(3), { durationSeconds: 5, hertz: 1 });
    const peaks = moments(0, 5, 200)
      .map(oneWay)
      .filter((value, i, all) => i > 0 && value > all[i - 1] && value >= all[i + 1])
      .map((value) => value.toFixed(3));
    expect(peaks.length).toBeGreaterThan(3);
    expect(new Set(peaks).size).toBe(peaks.length);
  });

  it('hurry a stroke that has no time, and make it smaller', () => {
    const size = (durationSeconds: number) => {
      const { oneWay } = drawBeats(new Dice(4), { durationSeconds, hertz: 0.5 });
      return Math.max(...moments(0, durationSeconds, 200).map(oneWay));
    };
    expect(size(0.3)).toBeLessThan(0.6 * size(2));
    expect(size(0.3)).toBeGreaterThan(0.2);
  });
});
