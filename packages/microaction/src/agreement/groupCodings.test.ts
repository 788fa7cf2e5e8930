import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Span, temporalIou } from '../annotation/temporalIou.ts';
import { groupCodings } from './groupCodings.ts';

const spans = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 6 })).map(([start, length]): Span => {
    return { start, end: start + length };
  }),
  { maxLength: 4 },
);
const coders = fc.array(spans, { minLength: 2, maxLength: 4 });
const limit = fc.constantFrom(0.2, 0.5, 0.9);

describe('grouping what coders coded', () => {
  it('puts every span in one group, one a coder, any two of which overlap enough', () => {
    fc.assert(
      fc.property(coders, limit, (some, least) => {
        const groups = groupCodings(some, (iou) => iou > least);
        const places = groups.flatMap((group) =>
          group.flatMap((index, coder) => (index === undefined ? [] : `${coder} ${index}`)),
        );
        expect(places.toSorted()).toEqual(
          some.flatMap((theirs, coder) => theirs.map((_, index) => `${coder} ${index}`)).toSorted(),
        );
        for (const group of groups) {
          const members = group.flatMap((index, coder) => (index === undefined ? [] : some[coder][index]));
          members.forEach((a, i) => {
            for (const b of members.slice(i + 1)) expect(temporalIou(a, b)).toBeGreaterThan(least);
          });
        }
      }),
      { seed: 1 },
    );
  });

  it('leaves no two groups that could be one', () => {
    fc.assert(
      fc.property(coders, limit, (some, least) => {
        const groups = groupCodings(some, (iou) => iou > least);
        const membersOf = (group: (typeof groups)[number]) =>
          group.flatMap((index, coder) => (index === undefined ? [] : { coder, span: some[coder][index] }));
        groups.forEach((left, i) => {
          for (const right of groups.slice(i + 1)) {
            const joinable = membersOf(left).every((a) =>
              membersOf(right).every((b) => a.coder !== b.coder && temporalIou(a.span, b.span) > least),
            );
            expect(joinable).toBe(false);
          }
        });
      }),
      { seed: 2 },
    );
  });

  it('gives the same groups whoever comes first', () => {
    const told = (some: readonly (readonly Span[])[], least: number) =>
      groupCodings(some, (iou) => iou > least)
        .map((group) =>
          group
            .flatMap((index, coder) =>
              index === undefined ? [] : `${some[coder][index].start}-${some[coder][index].end}`,
            )
            .toSorted()
            .join(' '),
        )
        .toSorted();
    fc.assert(
      fc.property(fc.tuple(spans, spans), limit, ([a, b], least) => {
        expect(told([b, a], least)).toEqual(told([a, b], least));
      }),
      { seed: 3, numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.tuple(spans, spans, spans), ([a, b, c]) => {
        expect(told([c, b, a], 0.9)).toEqual(told([a, b, c], 0.9));
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});
