import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { bootstrapDetectionMap, compareDetections } from './bootstrap.ts';
import { detectionMap } from './detectionMap.ts';
import { madeDetections } from './testing.ts';

const { truth, predictions } = madeDetections({ videos: 60, predictions: 1500, seed: 7 });
const resamples = 300;

describe('bootstrapDetectionMap', () => {
  const found = bootstrapDetectionMap(truth, predictions, microActions52, { resamples });

  it('starts from the very numbers of detectionMap', () => {
    const plain = detectionMap(truth, predictions, microActions52);
    expect(found.average.value).toBeCloseTo(plain.average, 12);
    for (const level of ['action', 'body'] as const) {
      found[level].map.forEach(({ value }, t) => {
        expect(value).toBeCloseTo(plain[level].map[t], 12);
      });
    }
  });

  it("follows the challenge baseline's evaluator where that is asked, its NaN included", () => {
    const options = { reference: 'mac2024', resamples: 5 } as const;
    expect(bootstrapDetectionMap(truth, predictions, microActions52, options).average.value).toBeNaN();
    const known = {
      ...predictions,
      labels: predictions.labels.map((label) => truth.labels.find((l) => l === label) ?? ''),
    };
    const plain = detectionMap(truth, known, microActions52, options);
    const drawn = bootstrapDetectionMap(truth, known, microActions52, options);
    expect(drawn.average.value).toBeCloseTo(plain.average, 12);
    expect(drawn.average.high).toBeLessThan(1);
  });

  it('gives the same for the same seed, another for another', () => {
    const again = bootstrapDetectionMap(truth, predictions, microActions52, { resamples });
    expect(again).toEqual(found);
    const other = bootstrapDetectionMap(truth, predictions, microActions52, { resamples, seed: 2 });
    expect(other.average.low).not.toBe(found.average.low);
  });

  it('holds the value inside the interval, wider where more confidence is asked', () => {
    const wide = bootstrapDetectionMap(truth, predictions, microActions52, { resamples, confidence: 0.99 });
    const { low, value, high, standardError } = found.action.average;
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(wide.action.average.high - wide.action.average.low).toBeGreaterThan(high - low);
    expect((high - low) / standardError).toBeCloseTo(2 * 1.96, 0);
  });

  it('narrows as the root of the number of videos', () => {
    const many = madeDetections({ videos: 960, predictions: 24_000, seed: 7 });
    const narrow = bootstrapDetectionMap(many.truth, many.predictions, microActions52, { resamples: 100 });
    const ratio = found.body.average.standardError / narrow.body.average.standardError;
    expect(ratio).toBeGreaterThan(3);
    expect(ratio).toBeLessThan(5.5);
  });

  it.each([{ resamples: 0 }, { resamples: 1.5 }, { confidence: 95 }, { tiou: [1.5] }, { tiou: [] }])(
    'refuses %o',
    (options) => {
      expect(() => bootstrapDetectionMap(truth, predictions, microActions52, options)).toThrow(/must be|needed/);
    },
  );
});

describe('compareDetections', () => {
  it('finds no difference between a file and itself', () => {
    const { average } = compareDetections(truth, predictions, predictions, microActions52, { resamples: 50 });
    expect(average).toMatchObject({ value: 0, low: 0, high: 0, pValue: 1 });
  });

  it('tells better boundaries from worse, with the sign of the second less the first', () => {
    const better = madeDetections({ videos: 60, predictions: 1500, seed: 7, noiseSeconds: 0.4 }).predictions;
    const { average } = compareDetections(truth, predictions, better, microActions52, { resamples });
    expect(average.second).toBeGreaterThan(average.first);
    expect(average.low).toBeGreaterThan(0);
    expect(average.pValue).toBeLessThan(0.01);
    const turned = compareDetections(truth, better, predictions, microActions52, { resamples });
    expect(turned.average.value).toBeCloseTo(-average.value, 12);
  });

  it('draws videos in pairs: two files that differ in one video hardly vary', () => {
    const many = madeDetections({ videos: 240, predictions: 6000, seed: 7 });
    const score = many.predictions.score.map((s, i) => (many.predictions.video[i] === 3 ? 0 : s));
    const changed = { ...many.predictions, score };
    const { average } = compareDetections(many.truth, many.predictions, changed, microActions52, { resamples });
    const alone = bootstrapDetectionMap(many.truth, many.predictions, microActions52, { resamples });
    expect(average.value).not.toBe(0);
    expect(average.standardError).toBeLessThan(alone.average.standardError / 3);
    expect(average.pValue).toBeGreaterThan(0.05);
  });
});
