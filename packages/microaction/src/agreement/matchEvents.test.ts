import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Span, temporalIou } from '../annotation/temporalIou.ts';
import { type EventCriterion, matchEvents } from './matchEvents.ts';

const span = (start: number, end: number): Span => ({ start, end });
const spans = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 8 }))
    .map(([start, length]) => span(start, start + length)),
  { maxLength: 6 },
);
const criterion: fc.Arbitrary<EventCriterion> = fc.oneof(
  fc.record({ minIou: fc.constantFrom(0.1, 0.5, 0.9, 1) }),
  fc.record({ toleranceSeconds: fc.constantFrom(0, 1, 3) }),
  fc.record({ minIou: fc.constantFrom(0.1, 0.5), toleranceSeconds: fc.constantFrom(1, 3) }),
);

function fits(a: Span, b: Span, { minIou = 0, toleranceSeconds = 1e9 }: EventCriterion): boolean {
  const apart = Math.max(Math.abs(a.start - b.start), Math.abs(a.end - b.end));
  return temporalIou(a, b) >= minIou && apart <= toleranceSeconds;
}

/** By trying everything. */
function mostPairs(first: readonly Span[], second: readonly Span[], rule: EventCriterion): number {
  if (first.length === 0) return 0;
  const [one, ...rest] = first;
  const others = second.flatMap((other, i) =>
    fits(one, other, rule) ? [1 + mostPairs(rest, second.toSpliced(i, 1), rule)] : [],
  );
  return Math.max(mostPairs(rest, second, rule), ...others);
}

describe('matching the events of two coders', () => {
  it('pairs as many as any way could, each once, all within the criterion', () => {
    fc.assert(
      fc.property(spans, spans, criterion, (first, second, rule) => {
        const pairs = matchEvents(first, second, rule);
        expect(new Set(pairs.map(([a]) => a)).size).toBe(pairs.length);
        expect(new Set(pairs.map(([, b]) => b)).size).toBe(pairs.length);
        for (const [a, b] of pairs) expect(fits(first[a], second[b], rule)).toBe(true);
        expect(pairs).toHaveLength(mostPairs(first, second, rule));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('takes events that do not overlap where only a tolerance is asked for', () => {
    expect(matchEvents([span(0, 0.2)], [span(0.3, 0.5)], { toleranceSeconds: 0.5 })).toEqual([[0, 0]]);
    expect(matchEvents([span(0, 0.2)], [span(0.3, 0.5)], { toleranceSeconds: 0.5, minIou: 0.1 })).toEqual([]);
  });
});
