import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clip } from '../annotation/dataset.ts';
import { detectionMap, predictionsOfDataset, truthOfDataset } from '../evaluation/detection/index.ts';
import { microActions52 as taxonomy } from '../taxonomy/microActions52.ts';
import { type ClassPrior, classPriors, segmentsByPriors } from './classPriors.ts';

const clip = (id: string, durationSeconds: number | undefined, ...coded: [string, number, number][]): Clip => ({
  id,
  durationSeconds,
  instances: coded.map(([action, start, end]) => ({ action, start, end })),
});

describe('class priors', () => {
  it('are shares, rates and mean durations, in the order of the taxonomy', () => {
    const clips = [
      clip('a', 10, ['nodding', 0, 1], ['shaking body', 2, 4]),
      clip('b', 30, ['nodding', 5, 8], ['nodding', 9, 11]),
    ];
    expect(classPriors({ taxonomy, clips })).toEqual([
      { action: 'shaking body', share: 0.25, instancesPerSecond: 1 / 40, meanSeconds: 2 },
      { action: 'nodding', share: 0.75, instancesPerSecond: 3 / 40, meanSeconds: 2 },
    ]);
  });

  it('cannot be had without durations or actions', () => {
    expect(() => classPriors({ taxonomy, clips: [clip('a', undefined)] })).toThrow(
      'a: its annotations name no duration',
    );
    expect(() => classPriors({ taxonomy, clips: [clip('a', 3)] })).toThrow('nothing is coded');
  });

  const nodding: ClassPrior = { action: 'nodding', share: 1, instancesPerSecond: 0.2, meanSeconds: 2 };
  const half = fc.double({ min: 0.05, max: 60, noNaN: true });

  it('cover every moment of a video, each segment half over the next, all as likely', () => {
    const property = fc.property(half, half, (meanSeconds, durationSeconds) => {
      const found = segmentsByPriors([{ ...nodding, meanSeconds }], { id: 'a', durationSeconds });
      const length = Math.min(meanSeconds, durationSeconds);
      expect(found[0].segment[0]).toBe(0);
      expect(found.at(-1)?.segment[1]).toBeCloseTo(durationSeconds, 9);
      const chance = 1 - Math.exp(-0.2);
      for (const [i, { segment, score }] of found.entries()) {
        expect(segment[1] - segment[0]).toBeCloseTo(length, 9);
        if (i > 0) expect(segment[0] - found[i - 1].segment[0]).toBeLessThanOrEqual(length / 2 + 1e-9);
        expect(score).toBeGreaterThan(chance * 0.999 - 1e-12);
        expect(score).toBeLessThanOrEqual(chance);
      }
    });
    fc.assert(property, { seed: 1 });
  });

  it('prefer no time: the best quarter of the ranks is spread over the whole video, otherwise in each video', () => {
    const ranked = (id: string) =>
      segmentsByPriors([nodding], { id, durationSeconds: 402 }).sort((a, b) => b.score - a.score);
    const best = ranked('a').slice(0, 100);
    for (let quarter = 0; quarter < 4; quarter++) {
      const inIt = best.filter(({ segment: [start] }) => Math.floor(start / 100) === quarter);
      expect(inIt.length).toBeGreaterThan(20);
    }
    expect(ranked('a')[0]).not.toEqual(ranked('b')[0]);
    expect(ranked('a')).toEqual(ranked('a'));
  });

  it('are worth far less than knowing', () => {
    const clips = Array.from({ length: 20 }, (_, i) =>
      clip(`v${i}`, 20, ['nodding', (i * 7) % 17, ((i * 7) % 17) + 2]),
    );
    const dataset = { taxonomy, clips };
    const priors = classPriors(dataset);
    const guessed = clips.map(({ id, durationSeconds = 0 }): Clip => {
      const found = segmentsByPriors(priors, { id, durationSeconds });
      const instances = found.map(({ segment: [start, end], label, score }) => ({ action: label, start, end, score }));
      return { id, durationSeconds, instances };
    });
    const truth = truthOfDataset(dataset, 'the test');
    const predictions = predictionsOfDataset({ taxonomy, clips: guessed }, 'the test');
    const { action } = detectionMap(truth, predictions, taxonomy, { tiou: [0.5] });
    expect(action.average).toBeGreaterThan(0.005);
    expect(action.average).toBeLessThan(0.2);
  });
});
