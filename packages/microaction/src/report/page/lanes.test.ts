import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignLanes, firstEndingAfter } from './lanes.ts';

const spans = fc.array(
  fc
    .record({ start: fc.integer({ min: 0, max: 100 }), length: fc.integer({ min: 1, max: 30 }) })
    .map(({ start, length }) => ({ start, end: start + length })),
);

describe('lanes', () => {
  it('hold every span once, in order, without overlap', () => {
    fc.assert(
      fc.property(spans, (all) => {
        const lanes = assignLanes(all);
        expect(new Set(lanes.flat())).toEqual(new Set(all));
        expect(lanes.flat().length).toBe(all.length);
        for (const lane of lanes) {
          for (let i = 1; i < lane.length; i++) expect(lane[i].start).toBeGreaterThanOrEqual(lane[i - 1].end);
        }
      }),
    );
  });

  it('are as many as spans hold at the busiest moment, and no more', () => {
    fc.assert(
      fc.property(spans, (all) => {
        const busiest = Math.max(
          0,
          ...all.map(({ start }) => all.filter((s) => s.start <= start && start < s.end).length),
        );
        expect(assignLanes(all).length).toBe(busiest);
      }),
    );
  });

  it('are searched for the first span that ends after a moment', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: -5, max: 140 }), (all, moment) => {
        for (const lane of assignLanes(all)) {
          const expected = lane.findIndex((span) => span.end > moment);
          expect(firstEndingAfter(lane, moment)).toBe(expected < 0 ? lane.length : expected);
        }
      }),
    );
  });
});
