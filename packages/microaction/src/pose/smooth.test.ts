import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PoseTrack } from './poseTrack.ts';
import { smooth } from './smooth.ts';

describe('smoothing', () => {
  it('keeps a nod of up to 3 Hz within a tenth of its size, and in its place', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 3, noNaN: true }),
        fc.constantFrom(10, 12, 15, 24, 25, 29.97, 30, 50, 60),
        fc.double({ min: 0, max: 6.28, noNaN: true }),
        (hertz, rate, phase) => {
          const track = trackOf(rate, 4, (time) => 50 + 8 * Math.sin(2 * Math.PI * hertz * time + phase));
          const smoothed = smooth(track);
          const inner = [...track.timesSeconds.keys()].filter((i) => i >= rate / 2 && i < 3.5 * rate);
          for (const i of inner) expect(Math.abs(smoothed.y[i] - track.y[i])).toBeLessThan(0.8);
        },
      ),
    );
  });

  it('leaves a curve of the fourth degree alone, whatever the times of the frames', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 0.09, noNaN: true }), { minLength: 10, maxLength: 60 }),
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 5, maxLength: 5 }),
        (steps, [a, b, c, d, e]) => {
          let now = 0;
          const times = steps.map((step) => (now += step));
          const value = (time: number) => a + b * time + c * time ** 2 + d * time ** 3 + e * time ** 4;
          const track = trackAt(times, value);
          const smoothed = smooth(track);
          for (const i of times.keys()) {
            expect(Math.abs(smoothed.y[i] - track.y[i])).toBeLessThan(1e-3 * (1 + Math.abs(track.y[i])));
          }
        },
      ),
    );
  });

  it('takes a third of the noise away at 30 samples a second', () => {
    let state = 7;
    const noise = () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648 - 0.5) * 4;
    const track = trackOf(30, 20, noise);
    expect(spread(smooth(track).y)).toBeLessThan(spread(track.y) * 0.67);
  });

  it('leaves what was not found not found, and does not spread it', () => {
    const track = trackOf(15, 2, (time) => (time > 0.9 && time < 1.1 ? Number.NaN : time));
    const smoothed = smooth(track);
    for (const i of track.y.keys()) expect(Number.isNaN(smoothed.y[i])).toBe(Number.isNaN(track.y[i]));
  });

  it('keeps confidence and the original track', () => {
    const track = trackOf(30, 1, (time) => Math.sin(40 * time));
    const before = track.y.slice();
    expect(smooth(track).confidence).toEqual(track.confidence);
    expect(track.y).toEqual(before);
  });
});

function trackOf(rate: number, seconds: number, value: (time: number) => number): PoseTrack {
  return trackAt(
    Array.from({ length: Math.round(rate * seconds) }, (_, i) => i / rate),
    value,
  );
}

/** One point that moves up and down. */
function trackAt(times: number[], value: (time: number) => number): PoseTrack {
  const y = Float32Array.from(times, value);
  return {
    points: ['nose'],
    timesSeconds: Float64Array.from(times),
    x: y.map((height) => (Number.isNaN(height) ? height : 100)),
    y,
    confidence: y.map((_, i) => (i % 10) / 10),
    widthPixels: 640,
    heightPixels: 480,
  };
}

function spread(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}
