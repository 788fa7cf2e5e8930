import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeScale } from './timeScale.ts';

const scales = fc
  .record({
    duration: fc.double({ min: 0.1, max: 36_000, noNaN: true }),
    width: fc.integer({ min: 100, max: 4000 }),
    start: fc.double({ min: 0, max: 1, noNaN: true }),
    span: fc.double({ min: 0.001, max: 1, noNaN: true }),
  })
  .map(
    ({ duration, width, start, span }) => new TimeScale(duration, width, start * duration, (start + span) * duration),
  );

const within = (scale: TimeScale) => {
  expect(scale.start).toBeGreaterThanOrEqual(0);
  expect(scale.end).toBeLessThanOrEqual(scale.duration * (1 + 1e-9));
  expect(scale.span).toBeGreaterThan(0);
};

describe('a time scale', () => {
  it('turns pixels to seconds and back', () => {
    fc.assert(
      fc.property(scales, fc.double({ min: 0, max: 1, noNaN: true }), (scale, share) => {
        expect(scale.toX(scale.toSeconds(share * scale.width))).toBeCloseTo(share * scale.width, 3);
      }),
    );
  });

  it('stays inside the video however it is zoomed and scrolled', () => {
    const steps = fc.array(
      fc.tuple(fc.double({ min: -8, max: 8, noNaN: true }), fc.double({ noNaN: true, min: -1e5, max: 1e5 })),
    );
    fc.assert(
      fc.property(scales, steps, (start, moves) => {
        let scale = start;
        for (const [power, seconds] of moves) {
          scale = scale.zoomed(2 ** power, scale.start + scale.span * 0.3);
          within(scale);
          scale = scale.panned(seconds);
          within(scale);
          scale = scale.showing(seconds);
          within(scale);
        }
      }),
    );
  });

  it('keeps the moment under the pointer in place while zooming in', () => {
    const scale = new TimeScale(60, 1000);
    const zoomed = scale.zoomed(4, 21);
    expect(zoomed.toX(21)).toBeCloseTo(scale.toX(21), 6);
    expect(zoomed.span).toBeCloseTo(15, 6);
  });

  it('shows the whole video when zoomed out without end', () => {
    expect(new TimeScale(60, 1000, 20, 30).zoomed(0, 0).showsAll).toBe(true);
  });

  it('moves only when what is to be shown is out of view', () => {
    const scale = new TimeScale(60, 1000, 20, 30);
    expect(scale.showing(21, 22)).toBe(scale);
    expect(scale.showing(50, 51)).toMatchObject({ start: 45.5, end: 55.5 });
  });

  it('labels ticks at round times that keep their distance', () => {
    fc.assert(
      fc.property(scales, (scale) => {
        const majors = scale.ticks(80).filter((tick) => tick.major);
        expect(scale.ticks(80).length).toBeLessThan(scale.width / 10);
        for (let i = 1; i < majors.length; i++) {
          expect(scale.toX(majors[i].seconds) - scale.toX(majors[i - 1].seconds)).toBeGreaterThan(79.9);
        }
      }),
    );
  });

  it.each([
    { span: 10, step: 1 },
    { span: 60, step: 5 },
    { span: 600, step: 60 },
  ])('labels every $step s when 1000 pixels show $span s', ({ span, step }) => {
    const [first, second] = new TimeScale(3600, 1000, 0, span).ticks(80).filter((tick) => tick.major);
    expect(second.seconds - first.seconds).toBeCloseTo(step, 9);
  });
});
