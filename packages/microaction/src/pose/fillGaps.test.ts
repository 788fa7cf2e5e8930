import { describe, expect, it } from 'vitest';
import { fillGaps } from './fillGaps.ts';
import type { PoseTrack } from './poseTrack.ts';

const missing = Number.NaN;

describe('filling gaps', () => {
  it('draws a line over a short gap, with the lower confidence of its ends', () => {
    const filled = fillGaps(trackOf([10, missing, missing, 40, 50], [0.9, 0, 0, 0.6, 0.9]));
    expect([...filled.x]).toEqual([10, 20, 30, 40, 50]);
    expect([...filled.confidence].map((value) => Number(value.toFixed(3)))).toEqual([0.9, 0.6, 0.6, 0.6, 0.9]);
  });

  it('leaves gaps longer than stated, and those at the ends', () => {
    const track = trackOf([missing, 10, missing, missing, missing, 50, missing]);
    expect([...fillGaps(track).x]).toEqual([...track.x]);
    expect([...fillGaps(track, { maxGapSeconds: 0.5 }).x]).toEqual([missing, 10, 20, 30, 40, 50, missing]);
  });

  it('measures a gap by time, not by frames', () => {
    const track = { ...trackOf([10, missing, 40]), timesSeconds: Float64Array.of(0, 0.05, 0.15) };
    expect(fillGaps(track).x[1]).toBeCloseTo(20, 4);
  });
});

/** One point that moves sideways, ten samples a second. */
function trackOf(x: number[], confidence = x.map(() => 1)): PoseTrack {
  return {
    points: ['nose'],
    timesSeconds: Float64Array.from(x, (_, i) => i / 10),
    x: Float32Array.from(x),
    y: Float32Array.from(x),
    confidence: Float32Array.from(confidence),
    widthPixels: 100,
    heightPixels: 100,
  };
}
