import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clip, Dataset, Instance } from '../annotation/dataset.ts';
import * as arbitrary from '../annotation/testing.ts';
import { seededRandom } from '../random.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import { agreementBetween } from './agreement.ts';

const one = (action: string, start: number, end: number): Instance => ({ action, start, end });
const set = (...clips: Clip[]): Dataset => ({ taxonomy: microActions52, clips });
const clip = (id: string, ...instances: Instance[]): Clip => ({ id, durationSeconds: 10, instances });
const time = fc.integer({ min: 0, max: 100 }).map((tenth) => tenth / 10);

describe('agreement between coders', () => {
  it('is perfect with oneself', () => {
    fc.assert(
      fc.property(arbitrary.dataset({ time, clips: { minLength: 1, maxLength: 3 } }), (data) => {
        const { overall, pairs, labels } = agreementBetween([data, data, data], { resamples: 5 });
        const figures = (row: (typeof labels)[number]) => [row.fleissKappa, row.alpha, row.unitisedAlpha, row.f1];
        for (const { value } of labels.flatMap(figures)) expect(value ?? 1).toBeCloseTo(1, 9);
        if (labels.length > 0) expect(overall.f1).toEqual({ value: 1, low: 1, high: 1 });
        for (const pair of pairs) expect(pair.overall.cohensKappa.value ?? 1).toBeCloseTo(1, 9);
        expect(overall.agreedByAll.agreed).toBeGreaterThanOrEqual(overall.instances[0] > 0 ? 1 : 0);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('does not depend on the order of the coders, but for what is asked of one against the other', () => {
    fc.assert(
      fc.property(arbitrary.dataset({ time, clips: { minLength: 2, maxLength: 4 } }), fc.nat(), (data, seed) => {
        const random = seededRandom(seed);
        const jittered: Dataset = {
          ...data,
          clips: data.clips.map((some) => ({
            ...some,
            instances: some.instances
              .filter(() => random() < 0.8)
              .map((i) => ({ ...i, end: i.end + (random() < 0.5 ? 0.3 : 0) })),
          })),
        };
        const [ab, ba] = [agreementBetween([data, jittered]), agreementBetween([jittered, data])];
        expect(ba.overall.f1).toEqual(ab.overall.f1);
        expect(ba.overall.agreedByAll).toEqual(ab.overall.agreedByAll);
        expect(ba.pairs[0].overall.precision).toEqual(ab.pairs[0].overall.recall);
        for (const figure of ['fleissKappa', 'alpha', 'unitisedAlpha'] as const) {
          const [x, y] = [ab.overall[figure].value, ba.overall[figure].value];
          if (x === null) expect(y).toBe(null);
          else expect(y).toBeCloseTo(x, 8);
        }
      }),
      { seed: 2, numRuns: 50 },
    );
  });

  it('is near 0 between coders who code at random', () => {
    const random = seededRandom(4);
    const coder = () =>
      set(
        ...Array.from({ length: 300 }, (_, i) => {
          const start = random() * 8;
          return clip(`${i}`, one('nodding', start, start + 2), one('waving', 8 - start, 9 - start));
        }),
      );
    const { overall, labels, pairs } = agreementBetween([coder(), coder(), coder()], { resamples: 100 });
    for (const { fleissKappa, alpha, unitisedAlpha } of [overall, ...labels]) {
      for (const { value, low, high } of [fleissKappa, alpha, unitisedAlpha]) {
        expect(Math.abs(value!)).toBeLessThan(0.06);
        expect(high! - low!).toBeGreaterThan(0.005);
        expect(high! - low!).toBeLessThan(0.15);
      }
    }
    for (const pair of pairs) expect(Math.abs(pair.overall.cohensKappa.value!)).toBeLessThan(0.08);
  });

  it('counts windows by their middle: a worked example', () => {
    const first = set(clip('a', one('nodding', 0, 4)), clip('b'));
    const second = set(clip('a', one('nodding', 2, 6)), clip('b'));
    const { overall, pairs, labels, hours, videos } = agreementBetween([first, second], {
      windowSeconds: 1,
      event: { minIou: 0.3 },
      resamples: 0,
    });
    expect([videos, hours]).toEqual([2, 20 / 3600]);
    // Of 20 samples both see it at 2, each alone at 2, nobody at 14: observed 0.8, by chance 0.2² + 0.8² = 0.68.
    const kappa = (0.8 - 0.68) / (1 - 0.68);
    expect(pairs[0].overall.cohensKappa.value).toBeCloseTo(kappa, 10);
    expect(overall.fleissKappa.value).toBeCloseTo(kappa, 10);
    // Alpha: 40 values, 8 present; differing by chance 2 · 8 · 32 / 39 of 40.
    expect(overall.alpha.value).toBeCloseTo(1 - 0.2 / ((2 * 8 * 32) / 39 / 40), 10);
    // Units: 40 s, 8 s in units of 4 s each, gaps told to 1 s.
    expect(overall.unitisedAlpha.value).toBeCloseTo(1 - 8 / ((2 * 8 * 32) / (40 - (32 + 32) / 40)), 10);
    expect(pairs[0].overall).toMatchObject({ matched: 1, f1: { value: 1, low: null, high: null } });
    expect(overall.agreedByAll).toMatchObject({ agreed: 0, disputed: 2 });
    expect(labels.map(({ label }) => label)).toEqual(['nodding']);
  });

  it('compares body parts on demand, and only videos that all coded', () => {
    const first = set(clip('a', one('nodding', 0, 4)), clip('b', one('waving', 0, 1)));
    const second = set(clip('a', one('shaking head', 0, 4)), clip('c'));
    const report = agreementBetween([first, second], { level: 'body', resamples: 10, coders: ['Ann', 'Bo'] });
    expect(report).toMatchObject({ coders: ['Ann', 'Bo'], videos: 1, leftOut: ['b', 'c'] });
    expect(report.labels).toMatchObject([{ label: 'head', f1: { value: 1 }, instances: [1, 1] }]);
    expect(agreementBetween([first, second]).overall.f1.value).toBe(0);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('gives the same intervals for the same seed, around the figure', () => {
    const coders = [0, 0.6].map((late) =>
      set(...Array.from({ length: 20 }, (_, i) => clip(`${i}`, one('nodding', 1 + late, 2 + (i % 5))))),
    );
    const [a, b, c] = [1, 1, 2].map((seed) => agreementBetween(coders, { seed }).overall);
    expect(a).toEqual(b);
    expect(c).not.toEqual(a);
    for (const { value, low, high } of [a.alpha, a.f1]) {
      expect(low).toBeLessThan(value!);
      expect(high).toBeGreaterThan(value!);
    }
  });

  it('refuses what cannot be compared, and options without sense', () => {
    const data = set(clip('a'));
    expect(() => agreementBetween([data])).toThrow('found 1 data sets');
    expect(() => agreementBetween([data, set(clip('a'), clip('a'))])).toThrow('Data set 2 holds the clip "a" twice');
    expect(() => agreementBetween([data, set(clip('A'))])).toThrow('No video is coded in all 2 data sets');
    expect(() => agreementBetween([data, data], { windowSeconds: 0 })).toThrow('windowSeconds: found 0');
    expect(() => agreementBetween([data, data], { event: {} })).toThrow('event: found {}');
  });
});
