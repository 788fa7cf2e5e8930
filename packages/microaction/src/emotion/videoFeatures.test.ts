import { describe, expect, it } from 'vitest';
import type { Instance } from '../annotation/dataset.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import { featureNames, videoFeatures } from './videoFeatures.ts';

function measure(instances: readonly Instance[], durationSeconds = 30): Record<string, number> {
  const values = videoFeatures({ durationSeconds, instances }, microActions52);
  return Object.fromEntries(featureNames(microActions52).map((name, i) => [name, values[i]]));
}

describe('features of a video', () => {
  it('are one for all, four for each action and body part, and one for each pair of parts', () => {
    const names = featureNames(microActions52);
    expect(names).toHaveLength(1 + 4 * (52 + 7) + 21);
    expect(new Set(names).size).toBe(names.length);
    expect(videoFeatures({ durationSeconds: 5, instances: [] }, microActions52)).toHaveLength(names.length);
    expect(featureNames(microActions52, ['together'])).toHaveLength(1 + 21);
  });

  it('measure coded actions by rate, share of time, mean length and overlap of body parts', () => {
    const found = measure([
      { action: 'nodding', start: 0, end: 6 },
      { action: 'nodding', start: 4, end: 8 },
      { action: 'shaking legs', start: 6, end: 12 },
    ]);
    expect(found['all/per_minute']).toBeCloseTo(6, 12);
    expect(found['action/nodding/per_minute']).toBeCloseTo(4, 12);
    expect(found['action/nodding/share']).toBeCloseTo(8 / 30, 12); // the overlap counts once
    expect(found['action/nodding/seconds']).toBeCloseTo(5, 12);
    expect(found['action/nodding/maximum']).toBe(1);
    expect(found['part/head/share']).toBeCloseTo(8 / 30, 12);
    expect(found['together/head+lower limb/share']).toBeCloseTo(2 / 30, 12);
    expect(found['together/body+head/share']).toBe(0);
    expect(found['action/shaking body/seconds']).toBe(0);
  });

  it('count instances by their score, and the surest at each moment', () => {
    const found = measure([
      { action: 'nodding', start: 0, end: 3, score: 0.2 },
      { action: 'nodding', start: 0, end: 6, score: 0.6 },
      { action: 'shaking legs', start: 3, end: 6, score: 0.1 },
    ]);
    expect(found['action/nodding/per_minute']).toBeCloseTo(1.6, 12);
    expect(found['action/nodding/share']).toBeCloseTo((0.6 * 6) / 30, 12);
    expect(found['action/nodding/seconds']).toBeCloseTo((0.2 * 3 + 0.6 * 6) / 0.8, 12);
    expect(found['action/nodding/maximum']).toBe(0.6);
    expect(found['together/head+lower limb/share']).toBeCloseTo((0.1 * 3) / 30, 12);
  });

  it('count no time after the end of the video', () => {
    expect(measure([{ action: 'nodding', start: 5, end: 20 }], 10)['action/nodding/share']).toBeCloseTo(0.5, 12);
  });
});
