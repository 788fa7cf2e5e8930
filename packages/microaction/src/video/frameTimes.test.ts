import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FrameTimes, frameOnDisplay, frameRateOf, framesAtRate, framesBetween } from './frameTimes.ts';

/** Times as a container with ticks of `tickSeconds` writes them. */
const steady = (count: number, rate: number, tickSeconds: number): FrameTimes => ({
  seconds: Float64Array.from({ length: count }, (_, i) => Math.round(i / rate / tickSeconds) * tickSeconds),
  durationSeconds: count / rate,
  tickSeconds,
});

const uneven = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 }).map((steps): FrameTimes => {
  const ends = steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, step) => sum + step) / 1000);
  return { seconds: Float64Array.from([0, ...ends.slice(0, -1)]), durationSeconds: ends.at(-1)!, tickSeconds: 1e-3 };
});

describe('the frame on display', () => {
  it('is the last that began, at any moment of any video', () => {
    fc.assert(
      fc.property(uneven, fc.double({ min: 0, max: 1, noNaN: true }), (times, part) => {
        const moment = part * times.durationSeconds;
        const index = frameOnDisplay(times, moment);
        expect(times.seconds[index]).toBeLessThanOrEqual(moment + 0.00051);
        if (index + 1 < times.seconds.length) expect(times.seconds[index + 1]).toBeGreaterThan(moment + 0.00049);
      }),
    );
  });

  it('is the first before the start and the last after the end', () => {
    const times = steady(10, 30, 1 / 90_000);
    expect([frameOnDisplay(times, -1), frameOnDisplay(times, 100)]).toEqual([0, 9]);
  });
});

describe('frames at a rate', () => {
  it.each([1 / 15_360, 1 / 90_000, 1e-3, 1 / 30])('are every second of 30 fps at 15, with ticks of %d s', (tick) => {
    const indices = framesAtRate(steady(300, 30, tick), 0, 10, 15);
    expect(indices).toEqual(Array.from({ length: 150 }, (_, i) => 2 * i));
  });

  it('repeat a frame that stays on display', () => {
    expect(framesAtRate(steady(3, 10, 1e-3), 0, 0.3, 20)).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('are one for each moment in the half-open range, never going back', () => {
    fc.assert(
      fc.property(uneven, fc.integer({ min: 1, max: 120 }), (times, rate) => {
        const indices = framesAtRate(times, 0, times.durationSeconds, rate);
        expect(Math.abs(indices.length - times.durationSeconds * rate)).toBeLessThan(1.1);
        expect(indices).toEqual(indices.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('frames between two moments', () => {
  it('are each in exactly one part of a video that is cut in parts', () => {
    fc.assert(
      fc.property(uneven, fc.double({ min: 0, max: 1, noNaN: true }), (times, part) => {
        const cut = part * times.durationSeconds;
        const all = [...framesBetween(times, 0, cut), ...framesBetween(times, cut, times.durationSeconds)];
        expect(all).toEqual([...times.seconds.keys()]);
      }),
    );
  });
});

describe('the frame rate', () => {
  it.each([
    [24000 / 1001, 1e-3],
    [25, 1 / 90_000],
    [30000 / 1001, 1 / 90_000],
    [60, 1e-3],
  ])('is steady at %d frames a second in spite of ticks of %d s', (rate, tick) => {
    const found = frameRateOf(steady(200, rate, tick));
    expect(found.frameRate).toBeCloseTo(rate, 3);
    expect(found.variableFrameRate).toBe(false);
  });

  it('varies where one frame is late', () => {
    const times = steady(100, 30, 1e-3);
    times.seconds[50] += 0.01;
    expect(frameRateOf(times).variableFrameRate).toBe(true);
  });
});
